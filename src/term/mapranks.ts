// Decides where on a map the largest areas carry the number that they have in the list beside it:
// in the cell that lies deepest inside, and only where a whole cell does.

import { type Canvas, put } from "./canvas.ts";
import { inkCodes, lightness, type Rgb } from "./color.ts";
import type { Fill } from "./fill.ts";
import { cellPixels, classColor } from "./mapcells.ts";
import type { Style } from "./style.ts";

/** Writes 1, 2, 3 … onto the areas of `ranked`; an area without a cell of its own goes without. */
export function drawRanks(
  on: Canvas,
  left: number,
  top: number,
  fill: Fill,
  classOf: readonly number[],
  ranked: readonly number[],
  classes: number,
  style: Style,
): void {
  // Without colour a digit would be a hole in the shade, and say less than it hides.
  if (ranked.length > 9 || style.color === "none") return;
  ranked.forEach((area, rank) => {
    const cell = deepestCell(fill, area, cellPixels(style));
    if (cell === null) return;
    const bg = classColor(style, classOf[area] ?? 0, classes);
    const fg: Rgb = lightness(bg) > 0.45 ? [0, 0, 0] : [255, 255, 255];
    const codes = inkCodes(style.color, { fg, bg, bold: true });
    put(on, left + cell.x, top + cell.y, String(rank + 1), codes);
  });
}

/** The cell wholly within an area that lies nearest to the middle of all such. */
function deepestCell(
  fill: Fill,
  area: number,
  [across, down]: readonly [number, number],
): { x: number; y: number } | null {
  const inside: { x: number; y: number }[] = [];
  let sumX = 0, sumY = 0;
  for (let y = 0; (y + 1) * down <= fill.height; y++) {
    for (let x = 0; (x + 1) * across <= fill.width; x++) {
      let whole = true;
      for (let i = 0; i < across * down && whole; i++) {
        const px = x * across + i % across, py = y * down + Math.floor(i / across);
        whole = fill.owner[py * fill.width + px] === area;
      }
      if (!whole) continue;
      inside.push({ x, y });
      sumX += x;
      sumY += y;
    }
  }
  let best: { x: number; y: number } | null = null, least = Infinity;
  for (const cell of inside) {
    const dx = cell.x - sumX / inside.length, dy = cell.y - sumY / inside.length;
    const far = dx * dx + 4 * dy * dy;
    if (far < least) [best, least] = [cell, far];
  }
  return best;
}
