/**
 * Partitions laid out as cells on lines: where each key's cell stands, so that it can be drawn, walked and pointed at.
 * Which key stands where is `partition_map.ts`; what a state looks like `partition_grid.ts`.
 */
import type { PartitionStatus } from "../core/status.ts";
import { paint, type Style, wrapCodes } from "../term/style.ts";
import { pad, width } from "../term/width.ts";
import { cellCodes, cellOf } from "./partition_grid.ts";

export interface FieldCell {
  /** Columns before it. */
  readonly x: number;
  /** Which of the keys. */
  readonly key: number;
  /** Behind the cell, where each has its name. */
  readonly name?: string;
}

export interface FieldLine {
  /** In front of the cells; all of it where there are none. */
  readonly label: string;
  readonly cells: readonly FieldCell[];
  /** Columns of a cell. */
  readonly size: number;
}

export type Along = "across" | "down" | "neither";

export interface Field {
  readonly lines: readonly FieldLine[];
  /** By key, where its cell stands; what there was no room for is not in it. */
  readonly places: ReadonlyMap<number, { readonly line: number; readonly x: number }>;
  /** Which way keys that follow each other stand; neither, where two things are told across and down. */
  readonly along: Along;
}

/** Cells that are told apart: the one that the cursor is on, and those that are marked. */
export interface FieldMarks {
  readonly cursor: number;
  readonly block: ReadonlySet<number>;
}

/** Lines with the places of the keys in them; `also`: keys that share the cell of another. */
export function field(
  lines: readonly FieldLine[],
  along: Along,
  also: ReadonlyMap<number, number> = new Map(),
): Field {
  const places = new Map<number, { line: number; x: number }>();
  lines.forEach(({ cells }, line) => {
    for (const { key, x } of cells) places.set(key, { line, x });
  });
  for (const [key, shown] of also) {
    const place = places.get(shown);
    if (place !== undefined) places.set(key, place);
  }
  return { lines, places, along };
}

/** One line as text; neighbours that look alike are painted at once. */
export function fieldLine(
  { label, cells, size }: FieldLine,
  keys: readonly PartitionStatus[],
  style: Style,
  marks: FieldMarks | null = null,
): string {
  let text = paint(style, "dim", label);
  let at = width(label);
  let run = "", codes = "";
  const end = () => {
    text += wrapCodes(codes, run);
    run = "";
  };
  for (const { x, key, name } of cells) {
    const state = keys[key]?.state ?? "missing";
    const marked = marks !== null && (marks.block.has(key) || marks.cursor === key);
    const own = cellCodes(state, style, marked);
    if (own !== codes || x > at) {
      end();
      text += " ".repeat(Math.max(0, x - at));
      codes = own;
    }
    run += pad(cellOf(state, style, marked && marks?.block.has(key) === true), size);
    at = x + size;
    if (name !== undefined) {
      end();
      text += name;
      at += width(name);
    }
  }
  end();
  return text.trimEnd();
}

export type Direction = "left" | "right" | "up" | "down";

/** The key whose cell is next in a direction; the same where there is none. */
export function neighbour(
  { lines, places, along }: Field,
  key: number,
  direction: Direction,
  count: number,
): number {
  const across = direction === "left" || direction === "right";
  const step = direction === "left" || direction === "up" ? -1 : 1;
  if (along === (across ? "across" : "down")) {
    return Math.max(0, Math.min(count - 1, key + step));
  }
  const place = places.get(key);
  if (place === undefined) return key;
  if (across) {
    const cells = lines[place.line]?.cells ?? [];
    return cells[cells.findIndex((each) => each.x === place.x) + step]?.key ?? key;
  }
  for (let at = place.line + step; at >= 0 && at < lines.length; at += step) {
    const near = nearestCell(lines[at]?.cells ?? [], place.x);
    if (near !== null) return near.key;
  }
  return key;
}

/** The key under a column of a line; null for none. */
export function keyAt({ lines }: Field, line: number, column: number): number | null {
  const found = lines[line];
  const cell = found?.cells.find(({ x, name }) =>
    column >= x && column < x + found.size + width(name ?? "")
  );
  return cell?.key ?? null;
}

function nearestCell(cells: readonly FieldCell[], x: number): FieldCell | null {
  let best: FieldCell | null = null;
  for (const cell of cells) {
    if (best === null || Math.abs(cell.x - x) < Math.abs(best.x - x)) best = cell;
  }
  return best;
}
