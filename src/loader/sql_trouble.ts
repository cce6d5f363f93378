/** What is said of a query that cannot be parsed: the parser's words, made into four parts. */
import { nearest } from "../core/graph/nearest.ts";
import { type Problem, problem } from "../core/problem/problem.ts";
import type { ParsedSql } from "../ports/loader.ts";
import { placeAt } from "./source_text.ts";

const WORDS = [
  "select",
  "from",
  "where",
  "group by",
  "order by",
  "having",
  "limit",
  "join",
  "left",
  "inner",
  "union",
  "with",
  "distinct",
  "between",
  "case",
  "when",
  "then",
  "else",
  "end",
  "over",
  "partition",
  "using",
  "offset",
  "except",
  "intersect",
  "values",
  "qualify",
  "on",
  "and",
  "as",
] as const;

/** `text` is the whole file; `offset` where in it the parser stumbled. */
export function sqlProblem(
  file: string,
  text: string,
  parsed: Extract<ParsedSql, { ok: false }>,
  query: string,
  offset: number,
  subject: string,
  asset: string,
): Problem {
  const at = parsed.offset;
  const near = /at or near "([^"]*)"/.exec(parsed.message)?.[1] ?? null;
  const isQuery = !/^(a query is expected|one query is expected|there is no query)/.test(
    parsed.message,
  );
  const place = placeAt(file, text, offset, near?.length ?? 1);
  return problem(isQuery ? "sql-syntax" : "sql-not-a-query", {
    message: `Cannot read ${subject} as SQL`,
    where: { asset, ...place },
    why: whyOf(parsed.message.replace(/^Parser Error:\s*/i, ""), near),
    hint: hintFor(parsed.message, query, at, near),
  });
}

/** The parser's words in ours; what it says in plain words already stays. */
function whyOf(message: string, near: string | null): string {
  if (/^syntax error at end of input/.test(message)) return "it ends before it is complete";
  if (/^syntax error at or near/.test(message) && near !== null) return `${near} cannot stand here`;
  const open = /^unterminated (.+?)(?: at or near.*)?$/.exec(message)?.[1];
  return open === undefined
    ? message
    : `a ${open.replace("quoted string", "quote")} is never closed`;
}

function hintFor(message: string, query: string, at: number | null, near: string | null): string {
  if (/^there is no query/.test(message)) {
    return "write a query below the header, such as select 42 as answer";
  }
  if (/^one query is expected/.test(message)) {
    return "move the second query to a file of its own: each file is one asset";
  }
  if (/^a query is expected/.test(message)) {
    return "begin with select, from or with: nycflow makes the table itself";
  }
  const before = query.slice(0, at ?? query.length).trimEnd();
  if (
    before.endsWith(",") && (near === null || /^(from|where|group|order|\)|union)$/i.test(near))
  ) {
    return "remove the comma before it";
  }
  const open = count(query, "(") - count(query, ")");
  if (near === null && open > 0) return `close ${open === 1 ? "the bracket" : `${open} brackets`}`;
  if (near === ")" && open < 0) return "remove the bracket, or open one before it";
  const word = misspelled(near);
  if (word !== null) return `did you mean ${word}?`;
  // The parser stumbles over the word after a misspelled one: `select 1 form t`.
  const meant = misspelled(/([\p{L}_]+)\s*$/u.exec(before)?.[1] ?? null);
  if (meant !== null) return `did you mean ${meant} before it?`;
  return "correct the query there or just before it";
}

/** The word of SQL that this is a slip of; null for what is one, or may well be a name. */
function misspelled(written: string | null): string | null {
  if (written === null || written.length < 4) return null;
  const word = nearest(written, WORDS);
  const differs = word !== null && word !== written.toLowerCase();
  return differs && Math.abs(word.length - written.length) <= 1 ? word : null;
}

function count(text: string, each: string): number {
  return text.split(each).length - 1;
}
