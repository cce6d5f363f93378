// Compile before run, by the real program: what `check` finds, what keeps `up` and `run` from starting, what does not.

import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { bothWays, oneWay, type Rig } from "../rig/program.ts";

interface CheckDocument {
  readonly errors: readonly {
    readonly code: string;
    readonly message: string;
    readonly where: { readonly file: string; readonly line: number; readonly column: number };
    readonly why: string;
    readonly hint: string;
    readonly fields?: { readonly downstream?: readonly string[] };
  }[];
  readonly assets: number;
  readonly unknown: readonly string[];
  readonly changes: readonly {
    readonly asset: string;
    readonly added: readonly { readonly name: string; readonly type: string }[];
    readonly removed: readonly { readonly name: string }[];
    readonly retyped: readonly {
      readonly name: string;
      readonly from: string;
      readonly to: string;
    }[];
    readonly downstream: readonly string[];
  }[];
}

async function check(rig: Rig, code = 0, ...args: string[]): Promise<CheckDocument> {
  return await rig.json(["check", "--json", ...args], { code }) as CheckDocument;
}

async function up(rig: Rig, code = 0, env: Record<string, string> = {}) {
  const ended = await rig.run(["up"], { env });
  assert.equal(ended.code, code, `${ended.stdout}\n${ended.stderr}`);
  return ended;
}

const TRIPS = "select 1 as trip_id, 12.5::double as fare, 'Harlem' as zone";

oneWay(
  "check: one misspelled column at the root is one error, with all who are hit",
  async (rig) => {
    const files: Record<string, string> = {
      "assets/a000.sql": "with t as (select 1 as id)\nselect idd from t",
    };
    for (let at = 1; at < 300; at++) {
      const name = (each: number) => `a${String(each).padStart(3, "0")}`;
      files[`assets/${name(at)}.sql`] = `select id from ${name(at - 1)}`;
    }
    rig.project(files);
    const { errors } = await check(rig, 2);
    assert.equal(errors.length, 1);
    const [error] = errors;
    assert.deepEqual(
      [error?.code, error?.where.file, error?.where.line, error?.where.column, error?.hint],
      ["sql-bind", "assets/a000.sql", 2, 8, "did you mean id?"],
    );
    assert.equal(error?.fields?.downstream?.length, 299);
  },
);

bothWays("check: touches no data, and what it found good is not bound again", async (rig) => {
  rig.project({
    "assets/trips.sql": TRIPS,
    "assets/by_zone.sql": "select zone, sum(fare) as fares from trips group by zone",
  });
  const { errors, assets, unknown } = await check(rig);
  assert.deepEqual([errors, assets, unknown], [[], 2, []]);
  assert.equal(existsSync(rig.path(".nycflow/lake")), false);
  const kept = rig.path(".nycflow/cache/schemas.json");
  const before = [statSync(kept).mtimeMs, readFileSync(kept, "utf8")];
  await check(rig);
  await up(rig);
  assert.deepEqual([statSync(kept).mtimeMs, readFileSync(kept, "utf8")], before);
});

oneWay(
  "check: a column that goes is told with who had it, and what changes for whom",
  async (rig) => {
    rig.project({
      "assets/trips.sql": TRIPS,
      "assets/by_zone.sql": "select zone, sum(fare) as fares from trips group by zone",
      "assets/top.sql": "select max(fares) as top from by_zone",
    });
    await up(rig);
    rig.project({
      "assets/by_zone.sql":
        "select zone, sum(fare)::decimal(9,2) as total, trip_id from trips group by all",
    });
    const { errors, changes } = await check(rig, 2);
    assert.deepEqual(changes, [{
      asset: "by_zone",
      added: [{ name: "total", type: "DECIMAL(9,2)" }, { name: "trip_id", type: "INTEGER" }],
      removed: [{ name: "fares", type: "DOUBLE" }],
      retyped: [],
      downstream: ["top"],
    }]);
    assert.equal(errors.length, 1);
    assert.match(
      errors[0]?.why ?? "",
      /by_zone has no column fares.*until the definition of by_zone changed/,
    );
    // Nothing starts, and what is published stays.
    assert.equal((await rig.run(["up"])).code, 2);
    assert.deepEqual(await rig.json(["sql", "--json", "select top from top"]), [{ top: 12.5 }]);
    // What is not run is not in the way of what is.
    assert.equal((await rig.run(["run", "by_zone"])).code, 0);
  },
);

oneWay("check: what is not known yet is not made up", async (rig) => {
  rig.project({
    "assets/shop.ts":
      'import { asset } from "nycflow";\nexport const shop = asset({ run: () => [{ id: 1, price: 2.5 }] });\n',
    "assets/prices.sql": "select prise from shop",
    "assets/wide.sql":
      "pivot (select * from (values ('a', 1), ('b', 2)) t(k, v)) on k using sum(v)",
    "assets/reads_wide.sql": "select a + b as both from wide",
    "assets/sound.sql": "select 1 as x",
  });
  const before = await check(rig);
  assert.deepEqual([before.errors, before.unknown.toSorted()], [[], [
    "prices",
    "reads_wide",
    "wide",
  ]]);
  // The step itself says it, and what does not stand on it is made.
  const first = await up(rig, 1);
  assert.match(first.stderr, /assets\/prices\.sql:1:8[^]*did you mean price\?/);
  assert.deepEqual(await rig.json(["sql", "--json", 'select "both" from reads_wide']), [{
    both: 3,
  }]);
  const { errors } = await check(rig, 2);
  assert.deepEqual(errors.map((each) => [each.where.file, each.hint]), [
    ["assets/prices.sql", "did you mean price?"],
  ]);
});

oneWay("check: where only data changed its columns, the rest of an up is done", async (rig) => {
  rig.project({
    "assets/shop.ts":
      'import { asset } from "nycflow";\nexport const shop = asset({\n  run: ({ env }) => [{ id: 1, [env("COLUMN", "price")]: 2.5 }],\n});\n',
    "assets/prices.sql": "select price from shop",
  });
  await up(rig);
  rig.project({ "assets/sound.sql": "select 1 as x", ".env": "COLUMN=cost\n" });
  const ended = await up(rig, 1);
  assert.match(ended.stderr, /shop has no column price/);
  assert.match(ended.stderr, /✓ sound/);
  // The definition is as it was: `run` tries it, and its step fails.
  assert.equal((await rig.run(["run", "prices"])).code, 1);
  assert.equal((await check(rig, 2)).errors.length, 1);
});

oneWay("check: partitions, views, settings and files are bound as they are run", async (rig) => {
  rig.project({
    "nycflow.config.ts": "export default { settings: { least: 1 } };\n",
    "assets/n.csv": "n,day\n1,2023-01-05\n2,2023-02-05\n",
    "assets/monthly.sql":
      "/* @asset\npartitions: { monthly: { start: 2023-01, end: 2023-03 } }\n*/\nselect n, $partition_key as month from n where day >= $partition_start and n >= $config.least",
    "assets/seen.sql":
      "/* @asset\nmaterialized: view\n*/\nselect month, sum(n) as total from monthly group by month",
    "assets/last.sql": "select totl, month + 1 as next from seen",
  });
  const { errors } = await check(rig, 2);
  assert.deepEqual(errors.map((each) => [each.where.file, each.hint]), [
    ["assets/last.sql", "did you mean total?"],
  ]);
  rig.project({ "assets/last.sql": "select total, month || '!' as next from seen" });
  assert.deepEqual((await check(rig)).errors, []);
  await up(rig);
});

oneWay("check: a selection is checked with what it stands on", async (rig) => {
  rig.project({
    "assets/trips.sql": TRIPS,
    "assets/wrong.sql": "select fair from trips",
    "assets/right.sql": "select fare from trips",
    "assets/above.sql": "select * from wrong",
  });
  assert.deepEqual((await check(rig, 0, "right")).errors, []);
  assert.equal((await check(rig, 2, "above")).errors[0]?.where.file, "assets/wrong.sql");
  const told = await rig.run(["check", "right"]);
  assert.match(told.stdout, /2 assets, nothing wrong/);
  assert.equal((await rig.run(["check", "--quiet", "right"])).stdout, "");
});

oneWay("up and run want declared variables; what only looks is warned", async (rig) => {
  rig.project({
    "assets/a.sql": "select 1 as x",
    "nycflow.config.ts": 'export default { env: { SHOP_URL: "of the shop" } };\n',
  });
  for (const args of [["up"], ["run", "a"]]) {
    const ended = await rig.run(args);
    assert.equal(ended.code, 2, ended.stderr);
    assert.match(
      ended.stderr,
      /^ *error: Cannot start without SHOP_URL\n +at nycflow\.config\.ts:1:\d+/,
    );
  }
  const listed = await rig.run(["ls"]);
  assert.equal(listed.code, 0);
  assert.match(listed.stderr, /^warning: Cannot start without SHOP_URL/);
  assert.match(listed.stdout, /^a +· missing/m);
  assert.equal((await rig.run(["ls", "--json"])).stderr, "");
  await up(rig, 0, { SHOP_URL: "https://example.org" });
});
