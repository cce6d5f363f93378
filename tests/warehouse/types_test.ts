import assert from "node:assert/strict";
import { makeTable } from "../../src/warehouse/make.ts";
import { type Lake, lake } from "./lake.ts";

/** Values that must come back as they were, in type and value. */
const KEPT = [
  "true",
  "null::boolean",
  "(-128)::tinyint",
  "(-32768)::smallint",
  "(-2147483648)::integer",
  "(-9223372036854775808)::bigint",
  "9223372036854775807::bigint",
  "255::utinyint",
  "65535::usmallint",
  "4294967295::uinteger",
  "18446744073709551615::ubigint",
  "0.1::float",
  "'-0.0'::float",
  "'nan'::float",
  "'-inf'::float",
  "1.1754944e-38::float",
  "0.1::double",
  "'-0.0'::double",
  "'nan'::double",
  "'inf'::double",
  "1.7976931348623157e308::double",
  "5e-324::double",
  "'-999.9'::decimal(4,1)",
  "'9999999.99'::decimal(9,2)",
  "'-9999999999999999.99'::decimal(18,2)",
  "'99999999999999999999999999999999999999'::decimal(38,0)",
  "'-0.99999999999999999999999999999999999999'::decimal(38,38)",
  "''::varchar",
  "chr(0) || 'a' || chr(0)",
  "'é€😀 \\ '' \" $x'",
  "'\\x00\\xFF\\x27'::blob",
  "''::blob",
  "date '2023-01-01'",
  "'infinity'::date",
  "'-infinity'::date",
  "'5877642-06-25 (BC)'::date",
  "'5881580-07-10'::date",
  "time '00:00:00'",
  "time '23:59:59.999999'",
  "time '24:00:00'",
  "timestamp '1969-12-31 23:59:59.999999'",
  "'infinity'::timestamp",
  "'-infinity'::timestamp",
  "'290309-12-22 (BC) 00:00:00'::timestamp",
  "'294247-01-10 04:00:54.775806'::timestamp",
  "'2023-01-01 00:00:00.123456789'::timestamp_ns",
  "'1677-09-22'::timestamp_ns",
  "'infinity'::timestamp_ns",
  "'-infinity'::timestamp_ns",
  "'2023-11-05 01:30:00-04'::timestamptz",
  "'infinity'::timestamptz",
  "'-infinity'::timestamptz",
  "'290309-12-22 (BC) 00:00:00+00'::timestamptz",
  "'00000000-0000-0000-0000-000000000000'::uuid",
  "'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid",
  '\'{"a": [1, null, "é"], "a": 1e400}\'::json',
  "null",
  "[1, 2, null]",
  "[]::integer[]",
  "null::integer[]",
  "[[1], [], null]",
  "[null]",
  "{'a': 1, 'b': 'x'}",
  "{'a b': 1, '\"q\"': [2.5::decimal(9,3)], 'BIT': true, 'Hugeint': null}",
  "{'a': null}",
  "null::struct(a integer)",
  "map {'a': 1, '': null}",
  "map {}",
  "map {1: [{'x': date 'infinity'}]}",
  "[{'t': time '10:00', 'ts': '-infinity'::timestamp, 'j': '[1]'::json, 'u': uuid 'ffffffff-ffff-ffff-ffff-ffffffffffff'}]",
  "[''::blob, '\\x00'::blob]",
  "{'d': 'nan'::double, 'f': '-0.0'::float, 'i': 'infinity'::timestamptz}",
];

/** Types that Parquet would change, and the cast that is to be written. */
const REFUSED: readonly (readonly [string, string])[] = [
  ["1::uhugeint", "VARCHAR"],
  ["1::bignum", "VARCHAR"],
  ["'101'::bit", "VARCHAR"],
  ["'12:34:56+05:30'::timetz", "VARCHAR"],
  ["'12:34:56'::time_ns", "TIME"],
  ["'2023-01-01'::timestamp_s", "TIMESTAMP"],
  ["'2023-01-01'::timestamp_ms", "TIMESTAMP"],
  ["interval '1 second 123456 microseconds'", "VARCHAR"],
  ["'happy, ('::enum('sad', 'happy, (')", "VARCHAR"],
  ["[1, 2]::integer[2]", "INTEGER[]"],
  ["union_value(a := 1)", "VARCHAR"],
  ["1::variant", "JSON"],
  ["'POINT(1 2)'::geometry", "VARCHAR"],
  ["['happy'::enum('sad', 'happy')]", "VARCHAR[]"],
  ["{'t': '12:34:56+05:30'::timetz, 'x': 1}", 'STRUCT("t" VARCHAR, "x" INTEGER)'],
  ["map {'k': interval '1 day'}", "MAP(VARCHAR, VARCHAR)"],
];

async function comesBack({ session, make, input, version, rows }: Lake, sql: string) {
  const staged = await make(`select ${sql} as v`);
  const table = input("t", [version(staged)]);
  const [read] = await rows(table);
  const wrote = await session.rows(`select ${sql} as v`);
  assert.deepEqual(read, wrote.rows[0], sql);
  assert.equal(staged.schema[0]!.type, wrote.columns[0]!.type, sql);
  const path = `read_parquet('${staged.file!.path}')`;
  const found = await session.rows(
    `select (select v from ${path}) is not distinct from (select ${sql}),
      (select v::varchar from ${path}) is not distinct from (select (${sql})::varchar)`,
  );
  assert.deepEqual(found.rows[0], [true, true], sql);
  assert.deepEqual(await session.columns(`from ${path}`), wrote.columns, sql);
}

Deno.test("every kept type comes back in type and value", async () => {
  await lake(async (made) => {
    for (const sql of KEPT) await comesBack(made, sql);
  });
});

Deno.test("what Parquet would change is refused with the cast to write, and the cast works", async () => {
  await lake(async ({ session, order, make }) => {
    for (const [sql, type] of REFUSED) {
      const given = order();
      const refused = await makeTable(session, given, given.outputs[0]!, {
        sql: `select ${sql} as v`,
        ordered: false,
        inputs: [],
        place: null,
      });
      assert.ok(!refused.ok, sql);
      assert.equal(refused.error.code, "type-not-kept", sql);
      assert.equal(refused.error.hint, `write "v"::${type} as "v"`, sql);
      await make(`select v::${type} as v from (select ${sql} as v)`);
    }
  });
});

Deno.test("no type of the engine is left undecided", async () => {
  await lake(async ({ session, make, order }) => {
    const { rows } = await session.rows(
      "select distinct logical_type from duckdb_types() where type_name not in ('type', 'null')",
    );
    const kept: string[] = [];
    for (const [type] of rows) {
      const spelled = SPELLED[String(type)] ?? String(type);
      const given = order();
      const made = await makeTable(session, given, given.outputs[0]!, {
        sql: `select null::${spelled} as v`,
        ordered: false,
        inputs: [],
        place: null,
      });
      if (!made.ok) {
        assert.equal(made.error.code, "type-not-kept", String(type));
        continue;
      }
      kept.push(String(type));
      const path = made.value.file!.path;
      const found = await session.columns(`from read_parquet('${path}')`);
      assert.equal(found[0]!.type, made.value.schema[0]!.type, String(type));
    }
    assert.ok(kept.length > 20);
    await make("select 1 as v");
  });
});

const SPELLED: Readonly<Record<string, string>> = {
  STRUCT: "STRUCT(a INTEGER)",
  LIST: "INTEGER[]",
  MAP: "MAP(VARCHAR, INTEGER)",
  ARRAY: "INTEGER[3]",
  UNION: "UNION(a INTEGER)",
  ENUM: "ENUM('a')",
  DECIMAL: "DECIMAL(18,3)",
};

Deno.test("HUGEINT becomes BIGINT, nested too, and says so once", async () => {
  await lake(async ({ make, input, version, rows }) => {
    const staged = await make(
      "select sum(i) as s, {'h': sum(i), 'l': [sum(i)]} as n, map {'k': sum(i)} as m from range(4) t(i)",
    );
    assert.deepEqual(staged.schema.map((each) => each.type), [
      "BIGINT",
      'STRUCT("h" BIGINT, "l" BIGINT[])',
      "MAP(VARCHAR, BIGINT)",
    ]);
    assert.equal(staged.notes.length, 3);
    assert.equal(staged.notes[0], "s: HUGEINT is kept as BIGINT");
    assert.deepEqual(await rows(input("t", [version(staged)])), [[6, { h: 6, l: [6] }, { k: 6 }]]);
  });
});

Deno.test("a value that does not fit into BIGINT is refused, and nothing is left", async () => {
  await lake(async ({ session, order, project }) => {
    for (const sql of ["sum(i)", "[sum(i)]", "{'x': sum(i)}"]) {
      const given = order();
      const refused = await makeTable(session, given, given.outputs[0]!, {
        sql: `select 1 as a, ${sql} as total from (select 9223372036854775807 as i from range(3))`,
        ordered: false,
        inputs: [],
        place: { file: "assets/t.sql", line: 3, text: "" },
      });
      assert.ok(!refused.ok);
      assert.equal(refused.error.code, "value-not-kept");
      assert.match(refused.error.message, /total/);
      assert.match(refused.error.why!, /27670116110564327421/);
      assert.match(refused.error.hint!, /DECIMAL\(38,0\)/);
      assert.equal(exists(`${project}/${given.outputs[0]!.target}.parquet`), false);
    }
    // The user's own cast that fails is the user's, not ours.
    const given = order();
    const own = await makeTable(session, given, given.outputs[0]!, {
      sql: "select sum(i) as s, 99999999999999999999::hugeint::bigint as b from range(3) t(i)",
      ordered: false,
      inputs: [],
      place: null,
    });
    assert.ok(!own.ok);
    assert.equal(own.error.code, "step-failed");
  });
});

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

Deno.test("odd names are kept; two of one name are refused", async () => {
  await lake(async ({ session, make, order, input, version, rows }) => {
    const names = [
      "a b",
      'q"uote',
      "sele''ct",
      "é😀",
      "select",
      "A.b",
      "$x",
      "'",
      "filename",
    ];
    const list = names.map((name, at) => `${at} as "${name.replaceAll('"', '""')}"`);
    const staged = await make(`select ${list.join(", ")}, sum(1) as "sum of ""it"""`);
    assert.deepEqual(staged.schema.map((each) => each.name), [...names, 'sum of "it"']);
    assert.deepEqual(await rows(input("t", [version(staged)])), [[...names.keys(), 1]]);
    for (
      const sql of [
        "select 1 as a, 2 as a",
        "select 1 as a, 2 as A",
        "with x as (select 1 as a) select a, a from x",
      ]
    ) {
      const given = order();
      const refused = await makeTable(session, given, given.outputs[0]!, {
        sql,
        ordered: false,
        inputs: [],
        place: null,
      });
      assert.ok(!refused.ok, sql);
      assert.equal(refused.error.code, "result-invalid");
    }
  });
});

Deno.test("a table without rows keeps its columns", async () => {
  await lake(async ({ make, input, version, rows, session }) => {
    const staged = await make("select 1::decimal(9,2) as a, null::varchar[] as b where false");
    assert.equal(staged.rows, 0);
    const table = input("t", [version(staged)]);
    assert.deepEqual(await rows(table), []);
    assert.deepEqual(staged.schema, [{ name: "a", type: "DECIMAL(9,2)" }, {
      name: "b",
      type: "VARCHAR[]",
    }]);
    assert.deepEqual(
      await session.columns(`from read_parquet('${staged.file!.path}')`),
      staged.schema,
    );
  });
});
