/** Charts over an axis: lines (one a column, or one for each value of the colour column), points, sparklines. */
import { lineChart } from "../term/line.ts";
import { compact, grouped } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { scatterChart } from "./scatter.ts";
import { sparkline } from "../term/spark.ts";
import { paint } from "../term/style.ts";
import { fit, width } from "../term/width.ts";
import type { Drawing, Drawn } from "./drawing.ts";
import {
  axisOf,
  columnOf,
  columnsOf,
  firstColumn,
  type Found,
  isMeasure,
  labelsOf,
  needed,
  numberOf,
  numbersOf,
} from "./chart_columns.ts";
import { isNumeric, isTime } from "./table.ts";

/** Lines after these say nothing any more. */
const MOST_SERIES = 12;

interface Axis {
  readonly kind: "time" | "number" | "category";
  readonly values: readonly (string | number | null)[];
}

interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

export function drawLine(drawing: Drawing): Drawn {
  const { chart, style, columns, title } = drawing;
  const { axis, series } = read(drawing);
  const height = numberOf(chart["height"] ?? null);
  const zero = chart["zero"];
  return {
    lines: lineChart({ x: axis.values, xKind: axis.kind, series: series.slice(0, MOST_SERIES) }, {
      width: columns,
      style,
      title,
      ...(height === null ? {} : { height }),
      ...(typeof zero === "boolean" ? { zero } : {}),
    }),
    notes: [...seriesNote(series), ...linearNote(drawing)],
  };
}

export function drawScatter(drawing: Drawing): Drawn {
  const { chart, style, columns, title } = drawing;
  const { axis, series } = read(drawing);
  const height = numberOf(chart["height"] ?? null);
  return {
    lines: scatterChart(
      { x: axis.values, xKind: axis.kind, series: series.slice(0, MOST_SERIES) },
      {
        width: columns,
        style,
        title,
        ...(height === null ? {} : { height }),
      },
    ),
    notes: [...seriesNote(series), ...linearNote(drawing)],
  };
}

/** A row for each series: its name, its course, its last value. */
export function drawSparks(drawing: Drawing): Drawn {
  const { style, columns, title } = drawing;
  const { series } = read(drawing);
  const names = series.map(({ name }) => sanitize(name, style));
  const lasts = series.map(({ values }) => {
    const last = values.findLast((value) => value !== null) ?? null;
    return last === null ? "NULL" : Math.abs(last) < 1e6 ? grouped(last) : compact(last);
  });
  const left = Math.min(Math.max(0, ...names.map(width)), columns >> 1);
  const right = Math.max(0, ...lasts.map(width));
  const room = Math.max(1, columns - left - right - 4);
  const longest = Math.max(1, ...series.map(({ values }) => values.length));
  return {
    lines: [
      paint(style, "heading", fit(sanitize(title, style), columns, style).trimEnd()),
      ...series.map(({ values }, i) =>
        `${fit(names[i] ?? "", left, style)}  ${
          sparkline(values, { style, width: Math.min(room, longest) })
        }  ${fit(lasts[i] ?? "", right, style, "right")}`
      ),
    ],
    notes: [],
  };
}

function read(drawing: Drawing): { axis: Axis; series: readonly Series[] } {
  const color = columnOf(drawing, "color");
  const namedY = columnsOf(drawing, "y");
  const x = columnOf(drawing, "x") ??
    firstColumn(drawing, ({ type }) => isTime(type), [color, ...namedY]) ??
    firstColumn(drawing, ({ type }) => !isNumeric(type), [color, ...namedY]);
  const ys = namedY.length > 0
    ? namedY
    : [needed(drawing, "y", firstColumn(drawing, isMeasure, [x, color]), "a number")];
  const axis: Axis = x === null
    ? { kind: "number", values: drawing.rows.rows.map((_, i) => i + 1) }
    : axisOf(drawing, x);
  if (color === null) {
    return {
      axis,
      series: ys.map((y) => ({ name: y.name, values: numbersOf(drawing, "y", y) })),
    };
  }
  return byColor(drawing, axis, ys, labelsOf(drawing, color));
}

/** Rows of one x become one place on the axis, with a value for each colour. */
function byColor(
  drawing: Drawing,
  axis: Axis,
  ys: readonly Found[],
  colors: readonly string[],
): { axis: Axis; series: readonly Series[] } {
  const places = new Map<string | number | null, number>();
  const at = axis.values.map((value) => {
    const known = places.get(value);
    if (known !== undefined) return known;
    places.set(value, places.size);
    return places.size - 1;
  });
  const series = new Map<string, (number | null)[]>();
  for (const y of ys) {
    const numbers = numbersOf(drawing, "y", y);
    numbers.forEach((value, row) => {
      const name = ys.length === 1 ? colors[row] ?? "" : `${colors[row]} ${y.name}`;
      let values = series.get(name);
      if (values === undefined) series.set(name, values = new Array(places.size).fill(null));
      const place = at[row] ?? 0;
      // Several rows of one colour at one x: none of them is left out.
      if (value !== null) values[place] = (values[place] ?? 0) + value;
    });
  }
  const total = ({ values }: Series) =>
    values.reduce((sum: number, value) => sum + Math.abs(value ?? 0), 0);
  return {
    axis: { kind: axis.kind, values: [...places.keys()] },
    series: [...series].map(([name, values]) => ({ name, values }))
      .sort((a, b) => total(b) - total(a)),
  };
}

function seriesNote(series: readonly Series[]): string[] {
  return series.length <= MOST_SERIES
    ? []
    : [`the ${MOST_SERIES} largest of ${grouped(series.length)} series`];
}

function linearNote({ chart }: Drawing): string[] {
  return chart["scale"] === "log" ? ["on a linear scale: this chart has no logarithmic one"] : [];
}
