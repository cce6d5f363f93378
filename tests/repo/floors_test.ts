// The layer rule: reads every import of the program and fails on an arrow that is not in the
// table, on a circle, and on what else floors.ts calls a breach. Then tries the checker on bad
// trees: a rule that cannot fail protects nothing.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { RULES } from "./floor_table.ts";
import { breaches, type Tree } from "./floors.ts";
import { readImports } from "./imports.ts";

const CHECKOUT = join(import.meta.dirname!, "../..");

function checkout(): Tree {
  const tree = new Map<string, string>();
  const visit = (path: string) => {
    const found = statSync(join(CHECKOUT, path), { throwIfNoEntry: false });
    if (found?.isDirectory()) {
      for (const name of readdirSync(join(CHECKOUT, path)).sort()) {
        if (name !== "node_modules" && !name.startsWith(".")) visit(`${path}/${name}`);
      }
    } else if (found) {
      tree.set(
        path,
        /\.(ts|tsx|js|mjs|cjs)$/.test(path) ? readFileSync(join(CHECKOUT, path), "utf8") : "",
      );
    }
  };
  for (const root of ["main.ts", "src", "fixtures", "assets"]) visit(root);
  return tree;
}

Deno.test("the program keeps the floor rule", () => {
  const tree = checkout();
  assert.ok([...tree.keys()].some((path) => path.startsWith("src/")), "the tree was read");
  assert.deepEqual(breaches(tree, RULES), []);
});

Deno.test("every package of deno.json that a floor lists is installed by it", () => {
  const { imports } = JSON.parse(readFileSync(join(CHECKOUT, "deno.json"), "utf8"));
  const listed = Object.keys(RULES.packages);
  assert.deepEqual(listed.filter((name) => !(name in imports)), []);
});

/** A tree of which one file is given; what it may point at stands beside it. */
function breachesOf(path: string, text: string, more: Record<string, string> = {}): string[] {
  return breaches(
    new Map(Object.entries({
      "src/core/a.ts": "export const a = 1;",
      "src/term/t.ts": "export const t = 1;",
      "src/ports/p.ts": "export interface P {}",
      "src/host/h.ts": "export const h = 1;",
      "src/cli/c.ts": "export const c = 1;",
      "src/mod.ts": 'export * from "./core/a.ts";',
      [path]: text,
      ...more,
    })),
    RULES,
  );
}

const BAD: readonly [name: string, path: string, text: string, words: RegExp][] = [
  ["static", "src/core/x.ts", 'import { t } from "../term/t.ts";', /core may not import term/],
  ["type", "src/core/x.ts", 'import type { P } from "../ports/p.ts";', /core may not import ports/],
  ["inline type", "src/core/x.ts", 'import { type P } from "../ports/p.ts";', /not import ports/],
  ["type position", "src/core/x.ts", 'let p: import("../ports/p.ts").P;', /not import ports/],
  ["dynamic", "src/engine/x.ts", 'await import("../host/h.ts");', /engine may not import host/],
  ["dynamic template", "src/engine/x.ts", "await import(`../host/h.ts`);", /not import host/],
  ["side effect", "src/views/x.ts", 'import "../host/h.ts";', /views may not import host/],
  ["export from", "src/term/x.ts", 'export { a } from "../core/a.ts"; export const b = 1;', /term/],
  [
    "export type from",
    "src/term/x.ts",
    'export type { A } from "../core/a.ts"; export type B = 1;',
    /term may/,
  ],
  ["up", "src/host/x.ts", 'import { c } from "../cli/c.ts";', /host may not import cli/],
  ["namespace", "src/core/x.ts", 'import * as t from "../term/t.ts";', /core may not import term/],
  ["default and names", "src/core/x.ts", 'import d, { t } from "../term/t.ts";', /not import term/],
  ["binding called from", "src/core/x.ts", 'import { from } from "../term/t.ts";', /import term/],
  ["multi-line", "src/core/x.ts", 'import {\n  t, // {\n}\nfrom\n"../term/t.ts";', /x\.ts:5/],
  ["built-in in core", "src/core/x.ts", 'import { join } from "node:path";', /node:path/],
  ["built-in in term", "src/term/x.ts", 'const fs = await import("node:fs");', /node:fs/],
  ["bare built-in", "src/host/x.ts", 'import fs from "fs";', /write node:fs/],
  [
    "package elsewhere",
    "src/cli/x.ts",
    'import d from "@duckdb/node-api";',
    /warehouse, not to cli/,
  ],
  ["unlisted package", "src/cli/x.ts", 'import l from "lodash/fp";', /lodash is listed for no/],
  ["npm: address", "src/cli/x.ts", 'import l from "npm:zod@4";', /no package of deno\.json/],
  ["computed", "src/loader/x.ts", "await import(path);", /what is computed/],
  ["computed from a literal", "src/loader/x.ts", 'await import("a" + b);', /what is computed/],
  ["require", "src/host/x.ts", 'const a = require("zod");', /require/],
  ["missing file", "src/core/x.ts", 'import { a } from "./nowhere.ts";', /no src\/core\/nowhere/],
  ["asset imports src", "assets/x.ts", 'import { a } from "../src/core/a.ts";', /assets may not/],
  ["no floor", "src/stray.ts", "export const a = 1;", /no floor/],
  ["star", "src/core/x.ts", 'export * from "./a.ts"; export const b = 1;', /barrel/],
  ["barrel", "src/core/x.ts", 'export { a } from "./a.ts";', /barrel/],
  ["name", "src/core/utils.ts", "export const a = 1;", /says nothing/],
  ["length", "src/core/x.ts", "\n".repeat(401), /401 lines/],
  ["main's length", "main.ts", "\n".repeat(31), /31 lines/],
  [
    "after markup",
    "src/dashboard/x.tsx",
    'const a = <b>don\'t</b>; import("../host/h.ts");',
    /host/,
  ],
  ["itself", "src/core/x.ts", 'import type { X } from "./x.ts"; export type X = 1;', /circle/],
];

for (const [name, path, text, words] of BAD) {
  Deno.test(`floor rule, bad tree: ${name}`, () => {
    const found = breachesOf(path, text);
    assert.equal(found.length, 1, found.join("\n"));
    assert.match(found[0]!, words);
    assert.ok(found[0]!.startsWith(`${path}:`));
  });
}

Deno.test("floor rule, bad tree: a circle of three, by types alone", () => {
  const found = breachesOf("src/core/x.ts", 'import type { Y } from "./y.ts"; export type X = Y;', {
    "src/core/y.ts": 'import type { Z } from "./z.ts"; export type Y = Z;',
    "src/core/z.ts": 'export type Z = import("./x.ts").X;',
  });
  assert.equal(found.length, 1);
  for (const file of ["x.ts", "y.ts", "z.ts"]) assert.ok(found[0]!.includes(`src/core/${file}`));
});

Deno.test("floor rule, good tree: what only looks like an import", () => {
  const text = [
    '// import { t } from "../term/t.ts"',
    '/* export * from "../term/t.ts" */',
    "const s = 'import x from \"../term/t.ts\"';",
    'const t = `import("../term/t.ts") ${/import("..\\/term")/.source}`;',
    "const u = import.meta.url; const o = { import: 1, export: 2, from: 3 };",
    "x.import('../term/t.ts'); x.require('y');",
    "export { s, t }; export type { U }; export default u;",
    'import { a } from "./a.ts";',
  ].join("\n");
  assert.deepEqual(breachesOf("src/core/x.ts", text), []);
});

Deno.test("imports are read with their lines", () => {
  const { imports } = readImports('\n\nimport a from "x";\nconst b = `\n\n`;\nimport("y");');
  assert.deepEqual(imports.map(({ specifier, line }) => [specifier, line]), [["x", 3], ["y", 7]]);
});
