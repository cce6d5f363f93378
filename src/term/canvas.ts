// A grid of terminal cells that charts draw on, and its lines: exactly as wide as asked, runs of
// one colour written once. It does not know what is drawn.

import { atoms, width } from "./width.ts";

/** ASCII, lines, blocks, braille, and the marks that charts use: one code unit, one column each. */
const NARROW = /^[\x20-\x7e\u2500-\u259f\u2800-\u28ff·–…∘●○▲△▼■□◆◇]*$/;

export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** A character per cell; "" is the second half of a wide one. */
  readonly chars: string[];
  /** SGR parameters per cell, "" for none. */
  readonly codes: string[];
}

/** An empty canvas, `width` by `height` cells. */
export function canvas(width: number, height: number): Canvas {
  const cells = Math.max(0, width) * Math.max(0, height);
  return {
    width: Math.max(0, width),
    height: Math.max(0, height),
    chars: new Array<string>(cells).fill(" "),
    codes: new Array<string>(cells).fill(""),
  };
}

/** Writes unpainted text from a cell to the right; what falls outside is left out. */
export function put(on: Canvas, x: number, y: number, text: string, codes = ""): void {
  if (y < 0 || y >= on.height) return;
  let column = x;
  const pieces = NARROW.test(text) ? text : atoms(text);
  for (const piece of pieces) {
    const char = typeof piece === "string" ? piece : piece.text;
    const size = typeof piece === "string" ? 1 : piece.columns;
    if (size === 0) continue;
    if (column >= 0 && column + size <= on.width) {
      const cell = y * on.width + column;
      on.chars[cell] = char;
      on.codes[cell] = codes;
      for (let i = 1; i < size; i++) {
        on.chars[cell + i] = "";
        on.codes[cell + i] = codes;
      }
    }
    column += size;
  }
}

/** The same, so that the text's middle is at `x`, moved inwards where it would stick out. */
export function putCentered(on: Canvas, x: number, y: number, text: string, codes = ""): void {
  put(on, centeredStart(on.width, x, width(text)), y, text, codes);
}

/** Where text of a width begins that has its middle at `x` within `0..total`. */
export function centeredStart(total: number, x: number, columns: number): number {
  return Math.max(0, Math.min(total - columns, x - (columns >> 1)));
}

/** Every row as a line of exactly the canvas's width. */
export function canvasLines(of: Canvas): string[] {
  const lines: string[] = [];
  for (let y = 0; y < of.height; y++) {
    let line = "", open = "";
    for (let i = y * of.width; i < (y + 1) * of.width; i++) {
      const codes = of.codes[i] as string;
      if (codes !== open) {
        if (open !== "") line += "\x1b[0m";
        if (codes !== "") line += `\x1b[${codes}m`;
        open = codes;
      }
      line += of.chars[i];
    }
    lines.push(open === "" ? line : `${line}\x1b[0m`);
  }
  return lines;
}
