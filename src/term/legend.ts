// Decides how the names of series stand above a chart: mark and name, on as few lines as fit.

import { type Canvas, put } from "./canvas.ts";
import { sanitize } from "./sanitize.ts";
import type { Style } from "./style.ts";
import { truncate, width } from "./width.ts";

export interface LegendEntry {
  readonly mark: string;
  readonly codes: string;
  readonly name: string;
}

/** Entries by line, names cut so that none is wider than the chart; at most `most` lines. */
export function legendLines(
  entries: readonly LegendEntry[],
  columns: number,
  style: Style,
  most = 3,
): LegendEntry[][] {
  const lines: LegendEntry[][] = [];
  let used = 0;
  for (const entry of entries) {
    const name = truncate(
      sanitize(entry.name, style),
      Math.max(1, Math.min(30, columns - 3)),
      style,
    );
    const size = width(entry.mark) + 1 + width(name);
    const line = lines.at(-1);
    if (line !== undefined && used + 3 + size <= columns) {
      line.push({ ...entry, name });
      used += 3 + size;
    } else {
      lines.push([{ ...entry, name }]);
      used = size;
    }
  }
  if (lines.length <= most) return lines;
  const left = lines.slice(most).reduce((sum, line) => sum + line.length, 0);
  const kept = lines.slice(0, most), note = { mark: "", codes: "", name: `+${left} more` };
  const final = kept.at(-1) as LegendEntry[];
  const room = (line: readonly LegendEntry[]) =>
    line.reduce((sum, e) => sum + width(e.mark) + 1 + width(e.name) + 3, 0) + width(note.name) + 1;
  while (final.length > 1 && room(final) > columns) final.pop();
  const gone = entries.length - kept.reduce((sum, line) => sum + line.length, 0);
  final.push({ ...note, name: `+${gone} more` });
  return kept;
}

/** Draws the lines from a row on. */
export function drawLegend(
  on: Canvas,
  left: number,
  top: number,
  lines: readonly (readonly LegendEntry[])[],
): void {
  lines.forEach((line, i) => {
    let x = left;
    for (const { mark, codes, name } of line) {
      put(on, x, top + i, mark, codes);
      x += mark === "" ? 0 : width(mark) + 1;
      put(on, x, top + i, name);
      x += width(name) + 3;
    }
  });
}
