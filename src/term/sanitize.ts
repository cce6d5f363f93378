// Decides how text that comes from data is made harmless and visible: nothing that it holds may
// move the cursor, colour the screen, turn the reading direction or be invisible. It does not
// cut or fill (width.ts).

import type { Style } from "./style.ts";
import { width } from "./width.ts";

const PRINTABLE = /^[\x20-\x7e]*$/;
/** Control characters, line and paragraph separators, bidi controls, invisible characters. */
const HARMFUL = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

/** Punctuation that has an honest ASCII form; other marks fall away from their letter. */
const ASCII_FORMS: Readonly<Record<string, string>> = {
  "–": "-",
  "—": "-",
  "−": "-",
  "‘": "'",
  "’": "'",
  "“": '"',
  "”": '"',
  "…": "~",
  "•": "*",
  "·": ".",
  "×": "x",
  "→": ">",
  "←": "<",
  "ß": "ss",
  "æ": "ae",
  "Æ": "AE",
  "ø": "o",
  "Ø": "O",
  "ł": "l",
  "Ł": "L",
  "đ": "d",
  "€": "EUR",
  "£": "GBP",
  "µ": "u",
  "°": "deg",
};

/**
 * One line of harmless text: newlines become ⏎, tabs ⇥, other controls their pictures (␛), bidi
 * and invisible characters their number (<U+202E>). In ASCII: \n, \t, \x1b; letters lose their
 * accents, what has no ASCII form becomes as many "?" as it took columns.
 */
export function sanitize(text: string, style: Pick<Style, "unicode">): string {
  if (PRINTABLE.test(text)) return text;
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  const shown = whole.replaceAll("\r\n", "\n").replace(
    HARMFUL,
    (char) => visible(char, style.unicode),
  );
  return style.unicode ? shown : toAscii(shown);
}

/** The same for text of several lines (a log, a message): newlines part it, tabs are kept. */
export function sanitizeLines(text: string, style: Pick<Style, "unicode">): string[] {
  return text.split(/\r\n|\n/).map((line) =>
    line.split("\t").map((part) => sanitize(part, style)).join("\t")
  );
}

function visible(char: string, unicode: boolean): string {
  const code = char.charCodeAt(0);
  if (char === "\n") return unicode ? "⏎" : "\\n";
  if (char === "\t") return unicode ? "⇥" : "\\t";
  if (char === "\r" && !unicode) return "\\r";
  if (code < 0x20 && unicode) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f && unicode) return "␡";
  if (code < 0xa0) return `\\x${code.toString(16).padStart(2, "0")}`;
  return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
}

function toAscii(text: string): string {
  let out = "";
  for (const char of text) {
    if (PRINTABLE.test(char)) out += char;
    else out += ASCII_FORMS[char] ?? withoutMarks(char);
  }
  return out;
}

function withoutMarks(char: string): string {
  const bare = char.normalize("NFKD").replace(/[^\x20-\x7e]/g, "");
  return bare === "" ? "?".repeat(width(char)) : bare;
}
