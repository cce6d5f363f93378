import { deepEqual, equal } from "node:assert/strict";
import { isWholeScript, placedIn, splitScript } from "../../src/app/sql_script.ts";
import { problem } from "../../src/core/problem/problem.ts";

const TABLE: readonly (readonly [string, readonly string[], string | null])[] = [
  ["", [], null],
  [" \n-- nothing\n/* at all; */", [], null],
  ["select 1", [], "select 1"],
  ["select 1;", ["select 1"], null],
  ["select 1; select 2 ;\nselect 3", ["select 1", "select 2"], "select 3"],
  [";;select 1;;", ["select 1"], null],
  ["select ';' as \"a;b\", $$;$$; --;\n", ["select ';' as \"a;b\", $$;$$"], null],
  ["select /* ; /* ; */ ; */ 1; select 'open;", ["select /* ; /* ; */ ; */ 1"], "select 'open;"],
  ["select 1 -- ; no\n; ", ["select 1 -- ; no"], null],
  [".tables", [".tables"], null],
  [
    ".mode csv\nselect 1;\n  .schema it's\nselect 2",
    [".mode csv", "select 1", ".schema it's"],
    "select 2",
  ],
  ["select\n.5;", ["select\n.5"], null],
];

Deno.test("a script is cut where a `;` ends a query, and nowhere else", () => {
  for (const [text, statements, rest] of TABLE) {
    const found = splitScript(text);
    deepEqual([found.statements.map((each) => each.text), found.rest?.text ?? null], [
      statements,
      rest,
    ], JSON.stringify(text));
    equal(isWholeScript(text), rest === null);
  }
});

Deno.test("a problem is placed in the line of the script", () => {
  const [, second] = splitScript("select 1;\n\n  select x\nfrom y;").statements;
  const where = { line: 2, column: 6, source: "from y" };
  const found = placedIn(second!, problem("query-failed", { message: "no", where }));
  deepEqual(found.where, { ...where, line: 4 });
});
