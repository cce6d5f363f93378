import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Window } from "../../src/core/order.ts";
import { Cancelled } from "../../src/warehouse/driver.ts";
import { readFooter } from "../../src/warehouse/footer.ts";
import { makeTable } from "../../src/warehouse/make.ts";
import { type Lake, lake, type OrderAbout } from "./lake.ts";

async function refused({ session, order }: Lake, sql: string, about: OrderAbout = {}, line = 1) {
  const given = order(about);
  const found = await makeTable(session, given, given.outputs[0]!, {
    sql,
    ordered: false,
    inputs: given.inputs,
    place: { file: "assets/t.sql", line, text: sql },
  });
  assert.ok(!found.ok, sql);
  assert.equal(existsSync(join(given.project, `${given.outputs[0]!.target}.parquet`)), false);
  return found.error;
}

const WINDOW: Window = {
  startLocal: "2023-03-12T00:00:00",
  endLocal: "2023-03-13T00:00:00",
  start: Date.UTC(2023, 2, 12, 5),
  end: Date.UTC(2023, 2, 13, 4),
  timezone: "America/New_York",
};
const PARTITIONED = {
  partitions: { type: "static", keys: [] },
} as const;

Deno.test("partition and settings are bound with their types, never pasted", async () => {
  await lake(async ({ make, input, version, rows }) => {
    const hostile = "x'); drop table t; -- $partition_key";
    const staged = await make(
      `select $partition_start as a, $partition_end as b, $partition_start_tz as c, $partition_key as k,
        $config.text as t, $config.deep.n as n, $config.f as f, $config.flag as flag, $config.list as l,
        '$partition_key' as s, "$partition_key" as q /* $nothing */ from (select 1 as "$partition_key") -- $x`,
      {
        partition: "2023-03-12",
        window: WINDOW,
        definition: PARTITIONED,
        settings: { text: hostile, deep: { n: 7 }, f: 1.5, flag: false, list: [1, "a"] },
      },
    );
    assert.deepEqual(staged.schema.map((each) => each.type), [
      "TIMESTAMP",
      "TIMESTAMP",
      "TIMESTAMP WITH TIME ZONE",
      "VARCHAR",
      "VARCHAR",
      "BIGINT",
      "DOUBLE",
      "BOOLEAN",
      "JSON",
      "VARCHAR",
      "INTEGER",
    ]);
    assert.deepEqual(await rows(input("t", [version(staged)])), [[
      "2023-03-12T00:00:00",
      "2023-03-13T00:00:00",
      "2023-03-12T00:00:00-05:00",
      "2023-03-12",
      hostile,
      7,
      1.5,
      false,
      [1, "a"],
      "$partition_key",
      1,
    ]]);
  });
});

Deno.test("a parameter is a constant to the engine: filters reach the file's statistics", async () => {
  await lake(async ({ make, input, version, session, order, project }) => {
    const table = input("t", [version(await make("select i from range(1000) t(i)"))]);
    const { ready } = await import("../../src/warehouse/make.ts");
    const given = order({ settings: { n: 5 }, inputs: [table] });
    const sent = await ready(session, given, {
      sql: "select count(*) from t where i >= $config.n",
      inputs: [table],
    });
    const { rows: plan } = await session.rows(`explain ${sent.sql}`);
    assert.match(String(plan[0]![1]), /READ_PARQUET[^]*i ?>= ?5/);
    assert.ok(project);
  });
});

Deno.test("a parameter without a value is a word, with what there is", async () => {
  await lake(async (made) => {
    assert.match((await refused(made, "select $partition_key")).why!, /not partitioned/);
    assert.match(
      (await refused(made, "select $config.b", { settings: { a: 1 } })).hint!,
      /settings are a/,
    );
    assert.match((await refused(made, "select $nope")).why!, /does not know/);
    assert.match((await refused(made, "select ?")).why!, /\?/);
  });
});

Deno.test("an error names file, line, column and the line itself", async () => {
  await lake(async (made) => {
    const { make, input, version } = made;
    const table = input("trips", [version(await make("select 1 as fare_amount, 'abc' as s"))]);
    const inputs = [table];
    const bind = await refused(made, "select 'é' as e,\n  fare_amont from trips", { inputs }, 12);
    assert.equal(bind.code, "sql-bind");
    assert.equal(bind.hint, "did you mean fare_amount?");
    assert.deepEqual(bind.where, {
      file: "assets/t.sql",
      line: 13,
      column: 3,
      length: 10,
      source: "  fare_amont from trips",
    });
    const shifted = await refused(
      made,
      "select $config.x as a, 'é€😀' as b, $config.x as c, nope from trips",
      { inputs, settings: { x: 1 } },
    );
    assert.equal(shifted.where!.column, 53);
    const own = await refused(made, "with a as (from trips)\nselect nope from a", { inputs });
    assert.deepEqual([own.where!.line, own.where!.column], [2, 8]);
    const cast = await refused(
      made,
      "select sum(1) as h,\n s::integer as i from trips group by s",
      { inputs },
    );
    assert.deepEqual([cast.where!.line, cast.where!.column], [2, 3]);
    assert.match(cast.why!, /"abc" in column s is no INTEGER/);
    const syntax = await refused(made, "select 'é' from where", { inputs });
    assert.deepEqual([syntax.code, syntax.where!.column], ["sql-syntax", 17]);
  });
});

Deno.test("the engine's words are translated", async () => {
  await lake(async (made) => {
    const { project, session } = made;
    await session.run(
      `copy (select range as i from range(100000)) to '${project}/whole.parquet' (format parquet)`,
    );
    const bytes = Deno.readFileSync(`${project}/whole.parquet`);
    Deno.writeFileSync(`${project}/cut.parquet`, bytes.subarray(0, 5000));
    Deno.writeTextFileSync(`${project}/bad.csv`, "a,b\n1,2\n" + "3,4\n".repeat(30_000) + "x,6\n");
    const of = async (sql: string) => {
      const found = await refused(made, sql);
      return [found.code, `${found.why} / ${found.hint}`] as const;
    };
    const [cut, cutWords] = await of("from 'cut.parquet'");
    assert.equal(cut, "not-the-format");
    assert.match(cutWords, /cut short.*fetch it again/);
    const [gone, goneWords] = await of("from 'gone.parquet'");
    assert.equal(gone, "source-missing");
    assert.match(goneWords, /no file .*gone\.parquet/);
    const [csv, csvWords] = await of(
      "from read_csv('bad.csv', columns={'a': 'INTEGER', 'b': 'INTEGER'}, header=true)",
    );
    assert.equal(csv, "not-the-format");
    assert.match(csvWords, /line 30003 of .*bad\.csv, column a: "x" is no/);
    const [net, netWords] = await of("from 'https://example.org/x.parquet'");
    assert.equal(net, "query-failed");
    assert.match(netWords, /extension httpfs.*download\(\)/);
    const [conversion] = await of("select 'x'::date");
    assert.equal(conversion, "step-failed");
  });
});

Deno.test("what does not fit into memory is told as that, and nothing is left", async () => {
  await lake(async (made) => {
    const { session, project } = made;
    await session.run("set global memory_limit = '40MB'");
    await session.run("set global max_temp_directory_size = '1MB'");
    const found = await refused(
      made,
      "select list(i order by i desc) as l from range(50000000) t(i)",
    );
    assert.ok(["out-of-memory", "disk-full"].includes(found.code), found.code);
    assert.deepEqual(readdirSync(join(project, ".nycflow/lake/t/_")), []);
  });
});

Deno.test("an order at the top is the file's order, with casts around it too", async () => {
  await lake(async ({ make, session }) => {
    for (
      const sql of [
        "select hash(i) % 100000 as x, i from range(400000) t(i) order by x, i",
        "select (hash(i) % 100000)::hugeint as x, i from range(400000) t(i) order by x, i",
        "with a as (select hash(i) % 100000 as x, i from range(400000) t(i)) from a order by x, i",
      ]
    ) {
      const staged = await make(sql, { ordered: true });
      const { rows } = await session.rows(
        `select count(*) from (select x, i, lag(x) over w as px, lag(i) over w as pi
          from read_parquet('${
          staged.file!.path
        }', file_row_number=true) window w as (order by file_row_number))
         where px > x or (px = x and pi > i)`,
      );
      assert.deepEqual(rows, [[0]], sql);
    }
  });
});

Deno.test("every form of query can be materialized", async () => {
  await lake(async ({ make, input, version, rows }) => {
    const table = input("t", [version(await make("select i % 2 as k, i as v from range(4) t(i)"))]);
    const inputs = [table];
    const result = async (sql: string) =>
      await rows(input("x", [version(await make(sql, { inputs }))]), "order by all");
    assert.deepEqual(await result("from t select count(*) as n"), [[4]]);
    assert.deepEqual(await result("values (1), (2)"), [[1], [2]]);
    assert.deepEqual(await result("table t"), [[0, 0], [0, 2], [1, 1], [1, 3]]);
    assert.deepEqual(await result("(from t) union (from t)"), [[0, 0], [0, 2], [1, 1], [1, 3]]);
    assert.deepEqual(
      await result("pivot (select k, v, 1 as g from t) on k using sum(v)::int as s group by g"),
      [[1, 2, 4]],
    );
    assert.deepEqual(
      await result("with t as (select k + 1 as k from t) select sum(k)::int as s from t"),
      [[6]],
    );
    assert.deepEqual(
      await result(
        "with recursive r as (select 1 as n union all select n + 1 from r where n < 3) select n, (select count(*) from t) as c from r",
      ),
      [[1, 4], [2, 4], [3, 4]],
    );
    assert.deepEqual(await result("select max(v) as m from t -- the end"), [[3]]);
    assert.deepEqual(await result("select column_name from (summarize t)"), [["k"], ["v"]]);
    assert.deepEqual(await result("from (describe t) select column_name"), [["k"], ["v"]]);
  });
});

Deno.test("the footer says who made it and from what", async () => {
  await lake(async ({ make, input, version, session, project }) => {
    const table = input("t", [version(await make("select 1 as n"), { partition: "it's" })]);
    const staged = await make('select n as "a\'b" from t', {
      key: "child",
      partition: "2023-01|é",
      inputs: [table],
    });
    const said = await readFooter(session, join(project, staged.file!.path));
    assert.equal(said!["asset"], "child");
    assert.equal(said!["partition"], "2023-01|é");
    assert.deepEqual(said!["inputVersions"], [["t", "it's", table.versions[0]!.dataVersion]]);
    assert.deepEqual(said!["schema"], [["a'b", "INTEGER"]]);
    assert.deepEqual([said!["run"], said!["code"], said!["ordered"]], ["r1", "c1", false]);
  });
});

Deno.test("a signal ends the query, told by the signal and not by what came out", async () => {
  await lake(async ({ session, order, project }) => {
    for (const by of ["timeout", "cancel"] as const) {
      const given = order();
      const stop = new AbortController();
      const making = makeTable(session, given, given.outputs[0]!, {
        sql:
          "select count(*) as n from range(1000000) a, range(1000000) b where (a.range * b.range) % 7 = 3",
        ordered: false,
        inputs: [],
        place: null,
      }, {
        signal: stop.signal,
        graceMs: 10_000,
        // Fires once the query is known to run.
        progress: () => stop.abort(by),
      });
      await assert.rejects(making, (error) => error instanceof Cancelled && error.by === by);
      assert.equal(existsSync(join(project, `${given.outputs[0]!.target}.parquet`)), false);
    }
    // The connection is as good as before.
    assert.deepEqual((await session.rows("select 1")).rows, [[1]]);
    const stopped = AbortSignal.abort("timeout");
    await assert.rejects(
      session.watched({ signal: stopped }, () => Promise.reject(new Error("must not begin"))),
      (error) => error instanceof Cancelled && error.by === "timeout",
    );
  });
});

Deno.test("declared columns are a contract on names and types", async () => {
  await lake(async (made) => {
    const column = (name: string, type: string | null) => ({
      name,
      type,
      description: null,
      nullable: true,
    });
    const columns = [column("a", "decimal(9, 2)"), column("b", null)];
    await made.make("select 1::decimal(9,2) as A, 2 as b, 3 as more", { definition: { columns } });
    const missing = await refused(made, "select 1::decimal(9,2) as a", { definition: { columns } });
    assert.equal(missing.code, "contract-broken");
    assert.match(missing.message, /no column b/);
    const other = await refused(made, "select 1 as a, 2 as b", { definition: { columns } });
    assert.match(other.hint!, /"a"::DECIMAL\(9,2\)/);
  });
});
