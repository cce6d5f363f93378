/** What is in the columns of a table: types, how much is missing, how many values, from where to where, how they lie. */
import type { ColumnContract } from "../core/definition.ts";
import type { Json } from "../core/json.ts";
import type { ColumnProfile } from "../core/rows.ts";
import type { CellValue } from "../term/cell.ts";
import { grouped, percent } from "../term/number.ts";
import { sparkline } from "../term/spark.ts";
import { stripStyle } from "../term/width.ts";
import type { Style } from "../term/style.ts";
import { table } from "../term/table.ts";
import { labelOf } from "./chart_columns.ts";
import { isNumeric } from "./table.ts";

export interface ProfiledColumn extends ColumnProfile {
  /** How many values lie in each of equally wide classes; null where that means nothing. */
  readonly classes: readonly number[] | null;
}

const WIDEST = 40;

/** A line for each column; `head` of them are the heading. */
export function profileLines(
  columns: readonly ProfiledColumn[],
  rows: number,
  contracts: readonly ColumnContract[],
  style: Style,
): { readonly lines: readonly string[]; readonly head: number } {
  const promised = new Map(contracts.map((each) => [each.name, each]));
  const described = columns.some(({ name }) => promised.get(name)?.description);
  const lines = table(
    [
      { title: "column", kind: "text" },
      { title: "type", kind: "text" },
      { title: "null", kind: "text", align: "right" },
      { title: "different", kind: "text", align: "right" },
      { title: "distribution", kind: "text" },
      { title: "from", kind: "text" },
      { title: "to", kind: "text" },
      ...(described ? [{ title: "description", kind: "text" } as const] : []),
    ],
    columns.map((each): CellValue[] => [
      { text: each.name },
      { text: each.type, role: "dim" },
      nullText(each, rows),
      { text: each.distinct === 0 ? "" : grouped(Math.min(each.distinct, rows - each.nulls)) },
      { text: courseText(each, style), role: "accent" },
      { text: valueText(each.min, each.type) },
      { text: valueText(each.max, each.type) },
      ...(described ? [{ text: promised.get(each.name)?.description ?? "" }] : []),
    ]),
    { width: 1_000_000, style, layout: "grid" },
  );
  return { lines, head: 2 };
}

function nullText({ nulls }: ColumnProfile, rows: number): CellValue {
  if (nulls === 0) return { text: "none", role: "dim" };
  return nulls >= rows
    ? { text: "all", role: "warn" }
    : { text: percent(nulls / Math.max(1, rows)), role: "warn" };
}

function valueText(value: Json, type: string): string {
  if (value === null) return "";
  const number = isNumeric(type) && (typeof value === "number" || typeof value === "string");
  const text = number ? grouped(value) : labelOf(value);
  return text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text;
}

/** Its characters alone: the table paints them. */
function courseText({ classes }: ProfiledColumn, style: Style): string {
  if (classes === null || classes.length === 0) return "";
  return stripStyle(sparkline(classes, { style, domain: { min: 0, max: Math.max(...classes) } }));
}
