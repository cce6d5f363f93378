// Decides the classes of a histogram, with edges that people count in, and draws them as columns
// that touch, a whole number of cells wide. It does not decide what is counted.

import { type Canvas, canvas, canvasLines, put } from "./canvas.ts";
import { drawTitle, plotRows, seriesCodes } from "./head.ts";
import { type Domain, extent } from "./scale.ts";
import { roleCodes, type Style } from "./style.ts";
import { niceStep, wholeStep } from "./ticks.ts";
import { drawXAxis, placeTicks, type XKind } from "./xaxis.ts";
import { axisOver, drawYAxis, evenRows, yAxisWidth } from "./yaxis.ts";

export interface HistogramData {
  /** Edges of the classes, one more than there are counts, at equal distances. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly kind: Exclude<XKind, "category">;
  /** Whether all values are whole numbers. */
  readonly whole: boolean;
}

export interface HistogramOptions {
  /** Every line is exactly as wide. */
  readonly width: number;
  readonly height?: number | undefined;
  readonly most?: number | undefined;
  readonly style: Style;
  readonly title?: string | undefined;
  /** True: heights are logarithms of counts. */
  readonly log?: boolean | undefined;
}

const COLUMNS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/** As many as a reader can take in where nothing is asked for. */
const USUAL = 24;

/** Edges of about `count` classes over the range, at steps that people count in. */
export function niceEdges(
  range: Domain,
  count: number | null,
  options: { readonly whole: boolean; readonly kind: HistogramData["kind"] },
): number[] {
  const span = range.max - range.min;
  const whole = options.whole && options.kind === "number";
  if (span === 0) {
    const half = whole ? 0.5 : Math.abs(range.min) / 20 || 0.5;
    return [range.min - half, range.min + half];
  }
  if (!Number.isFinite(span)) return [range.min, 0, range.max];
  const wanted = count ?? USUAL;
  const step = options.kind === "time"
    ? span / wanted
    : whole
    ? wholeStep(span, wanted)
    : niceStep(span, wanted);
  // Where doubles have no digits for nicer edges the range is divided as it is.
  const exact = span < Math.max(Math.abs(range.min), Math.abs(range.max)) * 1e-9 ||
    span < 1e-290;
  if (count !== null || options.kind === "time" || exact) {
    // So many classes were asked for: so many there are.
    return Array.from(
      { length: wanted + 1 },
      // The last is the greatest value itself, whatever rounding would make of it.
      (_, i) => i === wanted ? range.max : range.min + (span * i) / wanted,
    );
  }
  const nearest = Math.floor(range.min / step + 1e-9);
  // A value a hair below an edge belongs below it.
  const from = nearest * step > range.min ? nearest - 1 : nearest;
  const to = Math.max(from + 1, Math.floor(range.max / step + 1e-9) + 1);
  return Array.from(
    { length: to - from + 1 },
    (_, i) => Number(((from + i) * step).toPrecision(12)),
  );
}

/** How many values fall between the edges; the last class holds its upper edge too. */
export function countInto(values: readonly (number | null)[], edges: readonly number[]): number[] {
  const counts = new Array<number>(Math.max(0, edges.length - 1)).fill(0);
  const first = edges[0] ?? 0, last = edges.at(-1) ?? 0;
  for (const value of values) {
    if (value === null || !Number.isFinite(value) || value < first || value > last) continue;
    let at = Math.floor(((value - first) / (last - first)) * counts.length);
    at = Math.max(0, Math.min(counts.length - 1, at));
    // Division may round across an edge; the edges have the last word.
    while (at > 0 && value < (edges[at] as number)) at--;
    while (at < counts.length - 1 && value >= (edges[at + 1] as number)) at++;
    counts[at] = (counts[at] as number) + 1;
  }
  return counts;
}

/** A histogram as columns over an axis. */
export function histogramChart(data: HistogramData, options: HistogramOptions): string[] {
  const { style } = options;
  const head = options.title === undefined ? 0 : 1;
  const room = plotRows(options, head, 2);
  const heights = data.counts.map((count) =>
    options.log !== true ? count : count === 0 ? null : Math.log10(count)
  );
  const range = extent(heights);
  const axis = options.log === true
    ? axisOver({ extent: range && { min: 0, max: range.max }, whole: true }, room.rows, options)
    : axisOver({ extent: range, whole: true }, room.rows, { zero: true });
  const even = evenRows(room.rows, axis);
  const rows = room.fixed || even + head + 2 > (options.most ?? Infinity) ? room.rows : even;
  const on = canvas(options.width, rows + head + 2);
  drawTitle(on, options.title, style);
  const left = Math.min(yAxisWidth(axis), Math.max(0, on.width - 4));
  drawYAxis(on, axis, left, head, rows, style);
  if (range === undefined || data.counts.length === 0) {
    put(on, left + 2, head + (rows >> 1), "no data", roleCodes(style, "dim"));
    drawXAxis(on, head + rows, left, [], style);
    return canvasLines(on);
  }
  const columns = on.width - left - 1;
  const each = Math.max(1, Math.floor((columns - 1) / data.counts.length));
  const cells = Math.min(columns, each * data.counts.length);
  const perCell = data.counts.length / cells;
  for (let cell = 0; cell < cells; cell++) {
    // More classes than cells: a cell has the greatest of its own.
    const from = Math.floor(cell * perCell + 1e-9);
    const to = Math.max(from + 1, Math.floor((cell + 1) * perCell + 1e-9));
    let height: number | null = null;
    for (const one of heights.slice(from, to)) {
      if (one !== null && (height === null || one > height)) height = one;
    }
    if (height === null) continue;
    const span = axis.domain.max - axis.domain.min;
    const share = (height - axis.domain.min) / span;
    const there = options.log === true || height > 0;
    drawColumn(on, left + 1 + cell, head, rows, there ? share : 0, there, style);
  }
  const axisX = {
    kind: data.kind,
    domain: { min: data.edges[0] as number, max: data.edges.at(-1) as number },
    whole: data.whole,
    categories: [],
  };
  const columnOf = (at: number) => left + 1 + Math.min(columns - 1, Math.round(at * cells));
  drawXAxis(on, head + rows, left, placeTicks(axisX, columnOf, on.width, style), style);
  return canvasLines(on);
}

/** What is there shows at least a sliver. */
function drawColumn(
  on: Canvas,
  x: number,
  top: number,
  rows: number,
  share: number,
  there: boolean,
  style: Style,
): void {
  if (!there) return;
  const codes = seriesCodes(style, 0);
  const exact = share * (rows - 1) + 0.5;
  const eighths = Math.max(1, Math.round(exact * 8));
  for (let row = 0; row * 8 < eighths && row < rows; row++) {
    const part = Math.min(8, eighths - row * 8);
    const char = style.unicode
      ? COLUMNS[part - 1] as string
      : part >= 4 || row === 0
      ? (part >= 4 ? "#" : ".")
      : " ";
    put(on, x, top + rows - 1 - row, char, codes);
  }
}
