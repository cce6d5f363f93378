// Incremental assets with the real program: what comes is laid on what is there, and read as one table.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { eitherWay, makeRig, type Rig } from "../rig/program.ts";
import { ok, rows } from "./projects.ts";

const config = (source: string) => ({
  "nycflow.config.ts":
    'import { defineConfig } from "nycflow";\nexport default defineConfig({ name: "p", timezone: "UTC" });\n',
  "assets/source.sql": `${source}\n`,
});

const files = (rig: Rig, asset: string) =>
  readdirSync(rig.path(".nycflow/lake", asset, "_")).sort();

Deno.test("append: only rows beyond the watermark are written, and none twice", async () => {
  await using rig = makeRig({
    via: eitherWay(),
    files: {
      ...config("select range as id, 'a' as v from range(10)"),
      "assets/log.sql": `/* @asset
materialized: incremental
strategy: append
watermark: id
checks: [{ unique: [id] }]
*/
select id, v from source
`,
      "assets/total.sql": "select count(*) as n, max(id) as most from log\n",
    },
  });
  await ok(rig, ["up", "--quiet"]);
  rig.project(config("select range as id, 'b' as v from range(15)"));
  await ok(rig, ["up", "--quiet"]);
  assert.deepEqual(
    await rows(rig, "select v, count(*) as n from log group by all order by v"),
    [{ v: "a", n: 10 }, { v: "b", n: 5 }],
  );
  assert.deepEqual(await rows(rig, "from total"), [{ n: 15, most: 14 }]);
  assert.equal(files(rig, "log").filter((each) => each.endsWith(".delta.parquet")).length, 1);
  // Nothing beyond it: the same content, and nothing downstream runs.
  rig.project(config("select range as id, 'c' as v from range(12)"));
  const again = await ok(rig, ["up"]);
  assert.match(again.stderr, /✓ log +15 rows +same as before/);
  assert.match(again.stderr, /= total/);
  // As it was is the files it then had.
  assert.deepEqual(await rows(rig, "select count(*) as n from log at (version => -1)"), [{
    n: 10,
  }]);
  // Another definition is another table: built whole.
  rig.project({
    "assets/log.sql": rig.read("assets/log.sql").replace("id, v", "id, v || '!' as v"),
  });
  await ok(rig, ["up", "--quiet"]);
  assert.deepEqual(await rows(rig, "select v, count(*) as n from log group by all"), [{
    v: "c!",
    n: 12,
  }]);
});

Deno.test("merge: by key, through deltas that are packed after some, equal to the plain table", async () => {
  await using rig = makeRig({
    via: eitherWay(),
    files: {
      ...config("select range as id, 0 as v from range(20)"),
      "assets/merged.sql": `/* @asset
materialized: incremental
strategy: merge
unique_key: [id]
*/
select id, v from source
`,
    },
  });
  await ok(rig, ["up", "--quiet"]);
  const expected = new Map(Array.from({ length: 20 }, (_, id) => [id, 0]));
  for (let k = 1; k <= 6; k++) {
    rig.project(config(`select range + ${k * 2} as id, ${k} as v from range(5)`));
    await ok(rig, ["up", "--quiet"]);
    for (let id = k * 2; id < k * 2 + 5; id++) expected.set(id, k);
    const found = await rows(rig, "select id, v from merged order by id");
    assert.deepEqual(
      found.map((each) => [each["id"], each["v"]]),
      [...expected].sort(([a], [b]) => a - b),
    );
  }
  const packed = await rig.json(["show", "merged", "--json"]) as { version: string };
  assert.ok(files(rig, "merged").some((each) => each.endsWith(".delta.parquet")));
  assert.ok(
    files(rig, "merged").filter((each) => !each.includes("delta")).length >= 2,
    packed.version,
  );
  // Cleaning keeps what the current version stands on.
  await ok(rig, ["clean", "--keep", "0"]);
  assert.deepEqual(await rows(rig, "select count(*) as n from merged"), [{ n: 20 }]);
  // A column more: what was there before has none of it, and stays.
  rig.project({
    ...config("select range as id, 9 as v, 'new' as w from range(2)"),
    "assets/merged.sql": rig.read("assets/merged.sql").replace("id, v", "*"),
  });
  await ok(rig, ["mark", "merged"]);
  await ok(rig, ["run", "merged", "--quiet"]);
  assert.deepEqual(
    await rows(rig, "select w, count(*) as n from merged group by all order by n"),
    [{ w: "new", n: 2 }, { w: null, n: 18 }],
  );
  // What is written anew for a row is told, and all files of the version count.
  rig.project({
    ...config("select range as id, (hash(range) % 1000)::bigint as v, '' as w from range(200000)"),
  });
  await ok(rig, ["run", "merged", "source", "--quiet"]);
  rig.project(config("select 7::bigint as id, 1::bigint as v, '' as w"));
  await ok(rig, ["up", "--quiet"]);
  const { bytes } = await rig.json(["show", "merged", "--json"]) as { bytes: number };
  assert.ok(bytes > 100_000, String(bytes));
  rig.project(config("select 7::bigint as id, 0.5::double as v, '' as w"));
  const much = await ok(rig, ["up"]);
  assert.match(
    much.stderr.replace(/\s+/g, " "),
    /the merge wrote \d+ times what changed: its columns changed/,
  );
});

Deno.test("merge: a key that comes twice is refused, some of them shown", async () => {
  await using rig = makeRig({
    via: eitherWay(),
    files: {
      ...config("select unnest([1, 1, 2, 3, 3, 3]) as id, 1 as v"),
      "assets/merged.sql": `/* @asset
materialized: incremental
strategy: merge
unique_key: [id]
*/
select id, v from source
`,
    },
  });
  const refused = await ok(rig, ["up"], {}, 1);
  assert.match(
    refused.stderr,
    /id is not unique in what came[^]*id 3 \(3 times\); id 1 \(2 times\)/,
  );
  rig.project(config("select range as id, 1 as v from range(4)"));
  await ok(rig, ["up", "--quiet"]);
  rig.project(config("select unnest([7, 7]) as id, 1 as v"));
  await ok(rig, ["up", "--quiet"], {}, 1);
  assert.deepEqual(await rows(rig, "select count(*) as n from merged"), [{ n: 4 }]);
});
