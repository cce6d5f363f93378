/** One number that matters, in large: the last row's, with its change against the row before and its course. */
import { grouped, percent } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { sparkline } from "../term/spark.ts";
import { paint } from "../term/style.ts";
import { truncate } from "../term/width.ts";
import type { Drawing, Drawn } from "./drawing.ts";
import { columnOf, columnsOf, firstColumn, isMeasure, needed, numbersOf } from "./chart_columns.ts";

export function drawNumber(drawing: Drawing): Drawn {
  const { style, columns, title, chart } = drawing;
  const column = needed(
    drawing,
    "value",
    columnOf(drawing, "value") ?? columnsOf(drawing, "y")[0] ?? firstColumn(drawing, isMeasure),
    "a number",
  );
  const numbers = numbersOf(drawing, "value", column);
  const last = numbers.at(-1) ?? null, before = numbers.at(-2) ?? null;
  const unit = typeof chart["unit"] === "string" ? ` ${sanitize(chart["unit"], style)}` : "";
  const value = last === null
    ? paint(style, "null", numbers.length === 0 ? "no rows" : "NULL")
    : paint(style, "heading", grouped(last)) + unit;
  const course = numbers.length < 3
    ? ""
    : `  ${sparkline(numbers, { style, width: Math.min(numbers.length, 24) })}`;
  return {
    lines: [
      truncate(paint(style, "dim", sanitize(title, style)), columns, style),
      truncate(`${value}${changeText(last, before, drawing)}${course}`, columns, style),
    ],
    notes: [],
  };
}

function changeText(last: number | null, before: number | null, { style }: Drawing): string {
  if (last === null || before === null) return "";
  const by = last - before;
  if (by === 0) return `  ${paint(style, "dim", "unchanged")}`;
  const [up, down] = style.unicode ? ["▲", "▼"] : ["+", "-"];
  const share = before === 0 ? "" : ` (${percent(Math.abs(by / before))})`;
  return `  ${by > 0 ? up : down} ${grouped(Math.abs(Number(by.toPrecision(12))))}${share}`;
}
