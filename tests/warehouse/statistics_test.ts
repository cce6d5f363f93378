// What the footer of a large table answers must be what its rows answer; and it must not answer what it cannot know.

import assert from "node:assert/strict";
import { join } from "node:path";
import type { CheckDefinition } from "../../src/core/definition.ts";
import { audit } from "../../src/warehouse/audit.ts";
import { askedBy } from "../../src/warehouse/check_sql.ts";
import { heldByStatistics } from "../../src/warehouse/statistics.ts";
import { check, lake } from "./lake.ts";

/** Several row groups, so that the ends and the NULLs of all of them count. */
const ROWS = 150_000;
const TABLE = `select
    i::integer as id,
    if(i % 50000 = 7, null, i % 7)::integer as kind,
    (i % 1000 - 2)::decimal(18, 2) as fare,
    timestamp '2023-01-01' + to_seconds(i) as at,
    if(i = 140000, 'nan'::double, i)::double as ratio,
    if(i % 3 = 0, null, 'text') as note,
    null::integer as nothing,
    if(i = 149999, null, { note: 'within' }) as nested,
    i % 2 as "it's, ""odd"""
  from range(${ROWS}) r(i)`;

const kinds = (values: readonly (number | null)[]) =>
  check({ kind: "accepted_values", columns: ["kind"], expect: { values } });
const range = (column: string, expect: CheckDefinition["expect"]) =>
  check({ kind: "range", columns: [column], expect });
const filled = (...columns: string[]) => check({ kind: "not_null", columns });

/** Each check, and whether the footer alone proves that it holds. */
const CHECKS: readonly (readonly [CheckDefinition, boolean])[] = [
  [filled("id"), true],
  [filled("KIND"), false],
  [filled("id", "note"), false],
  [filled("id", "fare", "at", `it's, "odd"`), true],
  [filled("kind", "note"), false],
  [filled("nothing"), false],
  [filled("nested"), false],
  [range("id", { min: 0, max: ROWS - 1 }), true],
  [range("id", { min: 1 }), false],
  [range("id", { max: ROWS - 2 }), false],
  [range("fare", { min: -2, max: 997 }), true],
  [range("fare", { min: -1 }), false],
  [range("at", { min: "2023-01-01", max: "2023-01-02 17:40:00" }), true],
  [range("at", { max: "2023-01-02" }), false],
  [range("nothing", { min: 1 }), true],
  [range("ratio", { max: ROWS }), false],
  [range("kind", { min: 0, max: 6 }), true],
  [kinds([6, 5, 4, 3, 2, 1, 0, null]), true],
  [kinds([0, 1, 2, 4, 5, 6, 7]), false],
  [range(`it's, "odd"`, { min: 0 }), true],
  [check({ kind: "holds", expect: { condition: "id >= 0" } }), false],
];

Deno.test("statistics: what the footer tells of a large table is what its rows tell", async () => {
  await lake(async (made) => {
    const staged = await made.make(TABLE);
    const checks = CHECKS.map(([each], at) => ({ ...each, name: `c${at}` }));
    const names = { candidate: "t", others: null };
    const told = await heldByStatistics(
      made.session,
      join(made.project, staged.file!.path),
      staged.schema,
      staged.rows,
      checks.map((each) => ({ check: each, asked: askedBy(each, names, 0) })),
    );
    assert.deepEqual(told, CHECKS.map(([, known]) => known));

    const order = made.order({ checks });
    const results = await audit(made.session, order, order.outputs[0]!, staged);
    await made.session.run(`create temp table t as ${TABLE}`);
    for (const [at, { name, failing, sample, outcome }] of results.entries()) {
      const asked = askedBy(checks[at]!, names, 0);
      assert.ok(asked.kind === "rows");
      const { rows } = await made.session.rows(`select count(*) from t where ${asked.condition}`);
      assert.equal(failing, rows[0]![0], name);
      assert.equal(outcome, failing === 0 ? "passed" : "failed");
      const first = await made.session.rows(
        `select id from t where ${asked.condition} order by id limit 5`,
      );
      const shown = sample.map((row) => Number(row["id"])).sort((a, b) => a - b);
      assert.equal(shown.length, first.rows.length, name);
    }
  });
});

Deno.test("statistics: of a small table, or a file that another wrote, the rows are asked", async () => {
  await lake(async (made) => {
    const staged = await made.make("select null::integer as id from range(10)");
    const asked = {
      check: filled("id"),
      asked: { kind: "rows" as const, condition: "id is null" },
    };
    const path = join(made.project, staged.file!.path);
    const { schema } = staged;
    assert.deepEqual(
      await heldByStatistics(made.session, path, schema, staged.rows, [asked]),
      [false],
    );
    // A count that is not that of the file: then nothing of it is believed.
    const large = await made.make(TABLE);
    const other = join(made.project, large.file!.path);
    assert.deepEqual(
      await heldByStatistics(made.session, other, large.schema, ROWS + 1, [asked]),
      [false],
    );
  });
});

Deno.test("statistics: failing rows are shown from the file's beginning, those of a relationship too", async () => {
  await lake(async (made) => {
    const known = made.input("known", [
      made.version(await made.make("select range as id from range(10)")),
    ]);
    const checks = [
      check({ kind: "holds", expect: { condition: "id % 1000 < 990" } }),
      check({ kind: "relationships", columns: ["id"], expect: { to: "known", field: "id" } }),
    ];
    const order = made.order({ checks, checkInputs: [known] });
    const staged = await made.make("select range as id, 'row' as text from range(200000)");
    const results = await audit(made.session, order, order.outputs[0]!, staged);
    assert.deepEqual(results.map(({ failing }) => failing), [2000, 199_990]);
    const { rows } = await made.session.rows(
      `select id from read_parquet('${join(made.project, staged.file!.path)}', file_row_number=true)
       where id % 1000 >= 990 order by file_row_number limit 5`,
    );
    assert.deepEqual(
      results[0]!.sample.map((row) => row["id"]),
      rows.map(([id]) => id),
      "in the order of the file",
    );
    assert.deepEqual(Object.keys(results[1]!.sample[0] ?? {}), ["id", "text"]);
    assert.equal(results[1]!.sample.length, 5);
    assert.ok(results[1]!.sample.every((row) => Number(row["id"]) >= 10));
  });
});
