import assert from "node:assert/strict";
import type { CheckDefinition } from "../../src/core/definition.ts";
import { audit } from "../../src/warehouse/audit.ts";
import { check, type Lake, lake, type OrderAbout } from "./lake.ts";

const ROWS =
  `select * from (values (1, 'a', 10.0, timestamp '2023-01-14 00:00:00'), (2, 'b', -1.0, null),
  (2, 'c', null, timestamp '2023-01-01'), (null, 'zz', 99.0, null)) t(id, kind, fare, seen)`;

async function run(
  made: Lake,
  checks: readonly CheckDefinition[],
  about: OrderAbout = {},
  sql = ROWS,
) {
  const staged = await made.make(sql);
  const order = made.order({ ...about, checks });
  return await audit(made.session, order, order.outputs[0]!, staged);
}

Deno.test("each kind of check finds its failing rows and shows some", async () => {
  await lake(async (made) => {
    const other = made.input("kinds", [
      made.version(await made.make("select * from (values ('a'), ('b')) t(kind)")),
    ]);
    const results = await run(made, [
      check({ kind: "not_null", columns: ["id"] }),
      check({ kind: "not_null", name: "both", columns: ["kind", "fare"] }),
      check({ kind: "unique", columns: ["id"] }),
      check({ kind: "unique", name: "pair", columns: ["id", "kind"] }),
      check({
        kind: "accepted_values",
        columns: ["kind"],
        expect: { values: ["a", "b", "it's", null] },
      }),
      check({ kind: "range", columns: ["fare"], expect: { min: 0, max: 50 } }),
      check({ kind: "range", name: "since", columns: ["seen"], expect: { min: "2023-01-10" } }),
      check({ kind: "relationships", columns: ["kind"], expect: { to: "kinds", field: "kind" } }),
      check({ kind: "rows", expect: { min: 5 } }),
      check({ kind: "rows", name: "few", expect: { min: 1, max: 4 } }),
      check({ kind: "recent", columns: ["seen"], expect: { within: "2d" } }),
      check({ kind: "recent", name: "old", columns: ["seen"], expect: { within: "1h" } }),
      check({ kind: "holds", expect: { condition: "fare >= 0 -- NULL is not true" } }),
      check({
        kind: "query",
        expect: {
          sql: "select kind from t join kinds using (kind) where id > $config.n;".replace(";", ""),
        },
      }),
    ], { checkInputs: [other], settings: { n: 1 } });
    assert.deepEqual(results.map((each) => [each.name, each.outcome, each.failing]), [
      ["not_null", "failed", 1],
      ["both", "failed", 1],
      ["unique", "failed", 1],
      ["pair", "passed", 0],
      ["accepted_values", "failed", 2],
      ["range", "failed", 2],
      ["since", "failed", 1],
      ["relationships", "failed", 2],
      ["rows", "failed", null],
      ["few", "passed", null],
      ["recent", "passed", null],
      ["old", "failed", null],
      ["holds", "failed", 2],
      ["query", "failed", 1],
    ]);
    const of = (name: string) => results.find((each) => each.name === name)!;
    assert.deepEqual(of("not_null").sample, [{ id: null, kind: "zz", fare: "99.0", seen: null }]);
    assert.deepEqual(of("unique").sample, [{ id: 2, rows: 2 }]);
    assert.deepEqual(of("query").sample, [{ kind: "b" }]);
    assert.deepEqual(of("pair").sample, []);
    assert.equal(of("rows").text, "4 rows, at least 5 expected");
    assert.match(of("old").text, /newest is 2023-01-14.*within 1h expected/);
    assert.equal(of("not_null").text, "1 row fails of 4");
  });
});

Deno.test("thresholds: so many rows, or so many percent, are tolerated", async () => {
  await lake(async (made) => {
    const about = (over: Partial<CheckDefinition>) =>
      check({ kind: "holds", expect: { condition: "i >= 10" }, ...over });
    const outcomes = async (...checks: CheckDefinition[]) =>
      (await run(made, checks, {}, "select i from range(100) t(i)")).map((each) => each.outcome);
    assert.deepEqual(
      await outcomes(
        about({}),
        about({ severity: "warn" }),
        about({ errorAt: "11" }),
        about({ errorAt: "10" }),
        about({ errorAt: "10%" }),
        about({ errorAt: "10.5%" }),
        about({ warnAt: "5" }),
        about({ warnAt: "5", errorAt: "50%" }),
        about({ warnAt: "20%", errorAt: "50%" }),
        about({ severity: "warn", warnAt: "11" }),
      ),
      [
        "failed",
        "warned",
        "passed",
        "failed",
        "failed",
        "passed",
        "warned",
        "warned",
        "passed",
        "passed",
      ],
    );
  });
});

Deno.test("unique looks at the other partitions too, unless it is told not to", async () => {
  await lake(async (made) => {
    const others = [
      made.version(await made.make("select * from (values (7), (8), (8)) t(id)"), {
        partition: "1",
      }),
      made.version(await made.make("select 3 as id, 'new' as added"), { partition: "2" }),
    ];
    const results = await run(
      made,
      [
        check({ kind: "unique", columns: ["id"], scope: "asset" }),
        check({ kind: "unique", name: "own", columns: ["id"], scope: "partition" }),
      ],
      { others },
      "select * from (values (1), (3), (7), (7), (null), (null)) t(id)",
    );
    assert.deepEqual(results.map((each) => [each.outcome, each.failing]), [["failed", 2], [
      "failed",
      1,
    ]]);
    assert.deepEqual(
      [...results[0]!.sample].sort((a, b) => Number(a["id"]) - Number(b["id"])),
      [{ id: 3, rows: 2 }, { id: 7, rows: 3 }],
    );
  });
});

Deno.test("a check that cannot be run says why and spoils no other", async () => {
  await lake(async (made) => {
    const results = await run(made, [
      check({ kind: "not_null", columns: ["id"] }),
      check({ kind: "not_null", name: "wrong", columns: ["idd"] }),
      check({ kind: "holds", name: "nonsense", expect: { condition: "fare >=" } }),
      check({ kind: "query", name: "bad", expect: { sql: "select * from nowhere" } }),
      check({ kind: "range", name: "open", columns: ["fare"] }),
      check({ kind: "holds", name: "raises", expect: { condition: "kind::int > 0" } }),
      check({ kind: "range", columns: ["fare"], expect: { max: 50 } }),
    ]);
    assert.deepEqual(results.map((each) => each.outcome), [
      "failed",
      "errored",
      "errored",
      "errored",
      "errored",
      "errored",
      "failed",
    ]);
    assert.match(results[1]!.text, /idd.*did you mean id\?/);
    assert.match(results[3]!.text, /nowhere/);
    assert.match(results[4]!.text, /neither min nor max/);
    assert.match(results[5]!.text, /could not convert/i);
  });
});

Deno.test("a table without rows passes row checks; a long text is cut in the sample", async () => {
  await lake(async (made) => {
    const empty = await run(
      made,
      [
        check({ kind: "not_null", columns: ["id"] }),
        check({ kind: "unique", columns: ["id"] }),
        check({ kind: "holds", expect: { condition: "id > 0" } }),
        check({ kind: "recent", columns: ["at"], expect: { within: "1d" } }),
        check({ kind: "rows", expect: { min: 1 } }),
      ],
      {},
      "select 1 as id, now() as at where false",
    );
    assert.deepEqual(empty.map((each) => each.outcome), [
      "passed",
      "passed",
      "passed",
      "failed",
      "failed",
    ]);
    const long = await run(
      made,
      [check({ kind: "holds", expect: { condition: "false" } })],
      {},
      "select repeat('x', 5000) as s from range(20)",
    );
    assert.equal(long[0]!.sample.length, 5);
    assert.equal(String(long[0]!.sample[0]!["s"]).length, 200);
  });
});
