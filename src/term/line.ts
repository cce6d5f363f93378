// Decides how a line chart looks: its axes, where each point stands, and which of two pens draws
// it. One series with a column for every point goes through asciichart; more series, or more
// points than columns, through a dot raster that keeps every peak. Missing values are gaps.

import { asciiLine } from "./asciiline.ts";
import { axisOver, drawYAxis, evenRows, yAxisWidth } from "./yaxis.ts";
import { type Canvas, canvas, canvasLines, put } from "./canvas.ts";
import { type DotKind, dots, drawDots } from "./dots.ts";
import { headOf, plotRows, seriesCodes, seriesMark } from "./head.ts";
import { drawSeries } from "./linedots.ts";
import { type LineData, type Points, readPoints } from "./points.ts";
import { type Domain, fraction } from "./scale.ts";
import { roleCodes, type Style } from "./style.ts";
import { drawXAxis, placeTicks } from "./xaxis.ts";

export type { LineData } from "./points.ts";

export interface LineOptions {
  /** Every line is exactly as wide. */
  readonly width: number;
  /** Lines in all, title and axis included; by default by the width. */
  readonly height?: number | undefined;
  /** Never more lines than these. */
  readonly most?: number | undefined;
  readonly style: Style;
  readonly title?: string | undefined;
  /** True: the axis begins at zero. By default it does where the data comes near to it. */
  readonly zero?: boolean | undefined;
  /** True: the values are logarithms to base ten, and the axis says what they stand for. */
  readonly log?: boolean | undefined;
}

/** A line chart of one or several series over numbers, times or categories. */
export function lineChart(data: LineData, options: LineOptions): string[] {
  const { style } = options;
  const points = readPoints(data, style);
  const names = points.series.map(({ name }) => name);
  const head = headOf(options.title, names, (i) => legendMark(style, i), options.width, style);
  const room = plotRows(options, head.rows, 2);
  const axis = axisOver(points, room.rows, options);
  // A few lines more where ticks then stand at even distances; not where a height was asked for.
  const even = evenRows(room.rows, axis);
  const rows = room.fixed || even + head.rows + 2 > (options.most ?? Infinity) ? room.rows : even;
  const on = canvas(options.width, rows + head.rows + 2);
  head.draw(on);
  const left = Math.min(yAxisWidth(axis), Math.max(0, on.width - 4));
  const plot: Plot = { on, style, points, domain: axis.domain, left, top: head.rows, rows };
  drawYAxis(on, axis, left, head.rows, rows, style);
  if (points.extent === undefined) {
    put(on, left + 2, head.rows + (rows >> 1), "no data", roleCodes(style, "dim"));
    drawXAxis(on, head.rows + rows, left, [], style);
    return canvasLines(on);
  }
  const dense = points.series.length > 1 || !oneColumnEach(plot);
  const placed = dense ? drawDense(plot) : drawWithAsciichart(plot);
  drawXAxis(on, head.rows + rows, left, placeTicks(points.axis, placed, on.width, style), style);
  return canvasLines(on);
}

interface Plot {
  readonly on: Canvas;
  readonly style: Style;
  readonly points: Points;
  readonly domain: Domain;
  /** The column of the axis; the data begins there or right of it. */
  readonly left: number;
  readonly top: number;
  readonly rows: number;
}

/** Whether every point of the one series has a column that no other shares. */
function oneColumnEach({ on, left, points }: Plot): boolean {
  const samples = on.width - left;
  let last = -1;
  for (const at of points.x) {
    const column = Math.round(at * (samples - 1));
    if (column <= last) return false;
    last = column;
  }
  return true;
}

/** Returns where a fraction of the x axis stands. */
function drawWithAsciichart(plot: Plot): (fraction: number) => number {
  const { on, left, top, rows, points, style, domain } = plot;
  const samples = on.width - left;
  const column = (at: number) => Math.round(at * (samples - 1));
  const values = points.series[0]?.values ?? [];
  const codes = seriesCodes(style, 0);
  const drawRun = (from: number, to: number) => {
    const start = column(points.x[from] as number);
    const heights: number[] = [];
    for (let i = from; i < to; i++) {
      const a = column(points.x[i] as number), b = column(points.x[i + 1] as number);
      const ya = fraction(values[i] as number, domain),
        yb = fraction(values[i + 1] as number, domain);
      for (let c = a; c < b; c++) heights.push((ya + ((yb - ya) * (c - a)) / (b - a)) * (rows - 1));
    }
    heights.push(fraction(values[to] as number, domain) * (rows - 1));
    if (from === to) {
      const y = Math.round((1 - fraction(values[from] as number, domain)) * (rows - 1));
      put(on, left + start, top + y, style.unicode ? "●" : "*", codes);
      return;
    }
    for (const cell of asciiLine(heights, rows, style.unicode)) {
      const onAxis = start + cell.column === 0 && style.unicode && cell.char === "─";
      put(on, left + start + cell.column, top + cell.row, onAxis ? "┼" : cell.char, codes);
    }
  };
  let from = -1;
  for (let i = 0; i <= values.length; i++) {
    const known = i < values.length && !Number.isNaN(values[i] as number);
    if (known && from < 0) from = i;
    if (!known && from >= 0) {
      drawRun(from, i - 1);
      from = -1;
    }
  }
  return (at) => left + column(at);
}

function drawDense(plot: Plot): (fraction: number) => number {
  const { on, left, top, rows, points, style, domain } = plot;
  const several = points.series.length > 1;
  const kind: DotKind = several && style.color === "none"
    ? "marks"
    : style.unicode
    ? "braille"
    : "halves";
  const raster = dots(kind, Math.max(1, on.width - left - 1), rows);
  // The first series is the one that matters most: it is drawn last, over the others.
  for (let i = points.series.length - 1; i >= 0; i--) {
    drawSeries(raster, points.x, (points.series[i] as { values: Float64Array }).values, domain, i);
  }
  drawDots(on, raster, left + 1, top, (i) => seriesCodes(style, i), (i) => seriesMark(style, i));
  const perCell = raster.width / raster.columns;
  return (at) => left + 1 + Math.floor(Math.round(at * (raster.width - 1)) / perCell);
}

function legendMark(style: Style, i: number): { mark: string; codes: string } {
  const mark = style.color === "none" ? seriesMark(style, i) : style.unicode ? "━━" : "--";
  return { mark, codes: seriesCodes(style, i) };
}
