/** What a message about a run carries as text: plain lines, never wide or long, for mail and chat alike. */
import type { AssetKey } from "../core/key.ts";
import type { RunHead } from "../core/heads.ts";
import type { Stored } from "../core/event.ts";
import type { Trend } from "../core/trend.ts";
import { plainStyle } from "../term/style.ts";
import { chartLines } from "./chart.ts";
import type { ShownChart } from "./results.ts";
import { runGanttLines } from "./show_run.ts";
import type { Around } from "./times.ts";
import { trendLines, trendSpan } from "./trends.ts";

/** What mail and chat show without breaking a line; nothing is higher than a screen. */
const COLUMNS = 72;
const MOST_LINES = 30;
const MOST_STEPS = 20;

/** A run along time, its critical path marked. */
export function runDrawing(head: RunHead, events: readonly Stored[], around: Around): string {
  const lines = runGanttLines(head, events, around, plainStyle, COLUMNS, MOST_STEPS);
  return lines.length === 0 ? "" : joined([`run ${head.run}`, ...lines]);
}

/** What its numbers did. */
export function trendsDrawing(asset: AssetKey, trends: readonly Trend[]): string {
  if (trends.length === 0) return "";
  const head = `${asset} over ${trendSpan(trends)}`;
  return joined([head, ...trendLines(trends, plainStyle, COLUMNS)]);
}

/** A chart; "" where it cannot be drawn, since a message is no place to tell that. */
export function chartDrawing(
  { chart, rows, before }: ShownChart,
  asset: AssetKey,
  around: Around,
): string {
  const here = { ...around, asset, before };
  const drawn = chartLines(chart, rows, here, plainStyle, COLUMNS, MOST_LINES);
  return drawn.ok ? joined(drawn.value) : "";
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => line.trimEnd()).join("\n");
}
