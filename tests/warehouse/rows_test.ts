import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import fc from "fast-check";
import { stageRows } from "../../src/warehouse/rows.ts";
import { type Lake, lake, type OrderAbout } from "./lake.ts";

async function publish(
  made: Lake,
  rows: Iterable<unknown> | AsyncIterable<unknown>,
  about: OrderAbout = {},
) {
  const order = made.order(about);
  return await stageRows(made.session, order, order.outputs[0]!, rows);
}

async function readBack(
  made: Lake,
  rows: Iterable<unknown> | AsyncIterable<unknown>,
  about: OrderAbout = {},
) {
  const staged = await publish(made, rows, about);
  assert.ok(staged.ok, JSON.stringify(staged));
  return {
    staged: staged.value,
    types: Object.fromEntries(staged.value.schema.map((each) => [each.name, each.type])),
    rows: await made.rows(made.input("t", [made.version(staged.value)])),
  };
}

const declared = (columns: Record<string, string>) => ({
  definition: {
    columns: Object.entries(columns).map(([name, type]) => ({
      name,
      type,
      description: null,
      nullable: true,
    })),
  },
});

Deno.test("values from JavaScript get the types that hold them", async () => {
  await lake(async (made) => {
    const { types, rows } = await readBack(made, [
      {
        i: 1,
        d: 1,
        b: 2n ** 40n,
        mixed: 1n,
        s: "a\n\"é😀'",
        t: true,
        at: new Date(Date.UTC(2023, 0, 1, 5)),
        n: null,
        o: { x: [1], y: { z: "q" } },
        l: ["a", null],
        e: [],
        bytes: Uint8Array.of(0, 255),
        when: Temporal.PlainDate.from("2023-01-31"),
      },
      {
        i: -5,
        d: 0.5,
        b: -1n,
        mixed: 2,
        s: "",
        t: false,
        at: null,
        n: undefined,
        o: { x: [2.5], y: null, w: 1 },
        l: [],
        e: [],
        bytes: null,
        'odd "name"': 1,
      },
    ]);
    assert.deepEqual(types, {
      i: "BIGINT",
      d: "DOUBLE",
      b: "BIGINT",
      mixed: "BIGINT",
      s: "VARCHAR",
      t: "BOOLEAN",
      at: "TIMESTAMP WITH TIME ZONE",
      n: "INTEGER",
      o: 'STRUCT("x" DOUBLE[], "y" STRUCT("z" VARCHAR), "w" BIGINT)',
      l: "VARCHAR[]",
      e: "INTEGER[]",
      bytes: "BLOB",
      when: "DATE",
      'odd "name"': "BIGINT",
    });
    assert.deepEqual(rows, [
      [
        1,
        1,
        2 ** 40,
        1,
        "a\n\"é😀'",
        true,
        "2023-01-01T00:00:00-05:00",
        null,
        { x: [1], y: { z: "q" }, w: null },
        ["a", null],
        [],
        "\\x00\\xFF",
        "2023-01-31",
        null,
      ],
      [-5, 0.5, -1, 2, "", false, null, null, { x: [2.5], y: null, w: 1 }, [], [], null, null, 1],
    ]);
  });
});

Deno.test("numbers come back as they were, to the last bit", async () => {
  await lake(async (made) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double(), { minLength: 1, maxLength: 50 }), async (numbers) => {
        const staged = await publish(made, [{ v: 0.5 }, ...numbers.map((v) => ({ v }))]);
        assert.ok(staged.ok, JSON.stringify(staged));
        const { rows } = await made.session.rows(
          `select v::varchar from read_parquet('${staged.value.file!.path}') offset 1`,
        );
        const sorted = (list: readonly string[]) => [...list].sort();
        const said = (value: number) =>
          Number.isNaN(value)
            ? "nan"
            : value === Infinity
            ? "inf"
            : value === -Infinity
            ? "-inf"
            : Object.is(value, -0)
            ? "-0"
            : String(value);
        assert.deepEqual(
          sorted(
            rows.map(([v]) =>
              /inf|nan/.test(String(v))
                ? String(v)
                : String(v) === "-0.0"
                ? "-0"
                : String(Number(v))
            ),
          ),
          sorted(numbers.map(said)),
        );
      }),
      { numRuns: 25 },
    );
  });
});

Deno.test("strings and integers come back as they were", async () => {
  await lake(async (made) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            s: fc.string({ unit: "binary" }),
            b: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
          }),
          { minLength: 1, maxLength: 30 },
        ),
        async (values) => {
          const { rows } = await readBack(made, values);
          const said = (list: readonly (readonly unknown[])[]) =>
            list.map((each) => JSON.stringify(each.map(String))).sort();
          assert.deepEqual(said(rows), said(values.map((each) => [each.s, each.b])));
        },
      ),
      { numRuns: 25 },
    );
  });
});

Deno.test("what does not go together is refused, with the row", async () => {
  await lake(async (made) => {
    const refused = async (rows: Iterable<unknown>, code: string, why: RegExp) => {
      const staged = await publish(made, rows);
      assert.ok(!staged.ok);
      assert.equal(staged.error.code, code);
      assert.match(staged.error.why!, why);
      assert.ok(staged.error.hint);
    };
    await refused(
      [{ a: 1 }, { a: "x" }],
      "result-invalid",
      /a is text in row 2 and integer before/,
    );
    await refused(
      [{ a: { b: [1] } }, { a: { b: [true] } }],
      "result-invalid",
      /a\.b is boolean in row 2/,
    );
    await refused([{ a: 1 }, 5], "result-invalid", /row 2 is a number/);
    await refused([[1, 2]], "result-invalid", /row 1 is a list/);
    await refused([null], "result-invalid", /row 1 is null/);
    await refused([{ a: () => 1 }], "result-invalid", /a function cannot be a value/);
    await refused([{ a: new Date(NaN) }], "result-invalid", /Date is invalid/);
    await refused([], "result-invalid", /no rows and no declared columns/);
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    await refused([cycle], "result-invalid", /row 1/);
    const large = await publish(made, [{ a: 2n ** 63n }]);
    assert.ok(!large.ok && large.error.code === "value-not-kept");
    assert.deepEqual(readdirSync(`${made.project}/scratch`), []);
  });
});

Deno.test("declared columns win; no rows keep declared or earlier columns", async () => {
  await lake(async (made) => {
    const { types, rows } = await readBack(
      made,
      [{ id: 1, at: "2023-01-01 10:00:00", more: true }],
      declared({ id: "varchar", at: "timestamp", missing: "decimal(9,2)" }),
    );
    assert.deepEqual(types, {
      id: "VARCHAR",
      at: "TIMESTAMP",
      more: "BOOLEAN",
      missing: "DECIMAL(9,2)",
    });
    assert.deepEqual(rows, [["1", "2023-01-01T10:00:00", true, null]]);
    const bad = await publish(made, [{ id: "x" }], declared({ id: "integer" }));
    assert.ok(!bad.ok);
    assert.equal(bad.error.code, "result-invalid");
    assert.match(bad.error.why!, /about record 1: .*'?x'?/);
    const empty = await readBack(made, [], declared({ id: "bigint" }));
    assert.deepEqual([empty.types, empty.staged.rows], [{ id: "BIGINT" }, 0]);
    const previous = made.version(empty.staged);
    assert.deepEqual((await readBack(made, [], { previous })).types, { id: "BIGINT" });
  });
});

Deno.test("rows flow: an iterator that is asked one at a time, and its error is the user's", async () => {
  await lake(async (made) => {
    const many = await readBack(
      made,
      (function* () {
        for (let i = 0; i < 50_000; i++) yield { i, s: "x".repeat(50) };
      })(),
    );
    assert.equal(many.staged.rows, 50_000);
    const async_ = await readBack(
      made,
      (async function* () {
        yield await Promise.resolve({ a: 1 });
      })(),
    );
    assert.deepEqual(async_.rows, [[1]]);
    let closed = false;
    const thrown = new RangeError("mine");
    await assert.rejects(() =>
      publish(
        made,
        (function* () {
          yield { a: 1 };
          throw thrown;
        })(),
      ), (error) => error === thrown);
    const bad = await publish(
      made,
      (function* () {
        try {
          yield { a: 1 };
          yield 7;
          yield { a: 2 };
        } finally {
          closed = true;
        }
      })(),
    );
    assert.ok(!bad.ok && closed);
  });
});
