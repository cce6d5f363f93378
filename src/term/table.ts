// Decides how a table looks: which columns fit, how wide each is, what is cut and how that is
// said, and when the vertical form is better. It does not format values (cell.ts) or page.

import { type CellValue, type ColumnKind, kindOf, showColumn, type ShownCell } from "./cell.ts";
import { grouped } from "./number.ts";
import { sanitize } from "./sanitize.ts";
import { paint, type Style } from "./style.ts";
import { type Align, pad, truncate, width } from "./width.ts";

export interface Column {
  readonly title: string;
  /** Read off the values where it is not given. */
  readonly kind?: ColumnKind | undefined;
  /** By kind where it is not given: numbers right, the rest left. */
  readonly align?: Align | undefined;
  /** False: digits without commas (ids, years). By default so where the title says id or year. */
  readonly group?: boolean | undefined;
  /** Which end of a cut text stays; "start" by default. */
  readonly keep?: "start" | "end" | "middle" | undefined;
}

export interface TableOptions {
  /** No line is longer; a table that needs less takes less. */
  readonly width: number;
  readonly style: Style;
  /** How many rows there are in all, where `rows` holds only the first. */
  readonly total?: number | undefined;
  /** Show at most so many of `rows`. */
  readonly limit?: number | undefined;
  /** "auto" turns a table on its side where less than half of its columns would fit, and it stays a page. */
  readonly layout?: "auto" | "grid" | "vertical" | undefined;
  /** A text column is cut at this width when others need the room; 60 by default. */
  readonly widest?: number | undefined;
}

interface Laid {
  readonly title: string;
  readonly align: Align;
  readonly keep: "start" | "end" | "middle";
  readonly cells: readonly ShownCell[];
  /** Columns that the widest cell or the title takes. */
  readonly natural: number;
  /** Text may be cut down to this; numbers and times never are, a cut number being a wrong one. */
  readonly least: number;
}

const GAP = 2;
const LEAST_TEXT = 8;
/** On anything wider the first columns of many rows say more than ten screens of names and values. */
const NARROW = 60;
const PAGE = 40;

/** A table as lines, heading and rule first, then a line of what was left out, if anything was. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly CellValue[])[],
  options: TableOptions,
): string[] {
  if (columns.length === 0) return [];
  const shown = options.limit === undefined ? rows : rows.slice(0, options.limit);
  const total = Math.max(options.total ?? 0, rows.length);
  const laid = columns.map((column, i) => layColumn(column, shown.map((row) => row[i]), options));
  const kept = choose(laid, options.width);
  const layout = options.layout ?? "auto";
  const onSide = kept.length * 2 < laid.length &&
    (options.width < NARROW || shown.length * (laid.length + 1) <= PAGE);
  if (layout === "vertical" || (layout === "auto" && onSide)) {
    return [...vertical(laid, shown.length, options), ...notes(total - shown.length, [], options)];
  }
  const dropped = laid.slice(kept.length).map((column) => column.title);
  return [...grid(kept, shown.length, options), ...notes(total - shown.length, dropped, options)];
}

function layColumn(column: Column, values: readonly CellValue[], options: TableOptions): Laid {
  const kind = column.kind ?? kindOf(values);
  const title = sanitize(column.title, options.style);
  const group = column.group ?? !/(^|[_ ])(id|year|key|code)$/i.test(column.title);
  const cells = showColumn(values, kind, options.style, group);
  let widest = width(title);
  for (const cell of cells) if (cell.columns > widest) widest = cell.columns;
  return {
    title,
    align: column.align ?? (kind === "number" ? "right" : "left"),
    keep: column.keep ?? "start",
    cells,
    natural: widest,
    least: kind === "text"
      ? Math.min(widest, Math.max(LEAST_TEXT, Math.min(width(title), 16)))
      : widest,
  };
}

/** As many columns as fit at their least width, from the left; never fewer than one. */
function choose(columns: readonly Laid[], room: number): readonly Laid[] {
  let used = -GAP, count = 0;
  for (const column of columns) {
    used += column.least + GAP;
    if (used > room) break;
    count++;
  }
  return columns.slice(0, Math.max(1, count));
}

/** Widths that add up to the room: what is too much is taken from the widest text, step by step. */
function widths(columns: readonly Laid[], options: TableOptions): number[] {
  const room = options.width - GAP * (columns.length - 1);
  const out = columns.map((column) => column.natural);
  const sum = () => out.reduce((a, b) => a + b, 0);
  const widest = options.widest ?? 60;
  if (sum() > room) {
    columns.forEach((column, i) => {
      out[i] = Math.max(column.least, Math.min(out[i] as number, widest));
    });
    // What the cap gave up beyond need goes back to the first that can use it.
    let spare = room - sum();
    columns.forEach((column, i) => {
      const more = Math.max(0, Math.min(spare, column.natural - (out[i] as number)));
      out[i] = (out[i] as number) + more;
      spare -= more;
    });
  }
  for (let over = sum() - room; over > 0; over--) {
    let from = -1;
    columns.forEach((column, i) => {
      const own = out[i] as number;
      if (own > column.least && (from < 0 || own > (out[from] as number))) from = i;
    });
    if (from < 0) break;
    out[from] = (out[from] as number) - 1;
  }
  return out.map((columns) => Math.min(columns, options.width));
}

function grid(columns: readonly Laid[], count: number, options: TableOptions): string[] {
  const { style } = options;
  const sizes = widths(columns, options);
  const rule = style.unicode ? "─" : "-";
  const last = columns.length - 1;
  const join = (parts: readonly string[]) => parts.join("  ").trimEnd();
  const lines = [
    join(columns.map((column, i) => {
      const text = truncate(column.title, sizes[i] as number, style);
      const own = column.align === "right" ? "right" : "left";
      const fill = " ".repeat(Math.max(0, (sizes[i] as number) - width(text)));
      const painted = paint(style, "heading", text);
      return own === "right" ? fill + painted : i === last ? painted : painted + fill;
    })),
    paint(style, "dim", sizes.map((size) => rule.repeat(size)).join("  ")),
  ];
  for (let row = 0; row < count; row++) {
    let line = "";
    for (let i = 0; i <= last; i++) {
      const column = columns[i] as Laid, size = sizes[i] as number;
      if (i > 0) line += "  ";
      line += place(column.cells[row] as ShownCell, column, size, style, i === last);
    }
    lines.push(line.trimEnd());
  }
  return lines;
}

function place(cell: ShownCell, column: Laid, size: number, style: Style, last: boolean): string {
  let text = cell.text, own = cell.columns;
  if (own > size) {
    text = truncate(text, size, style, column.keep);
    own = width(text);
  }
  const painted = cell.role === undefined ? text : paint(style, cell.role, text);
  const missing = size - own;
  if (column.align === "left") {
    return last || missing <= 0 ? painted : painted + " ".repeat(missing);
  }
  const left = column.align === "right" ? missing : missing >> 1;
  return " ".repeat(Math.max(0, left)) + painted + " ".repeat(Math.max(0, missing - left));
}

function vertical(columns: readonly Laid[], count: number, options: TableOptions): string[] {
  const { style } = options;
  const bar = style.unicode ? "─" : "-";
  let names = 0;
  for (const column of columns) names = Math.max(names, width(column.title));
  names = Math.min(names, Math.max(4, Math.floor(options.width / 3)));
  const room = Math.max(1, options.width - names - GAP);
  const lines: string[] = [];
  for (let row = 0; row < count; row++) {
    const head = truncate(`${bar.repeat(2)} ${row + 1} `, options.width, style);
    lines.push(paint(style, "dim", head + bar.repeat(Math.max(0, options.width - width(head)))));
    for (const column of columns) {
      const cell = column.cells[row] as ShownCell;
      const text = truncate(cell.text.trimEnd(), room, style, column.keep);
      const title = pad(truncate(column.title, names, style), names);
      const value = cell.role === undefined ? text : paint(style, cell.role, text);
      lines.push(
        truncate(`${paint(style, "key", title)}  ${value}`, options.width, style).trimEnd(),
      );
    }
  }
  return lines;
}

/** "… 12 more rows, +3 columns: a, b, c". */
function notes(rows: number, columns: readonly string[], options: TableOptions): string[] {
  const parts: string[] = [];
  if (rows > 0) parts.push(`${grouped(rows)} more ${rows === 1 ? "row" : "rows"}`);
  if (columns.length > 0) {
    parts.push(
      `+${columns.length} ${columns.length === 1 ? "column" : "columns"}: ${columns.join(", ")}`,
    );
  }
  if (parts.length === 0) return [];
  const mark = options.style.unicode ? "…" : "...";
  const text = truncate(`${mark} ${parts.join(", ")}`, options.width, options.style);
  return [paint(options.style, "dim", text)];
}
