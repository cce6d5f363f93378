/** Trends of an asset as lines: name, sparkline, the last value, its change, its range. For `show`, mails and the dashboard. */
import { partitionOrNull } from "../core/key.ts";
import type { Json } from "../core/json.ts";
import type { Trend } from "../core/trend.ts";
import { duration } from "../term/duration.ts";
import { grouped, percent } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { sparkline } from "../term/spark.ts";
import { paint, type Style } from "../term/style.ts";
import { pad, truncate, width } from "../term/width.ts";
import type { Times } from "./times.ts";

const GAP = 2;
const LEAST_COURSE = 6;

/** `duration` and `rows`; a metadata number under its own name. */
export function trendName({ of, name }: Trend): string {
  return of === "seconds" ? "duration" : name;
}

/** A value as people read it: a length of time, or a number. */
export function trendValue({ of }: Trend, value: number): string {
  return of === "seconds" ? duration(value * 1000) : grouped(Number(value.toPrecision(12)));
}

/** `▲ 2,301 (5%)`; "unchanged"; "" where there is nothing before. */
export function trendChange(trend: Trend, style: Pick<Style, "unicode">): string {
  const { change, last } = trend;
  if (change === null) return "";
  if (change === 0) return "unchanged";
  const before = last - change;
  const mark = change > 0 ? (style.unicode ? "▲" : "+") : (style.unicode ? "▼" : "-");
  const share = before === 0 ? "" : ` (${percent(Math.abs(change / before))})`;
  return `${mark} ${trendValue(trend, Math.abs(change))}${share}`;
}

/** `40 ms to 1.2 s`; "" where all are alike. */
export function trendRange(trend: Trend): string {
  const [low, high] = [trendValue(trend, trend.min), trendValue(trend, trend.max)];
  return low === high ? "" : `${low} to ${high}`;
}

/** What the courses go along: `13 partitions`, `9 materializations`; "" where there are none. */
export function trendSpan(trends: readonly Trend[]): string {
  const [first] = trends;
  return first === undefined ? "" : `${first.points.length} ${first.along}`;
}

/** A line for each trend, in columns; what does not fit goes: first the range, then the change. */
export function trendLines(trends: readonly Trend[], style: Style, columns: number): string[] {
  const rows = trends.map((trend) => ({
    trend,
    name: sanitize(trendName(trend), style),
    last: trendValue(trend, trend.last),
    change: trendChange(trend, style),
    range: trendRange(trend),
  }));
  const widest = (read: (row: typeof rows[number]) => string, most = Infinity) =>
    Math.min(most, Math.max(0, ...rows.map((row) => width(read(row)))));
  const names = widest(({ name }) => name, Math.max(8, Math.floor(columns / 4)));
  const [last, change, range] = [
    widest((row) => row.last),
    widest((row) => row.change),
    widest((row) => row.range),
  ];
  const course = Math.max(0, ...trends.map(({ points }) => points.length));
  const least = names + Math.min(course, LEAST_COURSE) + last + 2 * GAP;
  const showChange = change > 0 && least + GAP + change <= columns;
  const showRange = range > 0 && showChange && least + 2 * GAP + change + range <= columns;
  const taken = names + last + 2 * GAP + (showChange ? GAP + change : 0) +
    (showRange ? GAP + range : 0);
  const room = Math.max(1, Math.min(course, columns - taken));
  return rows.map((row) => {
    const values = row.trend.points.map(({ value }) => value);
    const parts = [
      paint(style, "dim", pad(truncate(row.name, names, style), names)),
      sparkline(values, { style, width: room }),
      pad(row.last, last, "right"),
      ...(showChange ? [pad(row.change, showRange ? change : 0)] : []),
      ...(showRange && row.range !== "" ? [paint(style, "dim", row.range)] : []),
    ];
    return truncate(parts.join(" ".repeat(GAP)).trimEnd(), columns, style);
  });
}

/** The same for JSON. */
export function trendsDocument(trends: readonly Trend[], { iso }: Times): Json {
  return trends.map((trend) => ({
    name: trendName(trend),
    of: trend.of === "seconds" ? "duration" : trend.of,
    unit: trend.of === "seconds" ? "s" : null,
    along: trend.along,
    last: trend.last,
    change: trend.change,
    min: trend.min,
    max: trend.max,
    values: trend.points.map(({ at, partition, value }) => ({
      at: iso(at),
      partition: partitionOrNull(partition),
      value,
    })),
  }));
}
