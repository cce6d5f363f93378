// Decides the labels along the bottom of a chart: how many fit without touching, for numbers,
// times and categories. Draws that axis. It does not place data.

import { type Canvas, centeredStart, put } from "./canvas.ts";
import { type Domain, fraction } from "./scale.ts";
import { numberTicks, type Tick } from "./ticks.ts";
import { timeTicks } from "./timeticks.ts";
import { roleCodes, type Style } from "./style.ts";
import { truncate, width } from "./width.ts";

/** What the values along the bottom are. */
export type XKind = "number" | "time" | "category";

export interface XAxis {
  readonly kind: XKind;
  /** Of a category axis: 0 to the number of categories - 1. */
  readonly domain: Domain;
  /** Whether all are whole numbers: then no tick stands between two. */
  readonly whole: boolean;
  readonly categories: readonly string[];
}

/** A tick with its column and where its label begins. */
export interface PlacedTick {
  readonly column: number;
  readonly start: number;
  readonly label: string;
}

/** Least room between two labels. */
const GAP = 2;

/**
 * The most ticks whose labels do not touch. `columnOf` places a fraction of the axis; labels
 * stay within `total` columns.
 */
export function placeTicks(
  axis: XAxis,
  columnOf: (fraction: number) => number,
  total: number,
  style: Style,
): PlacedTick[] {
  if (axis.kind === "category") return placeCategories(axis, columnOf, total, style);
  const room = columnOf(1) - columnOf(0) + 1;
  let before = "";
  for (let count = Math.max(1, Math.min(16, Math.floor(room / 6))); count >= 1; count--) {
    const ticks = axis.kind === "time"
      ? timeTicks(axis.domain, count)
      : numberTicks(axis.domain, count, axis.whole);
    const key = ticks.map((t) => t.label).join("|");
    if (key === before) continue;
    before = key;
    const placed = placeAll(ticks, axis.domain, columnOf, total);
    if (ticks.length > 0 && placed.length === ticks.length && placed.length <= room / 5 + 1) {
      return placed;
    }
  }
  // Not even one step fits or falls into the range: the ends say at least where it begins.
  const ticks = axis.kind === "time"
    ? endsOf(axis.domain)
    : numberTicks(axis.domain, 1, axis.whole);
  return placeAll(ticks, axis.domain, columnOf, total);
}

function endsOf({ min, max }: Domain): Tick[] {
  const text = (at: number) => {
    const date = new Date(at);
    if (Number.isNaN(date.getTime())) return "?";
    const iso = date.toISOString();
    return at % 86_400_000 === 0 ? iso.slice(0, 10) : iso.slice(0, 16).replace("T", " ");
  };
  return (min === max ? [min] : [min, max]).map((value) => ({ value, label: text(value) }));
}

function placeAll(
  ticks: readonly Tick[],
  domain: Domain,
  columnOf: (fraction: number) => number,
  total: number,
): PlacedTick[] {
  const out: PlacedTick[] = [];
  let free = 0;
  for (const tick of ticks) {
    const column = columnOf(fraction(tick.value, domain));
    const size = width(tick.label), start = centeredStart(total, column, size);
    if (start < free || start < 0 || column >= total) continue;
    out.push({ column, start, label: tick.label });
    free = start + size + GAP;
  }
  return out;
}

function placeCategories(
  axis: XAxis,
  columnOf: (fraction: number) => number,
  total: number,
  style: Style,
): PlacedTick[] {
  const { categories, domain } = axis;
  const each = (columnOf(1) - columnOf(0)) / Math.max(1, categories.length - 1);
  // Every label where all fit, else every second, fifth, tenth …, each cut only as a last resort.
  for (const every of [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 100_000]) {
    const ticks = categories
      .map((label, value) => ({ value, label }))
      .filter((_, i) => i % every === 0)
      .map((tick) => ({
        ...tick,
        label: every === 1 && each < 10
          ? tick.label
          : truncate(tick.label, Math.max(8, Math.floor(each * every) - GAP), style),
      }));
    const placed = placeAll(ticks, domain, columnOf, total);
    if (placed.length === ticks.length) return placed;
  }
  return [];
}

/** Draws the line with its ticks in one row and the labels in the next. */
export function drawXAxis(
  on: Canvas,
  row: number,
  left: number,
  ticks: readonly PlacedTick[],
  style: Style,
): void {
  const codes = roleCodes(style, "dim");
  const [line, tick, corner] = style.unicode ? ["─", "┬", "└"] : ["-", "+", "+"];
  put(on, left, row, corner as string, codes);
  for (let x = left + 1; x < on.width; x++) put(on, x, row, line as string, codes);
  for (const { column, start, label } of ticks) {
    put(on, column, row, column === left ? (style.unicode ? "├" : "+") : tick as string, codes);
    put(on, start, row + 1, label, codes);
  }
}
