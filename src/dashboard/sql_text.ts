/** A text of several lines that is typed: what keys make of it. Single keys are those of a line (`line.ts`). */
import type { Key } from "../term/keys.ts";
import { atoms, width } from "../term/width.ts";
import { beforeCursor, editLine, type Line, lineOf } from "./line.ts";

/** Where the cursor is: its line, and the columns before it. */
export function cursorIn(text: Line): { readonly line: number; readonly column: number } {
  const lines = beforeCursor(text).split("\n");
  return { line: lines.length - 1, column: width(lines.at(-1) ?? "") };
}

/** The text that a key makes of this one; null where the key does not edit. */
export function editText(text: Line, key: Key): Line | null {
  if (key.name === "paste") return inserted(text, key.text.replace(/\r\n?/g, "\n"));
  if (key.name === "enter") return inserted(text, "\n");
  const { before, own, after, at } = around(text);
  switch (`${key.ctrl ? "ctrl+" : ""}${key.alt ? "alt+" : ""}${key.name}`) {
    case "left":
    case "ctrl+b":
    case "right":
    case "ctrl+f":
    case "backspace":
    case "ctrl+h":
    case "delete":
    case "ctrl+d":
      // These cross the ends of lines.
      return editLine(text, key);
    case "ctrl+k":
      // At the end of a line it is joined with the next.
      if (at === piecesOf(own) && after !== "") {
        return { text: before + own + after.slice(1), at: text.at };
      }
  }
  const line = editLine({ text: own, at }, key);
  if (line === null) return null;
  return { text: before + line.text + after, at: piecesOf(before) + line.at };
}

/** A line up or down in the same column; null at the first and the last one. */
export function movedLine(text: Line, by: -1 | 1): Line | null {
  const lines = text.text.split("\n");
  const { line, column } = cursorIn(text);
  const to = lines[line + by];
  if (to === undefined) return null;
  const before = lines.slice(0, line + by).map((each) => `${each}\n`).join("");
  return { ...text, at: piecesOf(before) + piecesUpTo(to, column) };
}

/** The cursor put where a line and column of the text are pressed. */
export function pressedAt(text: string, line: number, column: number): Line {
  const lines = text.split("\n");
  const at = Math.max(0, Math.min(lines.length - 1, line));
  const before = lines.slice(0, at).map((each) => `${each}\n`).join("");
  return { text, at: piecesOf(before) + piecesUpTo(lines[at] ?? "", column) };
}

export function inserted(text: Line, piece: string): Line {
  const head = beforeCursor(text) + piece;
  return { text: head + text.text.slice(beforeCursor(text).length), at: lineOf(head).at };
}

/** The line that the cursor is in, and what stands before and behind it. */
function around(text: Line) {
  const head = beforeCursor(text);
  const from = head.lastIndexOf("\n") + 1;
  const end = text.text.indexOf("\n", head.length);
  const to = end < 0 ? text.text.length : end;
  return {
    before: text.text.slice(0, from),
    own: text.text.slice(from, to),
    after: text.text.slice(to),
    at: piecesOf(head.slice(from)),
  };
}

function piecesOf(text: string): number {
  return atoms(text).length;
}

function piecesUpTo(line: string, column: number): number {
  let used = 0, count = 0;
  for (const { columns } of atoms(line)) {
    if (used + columns > column) break;
    used += columns;
    count++;
  }
  return count;
}
