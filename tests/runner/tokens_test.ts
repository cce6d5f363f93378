/** The code version of modules: what is layout, what is meaning, and what of a module is followed. */
import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Closures } from "../../src/runner/closure.ts";
import { importsOf, tokenDigest, tokensOf } from "../../src/runner/tokens.ts";

const digest = (text: string) => tokenDigest(tokensOf(text));

const CODE = `import { asset } from "nycflow";
export const a = asset({ deps: ["x", "y"], run: ({ db }) => { return db.sql\`select \${1} -- kept\`; } });
`;

Deno.test("comments and layout are no meaning", () => {
  const same = [
    `// why\n${CODE}`,
    CODE.replaceAll("\n", "\r\n"),
    CODE.replace("{ deps", "{\n  deps").replace(`"y"]`, `"y",\n]`),
    CODE.replaceAll(`"`, `'`),
    CODE.replace("run:", "/* it runs */ run :"),
    CODE.replace("; } });", ";\n  },\n});"),
  ];
  for (const each of same) strictEqual(digest(each), digest(CODE), each);
});

Deno.test("everything else is", () => {
  const other = [
    CODE.replace(`"x"`, `"z"`),
    CODE.replace("-- kept", "--  kept"),
    CODE.replace("return db", "return\ndb"),
    CODE.replace(`["x", "y"]`, `["x", , "y"]`),
    CODE.replace("${1}", "${2}"),
  ];
  for (const each of other) notStrictEqual(digest(each), digest(CODE), each);
  notStrictEqual(digest("[,]"), digest("[]"));
  notStrictEqual(digest("[1,,]"), digest("[1]"));
  notStrictEqual(digest(`'a"b'`), digest(`"a'b"`));
});

Deno.test("places are those of the text, whatever stands between the tokens", () => {
  const word = fc.constantFrom("alpha", "beta", "gamma");
  const gap = fc.constantFrom(" ", "\n", "\r\n", "/* a\n b */", "// c\n", "\t");
  fc.assert(fc.property(fc.array(fc.tuple(gap, word)), (parts) => {
    const text = parts.flat().join("");
    const lines = text.split(/\r\n|\n/);
    for (const { line, column, value } of tokensOf(text)) {
      strictEqual(lines[line - 1]!.slice(column - 1, column - 1 + value.length), value);
    }
  }));
});

Deno.test("imports that run, and none that are only types or text", () => {
  const text = `
import def, { type T, x as y } from "./a.ts";
import type { U } from "./types.ts";
import "./effect.ts";
import type, { z } from "./type_by_name.ts";
export * as all from './re.ts';
export { q } from "./q.ts";
export type { V } from "./v.ts";
const lazy = () => import("./lazy.ts");
const old = require("./old.cjs");
const text = "import './no.ts'"; // import "./no.ts"
const from = { import: 1 }.import; const where = import.meta.url;
`;
  deepStrictEqual(importsOf(tokensOf(text)).map((each) => each.specifier), [
    "./a.ts",
    "./effect.ts",
    "./type_by_name.ts",
    "./re.ts",
    "./q.ts",
    "./lazy.ts",
    "./old.cjs",
  ]);
});

Deno.test("a module's version follows its local imports, in a circle too", () => {
  const folder = mkdtempSync(join(tmpdir(), "nycflow-closure-"));
  try {
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
    write(
      "a.ts",
      `import { b } from "./b.ts";\nimport data from "./d.json" with { type: "json" };\n`,
    );
    write("b.ts", `import "./a.ts";\nexport const b = 1;\n`);
    write("d.json", `{}`);
    const version = () => new Closures(folder).of(join(folder, "a.ts"));
    const before = version();
    deepStrictEqual(before.problems, []);
    deepStrictEqual(before.files.map((file) => file.slice(folder.length + 1)), [
      "a.ts",
      "b.ts",
      "d.json",
    ]);
    write("b.ts", `import "./a.ts";\n// a comment\nexport const b = 1;\n`);
    strictEqual(version().codeVersion, before.codeVersion);
    write("b.ts", `import "./a.ts";\nexport const b = 2;\n`);
    notStrictEqual(version().codeVersion, before.codeVersion);
    write("b.ts", `import "./a.ts";\nexport const b = 1;\n`);
    write("d.json", `{ }`);
    notStrictEqual(version().codeVersion, before.codeVersion);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
