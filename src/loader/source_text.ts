/** Places in a text: lines and columns from offsets, and the line itself for the caret. */
import type { Where } from "../core/problem/problem.ts";

/** Where an offset (in UTF-16 units from 0) is; line and column count from 1, the column in characters. */
export function placeAt(
  file: string,
  text: string,
  offset: number,
  length = 1,
): Where & { readonly line: number; readonly column: number } {
  const at = Math.max(0, Math.min(offset, text.length));
  let line = 1;
  let start = 0;
  for (
    let next = text.indexOf("\n");
    next !== -1 && next < at;
    next = text.indexOf("\n", next + 1)
  ) {
    line++;
    start = next + 1;
  }
  const end = text.indexOf("\n", start);
  const source = text.slice(start, end === -1 ? text.length : end).replace(/\r$/, "");
  const column = Array.from(text.slice(start, at)).length + 1;
  const room = Math.max(1, Array.from(source).length - column + 1);
  return { file, line, column, length: Math.max(1, Math.min(length, room)), source };
}

/** The line itself, counted from 1; "" beyond the end. */
export function lineOf(text: string, line: number): string {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const next = text.indexOf("\n", start);
    if (next === -1) return "";
    start = next + 1;
  }
  const end = text.indexOf("\n", start);
  return text.slice(start, end === -1 ? text.length : end).replace(/\r$/, "");
}

/** The offset at which a line (from 1) and column (from 1, in characters) begin. */
export function offsetOf(text: string, line: number, column = 1): number {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const next = text.indexOf("\n", start);
    if (next === -1) return text.length;
    start = next + 1;
  }
  const before = Array.from(lineOf(text, line)).slice(0, column - 1).join("");
  return Math.min(text.length, start + before.length);
}
