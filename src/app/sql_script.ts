/** A text of several statements: where each begins and ends, and whether the last one is whole. Runs nothing. */
import type { Problem } from "../core/problem/problem.ts";
import { isMeaning, tokenize } from "../warehouse/sql_tokens.ts";

export interface Statement {
  /** A query without its `;`, or a line that begins with a dot. */
  readonly text: string;
  readonly kind: "query" | "command";
  /** The line of the whole text that it begins in, from 0, and how far into that line. */
  readonly line: number;
  readonly column: number;
}

export interface Script {
  readonly statements: readonly Statement[];
  /** What follows the last `;`: a query that is not whole, or nothing but space and comments. */
  readonly rest: Statement | null;
}

/** Cuts a text at the `;` that stand in neither strings nor comments. */
export function splitScript(text: string): Script {
  const statements: Statement[] = [];
  for (let at = 0;;) {
    at = beginning(text, at);
    if (at >= text.length) return { statements, rest: null };
    if (text[at] === ".") {
      const end = lineEnd(text, at);
      statements.push(statement(text, at, end, "command"));
      at = end;
      continue;
    }
    const end = queryEnd(text, at);
    if (end === null) return { statements, rest: statement(text, at, text.length, "query") };
    if (end > at) statements.push(statement(text, at, end, "query"));
    at = end + 1;
  }
}

/** Can all of it be run as it stands? Then Enter in a shell runs it. */
export function isWholeScript(text: string): boolean {
  return splitScript(text).rest === null;
}

/** A problem of one statement, placed in the text that it stands in. */
export function placedIn({ line, column }: Statement, found: Problem): Problem {
  const { where } = found;
  if (where?.line === undefined || (line === 0 && column === 0)) return found;
  return {
    ...found,
    where: {
      ...where,
      line: where.line + line,
      // The line itself is shown from where the statement begins, so its caret stands right already.
    },
  };
}

function statement(text: string, from: number, to: number, kind: Statement["kind"]): Statement {
  const before = text.slice(0, from);
  const line = before.split("\n").length - 1;
  return {
    text: text.slice(from, to).trimEnd(),
    kind,
    line,
    column: from - (before.lastIndexOf("\n") + 1),
  };
}

/** Past space and comments. */
function beginning(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (at < text.length && /\s/.test(text[at]!)) at++;
    if (!text.startsWith("--", at) && !text.startsWith("/*", at)) return at;
    const [first] = tokenize(
      text.startsWith("--", at) ? text.slice(at, lineEnd(text, at)) : text.slice(at),
    );
    at += first?.text.length ?? 1;
  }
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

/** The `;` that ends a query; null where there is none. Each candidate is looked at with what is before it. */
function queryEnd(text: string, from: number): number | null {
  for (let end = text.indexOf(";", from); end >= 0; end = text.indexOf(";", end + 1)) {
    const tokens = tokenize(text.slice(from, end + 1));
    const last = tokens.at(-1);
    if (last?.kind === "symbol" && last.text === ";" && isMeaning(last)) return end;
  }
  return null;
}
