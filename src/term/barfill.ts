// Decides with which characters and colours a bar is filled: eighths of a cell to the right,
// halves to the left (Unicode has no others), whole cells in ASCII; series without colour by
// pattern.

import { type Canvas, put } from "./canvas.ts";
import { inkCodes } from "./color.ts";
import { seriesColor } from "./palette.ts";
import type { Style } from "./style.ts";

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const FILLS_UNICODE = ["█", "▒", "▓", "░"];
const FILLS_ASCII = ["#", "=", "*", "+", "%", "o", "@", "-"];

/** The character that fills the bars of a series. */
export function fillMark(style: Style, owner: number): string {
  if (!style.unicode) return FILLS_ASCII[owner % FILLS_ASCII.length] as string;
  return style.color === "none" ? FILLS_UNICODE[owner % FILLS_UNICODE.length] as string : "█";
}

/** The paint of a series. */
export function fillCodes(style: Style, owner: number): string {
  return inkCodes(style.color, { fg: seriesColor(style, owner) });
}

/**
 * Draws one bar from column `zero`, `cells` long (negative: to the left), and answers the column
 * after its end (before it, to the left). What is more than nothing shows at least a sliver.
 */
export function drawBar(
  on: Canvas,
  y: number,
  zero: number,
  cells: number,
  owner: number,
  style: Style,
): number {
  const mark = fillMark(style, owner), codes = fillCodes(style, owner);
  const parts = mark === "█";
  if (cells >= 0) {
    const eighths = parts ? Math.round(cells * 8) : Math.round(cells) * 8;
    const shown = cells > 0 ? Math.max(parts ? 1 : 8, eighths) : 0;
    const whole = shown >> 3, rest = EIGHTHS[shown & 7] as string;
    put(on, zero, y, mark.repeat(whole) + rest, codes);
    return zero + whole + (rest === "" ? 0 : 1);
  }
  const halves = parts ? Math.max(1, Math.round(-cells * 2)) : Math.max(1, Math.round(-cells)) * 2;
  const whole = halves >> 1, half = halves & 1;
  put(on, zero - whole - half, y, (half ? "▐" : "") + mark.repeat(whole), codes);
  return zero - whole - half;
}

/**
 * Draws the values of one row end to end, the positive to the right of `zero`, the negative to
 * its left. Ends are rounded, not lengths, so that rounding never adds up.
 */
export function stackCells(
  on: Canvas,
  y: number,
  zero: number,
  values: readonly (number | null)[],
  cells: (value: number) => number,
  style: Style,
): { readonly left: number; readonly right: number } {
  let up = 0, down = 0;
  const colored = style.unicode && style.color !== "none";
  let right = zero, left = zero;
  values.forEach((value, owner) => {
    if (value === null || value === 0) return;
    const from = value > 0 ? up : down, to = from + cells(value);
    const mark = fillMark(style, owner), codes = fillCodes(style, owner);
    if (value < 0) {
      for (let x = Math.round(to); x < Math.round(from); x++) put(on, zero + x, y, mark, codes);
      down = to;
      left = Math.min(left, zero + Math.round(to));
      return;
    }
    for (let x = Math.round(from); x < Math.round(to); x++) put(on, zero + x, y, mark, codes);
    if (colored) drawSeam(on, y, zero, from, to, owner, values, style);
    up = to;
    right = Math.max(right, zero + Math.ceil(Math.round(to * 8) / 8));
  });
  return { left, right };
}

/** The cell in which one colour ends: its part in eighths, the next colour behind it. */
function drawSeam(
  on: Canvas,
  y: number,
  zero: number,
  from: number,
  to: number,
  owner: number,
  values: readonly (number | null)[],
  style: Style,
): void {
  const eighths = Math.round(to * 8), whole = Math.floor(eighths / 8), rest = eighths & 7;
  for (let x = Math.ceil(Math.round(from * 8) / 8); x < whole; x++) {
    put(on, zero + x, y, "█", fillCodes(style, owner));
  }
  if (rest === 0 || whole < Math.ceil(Math.round(from * 8) / 8)) return;
  let next = owner + 1;
  while (next < values.length && !((values[next] ?? 0) > 0)) next++;
  const bg = next < values.length ? seriesColor(style, next) : undefined;
  put(
    on,
    zero + whole,
    y,
    EIGHTHS[rest] as string,
    inkCodes(style.color, { fg: seriesColor(style, owner), bg }),
  );
}
