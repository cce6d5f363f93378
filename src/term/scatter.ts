// Decides how points over two axes look: dots finer than cells, one colour or mark a series, and
// marks of a whole cell where points are few. It joins nothing.

import { canvas, canvasLines, put } from "./canvas.ts";
import { dot, type DotKind, dots, drawDots } from "./dots.ts";
import { headOf, plotRows, seriesCodes, seriesMark } from "./head.ts";
import type { LineOptions } from "./line.ts";
import { type LineData, readPoints } from "./points.ts";
import { fraction } from "./scale.ts";
import { roleCodes } from "./style.ts";
import { drawXAxis, placeTicks } from "./xaxis.ts";
import { axisOver, drawYAxis, yAxisWidth } from "./yaxis.ts";

/** Up to so many points a mark each; more become dots. */
const FEW = 60;

/** A scatter chart; several series are told apart by colour, without colour by mark. */
export function scatterChart(data: LineData, options: LineOptions): string[] {
  const { style } = options;
  const points = readPoints(data, style);
  const names = points.series.map(({ name }) => name);
  const apart = names.length > 1 && style.color === "none";
  const kind: DotKind = apart || points.x.length <= FEW
    ? "marks"
    : style.unicode
    ? "braille"
    : "halves";
  // Dots have no shape of their own: there the colour alone tells.
  const markOf = (i: number) => seriesMark(style, kind === "marks" ? i : 0);
  const head = headOf(
    options.title,
    names,
    (i) => ({ mark: markOf(i), codes: seriesCodes(style, i) }),
    options.width,
    style,
  );
  const { rows } = plotRows(options, head.rows, 2);
  const axis = axisOver(points, rows, options);
  const on = canvas(options.width, rows + head.rows + 2);
  head.draw(on);
  const left = Math.min(yAxisWidth(axis), Math.max(0, on.width - 4));
  drawYAxis(on, axis, left, head.rows, rows, style);
  if (points.extent === undefined) {
    put(on, left + 2, head.rows + (rows >> 1), "no data", roleCodes(style, "dim"));
    drawXAxis(on, head.rows + rows, left, [], style);
    return canvasLines(on);
  }
  const raster = dots(kind, Math.max(1, on.width - left - 1), rows);
  const [wide, high] = [raster.width - 1, raster.height - 1];
  // The first series matters most: it is drawn last, over the others.
  for (let owner = names.length - 1; owner >= 0; owner--) {
    (points.series[owner] as { values: Float64Array }).values.forEach((value, i) => {
      if (!Number.isFinite(value)) return;
      const y = Math.round((1 - fraction(value, axis.domain)) * high);
      dot(raster, Math.round((points.x[i] as number) * wide), y, owner);
    });
  }
  drawDots(
    on,
    raster,
    left + 1,
    head.rows,
    (i) => seriesCodes(style, i),
    (i) => seriesMark(style, i),
  );
  const perCell = raster.width / raster.columns;
  const column = (at: number) => left + 1 + Math.floor(Math.round(at * wide) / perCell);
  drawXAxis(on, head.rows + rows, left, placeTicks(points.axis, column, on.width, style), style);
  return canvasLines(on);
}
