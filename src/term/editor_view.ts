// Decides how an editor looks: its text behind prompts, broken at the terminal's width, the choice or the search below,
// and where the cursor stands. Nothing is written here.

import { type EditorState, found } from "./editor.ts";
import { sanitize } from "./sanitize.ts";
import { paint, type Style } from "./style.ts";
import { atoms, pad, truncate, width } from "./width.ts";

export interface EditorLook {
  readonly prompt: string;
  /** Before the second line and those after it; as wide as `prompt`. */
  readonly more: string;
  readonly columns: number;
  /** Rows that may be used; of a longer text those around the cursor are shown. */
  readonly rows: number;
  readonly style: Style;
}

export interface EditorFrame {
  readonly lines: readonly string[];
  readonly cursor: { readonly x: number; readonly y: number };
}

/** The editor as lines of at most `columns` cells. */
export function editorFrame(state: EditorState, look: EditorLook): EditorFrame {
  const { style, columns } = look;
  const { search } = state;
  if (search !== null) return searchFrame(state, look);
  const { text, at } = state.edited;
  const lines: string[] = [];
  let cursor = { x: 0, y: 0 };
  let offset = 0;
  text.split("\n").forEach((line, index) => {
    const prompt = index === 0 ? look.prompt : look.more;
    let shown = prompt, used = width(prompt);
    for (const atom of atoms(line)) {
      const cell = sanitize(atom.text, style);
      const own = width(cell);
      if (used + own > columns) {
        lines.push(shown);
        [shown, used] = ["", 0];
      }
      if (offset === at) cursor = { x: used, y: lines.length };
      shown += cell;
      used += own;
      offset += atom.text.length;
    }
    // Behind the last cell of a full line there is no place for a cursor.
    if (offset === at && used >= columns) {
      lines.push(shown);
      [shown, used] = ["", 0];
    }
    if (offset === at) cursor = { x: used, y: lines.length };
    lines.push(shown);
    offset += 1;
  });
  return fitted([...lines, ...menuLines(state, look)], lines.length, cursor, look);
}

function searchFrame(state: EditorState, { style, columns, rows }: EditorLook): EditorFrame {
  const words = state.search?.words ?? "";
  const text = found(state);
  const head = `search: ${sanitize(words, style)}`;
  const none = words === "" || text !== null ? "" : "  nothing";
  const told = truncate(head + paint(style, "warn", none), columns - 1, style);
  const below = (text?.split("\n") ?? []).slice(0, Math.min(3, rows - 1)).map((line) =>
    paint(style, "dim", truncate(`  ${sanitize(line, style)}`, columns, style))
  );
  const lines = [told, ...below];
  return { lines, cursor: { x: Math.min(width(head), columns - 1), y: 0 } };
}

/** What is offered, in columns as `ls` does; the chosen one stands out. */
function menuLines({ menu }: EditorState, { columns, style, rows }: EditorLook): string[] {
  if (menu === null) return [];
  const items = menu.items.map((each) => sanitize(each, style));
  const widest = Math.min(columns, Math.max(...items.map(width)) + 2);
  const across = Math.max(1, Math.floor(columns / widest));
  const down = Math.ceil(items.length / across);
  const most = Math.max(1, Math.min(6, rows - 2));
  const first = Math.max(
    0,
    Math.min(Math.floor(Math.max(0, menu.chosen) / across) - most + 1, down - most),
  );
  const lines: string[] = [];
  for (let row = first; row < Math.min(down, first + most); row++) {
    let line = "";
    for (let column = 0; column < across; column++) {
      const at = row * across + column, item = items[at];
      if (item === undefined) break;
      const cell = pad(truncate(item, widest - 2, style), widest - 2);
      line += (at === menu.chosen ? chosen(cell, style) : paint(style, "dim", cell)) + "  ";
    }
    lines.push(line.trimEnd());
  }
  const hidden = items.length - Math.min(items.length, most * across);
  return hidden > 0 ? [...lines, paint(style, "dim", `+ ${hidden} more`)] : lines;
}

function chosen(cell: string, style: Style): string {
  return style.color === "none" ? `[${cell.trimEnd()}]` : `\x1b[7m${cell}\x1b[0m`;
}

/** Where it is higher than the screen: what is around the cursor. */
function fitted(
  lines: readonly string[],
  own: number,
  cursor: { readonly x: number; readonly y: number },
  { rows }: EditorLook,
): EditorFrame {
  if (lines.length <= rows) return { lines, cursor };
  const text = Math.min(own, Math.max(1, rows));
  const from = Math.max(0, Math.min(cursor.y - (text >> 1), own - text));
  const shown = [...lines.slice(from, from + text), ...lines.slice(own)].slice(0, rows);
  return { lines: shown, cursor: { x: cursor.x, y: cursor.y - from } };
}
