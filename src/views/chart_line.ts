/** Charts over an axis: lines, areas and points (one series a column, or one for each value of the colour column). */
import { toLog } from "../term/logaxis.ts";
import { counted } from "../term/number.ts";
import { largestSeries, type Series, stackedSeries } from "./chart_series.ts";
import type { Drawing, Figured } from "./drawing.ts";
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

interface Axis {
  readonly kind: "time" | "number" | "category";
  readonly values: readonly (string | number | null)[];
}

/** A line, an area or points, by the chart's type. */
export function axesFigure(kind: "line" | "area" | "scatter"): (drawing: Drawing) => Figured {
  return (drawing) => {
    const { chart } = drawing;
    const { axis, series } = read(drawing);
    const few = kind === "area" ? stackedSeries(series) : largestSeries(series);
    const shown = kind === "area"
      ? few.series.map(({ name, values }) => ({ name, values }))
      : few.series;
    const log = chart["scale"] === "log" && kind !== "area";
    const zero = chart["zero"];
    const lost = log
      ? shown.flatMap(({ values }) => values).filter((value) => (value ?? 1) <= 0).length
      : 0;
    return {
      figure: {
        kind,
        data: {
          x: axis.values,
          xKind: axis.kind,
          series: log ? shown.map((each) => ({ ...each, values: each.values.map(logOf) })) : shown,
        },
        log,
        height: numberOf(chart["height"] ?? null) ?? undefined,
        zero: typeof zero === "boolean" ? zero : undefined,
      },
      notes: [
        ...few.notes,
        ...(log ? ["logarithmic scale"] : []),
        ...(lost > 0 ? [`${counted(lost, "value")} of zero or less left out`] : []),
      ],
    };
  };
}

/** A row for each series. */
export function sparkFigure(drawing: Drawing): Figured {
  const { series } = read(drawing);
  const rows = series.map(({ name, values }) => ({
    name,
    values: values.map((value) => value ?? null),
  }));
  return { figure: { kind: "spark", rows }, notes: [] };
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
  const series = new Map<string, (number | null | undefined)[]>();
  for (const y of ys) {
    const numbers = numbersOf(drawing, "y", y);
    numbers.forEach((value, row) => {
      const name = ys.length === 1 ? colors[row] ?? "" : `${colors[row]} ${y.name}`;
      let values = series.get(name);
      if (values === undefined) series.set(name, values = new Array(places.size).fill(undefined));
      const place = at[row] ?? 0;
      // Several rows of one colour at one x: none of them is left out.
      if (value !== null) values[place] = (values[place] ?? 0) + value;
      else values[place] ??= null;
    });
  }
  const total = ({ values }: Series) =>
    values.reduce((sum: number, value) => sum + Math.abs(value ?? 0), 0);
  const sparse = (values: readonly unknown[]) => axis.kind !== "category" && isSparse(values);
  return {
    axis: { kind: axis.kind, values: [...places.keys()] },
    series: [...series].map(([name, values]) => ({ name, values, sparse: sparse(values) }))
      .sort((a, b) => total(b) - total(a)),
  };
}

/**
 * Has it rows at no more than half of the places? Then it was sampled on its own, and what only others have says
 * nothing of it; else a row that is not there is a value that is missing.
 */
function isSparse(values: readonly unknown[]): boolean {
  let own = 0;
  for (const value of values) if (value !== undefined) own++;
  return own * 2 <= values.length;
}

function logOf(value: number | null | undefined): number | null | undefined {
  return value === undefined ? undefined : toLog(value);
}
