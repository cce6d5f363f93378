// Partitions, drawn and counted with the real program; and what a changed scheme leaves behind.

import assert from "node:assert/strict";
import { eitherWay, makeRig } from "../rig/program.ts";
import { MONTHS, ok, rows } from "./projects.ts";

Deno.test("partitions: ranges for each state, and a map", async () => {
  await using rig = makeRig({ via: eitherWay(), files: MONTHS });
  await ok(rig, [
    "backfill",
    "numbers",
    "--from",
    "2020-03",
    "--to",
    "2021-02",
    "--order",
    "oldest",
  ]);
  const { assets } = await rig.json(["partitions", "numbers", "--json"]) as {
    assets: Record<string, unknown>[];
  };
  assert.deepEqual(assets[0]?.["ranges"], {
    fresh: [{ from: "2020-03", to: "2021-02", count: 12 }],
    stale: [],
    missing: [{ from: "2020-01", to: "2020-02", count: 2 }, {
      from: "2021-03",
      to: "2022-12",
      count: 22,
    }],
    failed: [],
    running: [],
  });
  const drawn = (await ok(rig, ["partitions", "numbers"])).stdout;
  assert.match(drawn, /2020 {2}· · ■ ■ ■ ■ ■ ■ ■ ■ ■ ■\n2021 {2}■ ■ · ·/);
  assert.match((await ok(rig, ["show", "numbers"])).stdout, /2020 {2}· · ■ ■/);
  assert.match((await ok(rig, ["plan"])).stdout, /\+ numbers +2020-01, 2020-02, 202/);
});

Deno.test("partitions: what a changed scheme leaves is told, not read, and can be forgotten", async () => {
  await using rig = makeRig({ via: eitherWay(), files: MONTHS });
  await ok(rig, ["backfill", "numbers", "--from", "2020-01", "--to", "2020-03", "--quiet"]);
  rig.project({
    "assets/numbers.sql": `/* @asset
partitions: { daily: { start: 2020-01-01, end: 2020-01-04 } }
*/
select $partition_key as month, 1 as n, $partition_start as at, 1.0::double as x
`,
  });
  const { assets } = await rig.json(["partitions", "numbers", "--json"]) as {
    assets: Record<string, unknown>[];
  };
  assert.deepEqual(assets[0]?.["orphaned"], ["2020-01", "2020-02", "2020-03"]);
  const drawn = (await ok(rig, ["partitions", "numbers"])).stdout;
  assert.match(
    drawn,
    /3 partitions \(2020-01\.\.2020-03\) of another scheme: no longer read; forget/,
  );
  assert.match(drawn, /nycflow wipe numbers --orphaned/);
  await ok(rig, ["run", "numbers", "-p", "2020-01-02", "--quiet"]);
  assert.deepEqual(await rows(rig, "select month from numbers"), [{ month: "2020-01-02" }]);
  await ok(rig, ["wipe", "numbers", "--orphaned", "--yes"]);
  assert.ok(!(await ok(rig, ["partitions", "numbers"])).stdout.includes("another scheme"));
});
