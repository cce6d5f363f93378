/**
 * Draws a chart as it was declared: checks its columns, sorts and cuts its rows, hands them to the drawing of its
 * type. How a drawing looks is term's; which columns are meant is `chart_columns.ts`.
 */
import { chartType, type ChartTypeName, chartTypeWords } from "../core/chart.ts";
import type { ChartDefinition } from "../core/definition.ts";
import { nearest } from "../core/graph/nearest.ts";
import type { Json } from "../core/json.ts";
import { type Problem, ProblemError } from "../core/problem/problem.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { Rows } from "../core/rows.ts";
import { drawFigure, type Figure } from "../term/figure.ts";
import { figureSvg } from "../term/svg/figure.ts";
import { grouped } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { wrap } from "../term/width.ts";
import { barFigure } from "./chart_bar.ts";
import {
  type ChartData,
  chartProblem,
  columnNamed,
  type Found,
  numberOf,
} from "./chart_columns.ts";
import { calendarFigure, heatFigure } from "./chart_heat.ts";
import { axesFigure, sparkFigure } from "./chart_line.ts";
import { mapFigure } from "./chart_map.ts";
import { ganttFigure, numberFigure, tableFigure } from "./chart_single.ts";
import { boxFigure, histogramFigure } from "./chart_spread.ts";
import type { Drawing, Figured } from "./drawing.ts";
import { isNumeric } from "./table.ts";
import type { Around } from "./times.ts";

export interface ChartAround extends Around {
  readonly asset: string;
  /** Of a number: what the version before had there. */
  readonly before?: number | null | undefined;
}

const READINGS: Readonly<Record<ChartTypeName, (drawing: Drawing) => Figured>> = {
  line: axesFigure("line"),
  area: axesFigure("area"),
  scatter: axesFigure("scatter"),
  bar: barFigure,
  histogram: histogramFigure,
  box: boxFigure,
  heat: heatFigure,
  calendar: calendarFigure,
  map: mapFigure,
  number: numberFigure,
  spark: sparkFigure,
  gantt: ganttFigure,
  table: tableFigure,
};

/** A chart ready to be drawn anywhere. */
export interface ReadChart {
  readonly figure: Figure;
  readonly title: string;
  /** The caption first, then what must be said about the drawing. */
  readonly notes: readonly string[];
  readonly caption: string | null;
}

/** A chart's figure from its rows; a column that is not there is a problem that names the nearest. */
export function readChart(
  chart: ChartDefinition,
  rows: Rows,
  around: Pick<ChartAround, "asset" | "before">,
): Result<ReadChart, Problem> {
  const data: ChartData = { chart, rows, asset: around.asset };
  const type = chartType(chart.type);
  if (type === null) return err(unknownType(data));
  try {
    const ready = prepared(data);
    const { figure, notes } = READINGS[type]({ ...ready, before: around.before ?? null });
    const caption = typeof chart["caption"] === "string" ? chart["caption"] : null;
    return ok({
      figure,
      title: titleOf(data, type),
      notes: [...notes, ...cutNote(data, ready, type)],
      caption,
    });
  } catch (error) {
    // Deep inside a reading a column may turn out to be missing; it is told here, as a value.
    if (error instanceof ProblemError && error.problems[0] !== undefined) {
      return err(error.problems[0]);
    }
    throw error;
  }
}

/** A chart as lines of at most `columns` cells, and of at most `most` lines where that is given. */
export function chartLines(
  chart: ChartDefinition,
  rows: Rows,
  around: ChartAround,
  style: Style,
  columns: number,
  most?: number,
): Result<readonly string[], Problem> {
  const read = readChart(chart, rows, around);
  if (!read.ok) return read;
  const { figure, title, caption, notes } = read.value;
  const below = [...(caption === null ? [] : [caption]), ...notes].flatMap((note) =>
    wrap(sanitize(note, style), columns).map((line) => paint(style, "dim", line))
  );
  const room = most === undefined ? undefined : Math.max(6, most - below.length);
  const lines = drawFigure(figure, { width: columns, style, title, most: room });
  return ok([...lines, ...below]);
}

/** A chart as SVG text: a document of its own, or part of a page that shows title and notes itself. */
export function chartSvg(
  chart: ChartDefinition,
  rows: Rows,
  around: Pick<ChartAround, "asset" | "before">,
  options: { readonly width: number; readonly embedded?: boolean | undefined },
): Result<string, Problem> {
  const read = readChart(chart, rows, around);
  if (!read.ok) return read;
  const { figure, title, caption, notes } = read.value;
  const embedded = options.embedded === true;
  return ok(figureSvg(figure, {
    width: options.width,
    title,
    embedded,
    below: embedded ? [] : [...(caption === null ? [] : [caption]), ...notes],
  }));
}

function unknownType(data: ChartData): Problem {
  const types = chartTypeWords();
  const near = nearest(data.chart.type, types);
  return chartProblem(data, {
    message: `Cannot draw ${data.asset}: there is no chart of type ${data.chart.type}`,
    why: `the types are ${types.join(", ")}`,
    hint: near === null ? "write one of them as type" : `write type: ${near}`,
  });
}

/** Charts whose numbers have no other place where it is said what they are. */
const UNIT_IN_TITLE: readonly ChartTypeName[] = [
  "line",
  "area",
  "scatter",
  "bar",
  "histogram",
  "box",
  "spark",
];

function titleOf({ chart, asset }: ChartData, type: ChartTypeName): string {
  const y = Array.isArray(chart.y) ? chart.y.join(", ") : chart.value ?? chart.y ?? "";
  const title = chart.title ?? (y === "" ? asset : `${asset}: ${y}`);
  const unit = chart["unit"];
  return typeof unit === "string" && UNIT_IN_TITLE.includes(type) ? `${title} (${unit})` : title;
}

/** Sorted and cut as declared. Bars and tables say themselves how many are left out. */
function prepared(data: ChartData): ChartData {
  const { sort, limit } = data.chart;
  let { rows } = data.rows;
  if (typeof sort === "string" && sort !== "") {
    const down = sort.startsWith("-");
    const column = columnNamed(data, "sort", down ? sort.slice(1) : sort);
    const sign = down ? -1 : 1;
    rows = [...rows].sort((a, b) =>
      compare(a[column.at] ?? null, b[column.at] ?? null, column, sign)
    );
  }
  const most = numberOf(limit ?? null);
  if (most !== null && chartType(data.chart.type) !== "bar") rows = rows.slice(0, most);
  return { ...data, rows: { ...data.rows, rows } };
}

/** NULL stands last, whichever way. */
function compare(a: Json, b: Json, { type }: Found, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (isNumeric(type)) return sign * ((numberOf(a) ?? 0) - (numberOf(b) ?? 0));
  const [left, right] = [String(a), String(b)];
  return left === right ? 0 : left < right ? -sign : sign;
}

function cutNote(before: ChartData, after: ChartData, type: ChartTypeName): string[] {
  const all = before.rows.total ?? before.rows.rows.length;
  const drawn = after.rows.rows.length;
  return drawn < all && type !== "bar" && type !== "table"
    ? [`drawn from ${grouped(drawn)} of ${grouped(all)} rows`]
    : [];
}
