/**
 * A query's rows as a table: each column by its DuckDB type, shapes of maps cut short. How a table is laid out is
 * `term/table.ts`.
 */
import type { Json } from "../core/json.ts";
import type { Rows } from "../core/rows.ts";
import type { CellValue, ColumnKind } from "../term/cell.ts";
import type { Style } from "../term/style.ts";
import { type Column, table } from "../term/table.ts";
import { paint } from "../term/style.ts";

/** Of an outline nobody reads more than where it begins. */
const GEOMETRY_COLUMNS = 28;
const OUTLINE =
  /^\s*(?:SRID=\d+;\s*)?(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\b|^\s*GEOMETRYCOLLECTION\b|^\s*\{\s*"type"\s*:\s*"(?:Multi)?(?:Point|LineString|Polygon)/i;

export interface TableLook {
  /** Show at most so many rows. */
  readonly limit?: number | undefined;
  readonly layout?: "auto" | "grid" | "vertical" | undefined;
}

/** Rows as lines of at most `columns` cells; says how many there are besides. */
export function rowsTable(
  rows: Rows,
  style: Style,
  columns: number,
  look: TableLook = {},
): string[] {
  if (rows.columns.length === 0) return [paint(style, "dim", "no columns")];
  const laid = tableOf(rows);
  const lines = table(laid.columns, laid.rows, {
    width: columns,
    style,
    ...look,
    ...(rows.total === null ? {} : { total: rows.total }),
  });
  return rows.rows.length === 0 ? [...lines, paint(style, "dim", "no rows")] : lines;
}

/** Rows as a table's columns and cells; `total` counts those that are not there too. */
export function tableOf(rows: Rows): {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly CellValue[])[];
  readonly total: number;
} {
  return {
    columns: rows.columns.map(({ name, type }) => ({ title: name, kind: columnKind(type) })),
    rows: rows.rows.map((row) => rows.columns.map(({ type }, i) => cellOf(row[i] ?? null, type))),
    total: rows.total ?? rows.rows.length,
  };
}

/** What a DuckDB type is to a reader. */
export function columnKind(type: string): ColumnKind {
  if (isNumeric(type)) return "number";
  if (/^(?:DATE|TIME|TIMESTAMP)/i.test(type)) return isNested(type) ? "text" : "time";
  return /^BOOL(?:EAN)?$/i.test(type) ? "bool" : "text";
}

/** Whole, decimal or floating numbers; no lists of them. */
export function isNumeric(type: string): boolean {
  return !isNested(type) &&
    /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|BIGNUM|DECIMAL|NUMERIC|DOUBLE|FLOAT|REAL)\b/i
      .test(type);
}

/** Dates and timestamps. */
export function isTime(type: string): boolean {
  return !isNested(type) && /^(?:DATE|TIMESTAMP)/i.test(type);
}

function isNested(type: string): boolean {
  return /[\]]$|^(?:STRUCT|MAP|UNION)\b/i.test(type);
}

function cellOf(value: Json, type: string): CellValue {
  if (value === null || typeof value === "number" || typeof value === "boolean") return value;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (typeof value === "string" && isTime(type)) return timeText(text);
  if (/^GEOMETRY/i.test(type) || OUTLINE.test(text)) {
    // Cut before it is measured and cleaned: a coastline has a million characters.
    return text.length <= GEOMETRY_COLUMNS
      ? text
      : `${text.slice(0, GEOMETRY_COLUMNS - 1).trim()}…`;
  }
  return text;
}

/** `2023-01-01 05:00:00`: a T between is for machines. */
function timeText(text: string): string {
  return text.replace(/^([+-]?\d{4,}-\d\d-\d\d)T/, "$1 ");
}
