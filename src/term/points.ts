// Decides how a line chart's data is read: which kind of x it has, in which order, where each
// point lies between the ends, and what counts as missing (null, NaN, the infinities).

import { sanitize } from "./sanitize.ts";
import { type Domain, fraction } from "./scale.ts";
import type { Style } from "./style.ts";
import type { XAxis, XKind } from "./xaxis.ts";

export type XValue = number | string | Date | null;

export interface LineData {
  /** One per point; where it is missing points are counted. Dates are wall clock, as if in UTC. */
  readonly x?: readonly XValue[] | undefined;
  /** Read off the values where it is not given: all Dates are times, all numbers numbers. */
  readonly xKind?: XKind | undefined;
  readonly series: readonly {
    readonly name: string;
    readonly values: readonly (number | null | undefined)[] | Float64Array;
    /** True: it has places of its own among those of the others, and its line goes on over `undefined`. */
    readonly sparse?: boolean | undefined;
  }[];
}

export interface Points {
  readonly axis: XAxis;
  /** 0 to 1, ascending. */
  readonly x: Float64Array;
  /** In the order of x; NaN where a value is missing, `ABSENT` where the place is only another's. */
  readonly series: readonly { readonly name: string; readonly values: Float64Array }[];
  /** Of all series' values; undefined where there is not one. */
  readonly extent: Domain | undefined;
  /** Whether all values are whole numbers: then the axis counts in whole ones too. */
  readonly whole: boolean;
}

/** Neither a value nor a gap. */
export const ABSENT = Infinity;

/** Out of a Date's reach is out of any calendar's. */
const LAST_MOMENT = 8.64e15;

/** Reads a chart's data; rows whose x is missing have no place and are left out. */
export function readPoints(data: LineData, style: Style): Points {
  const count = data.x?.length ?? data.series.reduce((n, s) => Math.max(n, s.values.length), 0);
  const kind = data.xKind ?? kindOfX(data.x);
  const numeric = placesOf(data.x, kind, count);
  const order = orderOf(numeric);
  const at = (i: number) => order === undefined ? i : order[i] as number;
  const length = order?.length ?? count;
  const first = length === 0 ? 0 : numeric[at(0)] as number;
  const domain = { min: first, max: length === 0 ? 0 : numeric[at(length - 1)] as number };
  const x = new Float64Array(length);
  let wholeX = kind === "number";
  for (let i = 0; i < length; i++) {
    const value = numeric[at(i)] as number;
    if (wholeX && !Number.isInteger(value)) wholeX = false;
    x[i] = fraction(value, domain);
  }
  const series = data.series.map(({ name, values, sparse = false }) => ({
    name,
    values: inOrder(values, order, length, sparse ? ABSENT : NaN),
  }));
  const categories = kind === "category" ? data.x ?? [] : [];
  return {
    axis: {
      kind,
      whole: wholeX,
      domain,
      categories: categories.map((v) => sanitize(String(v ?? "NULL"), style)),
    },
    x,
    series,
    ...rangeOf(series.map((one) => one.values)),
  };
}

/** Where each point stands on its axis; NaN where it has no place. */
function placesOf(x: LineData["x"], kind: XKind, count: number): Float64Array {
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const value = kind === "category" || x === undefined ? i : toNumber(x[i] ?? null);
    const reached = kind !== "time" || Math.abs(value) <= LAST_MOMENT;
    out[i] = reached && Number.isFinite(value) ? value : NaN;
  }
  return out;
}

function inOrder(
  values: LineData["series"][number]["values"],
  order: Uint32Array | undefined,
  length: number,
  absent: number,
): Float64Array {
  const out = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const value = values[order === undefined ? i : order[i] as number];
    out[i] = value === undefined ? absent : value === null || !Number.isFinite(value) ? NaN : value;
  }
  return out;
}

function rangeOf(all: readonly Float64Array[]): Pick<Points, "extent" | "whole"> {
  let min = Infinity, max = -Infinity, whole = true;
  for (const values of all) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      if (value === ABSENT) continue;
      if (value < min) min = value;
      if (value > max) max = value;
      if (whole && value % 1 !== 0 && !Number.isNaN(value)) whole = false;
    }
  }
  return { extent: min <= max ? { min, max } : undefined, whole };
}

function kindOfX(x: readonly XValue[] | undefined): XKind {
  if (x === undefined) return "number";
  const known = x.filter((v) => v !== null);
  if (known.length > 0 && known.every((v) => v instanceof Date)) return "time";
  return known.every((v) => typeof v === "number") ? "number" : "category";
}

/** Milliseconds or the number itself; NaN for what is neither, which has no place. */
function toNumber(value: XValue): number {
  if (value === null) return NaN;
  if (value instanceof Date) return value.getTime();
  if (typeof value === "number") return value;
  const iso = value.trim().replace(" ", "T");
  // Without an offset it is wall clock, whatever the machine's own zone.
  const wall = iso.includes("T") && !/(?:Z|[+-]\d\d(?::?\d\d)?)$/.test(iso.slice(11));
  return Date.parse(wall ? `${iso}Z` : iso);
}

/** Indices by x, those without a place left out; undefined where all stand in order already. */
function orderOf(x: Float64Array): Uint32Array | undefined {
  let sorted = true, known = 0, last = -Infinity;
  for (let i = 0; i < x.length; i++) {
    const value = x[i] as number;
    if (Number.isNaN(value)) continue;
    if (value < last) sorted = false;
    last = value;
    known++;
  }
  if (sorted && known === x.length) return undefined;
  const order = new Uint32Array(known);
  let at = 0;
  for (let i = 0; i < x.length; i++) if (!Number.isNaN(x[i])) order[at++] = i;
  return sorted ? order : order.sort((a, b) => (x[a] as number) - (x[b] as number) || a - b);
}
