// A raster finer than the cells of a terminal: braille (2 × 4 dots a cell) or, in ASCII, two
// half-heights a cell (' . :), or one mark a cell where series have no colour to be told apart
// by. It does not know scales.

import type { Canvas } from "./canvas.ts";

export type DotKind = "braille" | "halves" | "marks";

export interface Dots {
  readonly kind: DotKind;
  /** Dots across and down. */
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly mask: Uint8Array;
  /** Which series drew last in a cell, -1 for none. */
  readonly owner: Int16Array;
}

const BITS: readonly (readonly number[])[] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [
  0x40,
  0x80,
]];

/** Dots a cell has, across and down. */
export function dotsPerCell(kind: DotKind): readonly [across: number, down: number] {
  return kind === "braille" ? [2, 4] : kind === "halves" ? [1, 2] : [1, 1];
}

/** An empty raster over so many cells. */
export function dots(kind: DotKind, columns: number, rows: number): Dots {
  const [across, down] = dotsPerCell(kind);
  return {
    kind,
    columns,
    width: columns * across,
    height: rows * down,
    mask: new Uint8Array(columns * rows),
    owner: new Int16Array(columns * rows).fill(-1),
  };
}

/** Sets one dot; outside the raster it does nothing. */
export function dot(on: Dots, x: number, y: number, owner: number): void {
  if (x < 0 || y < 0 || x >= on.width || y >= on.height) return;
  const [across, down] = dotsPerCell(on.kind);
  const cell = Math.floor(y / down) * on.columns + Math.floor(x / across);
  const bit = on.kind === "braille"
    ? (BITS[y % 4] as readonly number[])[x % 2] as number
    : 1 << (y % down);
  on.mask[cell] = (on.mask[cell] as number) | bit;
  on.owner[cell] = owner;
}

/** A straight line of dots, both ends included. */
export function dotLine(
  on: Dots,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  owner: number,
): void {
  const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1);
  for (let i = 0; i <= steps; i++) {
    const t = i / steps;
    dot(on, Math.round(x0 + (x1 - x0) * t), Math.round(y0 + (y1 - y0) * t), owner);
  }
}

/** Copies the raster onto a canvas; `codesOf` and `markOf` give a series' paint and its mark. */
export function drawDots(
  on: Canvas,
  from: Dots,
  left: number,
  top: number,
  codesOf: (owner: number) => string,
  markOf: (owner: number) => string,
): void {
  for (let i = 0; i < from.mask.length; i++) {
    const mask = from.mask[i] as number;
    if (mask === 0) continue;
    const x = left + i % from.columns, y = top + Math.floor(i / from.columns);
    if (x >= on.width || y >= on.height) continue;
    const owner = from.owner[i] as number;
    on.chars[y * on.width + x] = from.kind === "braille"
      ? String.fromCharCode(0x2800 + mask)
      : from.kind === "halves"
      ? mask === 1 ? "'" : mask === 2 ? "." : ":"
      : markOf(owner);
    on.codes[y * on.width + x] = codesOf(owner);
  }
}
