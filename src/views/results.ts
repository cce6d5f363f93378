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
  readonly charts: readonly ShownChart[];
}

/** A chart with the rows that it shows. */
export interface ShownChart {
  readonly chart: ChartDefinition;
  readonly rows: Rows;
  /** Of a number: what the version before had there. */
  readonly before?: number | null | undefined;
}

/** All results, an empty line between two. A chart that cannot be drawn is told in its place. */
export function resultsLines(
  results: readonly ResultData[],
  around: Around,
  style: Style,
  columns: number,
  most?: number,
): string[] {
  return results.flatMap((result, i) => [
    ...(i === 0 ? [] : [""]),
    ...resultLines(result, around, style, columns, most),
  ]);
}

export function resultLines(
  { asset, description, table, charts }: ResultData,
  around: Around,
  style: Style,
  columns: number,
  most?: number,
): string[] {
  const lines = [rule({ width: columns, style, title: sanitize(asset, style) })];
  // What the charts' titles say need not be said twice.
  const titled = charts.some(({ chart }) => chart.title !== undefined);
  if (description !== "" && !(titled && table === null)) {
    lines.push(paint(style, "dim", truncate(sanitize(description, style), columns, style)));
  }
  const parts: (readonly string[])[] = [];
  if (table !== null) parts.push(rowsTable(table, style, columns));
  for (const { chart, rows, before } of charts) {
    const drawn = chartLines(chart, rows, { ...around, asset, before }, style, columns, most);
    parts.push(drawn.ok ? drawn.value : problemLines(drawn.error, style, columns));
  }
  parts.forEach((part, i) => lines.push(...(i === 0 ? [] : [""]), ...part));
  return lines;
}
