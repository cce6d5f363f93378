/** Bar charts: a bar for each row; several columns or a colour column make them grouped, or stacked where said. */
import type { BarData } from "../term/bar.ts";
import { grouped } from "../term/number.ts";
import { largestSeries, type Series, stackedSeries } from "./chart_series.ts";
import type { Drawing, Figured } from "./drawing.ts";
import {
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
import { isNumeric } from "./table.ts";

export function barFigure(drawing: Drawing): Figured {
  const { chart } = drawing;
  const whole = read(drawing);
  const stacked = chart["stacked"] === true;
  const few = stacked ? stackedSeries(whole.series) : largestSeries(whole.series);
  const data: BarData = { ...whole, series: few.series };
  const limit = numberOf(chart["limit"] ?? null) ?? undefined;
  const log = chart["scale"] === "log";
  const drawn = log ? logarithms(data) : data;
  return {
    figure: {
      kind: "bar",
      data: drawn ?? data,
      stacked,
      limit,
      format: log && drawn !== null ? (value) => grouped(fromLog(value)) : undefined,
    },
    notes: [
      ...few.notes,
      ...(!log
        ? []
        : drawn === null
        ? ["on a linear scale: a logarithmic one has no place for what is below 1"]
        : ["logarithmic scale: each bar ten times as much is one step longer"]),
    ],
  };
}

function read(drawing: Drawing): BarData & { readonly series: readonly Series[] } {
  const color = columnOf(drawing, "color");
  let label = columnOf(drawing, "x") ?? columnOf(drawing, "label");
  let ys = columnsOf(drawing, "y");
  if (ys.length === 0) {
    const value = columnOf(drawing, "value") ?? firstColumn(drawing, isMeasure, [label, color]);
    ys = [needed(drawing, "y", value, "a number")];
  }
  const only = ys[0] as Found;
  // Bars lie, so some name the length as x and the words as y: what is meant is plain.
  if (label !== null && ys.length === 1 && isNumeric(label.type) && !isNumeric(only.type)) {
    [label, ys] = [only, [label]];
  }
  label ??= needed(
    drawing,
    "x",
    firstColumn(drawing, ({ type }) => !isNumeric(type), [color, ...ys]) ??
      firstColumn(drawing, (column) => !isMeasure(column), [color, ...ys]),
    "a column of names",
  );
  const labels = labelsOf(drawing, label);
  if (color === null) {
    return {
      labels,
      series: ys.map((y) => ({ name: y.name, values: numbersOf(drawing, "y", y) })),
    };
  }
  const y = ys[0] as Found;
  const numbers = numbersOf(drawing, "y", y), colors = labelsOf(drawing, color);
  const places = [...new Set(labels)];
  const at = new Map(places.map((name, i) => [name, i]));
  const series = new Map<string, (number | null)[]>();
  numbers.forEach((value, row) => {
    const name = colors[row] ?? "";
    let values = series.get(name);
    if (values === undefined) series.set(name, values = new Array(places.length).fill(null));
    const place = at.get(labels[row] ?? "") ?? 0;
    if (value !== null) values[place] = (values[place] ?? 0) + value;
  });
  return { labels: places, series: [...series].map(([name, values]) => ({ name, values })) };
}

/** Lengths by powers of ten, 1 as a sliver; null where a value has no logarithm worth a bar. */
function logarithms(data: BarData): BarData | null {
  const all = data.series.flatMap(({ values }) => values).filter((value) => value !== null);
  if (all.some((value) => (value as number) < 1)) return null;
  return {
    labels: data.labels,
    series: data.series.map(({ name, values }) => ({
      name,
      values: values.map((value) =>
        value === null || value === undefined ? null : Math.log10(value) + 0.1
      ),
    })),
  };
}

/** What was drawn, back to what it stands for; its last bits are the logarithm's. */
function fromLog(value: number): number {
  return Number((10 ** (value - 0.1)).toPrecision(12));
}
