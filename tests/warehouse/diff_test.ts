import assert from "node:assert/strict";
import fc from "fast-check";
import { diffTables } from "../../src/warehouse/diff.ts";
import { type Lake, lake } from "./lake.ts";

async function diffOf(
  { make, version, input, session, project }: Lake,
  before: string,
  after: string,
  key: readonly string[] = [],
) {
  const sides = [];
  for (const sql of [before, after]) {
    const made = version(await make(sql));
    sides.push({ ...input("t", [made]), schema: made.schema });
  }
  const [a, b] = sides;
  assert.ok(a && b);
  return await diffTables(session, project, a, b, { key, limit: 3 });
}

Deno.test("diff: a key is found by looking, doubles are counted, floating point is cut", async () => {
  await lake(async (lake) => {
    const found = await diffOf(
      lake,
      "select range as n, range * 2 as order_id, 'x' as v from range(100)",
      "select range as n, range * 2 as order_id, case when range = 5 then 'y' else 'x' end as v from range(1, 101)",
    );
    assert.deepEqual(
      [found.added, found.removed, found.changed, found.keyBy, found.key],
      [1, 1, 1, "found", ["order_id"]],
    );
    assert.deepEqual(found.sample.changed, [{ before: [5, 10, "x"], after: [5, 10, "y"] }]);
    const doubles = await diffOf(
      lake,
      "select 1 as a from range(5)",
      "select 1 as a from range(3)",
    );
    assert.deepEqual([doubles.added, doubles.removed], [0, 2]);
    const close = await diffOf(
      lake,
      "select 0.1::double + 0.2 as x",
      "select 0.3::double as x",
    );
    assert.deepEqual([close.added, close.removed, close.changed], [0, 0, 0]);
  });
});

Deno.test("diff: columns that came, went and became others", async () => {
  await lake(async (lake) => {
    const found = await diffOf(
      lake,
      "select range as id, 1 as gone, range::integer as typed from range(3)",
      "select range as id, 2 as come, range::bigint as typed from range(3)",
      ["id"],
    );
    assert.deepEqual(found.columns.added.map((each) => each.name), ["come"]);
    assert.deepEqual(found.columns.removed.map((each) => each.name), ["gone"]);
    assert.deepEqual(found.columns.retyped, [{ name: "typed", from: "INTEGER", to: "BIGINT" }]);
    assert.deepEqual([found.added, found.removed, found.changed], [0, 0, 0]);
  });
});

Deno.test("diff: counts are those of the bags of rows, whatever they hold", async () => {
  await lake(async (lake) => {
    const bag = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 2 })), {
      minLength: 1,
      maxLength: 12,
    });
    const sql = (rows: readonly (readonly [number, number])[]) =>
      `select * from (values ${rows.map(([a, b]) => `(${a}, ${b})`).join(", ")}) v(a, b)`;
    await fc.assert(
      fc.asyncProperty(bag, bag, async (before, after) => {
        const count = (rows: typeof before) => {
          const counts = new Map<string, number>();
          for (const each of rows) counts.set(`${each}`, (counts.get(`${each}`) ?? 0) + 1);
          return counts;
        };
        const [old, now] = [count(before), count(after)];
        let come = 0, gone = 0;
        for (const [row, n] of now) come += Math.max(0, n - (old.get(row) ?? 0));
        for (const [row, n] of old) gone += Math.max(0, n - (now.get(row) ?? 0));
        const found = await diffOf(lake, sql(before), sql(after));
        assert.equal(found.added + found.changed, come);
        assert.equal(found.removed + found.changed, gone);
        assert.ok(found.keyBy !== null || found.changed === 0);
      }),
      { numRuns: 25 },
    );
  });
});
