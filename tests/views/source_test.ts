/** Definitions as they are shown, and whether a query that is typed has ended. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { plainStyle } from "../../src/term/style.ts";
import { stripStyle } from "../../src/term/width.ts";
import { endsQuery, languageOf, sourceLines } from "../../src/views/source.ts";
import { ascii, colored } from "./samples.ts";

Deno.test("source: numbered, tabs as spaces, controls as pictures, no last empty line", () => {
  deepEqual(sourceLines("select 1,\n\t2 \x1b[2J\n", "sql", plainStyle), [
    "1  select 1,",
    "2          2 ␛[2J",
  ]);
  deepEqual(sourceLines("-- é\r\nselect '\u202e'", "sql", ascii), [
    "1  -- e",
    "2  select '<U+202E>'",
  ]);
  equal(sourceLines("x\n".repeat(100), "plain", plainStyle)[9], " 10  x");
});

const ESC = "\x1b";
const PAINTED = new RegExp(`${ESC}\\[[\\d;]+m([^${ESC}]*)${ESC}\\[0m`, "g");

Deno.test("source: comments, texts and keywords are told apart, and nothing is lost", () => {
  const cases: readonly [file: string, text: string, painted: readonly string[]][] = [
    [
      "a.sql",
      "select 'it''s' -- from here\nfrom \"where\"",
      ["select", "'it''s'", "-- from here", "from"],
    ],
    [
      "a.ts",
      'export const a = `x ${"y"}`; // const',
      ["export", "const", '`x ${"y"}`', "// const"],
    ],
    ["a.csv", "select,from\n1,2", []],
  ];
  for (const [file, text, painted] of cases) {
    const lines = sourceLines(text, languageOf(file), colored);
    deepEqual(lines.map((line) => stripStyle(line).slice(3)), text.split("\n"));
    const found = lines.flatMap((line) => [...line.matchAll(PAINTED)])
      .map(([, part = ""]) => part).filter((part) => !/^\d+$/.test(part));
    deepEqual(found, painted, file);
  }
});

Deno.test("source: what is not closed is painted to its end", () => {
  ok(sourceLines("select 'open\nstill", "sql", colored)[1]?.includes("\x1b["));
});

Deno.test("a query ends with its own ;", () => {
  const cases: readonly [text: string, ends: boolean][] = [
    ["select 1;", true],
    ["select 1;  \n", true],
    ["select 1; -- done", true],
    ["select 1 -- ;", false],
    ["select ';", false],
    ["select ';'", false],
    ["select 1 /* ; */", false],
    ["select 1", false],
    ["", false],
  ];
  for (const [text, ends] of cases) equal(endsQuery(text), ends, text);
});
