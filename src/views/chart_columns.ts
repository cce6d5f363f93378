/**
 * The columns that a chart names, found in its rows and read as numbers, labels or points along an axis. Decides what
 * is meant where a chart names none, and what is said where it names one that is not there.
 */
import type { ChartDefinition } from "../core/definition.ts";
import { nearest } from "../core/graph/nearest.ts";
import type { Json } from "../core/json.ts";
import { type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import type { Rows } from "../core/rows.ts";
import type { Column } from "../core/version.ts";
import { isNumeric, isTime } from "./table.ts";

/** A chart with the rows that it shows; the asset is named in problems. */
export interface ChartData {
  readonly chart: ChartDefinition;
  readonly rows: Rows;
  readonly asset: string;
}

/** A column and where it stands in each row. */
export interface Found extends Column {
  readonly at: number;
}

/** The column of a name, without regard to case, as SQL has it; throws where there is none. */
export function columnNamed(data: ChartData, option: string, name: string): Found {
  const { columns } = data.rows;
  let at = columns.findIndex((each) => each.name === name);
  if (at < 0) at = columns.findIndex((each) => each.name.toLowerCase() === name.toLowerCase());
  const column = columns[at];
  if (column !== undefined) return { ...column, at };
  const names = columns.map((each) => each.name);
  const near = nearest(name, names);
  throw new ProblemError(chartProblem(data, {
    message:
      `Cannot draw ${data.asset}: its ${data.chart.type} chart names a column ${name} as ${option}`,
    why: `it has no such column; it has ${names.slice(0, 12).join(", ")}${
      names.length > 12 ? " …" : ""
    }`,
    hint: near === null ? `write one of them as ${option}` : `write ${option}: ${near}`,
  }));
}

/** The column that an option names; null where it names none. */
export function columnOf(data: ChartData, option: string): Found | null {
  const named = data.chart[option];
  return typeof named === "string" && named !== "" ? columnNamed(data, option, named) : null;
}

/** The same for an option that may name several. */
export function columnsOf(data: ChartData, option: string): readonly Found[] {
  const named = data.chart[option];
  if (typeof named === "string") return named === "" ? [] : [columnNamed(data, option, named)];
  if (!Array.isArray(named)) return [];
  return (named as readonly Json[]).map((name) => columnNamed(data, option, String(name)));
}

/** The first column that passes, `but` some; null where there is none. */
export function firstColumn(
  data: ChartData,
  passes: (column: Column) => boolean,
  but: readonly (Found | null)[] = [],
): Found | null {
  const at = data.rows.columns.findIndex((column, i) =>
    passes(column) && but.every((other) => other?.at !== i)
  );
  const column = data.rows.columns[at];
  return column === undefined ? null : { ...column, at };
}

/** Numbers that count or measure something: an id is none, nor is a year. */
export function isMeasure({ name, type }: Column): boolean {
  return isNumeric(type) && !/(^|_)(id|year|key|code)$/i.test(name);
}

/** A column that must be there. */
export function needed(data: ChartData, option: string, found: Found | null, what: string): Found {
  if (found !== null) return found;
  throw new ProblemError(chartProblem(data, {
    message: `Cannot draw ${data.asset}: its ${data.chart.type} chart names no column as ${option}`,
    why:
      `a ${data.chart.type} chart needs ${what} as ${option}, and none of its columns is an obvious choice`,
    hint: `write ${option}: with one of ${
      data.rows.columns.map((each) => each.name).slice(0, 12).join(", ")
    }`,
  }));
}

/** Values as numbers, NULL and what is no number as gaps; a column of text is a mistake worth telling. */
export function numbersOf(data: ChartData, option: string, column: Found): (number | null)[] {
  if (!isNumeric(column.type) && !/^(BOOLEAN|UNKNOWN|JSON|)$/i.test(column.type)) {
    throw new ProblemError(chartProblem(data, {
      message: `Cannot draw ${data.asset}: column ${column.name} is no number`,
      why:
        `it is ${column.type}, and ${option} of a ${data.chart.type} chart is drawn as a length, a height or a shade`,
      hint: `name a number as ${option}, or cast it in the query: cast(${column.name} as double)`,
    }));
  }
  return data.rows.rows.map((row) => numberOf(row[column.at] ?? null));
}

/** Decimals and 128-bit integers come as text. */
export function numberOf(value: Json): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "string" || value.trim() === "") return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** Values as the words that stand beside them. */
export function labelsOf(data: ChartData, column: Found): string[] {
  return data.rows.rows.map((row) => labelOf(row[column.at] ?? null));
}

export function labelOf(value: Json): string {
  if (value === null) return "NULL";
  if (typeof value === "string") {
    return value.replace(/^(\d{4}-\d\d-\d\d)T00:00:00(\.0+)?$/, "$1").replace(
      /^(\d{4}-\d\d-\d\d)T/,
      "$1 ",
    );
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Along the bottom: times by what the clock showed, numbers, or categories in the order of the rows. */
export function axisOf(
  data: ChartData,
  column: Found,
): { kind: "time" | "number" | "category"; values: (string | number | null)[] } {
  const raw = data.rows.rows.map((row) => row[column.at] ?? null);
  if (isTime(column.type)) {
    // Only instants carry an offset, and of a million values none should be looked at in vain.
    const read = /TZ$|WITH TIME ZONE/i.test(column.type) ? wallText : String;
    return { kind: "time", values: raw.map((value) => value === null ? null : read(value)) };
  }
  if (isNumeric(column.type)) return { kind: "number", values: raw.map(numberOf) };
  const dates = raw.every((value) =>
    value === null || (typeof value === "string" && /^\d{4}-\d\d-\d\d/.test(value))
  );
  if (dates && raw.some((value) => value !== null)) {
    return { kind: "time", values: raw.map((value) => value === null ? null : wallText(value)) };
  }
  return { kind: "category", values: raw.map((value) => value === null ? null : labelOf(value)) };
}

/** An instant has its offset with it; on the axis stands the local time. */
function wallText(value: Json): string {
  return String(value).replace(/(?:Z|[+-]\d\d:?\d\d)$/, (offset, at) => at > 10 ? "" : offset);
}

/** A problem that says where the chart is declared as far as is known here. */
export function chartProblem(
  data: Pick<ChartData, "asset">,
  parts: { readonly message: string; readonly why: string; readonly hint: string },
): Problem {
  return problem("definition-invalid", { ...parts, where: { asset: data.asset } });
}
