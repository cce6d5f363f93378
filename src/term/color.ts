// Decides how a colour becomes terminal codes at each colour level.
// It does not decide which colour means what (style.ts) or which colours a chart takes (palette.ts).

/** How many colours the output may use. */
export type ColorLevel = "none" | "16" | "256" | "16m";

/** Red, green, blue, each 0 to 255. */
export type Rgb = readonly [r: number, g: number, b: number];

/** What a piece of text is drawn with; a level below what it asks for gets the nearest there is. */
export interface Ink {
  readonly fg?: Rgb | undefined;
  readonly bg?: Rgb | undefined;
  readonly bold?: boolean | undefined;
  readonly dim?: boolean | undefined;
  readonly italic?: boolean | undefined;
}

/** xterm's sixteen, which most themes stay near to. */
const SIXTEEN: readonly Rgb[] = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
  [127, 127, 127],
  [255, 0, 0],
  [0, 255, 0],
  [255, 255, 0],
  [92, 92, 255],
  [255, 0, 255],
  [0, 255, 255],
  [255, 255, 255],
];

/** "#rrggbb" to numbers. */
export function hex(text: string): Rgb {
  const n = Number.parseInt(text.slice(1), 16);
  return [(n >> 16) & 255, (n >> 8) & 255, n & 255];
}

/** Red weighs less in shadows than the eye does; this cheap form is near enough to CIE for a palette. */
function distance(a: Rgb, b: Rgb): number {
  const mean = (a[0] + b[0]) / 2;
  const r = a[0] - b[0], g = a[1] - b[1], bl = a[2] - b[2];
  return (2 + mean / 256) * r * r + 4 * g * g + (2 + (255 - mean) / 256) * bl * bl;
}

function nearestOf(colors: readonly Rgb[], wanted: Rgb): number {
  let best = 0, least = Infinity;
  for (let i = 0; i < colors.length; i++) {
    const d = distance(colors[i] as Rgb, wanted);
    if (d < least) [best, least] = [i, d];
  }
  return best;
}

/** The index of the nearest colour of xterm's 256 (the theme's own first sixteen left out). */
export function to256(color: Rgb): number {
  const step = (v: number) => v < 48 ? 0 : v < 115 ? 1 : Math.min(5, Math.floor((v - 35) / 40));
  const level = (i: number) => i === 0 ? 0 : 55 + 40 * i;
  const [r, g, b] = [step(color[0]), step(color[1]), step(color[2])];
  const grey = Math.max(
    0,
    Math.min(23, Math.round(((color[0] + color[1] + color[2]) / 3 - 8) / 10)),
  );
  const shade = 8 + 10 * grey;
  const cube: Rgb = [level(r), level(g), level(b)];
  return distance([shade, shade, shade], color) < distance(cube, color)
    ? 232 + grey
    : 16 + 36 * r + 6 * g + b;
}

/** The index (0 to 15) of the nearest of the sixteen. */
export function to16(color: Rgb): number {
  return nearestOf(SIXTEEN, color);
}

function colorCode(level: ColorLevel, color: Rgb, background: boolean): string {
  if (level === "16m") return `${background ? 48 : 38};2;${color[0]};${color[1]};${color[2]}`;
  if (level === "256") return `${background ? 48 : 38};5;${to256(color)}`;
  const i = to16(color);
  return String((i < 8 ? 30 + i : 82 + i) + (background ? 10 : 0));
}

/** The SGR parameters of an ink ("1;38;5;32"), or "" where nothing is to be written. */
export function inkCodes(level: ColorLevel, ink: Ink): string {
  if (level === "none") return "";
  const codes: string[] = [];
  if (ink.bold) codes.push("1");
  if (ink.dim) codes.push("2");
  if (ink.italic) codes.push("3");
  if (ink.fg) codes.push(colorCode(level, ink.fg, false));
  if (ink.bg) codes.push(colorCode(level, ink.bg, true));
  return codes.join(";");
}

/** A colour between two, `t` from 0 to 1. */
export function mix(a: Rgb, b: Rgb, t: number): Rgb {
  const at = (x: number, y: number) => Math.round(x + (y - x) * t);
  return [at(a[0], b[0]), at(a[1], b[1]), at(a[2], b[2])];
}

/** Perceived lightness, 0 (black) to 1 (white); what decides whether text on it is dark or light. */
export function lightness(color: Rgb): number {
  return (0.2126 * color[0] + 0.7152 * color[1] + 0.0722 * color[2]) / 255;
}
