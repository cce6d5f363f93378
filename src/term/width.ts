// Decides how many columns text takes, and cuts, fills and wraps it to a number of columns.
// It does not make text harmless: that is sanitize.ts, and comes first. Own cutting and wrapping
// (not cli-truncate, wrap-ansi): every command would pay for importing them, and with graphemes
// and escapes told apart each is a few lines.

import stringWidth from "string-width";
import type { Style } from "./style.ts";

/** What our own painting writes: SGR and hyperlinks. They take no columns. */
const ESC = "\u001b", BELL = "\u0007";
const ESCAPE = new RegExp(
  `${ESC}(?:\\[[0-9;:]*m|\\]8;[^${BELL}${ESC}]*(?:${BELL}|${ESC}\\\\))`,
);
/**
 * A column each, and never part of another: what most text, and all of our own marks and frames, is made of. To take
 * such text apart into graphemes would be most of the work of drawing a long table.
 */
export const PRINTABLE =
  /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2190-\u2193\u2500-\u25fc\u2713\u2717\u2800-\u28ff]*$/;
const TAB_STOP = 8;

export type Align = "left" | "right" | "center";

/** Columns that one line of text takes in a terminal; escapes take none, a tab one. */
export function width(text: string): number {
  if (PRINTABLE.test(text)) return text.length;
  const tabs = text.includes("\t") ? text.split("\t").length - 1 : 0;
  return stringWidth(text) + tabs;
}

/** Tabs replaced by spaces up to the next stop (every 8 columns). */
export function expandTabs(text: string): string {
  if (!text.includes("\t")) return text;
  let out = "", column = 0;
  for (const part of text.split(/(\t)/)) {
    const piece = part === "\t" ? " ".repeat(TAB_STOP - column % TAB_STOP) : part;
    column += width(piece);
    out += piece;
  }
  return out;
}

/** Text filled with spaces to `columns`; longer text stays as it is. */
export function pad(text: string, columns: number, align: Align = "left"): string {
  const missing = columns - width(text);
  if (missing <= 0) return text;
  if (align === "right") return " ".repeat(missing) + text;
  if (align === "left") return text + " ".repeat(missing);
  const left = missing >> 1;
  return " ".repeat(left) + text + " ".repeat(missing - left);
}

/** What stands for the part that was cut off. */
export function ellipsis(style: Pick<Style, "unicode">): string {
  return style.unicode ? "…" : "~";
}

/**
 * Text of at most `columns`, the cut marked with … (~ in ASCII). `keep` says which end stays;
 * "middle" keeps both (paths). Colours that were open at the cut are closed.
 */
export function truncate(
  text: string,
  columns: number,
  style: Pick<Style, "unicode">,
  keep: "start" | "end" | "middle" = "start",
): string {
  if (columns <= 0) return columns === 0 && width(text) === 0 ? text : "";
  if (PRINTABLE.test(text) ? text.length <= columns : width(text) <= columns) return text;
  const mark = ellipsis(style);
  if (columns === 1) return mark;
  const room = columns - 1;
  const tail = keep === "start" ? 0 : keep === "end" ? room : room >> 1;
  const pieces = atoms(text);
  const head = keep === "end" ? 0 : room - tail;
  let used = 0, out = "", left = -1;
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i] as Atom;
    if (left < 0 && (piece.columns === 0 || used + piece.columns <= head)) {
      out += piece.text;
      used += piece.columns;
      continue;
    }
    if (left < 0) {
      left = i;
      out += mark;
    }
    // Only escapes survive inside the cut, so that whatever was opened is closed again.
    if (piece.escape) out += piece.text;
  }
  if (tail === 0) return out;
  let last = "", taken = 0;
  for (let i = pieces.length - 1; i >= Math.max(left, 0); i--) {
    const piece = pieces[i] as Atom;
    if (taken + piece.columns > tail) break;
    if (!piece.escape) last = piece.text + last;
    taken += piece.columns;
  }
  return out + last;
}

/** Text of exactly `columns`: cut where it is longer, filled where it is shorter. */
export function fit(
  text: string,
  columns: number,
  style: Pick<Style, "unicode">,
  align: Align = "left",
): string {
  return pad(truncate(text, columns, style), columns, align);
}

/**
 * The part of a line that stands in `count` columns from column `from` on, filled to exactly that; no mark where it is
 * cut. A wide character that sticks out on either side is a blank. Colours go along and are closed.
 */
export function slice(text: string, from: number, count: number): string {
  if (PRINTABLE.test(text)) return text.slice(from, from + count).padEnd(count);
  let out = "", column = 0, used = 0, open = false;
  for (const piece of atoms(text)) {
    if (piece.escape) {
      out += piece.text;
      open = piece.text !== "\x1b[0m";
      continue;
    }
    const start = column;
    column += piece.columns;
    if (column <= from || start >= from + count) continue;
    const whole = start >= from && column <= from + count;
    const part = whole ? piece.columns : Math.min(column, from + count) - Math.max(start, from);
    out += whole ? piece.text : " ".repeat(part);
    used += part;
  }
  return out + " ".repeat(Math.max(0, count - used)) + (open ? "\x1b[0m" : "");
}

/**
 * Text broken into lines of at most `columns` at spaces, a longer word inside; newlines stay.
 * Escapes take no room; a colour that crosses a break is closed and opened again. `indent`
 * stands before every line but the first and counts.
 */
export function wrap(text: string, columns: number, indent = ""): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) wrapOne(expandTabs(paragraph), columns, indent, lines);
  return lines;
}

function wrapOne(text: string, columns: number, indent: string, lines: string[]): void {
  let line = "", used = 0, open = "", start = true;
  const room = () => Math.max(1, columns - (start ? 0 : width(indent)));
  const end = () => {
    lines.push((start ? "" : indent) + line.replace(/ +$/, "") + (open === "" ? "" : "\x1b[0m"));
    [line, used, start] = [open, 0, false];
  };
  for (const word of text.split(/(?<= )(?=[^ ])/)) {
    const bare = width(word.replace(/ +$/, ""));
    if (used > 0 && used + bare > room()) end();
    for (const atom of bare > room() || ESCAPE.test(word) ? atoms(word) : [plainAtom(word)]) {
      if (atom.escape) open = atom.text === "\x1b[0m" ? "" : open + atom.text;
      else if (used + atom.columns > room() && atom.text.trim() !== "" && bare > room()) end();
      line += atom.text;
      used += atom.columns;
    }
  }
  lines.push((start ? "" : indent) + line.replace(/ +$/, "") + (open === "" ? "" : "\x1b[0m"));
}

/** The smallest pieces that may not be torn: a grapheme, or an escape. */
export interface Atom {
  readonly text: string;
  readonly columns: number;
  readonly escape: boolean;
}

function plainAtom(text: string): Atom {
  return { text, columns: width(text), escape: false };
}

/** Text taken apart into graphemes and escapes, in order. */
export function atoms(text: string): Atom[] {
  const out: Atom[] = [];
  const segmenter = new Intl.Segmenter();
  const pattern = new RegExp(`(${ESCAPE.source})`);
  for (const part of text.split(pattern)) {
    if (part === "") continue;
    if (part.startsWith("\x1b")) out.push({ text: part, columns: 0, escape: true });
    else if (PRINTABLE.test(part)) {
      for (const char of part) out.push({ text: char, columns: 1, escape: false });
    } else for (const { segment } of segmenter.segment(part)) out.push(plainAtom(segment));
  }
  return out;
}

/** Text without the escapes of our own painting. */
export function stripStyle(text: string): string {
  return text.replaceAll(new RegExp(ESCAPE.source, "g"), "");
}
