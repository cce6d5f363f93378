import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDuckDb, type Session } from "../../src/warehouse/driver.ts";
import { bindSql, parseSql, parseSqls } from "../../src/warehouse/sql_parse.ts";

async function session(work: (session: Session) => Promise<void>): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "parse-"));
  const db = await openDuckDb({
    limits: { memoryMb: 200, threads: 1, scratch },
    timezone: "UTC",
    prepare: () => Promise.resolve(),
  });
  try {
    await db.use(work);
  } finally {
    db.close();
    await rm(scratch, { recursive: true });
  }
}

const TABLES: readonly (readonly [sql: string, tables: string, files?: string])[] = [
  ["select * from a join b using (x), c", "a b c"],
  ["with trips as (select * from raw.trips) select * from trips", "raw.trips"],
  ["with t as (select * from t) select * from t", "t"],
  ['with T as (select * from a) select * from t, "T"', "a"],
  ["with a as (from x), b as (from a) select * from b join a using (i) join c using (i)", "x c"],
  ["select * from (with a as (from x) from a) join a using (i)", "x a"],
  ["with a as (with a as (from deep) from a) from a", "deep"],
  ["with recursive r as (select 1 n union all select n + 1 from r join s using (n)) from r", "s"],
  ["with recursive r(k, v) using key (k) as (from s union from recurring.r) from r", "s"],
  ["with m as materialized (from x) select (select count(*) from m), (select 1 from y)", "x y"],
  ["select * from a, lateral (select * from b where b.i = a.i)", "a b"],
  [
    "select * from a where exists (from b) and i in (select i from c) order by (select max(i) from d)",
    "a b c d",
  ],
  ["from a select x union all by name from b intersect (from c)", "a b c"],
  ["from a positional join b semi join c using (i) asof join d using (t)", "a b c d"],
  ["pivot a on k using count(*)", "a"],
  ["pivot (from a) on k, year(d) using sum(x) group by g", "a"],
  ["select * from (pivot a on k using count(*)) join b using (i)", "a b"],
  ["pivot a on k in (1, 2) using count(*)", "a"],
  ["unpivot a on x, y", "a"],
  ["from a unpivot (v for n in (x, y))", "a"],
  ["summarize a", "a"],
  [
    "from read_csv('x.csv', header = true) join 'y.parquet' using (i) join z using (i)",
    "z",
    "x.csv y.parquet",
  ],
  ["from read_parquet(['a.parquet', 'b.parquet'])", "", "a.parquet b.parquet"],
  ["from range(3), unnest([1])", ""],
  ["values (1)", ""],
  ['select \'from nothing\', "from" from "odd name" -- from c', "odd name"],
  ["select * from öt join 'é.csv' using (i)", "öt", "é.csv"],
  ["from a tablesample 10%", "a"],
  ["from main.a", "main.a"],
];

Deno.test("tables and files are those that the query reads, CTEs left out by scope", async () => {
  await session(async (session) => {
    for (const [sql, tables, files] of TABLES) {
      const parsed = await parseSql(session, sql);
      assert.ok(parsed.ok, `${sql}: ${JSON.stringify(parsed)}`);
      assert.deepEqual(
        new Set(parsed.tables.map((each) => each.name)),
        new Set(words(tables)),
        sql,
      );
      assert.deepEqual(parsed.files, words(files ?? ""), sql);
    }
  });
});

function words(text: string): string[] {
  return text === "odd name" ? [text] : text.split(" ").filter(Boolean);
}

Deno.test("a table's place is counted in characters, not in the engine's bytes", async () => {
  await session(async (session) => {
    for (
      const sql of [
        "select 'é€😀' as x from trips",
        "pivot (select 'é' as k, * from trips) on k using count(*)",
        "from (pivot 'é.csv' on k) join trips using (k)",
      ]
    ) {
      const parsed = await parseSql(session, sql);
      assert.ok(parsed.ok);
      const { offset } = parsed.tables.find((each) => each.name === "trips")!;
      assert.equal(sql.slice(offset, offset + 5), "trips");
    }
  });
});

Deno.test("what is no query is refused, with its place", async () => {
  await session(async (session) => {
    const refused = async (sql: string, message: RegExp, offset: number | null) => {
      const parsed = await parseSql(session, sql);
      assert.ok(!parsed.ok, sql);
      assert.match(parsed.message, message);
      assert.equal(parsed.offset, offset, sql);
    };
    await refused("", /no query/, null);
    await refused("-- only a comment\n;", /no query/, null);
    await refused("select 1; select 2", /second statement/, 10);
    await refused("-- x\ninsert into t select 1", /an INSERT/, 5);
    await refused("copy t to 'x'", /a COPY/, 0);
    await refused("select 'é', x from t where where", /syntax error/, 27);
    await refused("selec 1", /syntax error/, 0);
    await refused("select 1 from", /syntax error/, 13);
    await refused("select 1 from query('select 1')", /hides which tables/, 14);
  });
});

Deno.test("the code version sees meaning, not comments or layout", async () => {
  await session(async (session) => {
    const version = async (sql: string) => {
      const parsed = await parseSql(session, sql);
      assert.ok(parsed.ok, sql);
      return parsed.codeVersion;
    };
    const base = await version("select a, 1.5 as b from t where c = 'x  y'");
    assert.equal(await version("SELECT a,1.5 AS b -- why\nFROM t /* é */ WHERE c='x  y';"), base);
    for (
      const other of [
        "select a, 1.50 as b from t where c = 'x  y'",
        "select a, 1.5 as b from t where c = 'x y'",
        "select a, 1.5 as b2 from t where c = 'x  y'",
        "select a, 1.5 as b from u where c = 'x  y'",
        "select distinct a, 1.5 as b from t where c = 'x  y'",
        "select a, 1.5 as b from t where c = 'x  y' limit 3",
        "select a, 1.5 as b from t tablesample 5 rows where c = 'x  y'",
      ]
    ) assert.notEqual(await version(other), base, other);
    assert.notEqual(
      await version("select '\"query_location\":1,' as a"),
      await version("select '\"query_location\":2,' as a"),
    );
    assert.notEqual(await version("pivot t on k"), await version("pivot t on j"));
  });
});

Deno.test("order, parameters and what changes at every rebuild are found", async () => {
  await session(async (session) => {
    const of = async (sql: string) => {
      const parsed = await parseSql(session, sql);
      assert.ok(parsed.ok, sql);
      return parsed;
    };
    assert.equal((await of("select * from t order by 1 limit 3")).ordered, true);
    assert.equal((await of("from t union from u order by all")).ordered, true);
    assert.equal((await of("select * from (from t order by 1)")).ordered, false);
    assert.deepEqual(
      (await of("select $partition_start, $config.a.b, '$no', \"$no\" /* $no */, $partition_start"))
        .parameters,
      ["partition_start", "config.a.b"],
    );
    for (
      const sql of [
        "select random()",
        "select x from t where d < now()",
        "select current_date",
        "from t using sample 3",
      ]
    ) {
      assert.equal((await of(sql)).volatile, true, sql);
    }
    assert.equal((await of("select date '2023-01-01', today from t")).volatile, false);
    assert.equal((await of("select 1;;  -- end")).text, "select 1");
  });
});

Deno.test("many texts at once keep their keys", async () => {
  await session(async (session) => {
    const texts = Object.fromEntries(
      Array.from({ length: 300 }, (_, at) => [`k${at}`, at % 3 ? `from t${at}` : "selec"]),
    );
    const parsed = await parseSqls(session, texts);
    for (const [key, found] of Object.entries(parsed)) {
      const at = Number(key.slice(1));
      if (at % 3) assert.deepEqual(found.ok && found.tables, [{ name: `t${at}`, offset: 5 }]);
      else assert.equal(found.ok, false);
    }
    assert.equal(Object.keys(parsed).length, 300);
  });
});

Deno.test("a query is bound against schemas without data", async () => {
  await session(async (session) => {
    const tables = [{ name: "trips", schema: [{ name: "fare amount", type: "DECIMAL(18,2)" }] }];
    const good = await bindSql(session, 'select sum("fare amount") as s from trips', tables);
    assert.deepEqual(good, { ok: true, columns: [{ name: "s", type: "DECIMAL(38,2)" }] });
    const bad = await bindSql(session, "select 'é', fare from trips", tables);
    assert.ok(!bad.ok);
    assert.equal(bad.offset, 12);
    assert.deepEqual(bad.candidates, ["fare amount"]);
  });
});
