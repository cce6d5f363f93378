// Decides how a row of numbers looks in a row of characters. Missing values are blanks; more
// values than columns keep each column's largest.

import { inkCodes } from "./color.ts";
import { seriesColor } from "./palette.ts";
import { type Domain, extent, fraction } from "./scale.ts";
import { type Style, wrapCodes } from "./style.ts";

const BLOCKS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
const ASCII = ["_", ".", "-", "=", "+", "*", "#", "@"];

/**
 * A sparkline of exactly `width` columns, or of as many as there are values where it is not
 * given. Its range is the data's own, or `domain`.
 */
export function sparkline(
  values: readonly (number | null | undefined)[],
  options: {
    readonly style: Style;
    readonly width?: number | undefined;
    readonly domain?: Domain | undefined;
  },
): string {
  const { style } = options;
  const columns = Math.max(0, options.width ?? values.length);
  const shown = shrink(values, columns);
  const domain = options.domain ?? extent(shown);
  const steps = style.unicode ? BLOCKS : ASCII;
  let line = "";
  for (const value of shown) {
    if (value === null || domain === undefined) line += " ";
    else {
      const at = domain.min === domain.max
        ? (value === 0 ? 0 : 0.5)
        : Math.max(0, Math.min(1, fraction(value, domain)));
      line += steps[Math.min(steps.length - 1, Math.floor(at * steps.length))];
    }
  }
  const fill = " ".repeat(Math.max(0, columns - shown.length));
  return wrapCodes(inkCodes(style.color, { fg: seriesColor(style, 0) }), line) + fill;
}

function shrink(
  values: readonly (number | null | undefined)[],
  columns: number,
): (number | null)[] {
  const finite = (v: number | null | undefined) =>
    typeof v === "number" && Number.isFinite(v) ? v : null;
  if (values.length <= columns) return values.map(finite);
  return Array.from({ length: columns }, (_, i) => {
    const from = Math.floor((i * values.length) / columns);
    const to = Math.max(from + 1, Math.floor(((i + 1) * values.length) / columns));
    let most: number | null = null;
    for (let j = from; j < to; j++) {
      const value = finite(values[j]);
      if (value !== null && (most === null || value > most)) most = value;
    }
    return most;
  });
}
