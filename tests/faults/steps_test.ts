/** Steps in runners: side by side, ended by their time, resources closed, and sources that misbehave. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { existsSync, readFileSync } from "node:fs";
import { makePuppets } from "../rig/puppets.ts";
import { eitherWay, makeRig } from "../rig/program.ts";
import { assertSound } from "./sound.ts";

Deno.test("steps: two that spin overlap: each waits, without ever yielding, for the other to have begun", async () => {
  const meet = (own: string, other: string) =>
    `import { asset } from "nycflow";
import { existsSync, writeFileSync } from "node:fs";
export const ${own} = asset({ timeout: "30s", run: () => {
  writeFileSync("${own}.here", "");
  while (!existsSync("${other}.here"));
  return [{ n: 1 }];
} });`;
  await using rig = makeRig({
    via: eitherWay(),
    files: { "assets/x.ts": meet("x", "y"), "assets/y.ts": meet("y", "x") },
  });
  const { code, stderr } = await rig.run(["up", "--quiet"]);
  equal(code, 0, stderr);
});

Deno.test("steps: a timeout ends SQL that works and code that spins; `--timeout` ends the run", async () => {
  await using puppets = await makePuppets();
  const endless =
    "select count(*) as n from range(10000000) a, range(10000000) b where a.range <> b.range + 1";
  await using rig = makeRig({
    via: eitherWay(),
    files: {
      "assets/query.sql": `/* @asset\ntimeout: 300ms\n*/\n${endless}`,
      "assets/code.ts": puppets.asset("code", 'timeout: "400ms",'),
      "assets/slow.sql": `/* @asset\nautomation: manual\n*/\n${endless}`,
    },
  });
  const live = rig.start(["up", "--quiet"]);
  const code = await puppets.started("code");
  code.spin();
  const ended = await live.ended;
  equal(ended.code, 1);
  match(ended.stderr, /Cannot finish query in time/);
  match(ended.stderr, /its timeout of 400ms/);
  await code.gone;
  const over = await rig.run(["run", "slow", "--timeout", "300ms"]);
  equal(over.code, 1, over.stderr);
  match(over.stderr, /the run's time limit of 300ms was over/);
  const { state } = await assertSound(rig.folder, { settled: true, swept: true });
  const failure = state.heads.get("query" as never)?.get("" as never)?.failure;
  equal(failure?.problem.code, "timeout");
});

Deno.test("resources: opened once in a process, at most as many as their pool, closed whatever happens", async () => {
  await using rig = makeRig({
    via: eitherWay(),
    files: {
      "assets/shop.ts": `import { asset, resource } from "nycflow";
import { appendFileSync } from "node:fs";
const say = (text) => appendFileSync("said", text + "\\n");
export const shop = resource({
  pool: "shop",
  open: () => (say("open"), { orders: () => [{ n: 1 }] }),
  close: () => say("close"),
});
export const good = asset({ resources: { shop }, run: ({ resources }) => (say("in"), setTimeout(() => {}, 0), resources.shop.orders()) });
export const better = asset({ resources: { shop }, run: ({ resources }) => (say("in"), resources.shop.orders()) });
export const bad = asset({ resources: { shop }, run: () => { say("in"); throw new Error("no"); } });
`,
    },
  });
  const { code } = await rig.run(["up", "--quiet"]);
  equal(code, 1);
  const said = readFileSync(rig.path("said"), "utf8").trim().split("\n");
  const count = (word: string) => said.filter((each) => each === word).length;
  equal(count("in"), 3);
  equal(count("open"), count("close"), said.join(" "));
  ok(count("open") >= 1 && count("open") <= 1, `one step at a time, one runner: ${said.join(" ")}`);
  await assertSound(rig.folder, { settled: true, swept: true, pools: { shop: 1 } });
});

Deno.test("conditions: five outcomes are told apart in the log, on screen and in JSON", async () => {
  await using rig = makeRig({
    via: eitherWay(),
    files: {
      "assets/good.sql": "select 1 as n",
      "assets/never.sql": "/* @asset\nwhen: (select max(n) from good) > 1\n*/\nselect 2 as n",
      "assets/after_never.sql": "select * from never",
      "assets/several.ts": `import { asset, assets, skip } from "nycflow";
export const parts = assets({ outputs: { left: {}, right: {} }, run: () => ({ left: [{ n: 1 }] }) });
export const later = asset({ run: () => skip("not published yet") });
export const coded = asset({ deps: ["good"], when: () => false, run: () => [{ n: 1 }] });
`,
      "assets/bad.sql": "select n from good where error('no') is null",
      "assets/blocked.sql": "select * from bad",
      "assets/anyway.sql":
        "/* @asset\nneeds: any\n*/\nselect n from good union all select n from never",
    },
  });
  const { code, stdout, stderr } = await rig.run(["up", "--json"]);
  equal(code, 1, stderr);
  const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
  const last = lines.at(-1);
  equal(last.kind, "run-ended");
  const ends = Object.fromEntries(
    lines.flatMap((line) =>
      line.kind === "step-ended" ? [[line.asset, `${line.outcome}: ${line.text}`]] : []
    ),
  );
  equal(ends.never, "skipped: its condition does not hold: (select max(n) from good) > 1");
  equal(ends.after_never, "skipped: never was skipped");
  equal(ends.later, "skipped: not published yet");
  equal(ends.coded, "skipped: its condition does not hold");
  equal(ends.right, "skipped: its function left it out");
  equal(ends.blocked, "blocked: bad did not succeed");
  const made = lines.flatMap((line) => line.kind === "materialized" ? [line.asset] : []).sort();
  deepEqual(made.filter((each) => each !== "anyway"), ["good", "left"]);
  await assertSound(rig.folder, { settled: true, swept: true });
});

Deno.test("checks: refused rows can be looked at, good ones stay, `check --data` runs them alone", async () => {
  const table = (limit: number, more: string) =>
    `/* @asset\nchecks:\n  - { holds: n < ${limit}, warn: 1, error: 3 }\n*/\nselect range as n from range(5)${more}`;
  await using rig = makeRig({ via: eitherWay(), files: { "assets/t.sql": table(100, "") } });
  equal((await rig.run(["up", "--quiet"])).code, 0);
  rig.project({ "assets/t.sql": table(3, " where n <> 4") });
  const warned = await rig.run(["up"]);
  equal(warned.code, 0, warned.stderr);
  rig.project({ "assets/t.sql": table(1, "") });
  equal((await rig.run(["up", "--quiet"])).code, 1);
  deepEqual(await rig.json(["sql", "select count(*) as n from t", "--json"]), [{ n: 4 }]);
  deepEqual(await rig.json(["sql", "select count(*) as n from t__rejected", "--json"]), [{ n: 5 }]);
  match((await rig.run(["show", "t__rejected"])).stdout, /^n\n/);
  const checked = await rig.run(["check", "--data", "t"]);
  equal(checked.code, 1, checked.stderr);
  rig.project({ "assets/t.sql": table(100, " where n <> 4") });
  equal((await rig.run(["check", "--data"])).code, 0);
  deepEqual(await rig.json(["sql", "select count(*) as n from t", "--json"]), [{ n: 4 }]);
  await assertSound(rig.folder, { settled: true });
});

Deno.test("source: it stalls, resets, cuts short, lies about its length or answers 500: then it works", async () => {
  const body = "n\n" + Array.from({ length: 2000 }, (_, at) => at).join("\n") + "\n";
  const asked: Record<string, number> = {};
  const server = createServer((request, response) => {
    const name = request.url?.slice(1) ?? "";
    const time = asked[name] = (asked[name] ?? 0) + 1;
    if (time > 1) {
      response.writeHead(200, { "content-length": body.length });
      return void response.end(body);
    }
    switch (name) {
      case "error":
        response.writeHead(500);
        return void response.end("try later");
      case "reset":
        response.writeHead(200, { "content-length": body.length });
        response.write(body.slice(0, 100));
        return void setTimeout(() => request.socket.resetAndDestroy(), 20);
      case "short":
        response.writeHead(200, { "content-length": body.length });
        response.write(body.slice(0, 500));
        return void setTimeout(() => request.socket.end(), 20);
      default:
        response.writeHead(200, { "content-length": body.length });
        response.write(body.slice(0, 100)); // and nothing more
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const names = ["error", "reset", "short", "stall"];
    const asset = (name: string) =>
      `export const from_${name} = asset({
  timeout: "1500ms", retry: { attempts: 3, delay: "10ms" },
  run: ({ download }) => download("http://127.0.0.1:${port}/${name}", { expect: "csv" }),
});`;
    await using rig = makeRig({
      via: eitherWay(),
      files: {
        "assets/files.ts": ['import { asset } from "nycflow";', ...names.map(asset)].join("\n"),
      },
    });
    const { code, stderr } = await rig.run(["up"]);
    equal(code, 0, stderr);
    for (const name of names) {
      const rows = await rig.json(["sql", `select count(*) as n from from_${name}`, "--json"]);
      deepEqual(rows, [{ n: 2000 }], name);
    }
    await assertSound(rig.folder, { settled: true, swept: true });
  } finally {
    server.closeAllConnections();
    server.close();
  }
  ok(!existsSync("said"));
});
