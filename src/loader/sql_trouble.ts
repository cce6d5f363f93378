/** What is said of a query that cannot be parsed: the parser's words, made into four parts. */
import { type Problem, problem } from "../core/problem/problem.ts";
import { nearOf, syntaxHint, syntaxWhy } from "../core/sql_syntax.ts";
import type { ParsedSql } from "../ports/loader.ts";
import { placeAt } from "./source_text.ts";

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
  const near = nearOf(parsed.message);
  const isQuery = !/^(a query is expected|one query is expected|there is no query)/.test(
    parsed.message,
  );
  const place = placeAt(file, text, offset, near?.length ?? 1);
  return problem(isQuery ? "sql-syntax" : "sql-not-a-query", {
    message: `Cannot read ${subject} as SQL`,
    where: { asset, ...place },
    why: syntaxWhy(parsed.message),
    hint: hintFor(parsed.message, query, at),
  });
}

function hintFor(message: string, query: string, at: number | null): string {
  if (/^there is no query/.test(message)) {
    return "write a query below the header, such as select 42 as answer";
  }
  if (/^one query is expected/.test(message)) {
    return "move the second query to a file of its own: each file is one asset";
  }
  if (/^a query is expected/.test(message)) {
    return "begin with select, from or with: nycflow makes the table itself";
  }
  return syntaxHint(query, at, message) ?? "correct the query there or just before it";
}
