/** A query that cannot be parsed, in plain words: what the parser stumbled over, and what was probably meant. */
import { nearest } from "./graph/nearest.ts";

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

/** What the parser stumbled over, as it says itself. */
export function nearOf(message: string): string | null {
  return /at or near "([^"]*)"/.exec(message)?.[1] ?? null;
}

/** The parser's words in ours; what it says in plain words already stays. */
export function syntaxWhy(said: string): string {
  const message = said.replace(/^Parser Error:\s*/i, "");
  const near = nearOf(message);
  if (/^syntax error at end of input/.test(message)) return "it ends before it is complete";
  if (/^syntax error at or near/.test(message) && near !== null) return `${near} cannot stand here`;
  const open = /^unterminated (.+?)(?: at or near.*)?$/.exec(message)?.[1];
  return open === undefined
    ? message
    : `a ${open.replace("quoted string", "quote")} is never closed`;
}

/** What to correct, where that can be guessed; `at` is where in the query the parser stumbled. */
export function syntaxHint(query: string, at: number | null, said: string): string | null {
  const message = said.replace(/^Parser Error:\s*/i, "");
  const near = nearOf(message);
  if (/^unterminated quoted/.test(message)) {
    return "close it with ' (a quote within a text is doubled)";
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
  return meant === null ? null : `did you mean ${meant} before it?`;
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
