// Decides how filled pixels become cells. With colour a cell is four pixels drawn by a quadrant
// character in two colours, borders darker where areas are large enough; without, one shade a
// cell by what covers most of it.

import type { Canvas } from "./canvas.ts";
import { inkCodes, mix, type Rgb } from "./color.ts";
import type { Fill } from "./fill.ts";
import { paper, sequential } from "./palette.ts";
import type { Style } from "./style.ts";

/** By the bits of the covered pixels: 1 upper left, 2 upper right, 4 lower left, 8 lower right. */
const QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█";
/** Even the least is land: where there is no colour the shades must draw the outline too. */
const SHADES = ["░", "▒", "▓", "█"];
const ASCII_SHADES = [":", "+", "%", "@"];

/** How many classes a reader tells apart: five by colour, four where a shade must tell too. */
export function mostClasses(style: Style): number {
  return style.color === "none" || !style.unicode ? SHADES.length : 5;
}

/** Pixels that a cell has, across and down. Shades are counted from more, to be just at coasts. */
export function cellPixels(style: Style): readonly [across: number, down: number] {
  return quadrants(style) ? [2, 2] : [4, 8];
}

function quadrants(style: Style): boolean {
  return style.unicode && style.color !== "none";
}

/** The colour of a class. */
export function classColor(style: Style, i: number, classes: number): Rgb {
  return sequential(style, classes <= 1 ? 0.7 : i / (classes - 1));
}

/** How a class is drawn in the legend. */
export function classInk(
  style: Style,
  i: number,
  classes: number,
): { char: string; codes: string } {
  if (style.color === "none") return { char: shadeOf(style, i, classes), codes: "" };
  const fg = classColor(style, i, classes);
  return style.unicode
    ? { char: "█", codes: inkCodes(style.color, { fg }) }
    : { char: shadeOf(style, i, classes), codes: inkCodes(style.color, { fg }) };
}

/** How an area without a value is drawn. */
export function missingInk(style: Style): { char: string; codes: string } {
  const fg = missingColor(style);
  if (style.color === "none") return { char: style.unicode ? "╱" : "?", codes: "" };
  return { char: style.unicode ? "█" : "?", codes: inkCodes(style.color, { fg }) };
}

function missingColor(style: Style): Rgb {
  return style.background === "dark" ? [88, 88, 88] : [200, 200, 200];
}

function shadeOf(style: Style, i: number, classes: number): string {
  const shades = style.unicode ? SHADES : ASCII_SHADES;
  return shades[classes <= 1 ? 2 : Math.round((i / (classes - 1)) * (shades.length - 1))] as string;
}

/** Draws the pixels from a cell on; `classOf` gives each area's class, -1 for no value. */
export function drawMapCells(
  on: Canvas,
  left: number,
  top: number,
  fill: Fill,
  classOf: readonly number[],
  classes: number,
  style: Style,
): void {
  const [across, down] = cellPixels(style);
  const columns = Math.ceil(fill.width / across), rows = Math.ceil(fill.height / down);
  const colors = quadrants(style) ? pixelColors(fill, classOf, classes, style) : undefined;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = left + column, y = top + row;
      if (x >= on.width || y >= on.height) continue;
      const drawn = colors === undefined
        ? shadeCell(fill, column * across, row * down, across, down, classOf, classes, style)
        : quadrantCell(fill, column * 2, row * 2, colors, style);
      if (drawn === undefined) continue;
      on.chars[y * on.width + x] = drawn.char;
      on.codes[y * on.width + x] = drawn.codes;
    }
  }
}

interface Drawn {
  readonly char: string;
  readonly codes: string;
}

/** Pixels' colours as an index into a list; -1 is water. */
interface PixelColors {
  readonly index: Int16Array;
  readonly list: readonly Rgb[];
}

/**
 * From so many pixels an area on average its border may take some of them: first only where two neighbours have the
 * same colour and would be one, later everywhere.
 */
const BORDER_FROM = 12, BORDER_ALL_FROM = 40;

function pixelColors(
  fill: Fill,
  classOf: readonly number[],
  classes: number,
  style: Style,
): PixelColors {
  const plain = Array.from({ length: classes }, (_, i) => classColor(style, i, classes));
  const list = [...plain, missingColor(style)];
  let covered = 0;
  for (const id of fill.owner) if (id >= 0) covered++;
  const each = covered / Math.max(1, classOf.length);
  const borders = style.color !== "16" && each >= BORDER_FROM;
  const all = each >= BORDER_ALL_FROM;
  const strength = style.background === "dark" ? 0.35 : 0.3;
  const edges = list.map((color) => mix(color, paper(style), all ? strength : strength * 0.7));
  const differs = (id: number, other: number) =>
    other >= 0 && other !== id && (all || classOf[other] === classOf[id]);
  const index = new Int16Array(fill.owner.length).fill(-1);
  for (let i = 0; i < fill.owner.length; i++) {
    const id = fill.owner[i] as number;
    if (id < 0) continue;
    const own = classOf[id] as number;
    const color = own < 0 ? classes : own;
    const right = (i + 1) % fill.width === 0 ? id : fill.owner[i + 1] as number;
    const under = i + fill.width < fill.owner.length ? fill.owner[i + fill.width] as number : id;
    const edge = borders && (differs(id, right) || differs(id, under));
    index[i] = edge ? color + list.length : color;
  }
  return { index, list: [...list, ...edges] };
}

function quadrantCell(
  fill: Fill,
  x: number,
  y: number,
  colors: PixelColors,
  style: Style,
): Drawn | undefined {
  const pixels = [0, 1, 2, 3].map((i) => {
    const px = x + (i & 1), py = y + (i >> 1);
    return px < fill.width && py < fill.height ? colors.index[py * fill.width + px] as number : -1;
  });
  const counts = new Map<number, number>();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  if (counts.size === 1 && pixels[0] === -1) return undefined;
  // Two colours a cell: water stays water, else the coast would fray; of the land the commonest.
  const land = [...counts.keys()].filter((c) => c >= 0)
    .sort((a, b) => (counts.get(b) as number) - (counts.get(a) as number));
  const main = land[0] as number;
  const other = counts.has(-1) ? -1 : land[1];
  let bits = 0;
  pixels.forEach((pixel, i) => {
    const front = other === -1
      ? pixel >= 0
      : pixel === main || (pixel !== other && other !== undefined);
    if (front) bits |= 1 << i;
  });
  return {
    char: QUADRANTS[bits] as string,
    codes: inkCodes(style.color, {
      fg: colors.list[main] as Rgb,
      bg: other === undefined || other < 0 ? undefined : colors.list[other] as Rgb,
    }),
  };
}

function shadeCell(
  fill: Fill,
  x: number,
  y: number,
  across: number,
  down: number,
  classOf: readonly number[],
  classes: number,
  style: Style,
): Drawn | undefined {
  const counts = new Map<number, number>();
  let land = 0;
  for (let py = y; py < Math.min(y + down, fill.height); py++) {
    for (let px = x; px < Math.min(x + across, fill.width); px++) {
      const id = fill.owner[py * fill.width + px] as number;
      if (id < 0) continue;
      land++;
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  // A narrow island or pier is seen rather than lost: from a third of the cell on it is land.
  if (land * 3 < across * down) return undefined;
  let best = -1, most = 0;
  for (const [id, count] of counts) if (count > most) [best, most] = [id, count];
  const own = classOf[best] as number;
  return own < 0 ? missingInk(style) : classInk(style, own, classes);
}
