// The wrapper over asciichart: one run of values, each in a column of its own, as line
// characters. What it takes away are asciichart's traps: it throws on empty and non-finite data,
// its height depends on rounding, and it writes labels and colours of its own.

import { plot } from "asciichart";

type Symbols = [string, string, string, string, string, string, string, string, string, string];

/** In asciichart's order: start, axis, end, begin, level, down-turn … */
const ASCII_SYMBOLS: Symbols = ["-", " ", "-", "-", "-", "'", ".", ".", "'", "|"];

/** A character in a cell; rows count from the top. */
export interface LineCell {
  readonly column: number;
  readonly row: number;
  readonly char: string;
}

/**
 * The line through `rows` (0 is the bottom, `height - 1` the top; already rounded or not, never
 * NaN). Value `i` stands in column `i`; at a change of height its two ends share the later column.
 */
export function asciiLine(rows: readonly number[], height: number, unicode: boolean): LineCell[] {
  if (rows.length === 0 || height < 1) return [];
  const bounded = rows.map((row) => Math.max(0, Math.min(height - 1, Math.round(row))));
  if (height === 1) {
    return bounded.map((_, column) => ({ column, row: 0, char: unicode ? "─" : "-" }));
  }
  // With min 0, max height - 1 and as many rows asciichart's ratio is 1: no rounding of its own.
  const text = plot(bounded, {
    min: 0,
    max: height - 1,
    height: height - 1,
    offset: 1,
    padding: " ",
    format: () => " ",
    symbols: unicode ? ["─", " ", "╶", "╴", "─", "╰", "╭", "╮", "╯", "│"] : ASCII_SYMBOLS,
  });
  const cells: LineCell[] = [];
  text.split("\n").forEach((line, row) => {
    for (let column = 0; column < line.length; column++) {
      if (line[column] === " ") continue;
      // It marks the axis at its zero with the sign of a first value: only the true first stays.
      if (column === 0 && row !== height - 1 - (bounded[0] as number)) continue;
      cells.push({ column, row, char: line[column] as string });
    }
  });
  return cells;
}
