/** What `run` may return, driven through a real runner: rows, relations, files, charts, skips, nothing. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { StepResult } from "../../src/core/order.ts";
import type { AssetKey } from "../../src/core/key.ts";
import { definitionOf, TestProject } from "./project.ts";

const MODULE = `
import { asset, assets, chart, fatal, file, result, skip } from "nycflow";

export const rows = asset({ run: () => [{ id: 1, name: "one" }, { id: 2, name: null }] });
export const streamed = asset({
  run: async function* () {
    for (let id = 0; id < 2500; id++) yield { id, big: 10n ** 12n, at: new Date(0) };
  },
});
export const related = asset({
  run: ({ db }) => {
    const few = db.sql\`select * from range(\${10}) t(i) where i >= \${3}\`;
    return db.sql\`select i, \${"it's; drop"} as text from \${few} where i in \${[3, 4, 5]} order by i desc\`;
  },
});
export const scratch = asset({
  run: async ({ db }) => {
    await db.sql\`create temp table t as select 1 as a\`.run();
    await db.query("insert into t values ($1)", [41]).run();
    const { total } = await db.sql<{ total: number }>\`select sum(a)::int as total from t\`.one();
    const [, both] = await Promise.all([db.sql\`from t\`.rows(), db.sql\`select count(*) c from t\`.one()]);
    return [{ total, both: Number(both.c) }];
  },
});
export const filed = asset({
  run: async ({ files }) => {
    const path = files.path("deep/a.csv");
    const { writeFile } = await import("node:fs/promises");
    await writeFile(path, "x,y\\n1,2\\n3,4\\n");
    return file(path);
  },
});
export const drawn = asset({
  run: () => result(chart({ type: "line", x: "a", y: "b" }, [{ a: 1, b: 2 }]), { metadata: { n: 7 } }),
});
export const done = asset({ run: () => { console.log("did it"); } });
export const skipped = asset({ run: () => skip("not yet") });
export const threwSkip = asset({ run: () => { throw skip("thrown"); } });
export const not_now = asset({ when: "1 > 2", run: () => [{ a: 1 }] });
export const some = assets({
  outputs: { paid: {}, open: {}, lost: {} },
  run: ({ db }) => ({ paid: [{ a: 1 }], open: skip("none open") }),
});
export const number = asset({ run: () => 3 as never });
export const badRow = asset({ run: () => [{ a: 1 }, 5] as never });
export const badOutput = assets({ outputs: { paid: {} }, run: () => ({ payed: [] }) as never });
export const absent = asset({ run: ({ db }) => db.sql\`select \${({} as { x?: 1 }).x} as x\` });
export const dem = asset({ run: ({ demo, db }) => db.sql\`select count(*) n from \${db.query(demo.tripsSql({ service: "green", month: "2023-01" }))}\` });
`;

function made(result: StepResult) {
  if (result.kind !== "made") throw new Error(JSON.stringify(result, null, 1));
  return result.candidates[0]!;
}

Deno.test("results of run", async (t) => {
  await using project = new TestProject({ "assets/main.ts": MODULE });
  const run = (asset: string) => project.run(project.order(asset));

  await t.step("rows become a table with types found in them", async () => {
    const candidate = made((await run("rows")).result);
    deepStrictEqual(candidate.schema.map((each) => each.name), ["id", "name"]);
    strictEqual(candidate.rows, 2);
    strictEqual(candidate.output, "table");
    ok(existsSync(join(project.folder, candidate.file!.path)));
  });
  await t.step("rows that come one by one, with bigints and dates", async () => {
    const candidate = made((await run("streamed")).result);
    strictEqual(candidate.rows, 2500);
    deepStrictEqual(candidate.schema.map((each) => each.type).slice(0, 2), ["BIGINT", "BIGINT"]);
  });
  await t.step("a relation is nested, its values bound, its order seen", async () => {
    const candidate = made((await run("related")).result);
    strictEqual(candidate.rows, 3);
    strictEqual(candidate.ordered, true);
    strictEqual(candidate.schema[1]!.type, "VARCHAR");
  });
  await t.step("scratch tables, positional values, queries side by side", async () => {
    const candidate = made((await run("scratch")).result);
    strictEqual(candidate.rows, 1);
    // The scratch table of the first try is gone: else the second could not create it.
    made((await run("scratch")).result);
  });
  await t.step("a file is kept as it is, and the attempt's folder is removed", async () => {
    const candidate = made((await run("filed")).result);
    strictEqual(candidate.output, "file");
    strictEqual(candidate.file!.format, "csv");
    strictEqual(candidate.rows, 2);
    strictEqual(
      readFileSync(join(project.folder, candidate.file!.path), "utf8"),
      "x,y\n1,2\n3,4\n",
    );
    deepStrictEqual(readdirSync(join(project.folder, ".nycflow/tmp")), []);
  });
  await t.step("a chart is its rows and its form, with metadata beside", async () => {
    const candidate = made((await run("drawn")).result);
    strictEqual(candidate.output, "chart");
    deepStrictEqual(candidate.metadata, { chart: { type: "line", x: "a", y: "b" }, n: 7 });
  });
  await t.step("nothing is done without data, prints are log", async () => {
    const { result, log } = await run("done");
    strictEqual(made(result).output, "nothing");
    deepStrictEqual(log.map(({ stream, text }) => [stream, text]), [["stdout", "did it"]]);
  });
  await t.step("skips, returned, thrown and by condition", async () => {
    deepStrictEqual((await run("skipped")).result, { kind: "skipped", text: "not yet", reads: [] });
    deepStrictEqual((await run("threwSkip")).result, {
      kind: "skipped",
      text: "thrown",
      reads: [],
    });
    const { result } = await run("not_now");
    deepStrictEqual(result.kind === "skipped" && result.text, "its condition does not hold: 1 > 2");
  });
  await t.step("several assets at once, some left out", async () => {
    const together = ["paid", "open", "lost"] as AssetKey[];
    const definition = definitionOf("paid" as AssetKey, "assets/main.ts", {
      together,
      origin: { file: "assets/main.ts", line: 1, exportName: "some" },
    });
    const { result } = await project.run(project.order("paid", { definition }));
    strictEqual(result.kind, "made");
    deepStrictEqual(result.kind === "made" && result.candidates.map((each) => each.asset), [
      "paid",
    ]);
  });
  await t.step("what cannot be published says what it is and what to return", async () => {
    for (
      const [asset, why] of [["number", /it is 3/], ["badRow", /row 2/], [
        "absent",
        /undefined into a query/,
      ]] as const
    ) {
      const { result } = await run(asset);
      ok(result.kind === "failed", asset);
      strictEqual(result.problem.code, "result-invalid");
      match(`${result.problem.message} ${result.problem.why}`, why);
    }
    const definition = definitionOf("paid" as AssetKey, "assets/main.ts", {
      origin: { file: "assets/main.ts", line: 1, exportName: "badOutput" },
    });
    const { result } = await project.run(project.order("paid", { definition }));
    strictEqual(result.kind === "failed" && result.problem.hint, "did you mean paid?");
  });
  await t.step("the embedded demo is there", async () => {
    made((await run("dem")).result);
  });
});
