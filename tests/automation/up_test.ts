// `up` and the clock, in the real program: due once whoever looks, queued runs that outlive a kill, folders answered.

import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eitherWay, makeRig, type Rig } from "../rig/program.ts";

const FILES = {
  "assets/a.sql": "/* @asset\nschedule: '0 6 * * *'\n*/\nselect 1 as n\n",
  "assets/answer.ts": [
    'import { asset, dynamicKeys, schema, sensor } from "nycflow";',
    "export const answer = asset({",
    "  partitions: dynamicKeys(),",
    '  config: schema({ day: "date", who: ["ann", "bob"] }),',
    '  export: ["exports/{partition}.csv"],',
    "  run: ({ config }) => [{ day: config.day, who: config.who }],",
    "});",
    'export const drops = sensor({ watch: "requests/*.json", select: "answer" });',
    "",
  ].join("\n"),
};

function clockOf(rig: Rig): { set(at: string): void; env: Record<string, string> } {
  const file = join(rig.home, "clock");
  return { set: (at) => writeFileSync(file, at), env: { NYCFLOW_TEST_CLOCK: `@${file}` } };
}

async function made(rig: Rig, asset: string, env: Record<string, string>): Promise<number> {
  const [row] = await rig.json(
    [
      "sql",
      "--json",
      `select count(*) as n from nycflow.steps where asset = '${asset}' and outcome = 'succeeded'`,
    ],
    { env },
  ) as { n: number }[];
  return row?.n ?? -1;
}

Deno.test("a tick runs once: by two calls, late, and by five processes at once", async () => {
  await using rig = makeRig({ via: eitherWay(), files: FILES });
  const { set, env } = clockOf(rig);
  set("2024-01-10T12:00:00Z");
  assert.equal((await rig.run(["up", "--quiet"], { env })).code, 0);
  assert.equal(await made(rig, "a", env), 1);
  set("2024-01-11T05:59:59Z");
  const idle = await rig.run(["up", "--quiet"], { env });
  assert.deepEqual([idle.code, idle.stdout, idle.stderr], [0, "", ""]);
  set("2024-01-12T07:30:00Z");
  const five = await Promise.all(
    Array.from({ length: 5 }, () => rig.run(["up", "--quiet"], { env })),
  );
  assert.deepEqual(five.map(({ code }) => code), [0, 0, 0, 0, 0], five.map((e) => e.stderr).join());
  assert.equal(await made(rig, "a", env), 2, "two days were missed: the latest is made up for");
  const { schedules } = await rig.json(["schedules", "--json"], { env }) as {
    schedules: { name: string; next: string[]; last: { due: string; outcome: string }[] }[];
  };
  assert.equal(schedules[0]?.name, "a");
  assert.equal(schedules[0]?.next.length, 5);
  assert.equal(schedules[0]?.next[0], "2024-01-13T06:00:00+00:00");
  assert.deepEqual(schedules[0]?.last.map(({ due, outcome }) => [due, outcome]), [
    ["2024-01-12T06:00:00+00:00", "requested"],
  ]);
  set("2024-01-12T01:00:00Z");
  const back = await rig.run(["up", "--quiet"], { env });
  assert.deepEqual([back.code, back.stdout, back.stderr], [0, "", ""], "a clock that went back");
  assert.match(
    (await rig.run(["schedules"], { env })).stdout,
    /next +2024-01-13 06:00/,
    "no tick comes twice",
  );
});

Deno.test("files that are dropped are answered, each once; the malformed one is set aside", async () => {
  await using rig = makeRig({ via: eitherWay(), files: FILES });
  rig.project({
    "requests/one.json": '{"day":"2024-01-01","who":"ann"}',
    "requests/two.json": '{"day":"2024-01-02","who":"bob"}',
    "requests/evil.json": `{"day":"2024-01-02","who":"'; drop table answer"}`,
  });
  const first = await rig.run(["up", "--quiet"]);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stderr, /requests\/evil\.json was not accepted: who is/);
  assert.ok(existsSync(join(rig.folder, "requests/rejected/evil.json")));
  assert.ok(existsSync(join(rig.folder, "requests/rejected/evil.json.reason.txt")));
  const rows = await rig.json(["sql", "--json", "select who from answer order by who"]);
  assert.deepEqual(rows, [{ who: "ann" }, { who: "bob" }]);
  const second = await rig.run(["up", "--quiet"]);
  assert.deepEqual([second.code, second.stdout, second.stderr], [0, "", ""]);
  const { keys } = await rig.json(["sensors", "keys", "drops", "--json"]) as {
    keys: { key: string; state: string }[];
  };
  assert.deepEqual(keys.map(({ state }) => state), ["published", "published"]);
  const one = keys.find(({ key }) => key.startsWith("one-"))?.key ?? "";
  assert.ok(existsSync(join(rig.folder, `exports/${one}.csv`)));
  assert.equal((await rig.run(["sensors", "forget", "drops", one])).code, 0);
  await rig.run(["up", "--quiet"]);
  const steps = await rig.json([
    "sql",
    "--json",
    `select count(*) as n from nycflow.steps where partition = '${one}'`,
  ]);
  assert.deepEqual(steps, [{ n: 2 }]);
});

Deno.test("a run that a sensor asked for is gone on with after a kill, under the same id", async () => {
  await using rig = makeRig({
    via: eitherWay(),
    files: {
      "assets/b.ts": [
        'import { asset, sensor } from "nycflow";',
        "export const b = asset({ config: { n: 0 }, run: ({ config }) => [{ n: config.n }] });",
        "export const ask = sensor({ select: 'b', evaluate: ({ cursor }) =>",
        "  cursor === null ? { requests: [{ key: 'x', config: { n: 42 } }], cursor: 1 } : undefined });",
        "",
      ].join("\n"),
    },
  });
  const killed = await rig.run(["up", "--quiet"], {
    env: { NYCFLOW_TEST_CRASH: "claimed:SIGKILL" },
  });
  assert.notEqual(killed.code, 0);
  const after = await rig.run(["up", "--quiet"]);
  assert.equal(after.code, 0, after.stderr);
  const runs = await rig.json([
    "sql",
    "--json",
    "select run, state from nycflow.runs where trigger = 'sensor:ask'",
  ]) as { state: string }[];
  assert.deepEqual(runs.map(({ state }) => state), ["succeeded"]);
  assert.deepEqual(await rig.json(["sensors", "--json"]).then(cursors), [1]);
});

function cursors(found: unknown): unknown {
  return (found as { sensors: { cursor: unknown }[] }).sensors.map(({ cursor }) => cursor);
}

Deno.test("a sensor that takes its time holds up nothing, and what it asks for is done too", async () => {
  await using rig = makeRig({
    via: eitherWay(),
    files: {
      "assets/b.ts": [
        'import { existsSync, writeFileSync } from "node:fs";',
        'import { asset, dynamicKeys, sensor } from "nycflow";',
        'export const a = asset({ run: () => { writeFileSync("made", ""); return [{ n: 1 }]; } });',
        "export const b = asset({ automation: 'manual', partitions: dynamicKeys(), config: { n: 0 },",
        "  run: ({ config }) => [{ n: config.n, pid: process.pid }] });",
        "export const waits = sensor({ select: 'b', timeout: '20s', evaluate: async () => {",
        '  while (!existsSync("made")) await new Promise((again) => setTimeout(again, 20));',
        "  return { requests: [1, 2, 3, 4].map((n) => ({ key: `k${n}`, config: { n } })) };",
        "} });",
        "",
      ].join("\n"),
    },
  });
  const { code, stderr } = await rig.run(["up"]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /✓ a .*\nall else is done; waiting up to 20s for sensor waits\n.*✓ b /s);
  const [found] = await rig.json([
    "sql",
    "--json",
    "select sum(n)::int as n, count(distinct pid)::int < 4 as shared from b",
  ]) as unknown[];
  assert.deepEqual(found, { n: 10, shared: true }, "runs in a row share their runner");
});

Deno.test("schedules and sensors say what they do not know", async () => {
  await using rig = makeRig({ via: eitherWay(), files: FILES });
  const wrong = await rig.run(["schedules", "off", "aa"]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /the nearest name is a/);
  const action = await rig.run(["sensors", "dance"]);
  assert.equal(action.code, 2);
});
