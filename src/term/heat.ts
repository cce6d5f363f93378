// Decides how a grid of numbers becomes a heat map: cell size, colour or shade, labels along both
// sides, a legend with both ends. A missing value is empty, never the colour of zero.

import { type Canvas, canvas, canvasLines, put } from "./canvas.ts";
import { drawTitle } from "./head.ts";
import { inkCodes, lightness, type Rgb } from "./color.ts";
import { compact, grouped } from "./number.ts";
import { diverging, sequential } from "./palette.ts";
import { sanitize } from "./sanitize.ts";
import { type Domain, extent, fraction } from "./scale.ts";
import { roleCodes, type Style } from "./style.ts";
import { pad, truncate, width } from "./width.ts";

export interface HeatData {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** One array per row, a value per column. */
  readonly values: readonly (readonly (number | null | undefined)[])[];
}

export interface HeatOptions {
  /** Every line is exactly as wide. */
  readonly width: number;
  readonly style: Style;
  readonly title?: string | undefined;
  /** The range of the ramp; the data's own by default. */
  readonly domain?: Domain | undefined;
  /** True: a ramp around zero, for changes. */
  readonly diverging?: boolean | undefined;
  /** True: numbers in the cells, where they fit. */
  readonly numbers?: boolean | undefined;
  readonly format?: ((value: number) => string) | undefined;
  /** What the numbers are, after the legend. */
  readonly unit?: string | undefined;
  /** Never more lines than these: the last rows are left out, and that is said. */
  readonly most?: number | undefined;
}

const SHADES = ["░", "▒", "▓", "█"];
const ASCII_SHADES = [".", ":", "-", "=", "+", "*", "#", "%", "@"];
const WIDEST_CELL = 8;
/** Above these many columns a cell is two lines high, where there are the lines: nearer to a square. */
const TALL_FROM = 5;
const MOST_TALL = 24;

/** A heat map of rows by columns. */
export function heatMap(data: HeatData, options: HeatOptions): string[] {
  const { style } = options;
  const labels = data.rows.map((row) => sanitize(row, style));
  const left = Math.min(Math.max(0, ...labels.map(width)), Math.floor(options.width / 3)) + 1;
  const room = Math.max(1, options.width - left);
  const merged = mergeColumns(data, Math.max(1, Math.ceil(data.columns.length / room)));
  const size = Math.max(
    1,
    Math.min(WIDEST_CELL, Math.floor(room / Math.max(1, merged.columns.length))),
  );
  const domain = domainOf(merged.values, options);
  const head = options.title === undefined ? 0 : 1;
  const space = Math.max(1, (options.most ?? Infinity) - head - 2);
  const fitting = labels.length > space ? Math.max(1, space - 1) : labels.length;
  const most = Math.min(space, Math.max(fitting, MOST_TALL));
  const tall = size >= TALL_FROM && fitting * 2 <= most ? 2 : 1;
  const hidden = labels.length - fitting;
  const on = canvas(options.width, head + 1 + fitting * tall + (hidden > 0 ? 1 : 0) + 1);
  drawTitle(on, options.title, style);
  drawColumnLabels(on, head, left, size, merged.columns, style);
  labels.slice(0, fitting).forEach((label, row) => {
    const y = head + 1 + row * tall;
    put(on, 0, y, pad(truncate(label, left - 1, style), left - 1, "left"));
    merged.columns.forEach((_, column) => {
      const value = finite(merged.values[row]?.[column]);
      const x = left + column * size;
      drawCell(on, x, y, size, value, domain, options);
      if (tall === 2) drawCell(on, x, y + 1, size, value, domain, { ...options, numbers: false });
    });
  });
  if (hidden > 0) {
    const text = `${style.unicode ? "…" : "..."} ${grouped(hidden)} more`;
    put(on, 0, on.height - 2, truncate(text, on.width, style), roleCodes(style, "dim"));
  }
  drawRampLegend(on, on.height - 1, left, domain, options, merged.each, hasGaps(merged));
  return canvasLines(on);
}

interface Merged extends HeatData {
  /** How many of the data's columns one drawn column is the mean of. */
  readonly each: number;
}

function mergeColumns(data: HeatData, each: number): Merged {
  if (each === 1) return { ...data, each };
  const groups = Array.from({ length: Math.ceil(data.columns.length / each) }, (_, i) => i * each);
  return {
    rows: data.rows,
    each,
    columns: groups.map((from) => data.columns[from] as string),
    values: data.values.map((row) =>
      groups.map((from) => {
        const known = row.slice(from, from + each).map(finite).filter((v) => v !== null);
        return known.length === 0 ? null : known.reduce((a, b) => a + b / known.length, 0);
      })
    ),
  };
}

function finite(value: number | null | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** The range of the ramp over all values. */
export function domainOf(
  values: HeatData["values"],
  options: Pick<HeatOptions, "domain" | "diverging">,
): Domain | undefined {
  const own = options.domain ?? extent(values.flat());
  if (own === undefined || options.diverging !== true) return own;
  const reach = Math.max(Math.abs(own.min), Math.abs(own.max));
  return { min: -reach, max: reach };
}

function hasGaps(data: HeatData): boolean {
  return data.rows.some((_, row) =>
    data.columns.some((_, column) => finite(data.values[row]?.[column]) === null)
  );
}

/** How much a value is, 0 to 1; all values equal are all of it, or none of it where they are 0. */
function share(value: number, domain: Domain): number {
  if (domain.min === domain.max) return value === 0 ? 0 : 1;
  return Math.max(0, Math.min(1, fraction(value, domain)));
}

function colorOf(at: number, options: HeatOptions): Rgb {
  return options.diverging === true
    ? diverging(options.style, at * 2 - 1)
    : sequential(options.style, at);
}

function shadeOf(at: number, style: Style): string {
  const shades = style.unicode ? SHADES : ASCII_SHADES;
  return shades[Math.min(shades.length - 1, Math.floor(at * shades.length))] as string;
}

/** One value as a cell of the grid, `size` columns wide. */
export function drawCell(
  on: Canvas,
  x: number,
  y: number,
  size: number,
  value: number | null,
  domain: Domain | undefined,
  options: HeatOptions,
): void {
  const { style } = options;
  if (value === null || !Number.isFinite(value) || domain === undefined) {
    if (style.unicode) putMiddle(on, x, y, size, "·", roleCodes(style, "dim"));
    return;
  }
  const at = share(value, domain);
  const text = options.numbers === true ? (options.format ?? compact)(value) : "";
  const shown = text !== "" && width(text) < size ? text : "";
  if (style.color === "none") {
    if (shown !== "") return put(on, x, y, pad(shown, size - 1, "right"));
    put(on, x, y, shadeOf(at, style).repeat(size));
    return;
  }
  const color = colorOf(at, options);
  const fg: Rgb = lightness(color) > 0.45 ? [0, 0, 0] : [255, 255, 255];
  if (style.unicode || shown !== "") {
    put(
      on,
      x,
      y,
      pad(shown, size, "center"),
      inkCodes(style.color, { bg: color, fg: shown === "" ? undefined : fg }),
    );
  } else put(on, x, y, shadeOf(at, style).repeat(size), inkCodes(style.color, { bg: color, fg }));
}

function putMiddle(
  on: Canvas,
  x: number,
  y: number,
  size: number,
  text: string,
  codes: string,
): void {
  put(on, x + ((size - 1) >> 1), y, text, codes);
}

function drawColumnLabels(
  on: Canvas,
  y: number,
  left: number,
  size: number,
  columns: readonly string[],
  style: Style,
): void {
  const names = columns.map((name) => sanitize(name, style));
  const widest = Math.max(0, ...names.map(width));
  const least = [1, 2, 3, 4, 5, 6, 7, 10, 12, 14, 20, 30, 50].find((n) => n * size > widest) ?? 100;
  names.forEach((name, i) => {
    if (i % least !== 0) return;
    const room = Math.min(least * size - 1, on.width - left - i * size);
    const text = truncate(name, Math.max(1, room), style);
    const inset = least === 1 ? Math.max(0, (size - width(text)) >> 1) : 0;
    put(on, left + i * size + inset, y, text, roleCodes(style, "dim"));
  });
}

/** "0 ░▒▓█ 3,210   · none". */
export function drawRampLegend(
  on: Canvas,
  y: number,
  left: number,
  domain: Domain | undefined,
  options: HeatOptions,
  each: number,
  gaps: boolean,
): void {
  const { style } = options;
  const dim = roleCodes(style, "dim");
  if (domain === undefined) return put(on, left, y, "no data", dim);
  const read = options.format ?? ((value: number) => {
    const text = grouped(value, Math.abs(value) >= 100 ? 0 : undefined);
    return text.length > 9 ? compact(value) : text;
  });
  const [low, high] = [read(domain.min), read(domain.max)];
  const same = domain.min === domain.max;
  let x = Math.min(left, Math.max(0, on.width - width(low) - width(high) - 8));
  put(on, x, y, same ? "" : low, dim);
  x += same ? 0 : width(low) + 1;
  const steps = style.color === "none" ? (style.unicode ? SHADES.length : ASCII_SHADES.length) : 16;
  const wide = style.color === "none" && style.unicode ? 2 : 1;
  const fits = same
    ? 1
    : Math.max(2, Math.min(steps, Math.floor((on.width - x - width(high) - 1) / wide)));
  for (let i = 0; i < fits; i++) {
    const value = same
      ? domain.max
      : domain.min * (1 - i / (fits - 1)) + domain.max * (i / (fits - 1));
    drawCell(on, x, y, wide, value, domain, { ...options, numbers: false });
    x += wide;
  }
  put(on, x + 1, y, high, dim);
  x += 1 + width(high);
  const notes = [
    ...(options.unit === undefined ? [] : [sanitize(options.unit, style)]),
    ...(gaps ? [`${style.unicode ? "·" : "blank"} none`] : []),
    ...(each > 1 ? [`each cell is the mean of ${each}`] : []),
  ];
  for (const note of notes) {
    if (x + 3 + width(note) > on.width) break;
    put(on, x + 3, y, note, dim);
    x += 3 + width(note);
  }
}
