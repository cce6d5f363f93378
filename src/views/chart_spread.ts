/** Charts of how values are spread: histograms and boxes. */
import { type Box, boxOf } from "../term/boxplot.ts";
import { countInto, niceEdges } from "../term/histogram.ts";
import { toLog } from "../term/logaxis.ts";
import { counted } from "../term/number.ts";
import { extent } from "../term/scale.ts";
import type { Drawing, Figured } from "./drawing.ts";
import {
  axisOf,
  columnOf,
  columnsOf,
  firstColumn,
  isMeasure,
  labelsOf,
  needed,
  numberOf,
  numbersOf,
} from "./chart_columns.ts";
import { isNumeric, isTime } from "./table.ts";

/** How often values of one column occur. */
export function histogramFigure(drawing: Drawing): Figured {
  const { chart } = drawing;
  const x = needed(
    drawing,
    "x",
    columnOf(drawing, "x") ?? firstColumn(drawing, isMeasure),
    "a number or a time",
  );
  const time = isTime(x.type);
  const values = time ? timesOf(drawing, x) : numbersOf(drawing, "x", x);
  const missing = values.filter((value) => value === null).length;
  const range = extent(values);
  const kind = time ? "time" as const : "number" as const;
  const whole = !time && values.every((value) => value === null || Number.isInteger(value));
  const edges = range === undefined
    ? []
    : niceEdges(range, numberOf(chart["bins"] ?? null), { whole, kind });
  const log = chart["scale"] === "log";
  return {
    figure: {
      kind: "histogram",
      data: { edges, counts: countInto(values, edges), kind, whole },
      height: numberOf(chart["height"] ?? null) ?? undefined,
      log,
    },
    notes: [
      ...(log ? ["logarithmic scale"] : []),
      ...(missing > 0 ? [`${counted(missing, "row")} without a value`] : []),
    ],
  };
}

function timesOf(drawing: Drawing, column: Parameters<typeof axisOf>[1]): (number | null)[] {
  return axisOf(drawing, column).values.map((value) => {
    const text = String(value ?? "");
    const at = Date.parse(text.length > 10 ? `${text.replace(" ", "T")}Z` : text);
    return Number.isNaN(at) ? null : at;
  });
}

/** A box for each value of x, in the order of the rows; one for all where there is no x. */
export function boxFigure(drawing: Drawing): Figured {
  const { chart } = drawing;
  const ys = columnsOf(drawing, "y");
  const x = columnOf(drawing, "x") ??
    (ys.length > 1 ? null : firstColumn(drawing, ({ type }) => !isNumeric(type), ys));
  const columns = ys.length > 0
    ? ys
    : [needed(drawing, "y", firstColumn(drawing, isMeasure, [x]), "a number")];
  const log = chart["scale"] === "log";
  let lost = 0;
  const groups = new Map<string, (number | null)[]>();
  const labels = x === null ? [] : labelsOf(drawing, x);
  for (const column of columns) {
    numbersOf(drawing, "y", column).forEach((value, i) => {
      const name = x === null
        ? column.name
        : columns.length > 1
        ? `${labels[i]} ${column.name}`
        : labels[i] ?? "";
      const drawn = log ? toLog(value) : value;
      if (value !== null && drawn === null) lost++;
      const known = groups.get(name);
      if (known === undefined) groups.set(name, [drawn]);
      else known.push(drawn);
    });
  }
  const boxes = [...groups].map(([name, values]) => boxOf(name, values))
    .filter((box): box is Box => box !== null);
  const without = groups.size - boxes.length;
  return {
    figure: { kind: "box", boxes, log },
    notes: [
      ...(log ? ["logarithmic scale"] : []),
      ...(lost > 0 ? [`${counted(lost, "value")} of zero or less left out`] : []),
      ...(without > 0 ? [`${counted(without, "name")} without a value`] : []),
    ],
  };
}
