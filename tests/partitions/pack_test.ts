// Many small partitions with the real program: packed by `up`, read as before, cleaned after.

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { eitherWay, makeRig } from "../rig/program.ts";
import { hashOf, ok, rows } from "./projects.ts";

Deno.test("pack: small partitions become ranges of one file, and every answer stays", async () => {
  await using rig = makeRig({
    via: eitherWay(),
    files: {
      "nycflow.config.ts":
        'import { defineConfig } from "nycflow";\nexport default defineConfig({ name: "p", timezone: "UTC" });\n',
      "assets/days.sql": `/* @asset
partitions: { daily: { start: 2023-01-01, end: 2023-03-12 } }
*/
select $partition_key as day, range as n from range((length($partition_key) + day($partition_start))::bigint)
`,
      "assets/total.sql": "select day, count(*) as n from days group by all\n",
    },
  });
  await ok(rig, ["up", "--quiet"]);
  const lake = rig.path(".nycflow/lake/days");
  const packed = () => readdirSync(lake).filter((each) => each.endsWith(".packed.parquet"));
  assert.equal(packed().length, 1);
  const sql = "select count(*) as n, count(distinct day) as days from days";
  assert.deepEqual(await rows(rig, sql), [{ n: 70 * 10 + 496 + 406 + 66, days: 70 }]);
  // A file has moved, not its content: nothing is stale, and one partition is found in its range.
  assert.match((await ok(rig, ["plan"])).stdout, /nothing to do/);
  const before = await hashOf(rig, "days");
  await ok(rig, ["clean", "--keep", "0"]);
  assert.equal(readdirSync(`${lake}/2023-01-05`).length, 0);
  assert.equal(await hashOf(rig, "days"), before);
  const shown = await rig.json(["show", "days", "-p", "2023-01-05", "--json"]) as {
    preview: { day: string }[];
  };
  assert.ok(shown.preview.every((each) => each.day === "2023-01-05"));
  // A partition made anew with the same rows is the same; with others it is read beside the packed ones.
  assert.match((await ok(rig, ["run", "days", "-p", "2023-01-05"])).stderr, /same as before/);
  assert.equal(await hashOf(rig, "days"), before);
  await ok(rig, ["wipe", "days", "-p", "2023-01-06", "--yes"]);
  assert.deepEqual(
    await rows(
      rig,
      "select count(distinct day) as days, count(*) filter (where day = '2023-01-06') as gone from days",
    ),
    [{ days: 69, gone: 0 }],
  );
  await ok(rig, ["clean", "--keep", "0"]);
  assert.ok(existsSync(`${lake}/${packed()[0]}`));
  await ok(rig, ["run", "days", "-p", "2023-01-06", "--quiet"]);
  assert.equal(await hashOf(rig, "days"), before);
});
