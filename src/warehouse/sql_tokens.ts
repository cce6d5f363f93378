/**
 * Cuts SQL text into tokens, as DuckDB's own lexer does: what is a string, a comment, a parameter.
 * Nothing is understood here; it is what keeps text work (parameters, a trailing `;`) out of strings.
 */

export type TokenKind =
  | "space"
  | "comment"
  | "string"
  | "name"
  | "quoted"
  | "parameter"
  | "number"
  | "symbol";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** In UTF-16 units from the beginning of the text. */
  readonly offset: number;
}

const SPACE = /[\s\uFEFF]+/uy;
const LINE_COMMENT = /--[^\n\r]*/y;
const NAME = /[\p{L}_\u0080-\uffff][\p{L}\p{N}\p{M}_$\u0080-\uffff]*/uy;
const NUMBER =
  /0[xX][0-9a-fA-F_]+|0[bB][01_]+|(?:\d[\d_]*)?\.?\d[\d_]*(?:[eE][+-]?\d+)?|\d[\d_]*\.?/y;
const PLAIN_STRING = /'(?:[^']|'')*(?:'|$)/y;
const ESCAPE_STRING = /[eE]'(?:[^'\\]|\\[^]|'')*(?:'|$)/y;
const BYTE_STRING = /[xXbB]'(?:[^']|'')*(?:'|$)/y;
const QUOTED = /"(?:[^"]|"")*(?:"|$)/y;
const DOLLAR_TAG = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;
// `$config.x.y` is one name: a setting, not a field of something called config.
const PARAMETER = /\$(?:config(?:\.[\p{L}_][\p{L}\p{N}_]*)+|[\p{L}_][\p{L}\p{N}_]*|\d+)|\?\d*/uy;

/** All of the text, in order; the texts of all tokens joined are the text. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(sql)?.[0] ?? null;
  };
  const push = (kind: TokenKind, text: string) => {
    tokens.push({ kind, text, offset: at });
    at += text.length;
  };
  while (at < sql.length) {
    const first = sql[at]!;
    let found: string | null;
    if ((found = match(SPACE))) push("space", found);
    else if (first === "-" && (found = match(LINE_COMMENT))) push("comment", found);
    else if (first === "/" && sql[at + 1] === "*") push("comment", blockComment(sql, at));
    else if (first === "'" && (found = match(PLAIN_STRING))) push("string", found);
    else if ((found = match(ESCAPE_STRING) ?? match(BYTE_STRING))) push("string", found);
    else if (first === '"' && (found = match(QUOTED))) push("quoted", found);
    else if (first === "$" && (found = match(DOLLAR_TAG))) {
      const end = sql.indexOf(found, at + found.length);
      push("string", end < 0 ? sql.slice(at) : sql.slice(at, end + found.length));
    } else if ((first === "$" || first === "?") && (found = match(PARAMETER))) {
      push("parameter", found);
    } else if ((found = match(NAME))) push("name", found);
    else if (/[0-9.]/.test(first) && (found = match(NUMBER))) push("number", found);
    else push("symbol", first);
  }
  return tokens;
}

/** They nest, as in PostgreSQL. */
function blockComment(sql: string, start: number): string {
  let depth = 0;
  for (let at = start; at < sql.length; at++) {
    if (sql.startsWith("/*", at)) {
      depth += 1;
      at += 1;
    } else if (sql.startsWith("*/", at)) {
      depth -= 1;
      at += 1;
      if (depth === 0) return sql.slice(start, at + 1);
    }
  }
  return sql.slice(start);
}

/** Neither space nor comment. */
export function isMeaning(token: Token): boolean {
  return token.kind !== "space" && token.kind !== "comment";
}

/** The text up to its last token that means something, trailing `;` taken off. */
export function withoutSemicolon(sql: string): string {
  const tokens = tokenize(sql).filter(isMeaning);
  while (tokens.at(-1)?.text === ";") tokens.pop();
  const last = tokens.at(-1);
  return last ? sql.slice(0, last.offset + last.text.length) : "";
}
