// Decides how a series of any length becomes dots: per dot column the first, least, most and last
// value, joined as the line through all points would run. So no peak is lost and nothing that is
// not there is drawn.

import { dot, dotLine, type Dots } from "./dots.ts";
import { ABSENT } from "./points.ts";
import { type Domain, fraction } from "./scale.ts";

/** Draws one series; `x` ascending from 0 to 1, NaN in `values` is a gap, and `ABSENT` no place of its own. */
export function drawSeries(
  on: Dots,
  x: Float64Array,
  values: Float64Array,
  domain: Domain,
  owner: number,
): void {
  const rowOf = (value: number) => Math.round((1 - fraction(value, domain)) * (on.height - 1));
  const lastColumn = on.width - 1;
  let column = -1, least = 0, most = 0, last = NaN;
  let before = -1, beforeLast = NaN;
  const flush = () => {
    if (column < 0) return;
    const top = rowOf(most), bottom = rowOf(least);
    for (let y = top; y <= bottom; y++) dot(on, column, y, owner);
    before = column;
    beforeLast = last;
    column = -1;
  };
  for (let i = 0; i < x.length; i++) {
    const value = values[i] as number;
    if (value === ABSENT) continue;
    if (Number.isNaN(value)) {
      flush();
      before = -1;
      continue;
    }
    const at = Math.round((x[i] as number) * lastColumn);
    if (at !== column) {
      flush();
      if (before >= 0) dotLine(on, before, rowOf(beforeLast), at, rowOf(value), owner);
      column = at;
      least = most = value;
    } else if (value < least) least = value;
    else if (value > most) most = value;
    last = value;
  }
  flush();
}
