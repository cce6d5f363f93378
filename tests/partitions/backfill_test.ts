// Backfills with the real program: killed and gone on with, in several runs, and over what is not there.

import assert from "node:assert/strict";
import { eitherWay, makeRig } from "../rig/program.ts";
import { hashOf, MONTHS, ok, rows } from "./projects.ts";

Deno.test("backfill: killed ten times and resumed, it equals an undisturbed one", async () => {
  await using calm = makeRig({ via: eitherWay(), files: MONTHS });
  await ok(calm, ["backfill", "by_year", "numbers"]);

  await using rig = makeRig({ via: eitherWay(), files: MONTHS });
  const points = ["claimed#3", "published#2", "staged#4", "step-ended#3", "run-started"];
  const kill = (at: number) => ({
    NYCFLOW_TEST_CRASH: `${points[at % points.length]}:SIGKILL`,
  });
  await ok(rig, ["backfill", "by_year", "numbers"], kill(0), 137);
  for (let at = 1; at < 10; at++) {
    const before = await rows(rig, "select count(distinct month) as n from numbers");
    const ended = await rig.run(["backfill", "--resume"], { env: kill(at) });
    const after = await rows(rig, "select count(distinct month) as n from numbers");
    assert.ok(Number(after[0]?.["n"]) >= Number(before[0]?.["n"]));
    assert.ok(ended.code === 137 || ended.code === 0, ended.stderr);
  }
  await ok(rig, ["backfill", "--resume"]);
  assert.match((await ok(rig, ["backfill", "--resume"])).stdout, /^nothing to do: .* is complete/);
  for (const table of ["numbers", "by_year"]) {
    assert.equal(await hashOf(rig, table), await hashOf(calm, table));
  }
});

Deno.test("backfill: one run per key, newest first, and only what is missing", async () => {
  await using rig = makeRig({ via: eitherWay(), files: MONTHS });
  await ok(rig, ["run", "numbers", "--partition", "2020-02"]);
  const range = ["--from", "2020-01", "--to", "2020-03"];
  const ended = await ok(rig, ["backfill", "numbers", ...range, "--missing", "--per-run", "1"]);
  assert.match(ended.stderr, /run 1 of 2: 2020-03\n[^]*run 2 of 2: 2020-01/);
  const runs = await rows(
    rig,
    "select selection from nycflow.runs where trigger = 'backfill' order by requested_at",
  );
  assert.deepEqual(runs.map((each) => each["selection"]), [
    "numbers --from 2020-01 --to 2020-03 --missing",
    "numbers --from 2020-01 --to 2020-03 --missing",
  ]);
  const again = await ok(rig, ["backfill", "numbers", ...range, "--missing"]);
  assert.match(again.stdout, /nothing to do: no partition in range is missing/);
});

Deno.test("backfill: what fails does not stop the others, and --failed does just that again", async () => {
  await using rig = makeRig({
    via: eitherWay(),
    files: {
      ...MONTHS,
      "assets/numbers.sql": `/* @asset
partitions: { monthly: { start: 2020-01, end: 2020-05 } }
*/
select case when $partition_key = '2020-02' and $config.broken then error('broken') else 'x' end as x
`,
      "nycflow.config.ts":
        'import { defineConfig } from "nycflow";\nexport default defineConfig({ name: "p", settings: { broken: true } });\n',
    },
  });
  const ended = await ok(rig, ["backfill", "numbers", "--per-run", "1"], {}, 1);
  assert.match(ended.stderr, /some failed; go on with: nycflow backfill --resume/);
  assert.deepEqual(await rows(rig, "select count(*) as n from numbers"), [{ n: 3 }]);
  rig.project({
    "nycflow.config.ts":
      'import { defineConfig } from "nycflow";\nexport default defineConfig({ name: "p", settings: { broken: false } });\n',
  });
  const made = await ok(rig, ["backfill", "numbers", "--failed"]);
  assert.match(made.stderr, /numbers {2}2020-02/);
  assert.match(made.stderr, /1 succeeded/);
});

Deno.test("backfill: bad ranges are told, with what to type", async () => {
  await using rig = makeRig({ via: eitherWay(), files: MONTHS });
  const told = async (...args: string[]) => (await ok(rig, ["backfill", ...args], {}, 2)).stderr;
  const reversed = await told("numbers", "--from", "2020-03", "--to", "2020-01");
  assert.match(reversed, /Cannot go from 2020-03 to 2020-01[^]*--from 2020-01 --to 2020-03/);
  const outside = await told("numbers", "--from", "2024-01", "--to", "2024-02");
  assert.match(outside, /it has 2020-01 to 2022-12/);
  const key = await told("numbers", "--partition", "2023-04");
  assert.match(key, /exist from 2020-01 to 2022-12[^]*nearest is 2022-12/);
  assert.match(await told("numbers", "--missing", "--failed"), /--missing and --failed together/);
  assert.match(await told("--resume"), /the log knows of none/);
  assert.match(await told(), /no asset was named/);
});
