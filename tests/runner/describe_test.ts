/** What the runner tells of modules: definitions, names, places, problems, reads; through a real runner. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { DescribedModule } from "../../src/ports/loader.ts";
import type { AssetSpec } from "../../src/core/spec.ts";
import { envDigest } from "../../src/core/read_digest.ts";
import { SALT, TestProject } from "./project.ts";

function only(modules: readonly DescribedModule[]): DescribedModule {
  strictEqual(modules.length, 1);
  return modules[0]!;
}

Deno.test("definitions, names and places", async () => {
  await using project = new TestProject({
    "assets/zones.ts": `import { asset, monthly, env } from "nycflow";
import { start } from "./_start.ts";
export const zones = asset({
  description: "zones",
  partitions: monthly({ start }),
  retry: { attempts: 3 },
  checks: [{ not_null: ["a"] }, { rows: { min: 1 } }],
  run: () => [],
});
export const many = ["x", "y"].map((name) => asset({ name, deps: [zones], run: () => [] }));
export const nameless = [asset({ run: () => [] })];
export default asset({ run: () => [] });
`,
    "assets/_start.ts": `export const start = process.env.NYCFLOW_T_FROM ?? "2023-01";`,
    "assets/uses.ts":
      `import { asset, assets, schedule, sensor, check, shell, source, resource } from "nycflow";
import { zones, many } from "./zones.ts";
export { zones };
const hidden = asset({ run: () => [] });
export const pool = resource({ open: () => 1, pool: "db" });
export const uses = asset({ deps: [zones, many[1], { asset: "far", lookback: 2, mapping: "all" }, hidden], resources: { pool }, run: () => [] });
export const two = assets({ outputs: { a: { tags: { pii: "yes" } }, b: {} }, run: () => ({}) });
export const after = asset({ deps: { first: two }, config: { limit: 3 }, when: () => true, run: () => [] });
export const daily = schedule({ cron: "@daily", select: [uses, "group:x"] });
export const folder = sensor({ watch: "requests/*.json", select: uses });
export const good = check({ asset: uses, severity: "warn", run: () => true });
export const cmd = shell({ command: "true", outputs: { c: "c.csv", d: { file: "d.csv", description: "d" } } });
export const src = source({ path: "inbox/*.csv" });
`,
    "nycflow.config.ts": `export default { name: "plain", timezone: "UTC" };`,
  }, { env: { NYCFLOW_T_FROM: "2023-02" } });
  const { modules } = await project.describe(
    ["assets/zones.ts", "assets/uses.ts"],
    "nycflow.config.ts",
  );
  const [config, zones, uses] = modules;
  deepStrictEqual(config!.exports[0]!.spec.options, { name: "plain", timezone: "UTC" });

  const [first] = zones!.exports.filter((each) => each.exportName === "zones");
  deepStrictEqual([first!.line, first!.column], [3, 14]);
  deepStrictEqual(first!.spec.options, {
    description: "zones",
    retry: { attempts: 3 },
    checks: [{ not_null: ["a"] }, { rows: { min: 1 } }],
    partitions: { monthly: { start: "2023-02" } },
  });
  deepStrictEqual(first!.places["retry.attempts"], {
    key: { line: 6, column: 12, length: 8 },
    value: { line: 6, column: 22, length: 1 },
  });
  strictEqual(first!.places["partitions.monthly.start"]?.key.column, 25);
  strictEqual(first!.places["checks[1].rows.min"]?.value.column, 48);
  deepStrictEqual(zones!.imports, ["assets/_start.ts"]);
  const digest = envDigest("2023-02", SALT);
  deepStrictEqual(zones!.reads, [{ kind: "env", name: "NYCFLOW_T_FROM", digest }]);
  deepStrictEqual(
    uses!.reads,
    zones!.reads,
    "what is imported is read too, though it was evaluated before",
  );
  deepStrictEqual(
    zones!.exports.map((each) => [each.exportName, each.spec.name]),
    [["many", "x"], ["many", "y"], ["nameless", null], ["zones", null], ["default", null]],
  );
  match(zones!.exports[2]!.spec.problems[0]!.message, /name of an asset in an exported list/);

  const spec = (name: string) => uses!.exports.find((each) => each.exportName === name)!.spec;
  ok(!uses!.exports.some((each) => each.exportName === "zones"), "zones is its own module's");
  const own = spec("uses") as AssetSpec;
  deepStrictEqual(own.deps.map((each) => each.asset), ["zones", "y", "far", null]);
  deepStrictEqual(own.deps[2], { asset: "far", mapping: "all", lookback: 2, lookahead: null });
  deepStrictEqual(own.problems.map((each) => each.path), ["deps[3]"]);
  strictEqual(own.options["pool"], "db");
  deepStrictEqual((spec("two") as AssetSpec).outputs, { a: { tags: ["pii=yes"] }, b: {} });
  deepStrictEqual((spec("after") as AssetSpec).deps.map((each) => each.asset), ["a", "b"]);
  deepStrictEqual((spec("after") as AssetSpec).config, {
    schema: null,
    defaults: { limit: 3 },
    exact: true,
  });
  deepStrictEqual((spec("after") as AssetSpec).code, ["run", "when"]);
  strictEqual(spec("daily").options["select"], "uses group:x");
  strictEqual(spec("folder").options["select"], "uses");
  const good = spec("good");
  deepStrictEqual(good.kind === "check" && [good.asset, good.options], ["uses", {
    severity: "warn",
  }]);
  deepStrictEqual((spec("cmd") as AssetSpec).outputs, { c: {}, d: { description: "d" } });
  deepStrictEqual(spec("src").problems, []);
});

Deno.test("modules that cannot be imported are told, the others described", async () => {
  await using project = new TestProject({
    "assets/a_throws.ts":
      `import "nycflow";\nfunction inner() {\n  throw new TypeError("no way");\n}\ninner();\n`,
    "assets/b_syntax.ts": `export const x = {\n  a: 1,\n  b 2\n};\n`,
    "assets/c_package.ts":
      `import lodash from "lodash";\nimport { y } from "./_lub.ts";\nexport { lodash, y };\n`,
    "assets/_lib.ts": `export const y = 1;`,
    "assets/d_lacks.ts": `import { z } from "./_lib.ts";\nexport const x = z;\n`,
    "assets/e_env.ts":
      `import { env } from "nycflow";\nexport const x =\n  env("NYCFLOW_T_NONE");\n`,
    "assets/f_hangs.ts": `while (true) {}\n`,
    "assets/g_exits.ts": `process.exit(0);\n`,
    "assets/h_fine.ts":
      `import { asset } from "nycflow";\nexport const h = asset({ run: () => [] });\n`,
    "assets/i_npm.ts": `import x from "npm:left-pad@1.0.0";\nexport default x;\n`,
  }, { importMs: 700 });
  const names = [
    "a_throws",
    "b_syntax",
    "c_package",
    "d_lacks",
    "e_env",
    "f_hangs",
    "g_exits",
    "h_fine",
    "i_npm",
  ];
  const files = names.map((name) => `assets/${name}.ts`);
  const { modules } = await project.describe(files);
  deepStrictEqual(modules.map((each) => each.file), files);
  const told = modules.map(({ problems }) =>
    problems.map(({ code, where }) => [code, where?.line ?? null, where?.column ?? null])
  );
  deepStrictEqual(told.map((each) => each[0]?.[0] ?? null), [
    "module-throws",
    "module-throws",
    "module-import",
    "module-throws",
    "environment-missing",
    "module-hangs",
    "module-throws",
    null,
    "module-import",
  ]);
  deepStrictEqual(told.map((each) => each[0]?.[1] ?? null), [3, 3, 1, 1, 3, null, null, null, 1]);
  deepStrictEqual(told[2], [["module-import", 1, 20], ["module-import", 2, 19]]);
  const hints = modules.map(({ problems }) => problems.map(({ hint }) => hint));
  strictEqual(hints[2]![0], "npm install lodash");
  strictEqual(hints[2]![1], `did you mean "./_lib.ts"?`);
  match(hints[8]![0]!, /import it as "left-pad", and install it: npm install left-pad/);
  strictEqual(modules[7]!.exports.length, 1);
  for (const { problems } of modules) {
    for (const { message, why, hint, where } of problems) ok(message && why && hint && where?.file);
  }
});

Deno.test("packages of a node_modules beside the modules", async () => {
  await using project = new TestProject({
    "node_modules/esm/package.json":
      `{"name":"esm","version":"1.2.3","type":"module","exports":"./i.js"}`,
    "node_modules/esm/i.js": `export const one = 1;`,
    "node_modules/@s/cjs/package.json": `{"name":"@s/cjs","version":"1.0.0","main":"i.js"}`,
    "node_modules/@s/cjs/i.js": `module.exports = { two: 2 };`,
    "assets/a.ts": `import { asset } from "nycflow";
import { one } from "esm";
import cjs from "@s/cjs";
export const a = asset({ description: String(one + cjs.two), run: () => [] });`,
  });
  const before = only((await project.describe(["assets/a.ts"])).modules);
  deepStrictEqual(before.problems, []);
  strictEqual(before.exports[0]!.spec.options["description"], "3");
  await using later = new TestProject({
    "node_modules/esm/package.json":
      `{"name":"esm","version":"1.2.4","type":"module","exports":"./i.js"}`,
    "node_modules/esm/i.js": `export const one = 1;`,
    "node_modules/@s/cjs/package.json": `{"name":"@s/cjs","version":"1.0.0","main":"i.js"}`,
    "node_modules/@s/cjs/i.js": `module.exports = { two: 2 };`,
    "assets/a.ts": `import { asset } from "nycflow";
import { one } from "esm";
import cjs from "@s/cjs";
export const a = asset({ description: String(one + cjs.two), run: () => [] });`,
  });
  const after = only((await later.describe(["assets/a.ts"])).modules);
  ok(before.codeVersion !== after.codeVersion, "another version of a package is other code");
});

Deno.test("SQL is parsed meanwhile", async () => {
  await using project = new TestProject({});
  const { modules, sql } = await project.client.describe({
    project: project.folder,
    modules: [],
    config: null,
    sql: { good: "select * from trips", bad: "selec" },
  });
  deepStrictEqual(modules, []);
  ok(sql["good"]?.ok && sql["good"].tables[0]?.name === "trips");
  strictEqual(sql["bad"]?.ok, false);
});
