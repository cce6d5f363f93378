/** A definition's text with line numbers, its comments, texts and keywords told apart. Reads no grammar: a glance is enough. */
import { sanitize } from "../term/sanitize.ts";
import { paint, type Role, type Style } from "../term/style.ts";
import { expandTabs } from "../term/width.ts";

export type Language = "sql" | "typescript" | "plain";

export function languageOf(file: string): Language {
  if (/\.sql$/i.test(file)) return "sql";
  return /\.[cm]?[jt]sx?$/i.test(file) ? "typescript" : "plain";
}

/** One line for each line of the text. */
export function sourceLines(text: string, language: Language, style: Style): string[] {
  const lines = paintedLines(text.replaceAll("\r\n", "\n").replace(/\n$/, ""), language, style);
  const size = String(lines.length).length;
  return lines.map((line, at) =>
    `${paint(style, "dim", String(at + 1).padStart(size))}  ${line}`.trimEnd()
  );
}

interface Piece {
  readonly role: Role | null;
  readonly text: string;
}

/** Whether the text of a query ends with a `;` that ends it: not one in a string or a comment. */
export function endsQuery(text: string): boolean {
  const last = piecesOf(text, "sql").findLast((piece) =>
    piece.role !== "dim" && piece.text.trim() !== ""
  );
  return last !== undefined && last.role === null && last.text.trimEnd().endsWith(";");
}

function paintedLines(text: string, language: Language, style: Style): string[] {
  const lines: string[] = [""];
  for (const { role, text: piece } of piecesOf(text, language)) {
    piece.split("\n").forEach((part, at) => {
      if (at > 0) lines.push("");
      // Spaces for tabs, so that what follows is where it was meant to be.
      const clean = part.split("\t").map((each) => sanitize(each, style)).join("\t");
      const shown = role === null ? clean : paint(style, role, clean);
      lines[lines.length - 1] += shown;
    });
  }
  return lines.map(expandTabs);
}

const SQL =
  /(?<comment>--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<text>'(?:[^']|'')*'?|\$\$[\s\S]*?(?:\$\$|$))|(?<name>"(?:[^"]|"")*"?)|(?<word>[A-Za-z_]\w*)|(?<number>\b\d+(?:\.\d+)?\b)/g;
const TYPESCRIPT =
  /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<text>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\[\s\S])*`?)|(?<word>[A-Za-z_$][\w$]*)|(?<number>\b\d[\d_]*(?:\.\d+)?\b)/g;

function piecesOf(text: string, language: Language): Piece[] {
  if (language === "plain") return [{ role: null, text }];
  const words = language === "sql" ? SQL_WORDS : TYPESCRIPT_WORDS;
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(language === "sql" ? SQL : TYPESCRIPT)) {
    const { comment, text: quoted, word } = match.groups ?? {};
    if (match.index > at) pieces.push({ role: null, text: text.slice(at, match.index) });
    at = match.index + match[0].length;
    const key = language === "sql" ? word?.toLowerCase() : word;
    const role: Role | null = comment !== undefined
      ? "dim"
      : quoted !== undefined
      ? "good"
      : key !== undefined && words.has(key)
      ? "key"
      : null;
    pieces.push({ role, text: match[0] });
  }
  if (at < text.length) pieces.push({ role: null, text: text.slice(at) });
  return pieces;
}

const SQL_WORDS: ReadonlySet<string> = new Set((
  "select from where group by order having limit offset join left right inner outer full cross on using as and or " +
  "not in is null like ilike between case when then else end with recursive union all except intersect distinct " +
  "values asc desc nulls first last over partition rows range qualify window filter exists any cast interval " +
  "unnest lateral pivot unpivot sample describe summarize at version timestamp true false semi anti asof " +
  "positional exclude replace columns"
).split(" "));

const TYPESCRIPT_WORDS: ReadonlySet<string> = new Set(
  ("import export from default const let var function return async await if else for of in while do switch case " +
    "break continue new class extends implements interface type enum try catch finally throw yield typeof " +
    "instanceof as satisfies readonly static null undefined true false this super void delete")
    .split(" "),
);
