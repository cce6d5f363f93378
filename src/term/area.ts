// Decides how filled lines look: each column's height in eighths of a cell, several series on top
// of each other. A missing value is a gap; below zero the fill hangs from the zero line.

import { fillMark } from "./barfill.ts";
import { type Canvas, canvas, canvasLines, put } from "./canvas.ts";
import { inkCodes } from "./color.ts";
import { headOf, plotRows, seriesCodes } from "./head.ts";
import type { LineOptions } from "./line.ts";
import { seriesColor } from "./palette.ts";
import { type LineData, type Points, readPoints } from "./points.ts";
import { type Domain, extent, fraction } from "./scale.ts";
import { roleCodes, type Style } from "./style.ts";
import { drawXAxis, placeTicks } from "./xaxis.ts";
import { drawYAxis, evenRows, yAxis, yAxisWidth } from "./yaxis.ts";

const EIGHTHS = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/** An area chart; several series are stacked, the first at the bottom. */
export function areaChart(data: LineData, options: LineOptions): string[] {
  const { style } = options;
  const points = readPoints(data, style);
  const names = points.series.map(({ name }) => name);
  const head = headOf(
    options.title,
    names,
    (i) => ({ mark: fillMark(style, i).repeat(2), codes: seriesCodes(style, i) }),
    options.width,
    style,
  );
  const room = plotRows(options, head.rows, 2);
  const stacks = stackSeries(points.series.map(({ values }) => values));
  const range = stackedExtent(stacks);
  const whole = points.whole;
  const axis = yAxis({ extent: range, whole }, room.rows, true);
  const even = evenRows(room.rows, axis);
  const rows = room.fixed || even + head.rows + 2 > (options.most ?? Infinity) ? room.rows : even;
  const on = canvas(options.width, rows + head.rows + 2);
  head.draw(on);
  const left = Math.min(yAxisWidth(axis), Math.max(0, on.width - 4));
  drawYAxis(on, axis, left, head.rows, rows, style);
  if (range === undefined) {
    put(on, left + 2, head.rows + (rows >> 1), "no data", roleCodes(style, "dim"));
    drawXAxis(on, head.rows + rows, left, [], style);
    return canvasLines(on);
  }
  const columns = Math.max(1, on.width - left - 1);
  const place: Place = { on, left: left + 1, top: head.rows, rows, domain: axis.domain, style };
  for (let column = 0; column < columns; column++) {
    const at = columns === 1 ? 0 : column / (columns - 1);
    drawColumn(
      place,
      column,
      stacks.map(({ from, to }) => [
        valueAt(points, from, at, columns),
        valueAt(points, to, at, columns),
      ]),
    );
  }
  const column = (at: number) => left + 1 + Math.round(at * (columns - 1));
  drawXAxis(on, head.rows + rows, left, placeTicks(points.axis, column, on.width, style), style);
  return canvasLines(on);
}

export interface Stack {
  readonly from: Float64Array;
  readonly to: Float64Array;
}

/** Where each series begins and ends when they stand on each other: up from zero, or down from it. */
export function stackSeries(series: readonly Float64Array[]): Stack[] {
  const count = series[0]?.length ?? 0;
  const up = new Float64Array(count), down = new Float64Array(count);
  return series.map((values) => {
    const from = new Float64Array(count), to = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const value = values[i] as number;
      if (Number.isNaN(value)) {
        from[i] = to[i] = NaN;
        continue;
      }
      const base = value < 0 ? down : up;
      from[i] = base[i] as number;
      to[i] = base[i] = (base[i] as number) + value;
    }
    return { from, to };
  });
}

/** What the stacks reach from and to; a loop, since they may hold a million values. */
export function stackedExtent(stacks: readonly Stack[]): Domain | undefined {
  const ends = stacks.flatMap(({ from, to }) => [extent(from), extent(to)])
    .filter((each) => each !== undefined);
  return extent(ends.flatMap(({ min, max }) => [min, max]));
}

/** The greatest of the points in a column (peaks stay), else what the line between two has there. */
function valueAt(points: Points, values: Float64Array, at: number, columns: number): number {
  const { x } = points;
  const half = 0.5 / Math.max(1, columns - 1);
  let low = 0, high = x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] as number) < at - half) low = middle + 1;
    else high = middle;
  }
  let best = NaN;
  for (let i = low; i < x.length && (x[i] as number) <= at + half; i++) {
    const value = values[i] as number;
    if (Number.isNaN(best) || Math.abs(value) > Math.abs(best)) best = value;
  }
  if (low < x.length && (x[low] as number) <= at + half) return best;
  if (low === 0 || low >= x.length) return NaN;
  const a = x[low - 1] as number, b = x[low] as number;
  const va = values[low - 1] as number, vb = values[low] as number;
  // Not by their difference: that of the largest doubles is none.
  const share = (at - a) / (b - a);
  return va * (1 - share) + vb * share;
}

interface Place {
  readonly on: Canvas;
  readonly left: number;
  readonly top: number;
  readonly rows: number;
  readonly domain: Domain;
  readonly style: Style;
}

/** Eighths of a cell above the bottom of the plot; its middle rows stand where the axis has ticks. */
function drawColumn(place: Place, column: number, stack: readonly (readonly number[])[]): void {
  const { on, rows, domain, style, top, left } = place;
  // The bottom cell is half below the axis' least value, as ticks stand in the middle of cells.
  const heightOf = (value: number) =>
    Math.max(0, Math.min(rows, fraction(value, domain) * (rows - 1) + 0.5));
  const floor = heightOf(Math.max(0, domain.min));
  const spans = stack.map(([from, to], owner) => {
    const a = from === 0 ? (floor <= 0.5 ? 0 : floor) : heightOf(from as number);
    return { owner, a, b: heightOf(to as number), known: !Number.isNaN(to) };
  }).filter((span) => span.known);
  for (let row = 0; row < rows; row++) {
    const inside = spans.map(({ owner, a, b }) => {
      const low = Math.max(row, Math.min(a, b)), high = Math.min(row + 1, Math.max(a, b));
      return { owner, share: high - low, low: low - row };
    }).filter(({ share }) => share > 1e-9).sort((one, other) => one.low - other.low);
    if (inside.length === 0) continue;
    const y = top + rows - 1 - row;
    put(on, left + column, y, ...cellOf(inside, style));
  }
}

function cellOf(
  inside: readonly { readonly owner: number; readonly share: number; readonly low: number }[],
  style: Style,
): [string, string] {
  const most = inside.reduce((a, b) => b.share > a.share ? b : a);
  const total = inside.reduce((sum, each) => sum + each.share, 0);
  const mark = fillMark(style, most.owner), codes = seriesCodes(style, most.owner);
  if (!style.unicode || mark !== "█") return total >= 0.5 ? [mark, codes] : [" ", ""];
  const [lowest, next] = inside;
  if (lowest === undefined) return [" ", ""];
  if (lowest.low > 1e-9 && next === undefined) {
    // It hangs from above: Unicode has halves for that, no eighths.
    return lowest.share > 0.75 ? ["█", codes] : lowest.share > 0.25 ? ["▀", codes] : [" ", ""];
  }
  const eighths = Math.round((lowest.low + lowest.share) * 8);
  const bg = next === undefined || style.color === "none"
    ? undefined
    : seriesColor(style, next.owner);
  return [
    EIGHTHS[eighths] as string,
    inkCodes(style.color, { fg: seriesColor(style, lowest.owner), bg }),
  ];
}
