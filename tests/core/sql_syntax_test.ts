/** The parser's words about a query, as they are told. */
import { deepEqual } from "node:assert/strict";
import { syntaxHint, syntaxWhy } from "../../src/core/sql_syntax.ts";

const TOLD: readonly (readonly [query: string, at: number | null, said: string, told: string])[] = [
  [
    "selct 1",
    0,
    'syntax error at or near "selct"',
    "selct cannot stand here | did you mean select?",
  ],
  [
    "select * form t",
    14,
    'Parser Error: syntax error at or near "t"',
    "t cannot stand here | did you mean from before it?",
  ],
  [
    "select a, from t",
    10,
    'syntax error at or near "from"',
    "from cannot stand here | remove the comma before it",
  ],
  [
    "select (1",
    9,
    "syntax error at end of input",
    "it ends before it is complete | close the bracket",
  ],
  [
    "select 1)",
    8,
    'syntax error at or near ")"',
    ") cannot stand here | remove the bracket, or open one before it",
  ],
  [
    "select 'a",
    7,
    'unterminated quoted string at or near "\'a"',
    "a quote is never closed | close it with ' (a quote within a text is doubled)",
  ],
  ["select 1 2", 9, 'syntax error at or near "2"', "2 cannot stand here | null"],
];

Deno.test("syntax errors in plain words, with what was probably meant", () => {
  for (const [query, at, said, told] of TOLD) {
    deepEqual(`${syntaxWhy(said)} | ${syntaxHint(query, at, said)}`, told);
  }
});
