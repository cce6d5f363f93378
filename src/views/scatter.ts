/** Points over two axes, one colour or mark for each series; axes, ticks and dots are term's. */
import { canvas, canvasLines, put } from "../term/canvas.ts";
import { inkCodes } from "../term/color.ts";
import { dot, dots, drawDots } from "../term/dots.ts";
import { drawLegend, legendLines } from "../term/legend.ts";
import { seriesColor } from "../term/palette.ts";
import { type LineData, readPoints } from "../term/points.ts";
import { sanitize } from "../term/sanitize.ts";
import { fraction } from "../term/scale.ts";
import { roleCodes, type Style } from "../term/style.ts";
import { truncate } from "../term/width.ts";
import { drawXAxis, placeTicks } from "../term/xaxis.ts";
import { drawYAxis, yAxis, yAxisWidth } from "../term/yaxis.ts";

export interface ScatterOptions {
  /** Every line is exactly as wide. */
  readonly width: number;
  readonly height?: number | undefined;
  readonly style: Style;
  readonly title: string;
}

const MARKS_UNICODE = ["●", "○", "▲", "△", "■", "□", "◆", "◇"];
const MARKS_ASCII = ["*", "o", "+", "x", "#", "@", "%", "&"];

export function scatterChart(data: LineData, options: ScatterOptions): string[] {
  const { style } = options;
  const points = readPoints(data, style);
  const several = points.series.length > 1;
  const codes = (i: number) => inkCodes(style.color, { fg: seriesColor(style, i) });
  const mark = (i: number) => {
    const marks = style.unicode ? MARKS_UNICODE : MARKS_ASCII;
    return marks[i % marks.length] as string;
  };
  const legend = several
    ? legendLines(
      points.series.map(({ name }, i) => ({ name, mark: mark(i), codes: codes(i) })),
      options.width,
      style,
    )
    : [];
  const head = 1 + legend.length;
  const height = options.height ?? Math.max(12, Math.min(24, Math.round(options.width / 6))) + head;
  const rows = Math.max(2, height - head - 2);
  const axis = yAxis(points, rows, undefined);
  const on = canvas(options.width, rows + head + 2);
  const title = truncate(sanitize(options.title, style), on.width, style);
  put(on, 0, 0, title, roleCodes(style, "heading"));
  drawLegend(on, 0, 1, legend);
  const left = Math.min(yAxisWidth(axis), Math.max(0, on.width - 4));
  drawYAxis(on, axis, left, head, rows, style);
  if (points.extent === undefined) {
    put(on, left + 2, head + (rows >> 1), "no data", roleCodes(style, "dim"));
    drawXAxis(on, head + rows, left, [], style);
    return canvasLines(on);
  }
  const kind = several && style.color === "none" ? "marks" : style.unicode ? "braille" : "halves";
  const raster = dots(kind, Math.max(1, on.width - left - 1), rows);
  const [wide, high] = [raster.width - 1, raster.height - 1];
  points.series.forEach(({ values }, owner) => {
    values.forEach((value, i) => {
      if (Number.isNaN(value)) return;
      const y = Math.round((1 - fraction(value, axis.domain)) * high);
      dot(raster, Math.round((points.x[i] as number) * wide), y, owner);
    });
  });
  drawDots(on, raster, left + 1, head, codes, mark);
  const perCell = raster.width / raster.columns;
  const column = (at: number) => left + 1 + Math.floor(Math.round(at * wide) / perCell);
  drawXAxis(on, head + rows, left, placeTicks(points.axis, column, on.width, style), style);
  return canvasLines(on);
}
