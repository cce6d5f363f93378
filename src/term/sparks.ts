// Decides how several courses stand under each other: name, sparkline, last value.

import { canvas, canvasLines, put } from "./canvas.ts";
import { drawTitle, seriesCodes } from "./head.ts";
import { compact, grouped } from "./number.ts";
import { sanitize } from "./sanitize.ts";
import { sparkline } from "./spark.ts";
import { plainStyle, roleCodes, type Style } from "./style.ts";
import { truncate, width } from "./width.ts";

export interface SparkRow {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** How the last value of a course reads. */
export function lastText(values: readonly (number | null)[]): string {
  const last = values.findLast((value) => value !== null) ?? null;
  return last === null ? "NULL" : Math.abs(last) < 1e6 ? grouped(last) : compact(last);
}

/** A row for each course. */
export function sparkChart(
  rows: readonly SparkRow[],
  options: {
    readonly width: number;
    readonly most?: number | undefined;
    readonly style: Style;
    readonly title?: string | undefined;
  },
): string[] {
  const { style } = options;
  const head = options.title === undefined ? 0 : 1;
  const shown = rows.slice(0, Math.max(1, (options.most ?? Infinity) - head));
  const names = shown.map(({ name }) => sanitize(name, style));
  const lasts = shown.map(({ values }) => lastText(values));
  const left = Math.min(Math.max(0, ...names.map(width)), options.width >> 1);
  const right = Math.max(0, ...lasts.map(width));
  const room = Math.max(1, options.width - left - right - 4);
  const longest = Math.max(1, ...shown.map(({ values }) => values.length));
  const size = Math.min(room, longest);
  const on = canvas(options.width, head + Math.max(1, shown.length));
  drawTitle(on, options.title, style);
  if (shown.length === 0) put(on, 0, head, "no data", roleCodes(style, "dim"));
  const plain = { ...plainStyle, unicode: style.unicode };
  shown.forEach(({ values }, i) => {
    const y = head + i, last = lasts[i] as string;
    put(on, 0, y, truncate(names[i] as string, left, style));
    const line = sparkline(values, { style: plain, width: size });
    put(on, left + 2, y, line, seriesCodes(style, 0));
    put(on, left + 4 + size + right - width(last), y, last, roleCodes(style, "number"));
  });
  return canvasLines(on);
}
