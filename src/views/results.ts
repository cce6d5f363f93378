/** How results are printed after a run: a rule with the asset's name, what it is, its charts, its rows. */
import type { ChartDefinition } from "../core/definition.ts";
import type { Rows } from "../core/rows.ts";
import { rule } from "../term/box.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { truncate } from "../term/width.ts";
import { chartLines } from "./chart.ts";
import { problemLines } from "./problem.ts";
import { rowsTable } from "./table.ts";
import type { Around } from "./times.ts";

export interface ResultData {
  readonly asset: string;
  readonly description: string;
  /** Null where only charts are shown. */
  readonly table: Rows | null;
  readonly charts: readonly { readonly chart: ChartDefinition; readonly rows: Rows }[];
}

/** All results, an empty line between two. A chart that cannot be drawn is told in its place. */
export function resultsLines(
  results: readonly ResultData[],
  around: Around,
  style: Style,
  columns: number,
): string[] {
  return results.flatMap((result, i) => [
    ...(i === 0 ? [] : [""]),
    ...resultLines(result, around, style, columns),
  ]);
}

export function resultLines(
  { asset, description, table, charts }: ResultData,
  around: Around,
  style: Style,
  columns: number,
): string[] {
  const lines = [rule({ width: columns, style, title: sanitize(asset, style) })];
  if (description !== "") {
    lines.push(paint(style, "dim", truncate(sanitize(description, style), columns, style)));
  }
  const parts: (readonly string[])[] = [];
  if (table !== null) parts.push(rowsTable(table, style, columns));
  for (const { chart, rows } of charts) {
    const drawn = chartLines(chart, rows, { ...around, asset }, style, columns);
    parts.push(drawn.ok ? drawn.value : problemLines(drawn.error, style, columns));
  }
  parts.forEach((part, i) => lines.push(...(i === 0 ? [] : [""]), ...part));
  return lines;
}
