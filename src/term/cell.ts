// Decides how the raw values of one table column become text: numbers grouped and with the same
// digits after the point, NULL told from the text "NULL", everything harmless. It does not
// choose columns or widths (table.ts).

import { digits, grouped } from "./number.ts";
import { sanitize } from "./sanitize.ts";
import type { Role, Style } from "./style.ts";
import { width } from "./width.ts";

export type ColumnKind = "text" | "number" | "time" | "bool";

/** A value to show; an object carries text that is ready and what it means. */
export type CellValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Date
  | { readonly text: string; readonly role?: Role | undefined };

/** Text of a cell, unpainted, with its width and what it is to be painted as. */
export interface ShownCell {
  text: string;
  columns: number;
  role?: Role | undefined;
}

/** More digits than these say nothing in a table. */
const MOST_DECIMALS = 6;
const DECIMAL = /^-?\d+(?:\.\d+)?$/;

/** The kind that all values of a column agree on; text where they do not. */
export function kindOf(values: Iterable<CellValue>): ColumnKind {
  let kind: ColumnKind | undefined;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    const own: ColumnKind = typeof value === "number" || typeof value === "bigint"
      ? "number"
      : typeof value === "boolean"
      ? "bool"
      : value instanceof Date
      ? "time"
      : "text";
    if (kind !== undefined && kind !== own) return "text";
    kind = own;
  }
  return kind ?? "text";
}

/**
 * The cells of one column as text. In a number column, numbers and strings of digits are
 * grouped (unless `group` is false, for ids and years) and stand point under point.
 */
export function showColumn(
  values: readonly CellValue[],
  kind: ColumnKind,
  style: Style,
  group: boolean,
): ShownCell[] {
  if (kind === "number") return showNumbers(values, style, group);
  const wholeDays = kind === "time" &&
    values.every((v) =>
      !(v instanceof Date) || Number.isNaN(v.getTime()) || v.getTime() % 86_400_000 === 0
    );
  return values.map((value) => showOne(value, style, wholeDays));
}

function showOne(value: CellValue, style: Style, wholeDays: boolean): ShownCell {
  if (value === null || value === undefined) return { text: "NULL", columns: 4, role: "null" };
  if (typeof value === "string") {
    // Without colour nothing else would tell it from a missing value.
    const text = value === "NULL" ? '"NULL"' : sanitize(value, style);
    return { text, columns: width(text) };
  }
  if (value instanceof Date) return plain(timeText(value, wholeDays));
  if (typeof value === "object") {
    const text = sanitize(value.text, style);
    return { text, columns: width(text), role: value.role };
  }
  return plain(typeof value === "boolean" ? String(value) : grouped(value));
}

function plain(text: string): ShownCell {
  return { text, columns: text.length };
}

/** A moment, or a zoneless timestamp held as if it were UTC: "2023-01-01 05:00:00". */
function timeText(value: Date, dayOnly: boolean): string {
  if (Number.isNaN(value.getTime())) return "invalid";
  const iso = value.toISOString().replace("T", " ");
  if (dayOnly) return iso.slice(0, -14);
  return value.getUTCMilliseconds() === 0 ? iso.slice(0, -5) : iso.slice(0, -1);
}

function showNumbers(values: readonly CellValue[], style: Style, group: boolean): ShownCell[] {
  let decimals = 0;
  for (const value of values) {
    if (typeof value !== "number" || Number.isInteger(value)) continue;
    const text = digits(value), point = text.includes("e") ? -1 : text.indexOf(".");
    if (point >= 0) decimals = Math.max(decimals, text.length - point - 1);
  }
  decimals = Math.min(decimals, MOST_DECIMALS);
  const read = group ? grouped : digits;
  const cells = values.map((value) => {
    if (typeof value === "bigint" || (typeof value === "string" && DECIMAL.test(value))) {
      return plain(read(value));
    }
    if (typeof value !== "number") return showOne(value, style, false);
    const tiny = value !== 0 && Math.abs(value) < 10 ** -MOST_DECIMALS;
    const plainInteger = decimals === 0 || tiny || Math.abs(value) >= 1e15;
    return plain(read(value, plainInteger ? undefined : decimals));
  });
  alignPoints(cells);
  return cells;
}

/** Fills after the last digit, so that columns flush right have their points in one line. */
function alignPoints(cells: readonly ShownCell[]): void {
  const after = (cell: ShownCell) => {
    const point = cell.text.lastIndexOf(".");
    return point < 0 ? 0 : cell.text.length - point;
  };
  const numeric = cells.filter((cell) => /^-?[\d,]+(?:\.\d+)?$/.test(cell.text));
  let most = 0;
  for (const cell of numeric) most = Math.max(most, after(cell));
  if (most === 0) return;
  for (const cell of numeric) {
    const missing = most - after(cell);
    if (missing === 0) continue;
    cell.text += " ".repeat(missing);
    cell.columns += missing;
  }
}
