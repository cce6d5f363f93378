// Decides the range, the steps and the labels of the axis at the left of a chart, so that ticks
// stand at even distances where that can be had. Draws that axis. It does not place data.

import { type Canvas, put } from "./canvas.ts";
import { logAxis } from "./logaxis.ts";
import { type Domain, fraction, widened, withZero } from "./scale.ts";
import { roleCodes, type Style } from "./style.ts";
import { niceDomain, niceStep, type Tick, ticksBy, wholeStep } from "./ticks.ts";
import { pad, truncate, width } from "./width.ts";

export interface YAxis {
  readonly domain: Domain;
  readonly ticks: readonly Tick[];
}

/** A least value above this part of the largest leaves zero out: the line would have no shape. */
const NEAR_ZERO = 0.4;

/** The axis for values between two, over so many rows. */
export function yAxis(
  of: { readonly extent: Domain | undefined; readonly whole: boolean },
  rows: number,
  zero: boolean | undefined,
): YAxis {
  const raw = of.extent;
  if (raw === undefined) return { domain: { min: 0, max: 1 }, ticks: [] };
  const near = raw.min >= 0 && raw.min <= raw.max * NEAR_ZERO && raw.min !== raw.max;
  const wanted = widened(zero === true || (zero === undefined && near) ? withZero(raw) : raw);
  let best: YAxis | undefined, least = Infinity;
  for (let count = 1; count <= Math.max(1, Math.min(8, Math.floor(rows / 2))); count++) {
    const axis = candidate(wanted, count, of.whole);
    const cost = costOf(axis, wanted, rows);
    if (cost < least) [best, least] = [axis, cost];
  }
  return best as YAxis;
}

/** The same, logarithmic where asked: then the values are logarithms already. */
export function axisOver(
  of: { readonly extent: Domain | undefined; readonly whole: boolean },
  rows: number,
  options: { readonly zero?: boolean | undefined; readonly log?: boolean | undefined },
): YAxis {
  return options.log === true
    ? logAxis(of.extent, Math.max(1, Math.floor(rows / 2)))
    : yAxis(of, rows, options.zero);
}

function candidate(wanted: Domain, count: number, whole: boolean): YAxis {
  const span = wanted.max - wanted.min;
  const domain = niceDomain(wanted, count, whole);
  return { domain, ticks: ticksBy(domain, whole ? wholeStep(span, count) : niceStep(span, count)) };
}

/** Ticks on uneven rows, ticks too near or too far, and room without data all cost. */
function costOf({ domain, ticks }: YAxis, wanted: Domain, rows: number): number {
  if (ticks.length > rows) return 1e6 + ticks.length;
  const each = (rows - 1) / Math.max(1, ticks.length - 1);
  const uneven = Number.isInteger(each) ? 0 : 0.6;
  const waste = (domain.max - domain.min) / (wanted.max - wanted.min) - 1;
  return uneven + (Number.isFinite(waste) ? waste * 2 : 0) + Math.abs(each - 3) * 0.25;
}

/** The number of rows at or a little above what was wanted that puts ticks at even distances. */
export function evenRows(rows: number, { ticks }: YAxis): number {
  const spaces = ticks.length - 1;
  if (spaces < 1) return rows;
  const more = Math.ceil((rows - 1) / spaces) * spaces + 1;
  return more - rows <= 3 ? more : rows;
}

/** Columns that the labels take, with the space between them and the line. */
export function yAxisWidth({ ticks }: YAxis): number {
  return Math.max(0, ...ticks.map((tick) => width(tick.label))) + 1;
}

/** Draws line, ticks and labels; `left` is the column of the line. */
export function drawYAxis(
  on: Canvas,
  axis: YAxis,
  left: number,
  top: number,
  rows: number,
  style: Style,
): void {
  const codes = roleCodes(style, "dim");
  for (let y = 0; y < rows; y++) put(on, left, top + y, style.unicode ? "│" : "|", codes);
  for (const tick of axis.ticks) {
    const y = top + Math.round((1 - fraction(tick.value, axis.domain)) * (rows - 1));
    put(on, 0, y, pad(truncate(tick.label, left - 1, style), left - 1, "right"), codes);
    put(on, left, y, style.unicode ? "┤" : "+", codes);
  }
}
