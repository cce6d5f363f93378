// Decides which pixels a shape covers: those whose middle lies in it, by the even-odd rule, so
// holes and several polygons need no order and no winding. A shape too small for any middle gets
// the one pixel that it lies on.

import type { PlaneShape, Projected } from "./project.ts";

/** For each pixel, row by row, the index of the shape that covers it, or -1. */
export interface Fill {
  readonly width: number;
  readonly height: number;
  readonly owner: Int32Array;
}

/** Fills all shapes; where two overlap, the later one shows. */
export function fillShapes({ shapes, width, height }: Projected): Fill {
  const owner = new Int32Array(width * height).fill(-1);
  const lost: number[] = [];
  shapes.forEach((shape, i) => {
    if (fillShape(shape, width, height, owner, i) === 0) lost.push(i);
  });
  for (const i of lost) markSmall(shapes[i] as PlaneShape, width, height, owner, i);
  return { width, height, owner };
}

function fillShape(
  shape: PlaneShape,
  width: number,
  height: number,
  owner: Int32Array,
  id: number,
): number {
  let top = Infinity, bottom = -Infinity;
  for (const ring of shape) {
    for (let i = 1; i < ring.length; i += 2) {
      const y = ring[i] as number;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
    }
  }
  const first = Math.max(0, Math.ceil(top - 0.5)),
    last = Math.min(height - 1, Math.ceil(bottom - 0.5) - 1);
  if (!(first <= last)) return 0;
  const crossings: number[][] = Array.from({ length: last - first + 1 }, () => []);
  for (const ring of shape) cross(ring, first, last, crossings);
  let filled = 0;
  crossings.forEach((xs, row) => {
    xs.sort((a, b) => a - b);
    for (let i = 0; i + 1 < xs.length; i += 2) {
      const from = Math.max(0, Math.ceil((xs[i] as number) - 0.5));
      const to = Math.min(width - 1, Math.ceil((xs[i + 1] as number) - 0.5) - 1);
      for (let x = from; x <= to; x++) {
        owner[(first + row) * width + x] = id;
        filled++;
      }
    }
  });
  return filled;
}

/** Where each edge crosses the middles of the rows that it spans; a ring is closed if it is not. */
function cross(
  ring: Float64Array,
  first: number,
  last: number,
  crossings: readonly number[][],
): void {
  const count = ring.length / 2;
  for (let i = 0, j = count - 1; i < count; j = i++) {
    const x0 = ring[2 * j] as number, y0 = ring[2 * j + 1] as number;
    const x1 = ring[2 * i] as number, y1 = ring[2 * i + 1] as number;
    const from = Math.max(first, Math.ceil(Math.min(y0, y1) - 0.5));
    const to = Math.min(last, Math.ceil(Math.max(y0, y1) - 0.5) - 1);
    for (let y = from; y <= to; y++) {
      (crossings[y - first] as number[]).push(x0 + ((y + 0.5 - y0) / (y1 - y0)) * (x1 - x0));
    }
  }
}

/** The pixel under the middle of its first ring. */
function markSmall(
  shape: PlaneShape,
  width: number,
  height: number,
  owner: Int32Array,
  id: number,
): void {
  let x = 0, y = 0, n = 0;
  const ring = shape[0];
  if (ring === undefined) return;
  for (let i = 0; i < ring.length; i += 2, n++) {
    x += ring[i] as number;
    y += ring[i + 1] as number;
  }
  if (n === 0) return;
  const column = Math.max(0, Math.min(width - 1, Math.floor(x / n)));
  const row = Math.max(0, Math.min(height - 1, Math.floor(y / n)));
  owner[row * width + column] = id;
}
