/**
 * Draws a chart as it was declared: checks its columns, sorts and cuts its rows, hands them to the drawing of its
 * type. How a drawing looks is term's; which columns are meant is `chart_columns.ts`.
 */
import type { ChartDefinition } from "../core/definition.ts";
import { nearest } from "../core/graph/nearest.ts";
import type { Json } from "../core/json.ts";
import { type Problem, ProblemError } from "../core/problem/problem.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { Rows } from "../core/rows.ts";
import { grouped } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { wrap } from "../term/width.ts";
import { drawBars } from "./chart_bar.ts";
import type { Drawing, Drawn } from "./drawing.ts";
import {
  type ChartData,
  chartProblem,
  columnNamed,
  type Found,
  numberOf,
} from "./chart_columns.ts";
import { drawHeat } from "./chart_heat.ts";
import { drawLine, drawScatter, drawSparks } from "./chart_line.ts";
import { drawMap } from "./chart_map.ts";
import { drawNumber } from "./chart_number.ts";
import { isNumeric, rowsTable } from "./table.ts";
import type { Around } from "./times.ts";

export interface ChartAround extends Around {
  readonly asset: string;
}

type Draw = (drawing: Drawing) => Drawn;

const DRAWINGS: Readonly<Record<string, Draw>> = {
  line: drawLine,
  bar: drawBars,
  heat: drawHeat,
  heatmap: drawHeat,
  map: drawMap,
  choropleth: drawMap,
  scatter: drawScatter,
  spark: drawSparks,
  sparkline: drawSparks,
  number: drawNumber,
  table: ({ rows, style, columns, title }) => ({
    lines: [paint(style, "heading", sanitize(title, style)), ...rowsTable(rows, style, columns)],
    notes: [],
  }),
};

/** A chart as lines of at most `columns` cells; a column that is not there is a problem that names the nearest. */
export function chartLines(
  chart: ChartDefinition,
  rows: Rows,
  around: ChartAround,
  style: Style,
  columns: number,
): Result<readonly string[], Problem> {
  const data: ChartData = { chart, rows, asset: around.asset };
  const draw = DRAWINGS[chart.type];
  if (draw === undefined) return err(unknownType(data));
  try {
    const ready = prepared(data);
    const drawn = draw({ ...ready, style, columns, title: chart.title ?? titleOf(data) });
    const caption = chart["caption"];
    const notes = [
      ...(typeof caption === "string" ? [caption] : []),
      ...drawn.notes,
      ...cutNote(data, ready),
    ];
    return ok([
      ...drawn.lines,
      ...notes.flatMap((note) =>
        wrap(sanitize(note, style), columns).map((line) => paint(style, "dim", line))
      ),
    ]);
  } catch (error) {
    // Deep inside a drawing a column may turn out to be missing; it is told here, as a value.
    if (error instanceof ProblemError && error.problems[0] !== undefined) {
      return err(error.problems[0]);
    }
    throw error;
  }
}

function unknownType(data: ChartData): Problem {
  const types = Object.keys(DRAWINGS);
  const near = nearest(data.chart.type, types);
  return chartProblem(data, {
    message: `Cannot draw ${data.asset}: there is no chart of type ${data.chart.type}`,
    why: `the types are ${types.join(", ")}`,
    hint: near === null ? "write one of them as type" : `write type: ${near}`,
  });
}

function titleOf({ chart, asset }: ChartData): string {
  const y = Array.isArray(chart.y) ? chart.y.join(", ") : chart.value ?? chart.y ?? "";
  return y === "" ? asset : `${asset}: ${y}`;
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
  if (most !== null && data.chart.type !== "bar") rows = rows.slice(0, most);
  return { ...data, rows: { ...data.rows, rows } };
}

/** NULL stands last, whichever way. */
function compare(a: Json, b: Json, { type }: Found, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (isNumeric(type)) return sign * ((numberOf(a) ?? 0) - (numberOf(b) ?? 0));
  const [left, right] = [String(a), String(b)];
  return left === right ? 0 : left < right ? -sign : sign;
}

function cutNote(before: ChartData, after: ChartData): string[] {
  const all = before.rows.total ?? before.rows.rows.length;
  const drawn = after.rows.rows.length;
  return drawn < all && before.chart.type !== "bar" && before.chart.type !== "table"
    ? [`drawn from ${grouped(drawn)} of ${grouped(all)} rows`]
    : [];
}
