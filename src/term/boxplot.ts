// Decides what a box chart says of many values (Tukey's five numbers and what lies beyond), and
// draws a box a line over one axis. NaN and missing values count as none.

import { type Canvas, canvas, canvasLines, put } from "./canvas.ts";
import { inkCodes } from "./color.ts";
import { drawTitle, seriesCodes } from "./head.ts";
import { logAxis } from "./logaxis.ts";
import { grouped } from "./number.ts";
import { paper, seriesColor } from "./palette.ts";
import { sanitize } from "./sanitize.ts";
import { type Domain, extent, fraction, widened } from "./scale.ts";
import { roleCodes, type Style } from "./style.ts";
import { pad, truncate, width } from "./width.ts";
import { drawXAxis, type PlacedTick, placeTicks } from "./xaxis.ts";

/** The numbers of one box; `low` and `high` are the ends of the whiskers. */
export interface Box {
  readonly label: string;
  readonly count: number;
  readonly low: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly high: number;
  /** The values beyond the whiskers, or as many of them as are worth a mark. */
  readonly outliers: readonly number[];
}

export interface BoxOptions {
  /** Every line is exactly as wide. */
  readonly width: number;
  readonly most?: number | undefined;
  readonly style: Style;
  readonly title?: string | undefined;
  /** True: all numbers are logarithms to base ten. */
  readonly log?: boolean | undefined;
}

/** What stands under the numbers. */
const MEDIAN = "median";
/** More than these fall onto each other. */
const MOST_OUTLIERS = 400;

/** Median and quartiles (as spreadsheets have them), whiskers to the last value within 1.5 boxes. */
export function boxOf(label: string, values: readonly (number | null)[]): Box | null {
  const known = values.filter((v): v is number => v !== null && Number.isFinite(v));
  known.sort((a, b) => a - b);
  if (known.length === 0) return null;
  const at = (share: number) => {
    const place = (known.length - 1) * share, i = Math.floor(place);
    const a = known[i] as number, b = known[Math.min(known.length - 1, i + 1)] as number;
    return a + (b - a) * (place - i);
  };
  const q1 = at(0.25), q3 = at(0.75);
  const reach = 1.5 * (q3 - q1);
  const low = known.find((v) => v >= q1 - reach) ?? q1;
  const high = known.findLast((v) => v <= q3 + reach) ?? q3;
  const beyond = known.filter((v) => v < low || v > high);
  const every = Math.max(1, Math.ceil(beyond.length / MOST_OUTLIERS));
  return {
    label,
    count: known.length,
    low,
    q1,
    median: at(0.5),
    q3,
    high,
    // The outermost stay whatever is thinned.
    outliers: beyond.filter((_, i) => i % every === 0 || i === beyond.length - 1),
  };
}

/** The axis under boxes. */
export function boxAxis(boxes: readonly Box[], log: boolean, count: number): Domain {
  const range = extent(boxes.flatMap((box) => [box.low, box.high, ...box.outliers]));
  if (range === undefined) return { min: 0, max: 1 };
  return log ? logAxis(range, count).domain : widened(range);
}

/** A box chart: label, box, and the median as a number. */
export function boxChart(boxes: readonly Box[], options: BoxOptions): string[] {
  const { style } = options;
  const head = options.title === undefined ? 0 : 1;
  const most = Math.max(1, (options.most ?? Infinity) - head - 3);
  const shown = boxes.slice(0, most);
  const left = boxes.length - shown.length;
  const on = canvas(
    options.width,
    head + Math.max(1, shown.length) + (shown.length > 0 ? 2 : 0) + (left > 0 ? 1 : 0),
  );
  drawTitle(on, options.title, style);
  if (shown.length === 0) {
    put(on, 0, head, "no data", roleCodes(style, "dim"));
    return canvasLines(on);
  }
  const labels = shown.map((box) => sanitize(box.label, style));
  const texts = shown.map((box) => {
    const value = options.log === true ? 10 ** box.median : box.median;
    return grouped(Number(value.toPrecision(4)));
  });
  const start = Math.min(Math.max(...labels.map(width)), Math.floor(on.width * 0.3)) + 1;
  const right = Math.max(MEDIAN.length + 1, Math.max(...texts.map(width)) + 2);
  const room = Math.max(4, on.width - start - right);
  const domain = boxAxis(shown, options.log === true, Math.floor(room / 8));
  const columnOf = (value: number) => start + Math.round(fraction(value, domain) * (room - 1));
  shown.forEach((box, i) => {
    const y = head + i;
    put(on, 0, y, pad(truncate(labels[i] as string, start - 1, style), start - 1));
    drawBox(on, y, box, i, columnOf, style);
    put(
      on,
      on.width - width(texts[i] as string),
      y,
      texts[i] as string,
      roleCodes(style, "number"),
    );
  });
  const y = head + shown.length;
  drawXAxis(on, y, start, ticksFor(domain, options, columnOf, start + room, style), style);
  // The axis ends where the boxes do; over the numbers it says what they are.
  put(on, start + room, y, " ".repeat(Math.max(0, on.width - start - room)));
  put(on, on.width - MEDIAN.length, y, MEDIAN, roleCodes(style, "dim"));
  if (left > 0) {
    put(
      on,
      0,
      on.height - 1,
      `${style.unicode ? "…" : "..."} ${left} more`,
      roleCodes(style, "dim"),
    );
  }
  return canvasLines(on);
}

function ticksFor(
  domain: Domain,
  options: BoxOptions,
  columnOf: (value: number) => number,
  total: number,
  style: Style,
): PlacedTick[] {
  const at = (share: number) => columnOf(domain.min + (domain.max - domain.min) * share);
  if (options.log !== true) {
    const axis = { kind: "number", domain, whole: false, categories: [] } as const;
    return placeTicks(axis, at, total, style);
  }
  let free = 0;
  return logAxis(domain, Math.floor(total / 8)).ticks.flatMap(({ value, label }) => {
    const column = columnOf(value);
    const begin = Math.max(0, Math.min(total - width(label), column - (width(label) >> 1)));
    if (begin < free || column >= total) return [];
    free = begin + width(label) + 2;
    return [{ column, start: begin, label }];
  });
}

function drawBox(
  on: Canvas,
  y: number,
  box: Box,
  i: number,
  columnOf: (value: number) => number,
  style: Style,
): void {
  const [line, open, close, fill, middle, dot] = style.unicode
    ? ["─", "├", "┤", style.color === "none" ? "▒" : "█", "┃", "∘"] as const
    : ["-", "|", "|", "=", "#", "o"] as const;
  const codes = seriesCodes(style, i), dim = roleCodes(style, "dim");
  for (const value of box.outliers) put(on, columnOf(value), y, dot, codes);
  const [low, q1, median, q3, high] = [box.low, box.q1, box.median, box.q3, box.high].map(
    columnOf,
  ) as [
    number,
    number,
    number,
    number,
    number,
  ];
  for (let x = low; x <= high; x++) put(on, x, y, line, dim);
  if (low < q1) put(on, low, y, open, dim);
  if (high > q3) put(on, high, y, close, dim);
  for (let x = q1; x <= q3; x++) put(on, x, y, fill, codes);
  const ink = inkCodes(style.color, {
    fg: paper(style),
    bg: style.unicode && q3 > q1 ? seriesColor(style, i) : undefined,
    bold: true,
  });
  put(on, median, y, middle, style.color === "none" ? "" : q3 > q1 ? ink : codes);
}
