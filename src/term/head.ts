// Decides how a chart begins: its title, and the legend of its series. Every chart over two axes
// begins so.

import { type Canvas, put } from "./canvas.ts";
import { inkCodes } from "./color.ts";
import { drawLegend, legendLines } from "./legend.ts";
import { seriesColor } from "./palette.ts";
import { sanitize } from "./sanitize.ts";
import { roleCodes, type Style } from "./style.ts";
import { truncate } from "./width.ts";

/** Marks that tell series apart where there is no colour. */
const MARKS_UNICODE = ["●", "○", "▲", "△", "■", "□", "◆", "◇"];
const MARKS_ASCII = ["*", "o", "+", "x", "#", "@", "%", "&"];

/** The mark of a series. */
export function seriesMark(style: Pick<Style, "unicode">, i: number): string {
  const marks = style.unicode ? MARKS_UNICODE : MARKS_ASCII;
  return marks[i % marks.length] as string;
}

/** The paint of a series. */
export function seriesCodes(style: Style, i: number): string {
  return inkCodes(style.color, { fg: seriesColor(style, i) });
}

/** Writes a title into the first row, where there is one. */
export function drawTitle(on: Canvas, title: string | undefined, style: Style): void {
  if (title === undefined) return;
  put(on, 0, 0, truncate(sanitize(title, style), on.width, style), roleCodes(style, "heading"));
}

export interface Head {
  /** Rows that it takes. */
  readonly rows: number;
  draw(on: Canvas): void;
}

/** Title and, where there are several series, their legend; `markOf` says what stands before a name. */
export function headOf(
  title: string | undefined,
  names: readonly string[],
  markOf: (i: number) => { readonly mark: string; readonly codes: string },
  width: number,
  style: Style,
): Head {
  const legend = names.length < 2
    ? []
    : legendLines(names.map((name, i) => ({ name, ...markOf(i) })), width, style);
  const top = title === undefined ? 0 : 1;
  return {
    rows: top + legend.length,
    draw(on) {
      drawTitle(on, title, style);
      drawLegend(on, 0, top, legend);
    },
  };
}

/** Rows of a plot: what was asked for, what the width suggests, within what there is at the most. */
export function plotRows(
  options: {
    readonly width: number;
    readonly height?: number | undefined;
    readonly most?: number | undefined;
  },
  head: number,
  axis: number,
): { readonly rows: number; readonly fixed: boolean } {
  const suggested = Math.max(12, Math.min(24, Math.round(options.width / 6)));
  const wanted = options.height === undefined ? suggested - axis : options.height - head - axis;
  const most = (options.most ?? Infinity) - head - axis;
  return {
    rows: Math.max(2, Math.min(wanted, most)),
    fixed: options.height !== undefined || wanted > most,
  };
}
