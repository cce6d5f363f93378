/**
 * A module's text as tokens: the same in every runtime, since one pinned tokenizer reads it. Decides what of the text
 * is meaning (comments and layout are not) and what the module imports; runs nothing and resolves nothing.
 */
import { digestAll } from "../core/digest.ts";
import jsTokens from "js-tokens";

/** A token that means something. Lines and columns count from 1. */
export interface Token {
  readonly type: string;
  readonly value: string;
  readonly line: number;
  readonly column: number;
}

/** Tokens without comments and layout. Never throws: what is no TypeScript gives odd tokens. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let column = 1;
  for (const { type, value } of jsTokens(text)) {
    const meaning = type !== "WhiteSpace" && type !== "LineTerminatorSequence" &&
      type !== "SingleLineComment" && type !== "MultiLineComment";
    if (meaning) tokens.push({ type, value, line, column });
    const breaks = value.match(/\r\n|[\n\r\u2028\u2029]/g);
    if (breaks === null) {
      column += value.length;
    } else {
      line += breaks.length;
      column = value.length -
        Math.max(...["\n", "\r", "\u2028", "\u2029"].map((each) => value.lastIndexOf(each)));
    }
  }
  return tokens;
}

/** Digest of what the tokens mean: quotes and a comma before a closing bracket are layout too. */
export function tokenDigest(tokens: readonly Token[]): string {
  const parts: string[] = [];
  let line = 0;
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    const before = tokens[index - 1];
    // A line break after these ends the statement, so here layout is meaning.
    if (before && token.line !== line && RESTRICTED.has(before.value)) parts.push("\n");
    line = token.line;
    const trailing = token.value === "," && next !== undefined && /^[)\]}]$/.test(next.value) &&
      before !== undefined && !/^[,[({]$/.test(before.value);
    if (!trailing) {
      parts.push(token.type === "StringLiteral" ? sameQuotes(token.value) : token.value);
    }
  });
  return digestAll(parts);
}

const RESTRICTED: ReadonlySet<string> = new Set(["return", "throw", "break", "continue", "yield"]);

function sameQuotes(literal: string): string {
  const inner = literal.slice(1, -1);
  return /["'\\]/.test(inner) ? literal : `"${inner}"`;
}

/** One import, export-from, `import("…")` or `require("…")` of a fixed specifier. */
export interface ImportToken {
  readonly specifier: string;
  readonly line: number;
  readonly column: number;
  /** In characters, quotes included. */
  readonly length: number;
}

/** What a module imports when it runs; what is only a type is left out, as the runtimes leave it out. */
export function importsOf(tokens: readonly Token[]): readonly ImportToken[] {
  const found: ImportToken[] = [];
  const add = (token: Token | undefined) => {
    if (token?.type !== "StringLiteral") return;
    const { line, column, value } = token;
    found.push({ specifier: value.slice(1, -1), line, column, length: value.length });
  };
  tokens.forEach((token, index) => {
    const before = tokens[index - 1]?.value;
    if (token.type !== "IdentifierName" || before === "." || before === "?.") return;
    const next = tokens[index + 1];
    if (token.value === "require" || token.value === "import") {
      if (next?.value === "(") add(tokens[index + 2]);
      if (token.value === "require" || next?.value === "(" || next?.value === ".") return;
    }
    if (token.value === "import") {
      if (next?.type === "StringLiteral") add(next);
      else if (next?.value !== "type" || /^(from|,)$/.test(tokens[index + 2]?.value ?? "")) {
        add(afterFrom(tokens, index + 1));
      }
    } else if (token.value === "export" && /^[{*]$/.test(next?.value ?? "")) {
      add(afterFrom(tokens, index + 1));
    }
  });
  return found;
}

/** The specifier of a clause that begins at `start`: names and braces, `from`, then a text. */
function afterFrom(tokens: readonly Token[], start: number): Token | undefined {
  for (let at = start; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) return undefined;
    if (token.value === "from" && tokens[at + 1]?.type === "StringLiteral") return tokens[at + 1];
    const clause = token.type === "IdentifierName" || token.type === "StringLiteral" ||
      /^[{},*]$/.test(token.value);
    if (!clause) return undefined;
  }
  return undefined;
}
