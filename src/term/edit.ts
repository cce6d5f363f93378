// Decides what keys do to a text of one or more lines with a cursor in it: moving, typing, taking away, putting back.
// Submitting, history and completion are editor.ts's; nothing is drawn here.

import type { Key } from "./keys.ts";
import { chord } from "./keys.ts";

/** A text and where its cursor stands: in UTF-16 units, always between two graphemes. */
export interface Edited {
  readonly text: string;
  readonly at: number;
}

/** What was cut last, for ctrl-y. */
export interface EditResult {
  readonly edited: Edited;
  readonly cut?: string;
}

const segmenter = () => new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The end of the grapheme that begins at a place. */
function after({ text, at }: Edited): number {
  if (at >= text.length) return text.length;
  // A grapheme is short: what is far away need not be looked at.
  const [first] = segmenter().segment(text.slice(at, at + 64));
  return at + (first?.segment.length ?? 1);
}

function before({ text, at }: Edited): number {
  const from = Math.max(0, at - 64);
  let last = 0;
  for (const { segment } of segmenter().segment(text.slice(from, at))) last = segment.length;
  return at - last;
}

/** Where the line that the cursor is in begins and ends. */
function lineOf({ text, at }: Edited): { readonly start: number; readonly end: number } {
  const end = text.indexOf("\n", at);
  return { start: text.lastIndexOf("\n", at - 1) + 1, end: end < 0 ? text.length : end };
}

const WORD = /[\p{L}\p{N}_]/u;

function wordStart({ text, at }: Edited): number {
  let to = at;
  while (to > 0 && !WORD.test(text[to - 1]!)) to--;
  while (to > 0 && WORD.test(text[to - 1]!)) to--;
  return to;
}

function wordEnd({ text, at }: Edited): number {
  let to = at;
  while (to < text.length && !WORD.test(text[to]!)) to++;
  while (to < text.length && WORD.test(text[to]!)) to++;
  return to;
}

/** Up to white space, as ctrl-w cuts in every shell. */
function blankStart({ text, at }: Edited): number {
  let to = at;
  while (to > 0 && /\s/.test(text[to - 1]!)) to--;
  while (to > 0 && !/\s/.test(text[to - 1]!)) to--;
  return to;
}

/** Text put in at the cursor. */
export function insert({ text, at }: Edited, put: string): Edited {
  return { text: text.slice(0, at) + put + text.slice(at), at: at + put.length };
}

/** A line further up or down under the same column; null where there is none. */
export function vertical(edited: Edited, way: -1 | 1): Edited | null {
  const { text, at } = edited;
  const { start, end } = lineOf(edited);
  if (way < 0 ? start === 0 : end === text.length) return null;
  const other = lineOf({ text, at: way < 0 ? start - 1 : end + 1 });
  const place = Math.min(other.start + at - start, other.end);
  // Never into the middle of a grapheme.
  let to = other.start;
  while (to < place) to = after({ text, at: to });
  return { text, at: Math.min(to, other.end) };
}

/** What a key makes of the text; null where it edits nothing here (Enter, Tab, history and the like). */
export function editKey(edited: Edited, key: Key, cut = ""): EditResult | null {
  const { text, at } = edited;
  const move = (to: number): EditResult => ({ edited: { text, at: to } });
  const remove = (from: number, to: number, keep: boolean): EditResult => ({
    edited: { text: text.slice(0, from) + text.slice(to), at: from },
    ...(keep && to > from ? { cut: text.slice(from, to) } : {}),
  });
  if (key.name === "paste") return { edited: insert(edited, harmless(key.text)) };
  const line = lineOf(edited);
  switch (chord(key)) {
    case "left":
    case "ctrl-b":
      return move(before(edited));
    case "right":
    case "ctrl-f":
      return move(after(edited));
    case "home":
    case "ctrl-a":
      return move(line.start);
    case "end":
    case "ctrl-e":
      return move(line.end);
    case "ctrl-home":
      return move(0);
    case "ctrl-end":
      return move(text.length);
    case "ctrl-left":
    case "alt-left":
    case "alt-b":
      return move(wordStart(edited));
    case "ctrl-right":
    case "alt-right":
    case "alt-f":
      return move(wordEnd(edited));
    case "backspace":
    case "shift-backspace":
      return remove(before(edited), at, false);
    case "delete":
    case "ctrl-d":
      return remove(at, after(edited), false);
    case "ctrl-w":
      return remove(blankStart(edited), at, true);
    case "alt-backspace":
    case "ctrl-backspace":
      return remove(wordStart(edited), at, true);
    case "alt-d":
    case "ctrl-delete":
      return remove(at, wordEnd(edited), true);
    case "ctrl-u":
      return remove(line.start === at ? Math.max(0, at - 1) : line.start, at, true);
    case "ctrl-k":
      return remove(at, line.end === at ? Math.min(text.length, at + 1) : line.end, true);
    case "ctrl-y":
      return { edited: insert(edited, cut) };
    default:
      return key.text !== "" && !key.ctrl && !key.alt ? { edited: insert(edited, key.text) } : null;
  }
}

/** What is pasted may hold controls; only line ends and tabs mean something in a text. */
function harmless(text: string): string {
  return text.replaceAll("\t", "  ").replace(/(?!\n)\p{Cc}/gu, "");
}
