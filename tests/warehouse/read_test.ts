import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ProblemError } from "../../src/core/problem/problem.ts";
import { relation } from "../../src/warehouse/read.ts";
import { lake } from "./lake.ts";

Deno.test("older partitions get NULL for a missing column and a cast for a widened one", async () => {
  await lake(async ({ make, input, version, rows }) => {
    const old = version(await make("select 1::integer as id, 'x' as Airport_fee, 5 as gone"), {
      partition: "1",
      at: 1,
    });
    const now = version(
      await make("select 2::bigint as id, 0.5::decimal(9,2) as fee, 'y' as airport_fee"),
      { partition: "2", at: 2 },
    );
    const table = input("t", [old, now]);
    assert.deepEqual(await rows(table, "order by id"), [[1, null, "x"], [2, "0.50", "y"]]);
    // A schema that is given wins over the newest version's.
    const asked = { ...table, schema: [{ name: "gone", type: "VARCHAR" }] };
    assert.deepEqual(await rows(asked, "order by gone"), [["5"], [null]]);
  });
});

Deno.test("no version: the columns without rows where they are known, else a word", async () => {
  await lake(async ({ input, rows, project }) => {
    const schema = [{ name: "a b", type: 'STRUCT("x" DECIMAL(9,2))[]' }];
    assert.deepEqual(await rows({ ...input("t", []), schema }), []);
    await assert.rejects(
      () => rows(input("t", [])),
      (error) =>
        error instanceof ProblemError && error.problems[0]!.code === "source-missing" &&
        error.problems[0]!.hint === "nycflow run t",
    );
    assert.ok(project);
  });
});

const FOLDERS = [
  "year=2023",
  "a[1]b",
  "st*r",
  "wh?t",
  "b{x,y}",
  "sp ace 'q' \"d\" é€😀",
  "back\\slash",
  "100%",
  "$HOME",
  "[!x]",
];

for (const folder of FOLDERS) {
  Deno.test(`a project folder called ${folder} is read and written as itself`, async () => {
    await lake(async ({ project, make, input, version, rows, session }) => {
      // What a pattern would match beside it.
      const base = join(project, "..");
      const decoys = ["a1b", "stXr", "what", "bx", "x", "y"].map((each) => join(base, each));
      const staged = await make("select 1 as n, 'own' as said");
      for (const decoy of decoys) {
        const path = join(decoy, staged.file!.path);
        mkdirSync(join(path, ".."), { recursive: true });
        await session.run(
          `copy (select 2 as n, 'decoy' as said) to '${
            path.replaceAll("'", "''")
          }' (format parquet)`,
        );
      }
      assert.deepEqual(await rows(input("t", [version(staged)])), [[1, "own"]]);
      assert.equal(staged.rows, 1);
    }, folder);
  });
}

Deno.test("views are expanded, through views, each with inputs of its own", async () => {
  await lake(async ({ make, input, version, rows }) => {
    const january = version(await make("select 1 as n"), { partition: "2023-01" });
    const february = version(await make("select 2 as n"), { partition: "2023-02" });
    const all = input("t", [january, february]);
    const doubled = input("doubled", [], { sql: "select n * 2 as n from t -- end", inputs: [all] });
    const deep = input("deep", [], {
      sql: "with t as (from doubled) select sum(n)::int as s from t",
      inputs: [doubled],
    });
    assert.deepEqual(await rows(deep), [[6]]);
    // The same name means only February for the reader itself.
    const staged = await make("select (from deep) as deep, (select sum(n)::int from t) as own", {
      inputs: [deep, input("t", [february])],
    });
    assert.deepEqual(await rows(input("x", [version(staged)])), [[6, 2]]);
  });
});

Deno.test("a packed file gives only its partition's rows", async () => {
  await lake(async ({ make, input, version, rows }) => {
    const staged = await make("select i from range(10) t(i) order by i", { ordered: true });
    const packed = (from: number, count: number) => {
      const one = version(staged);
      return { ...one, rows: count, file: { ...one.file!, range: { from, rows: count } } };
    };
    assert.deepEqual(await rows(input("t", [packed(2, 3)]), "order by i"), [[2], [3], [4]]);
    assert.deepEqual(await rows(input("t", [packed(0, 1), packed(9, 1)]), "order by i"), [[0], [
      9,
    ]]);
    assert.deepEqual(await rows(input("t", [packed(4, 0)])), []);
  });
});

Deno.test("CSV and JSON versions are read by the options that were kept, not sniffed", async () => {
  await lake(async ({ project, input, version, rows }) => {
    writeFileSync(join(project, "x.csv"), "007;2,5\n008;3,5\n");
    writeFileSync(join(project, "x.json"), '{"a": 1, "b": {"c": [1]}}\n');
    const of = (file: object, schema: { name: string; type: string }[]) =>
      version({
        output: "file",
        file: file as never,
        rows: 2,
        schema,
        ordered: false,
        metadata: {},
        notes: [],
      });
    const csv = of({
      path: "x.csv",
      format: "csv",
      bytes: 1,
      reader: {
        delim: ";",
        quote: "",
        escape: "",
        header: false,
        columns: { id: "VARCHAR", "v'": "VARCHAR" },
      },
    }, [{ name: "id", type: "VARCHAR" }, { name: "v'", type: "VARCHAR" }]);
    assert.deepEqual(await rows(input("t", [csv]), "order by id"), [["007", "2,5"], [
      "008",
      "3,5",
    ]]);
    const json = of({
      path: "x.json",
      format: "json",
      bytes: 1,
      reader: { format: "auto", columns: { a: "BIGINT", b: 'STRUCT("c" BIGINT[])' } },
    }, [{ name: "a", type: "BIGINT" }, { name: "b", type: 'STRUCT("c" BIGINT[])' }]);
    assert.deepEqual(await rows(input("t", [json])), [[1, { c: [1] }]]);
  });
});

Deno.test("thousands of files are one read", async () => {
  await lake(async ({ make, input, version, rows, project }) => {
    const staged = await make("select 1 as n");
    const many = Array.from(
      { length: 3000 },
      (_, at) => version(staged, { partition: String(at) }),
    );
    const table = input("t", many);
    assert.deepEqual(await rows(table, "limit 0"), []);
    assert.equal(relation(table, project).match(/read_parquet/g)!.length, 1);
    const some = await rows({ ...table, versions: many.slice(0, 500) });
    assert.equal(some.length, 500);
  });
});
