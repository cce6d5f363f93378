/** The chart that a query's result is likely meant to be, by the types of its columns; null where nothing can be drawn. */
import type { ChartDefinition } from "../core/definition.ts";
import type { Json } from "../core/json.ts";
import type { Rows } from "../core/rows.ts";
import { numberOf } from "./chart_columns.ts";
import { isNumeric, isTime } from "./table.ts";

const SHAPE = /^\s*(?:SRID=\d+;\s*)?(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\b|^\s*\{\s*"type"\s*:/i;
/** More series than these are no picture. */
const MOST_SERIES = 8;
const MOST_BARS = 40;
/** A series that is larger or smaller by more would lie flat, or make the others do so. */
const ALIKE = 12;

interface Col {
  readonly name: string;
  readonly is: "number" | "time" | "shape" | "word";
  readonly different: number;
  readonly rises: boolean;
  /** The greatest length of its numbers, whichever way. */
  readonly reach: number;
}

export function chartFor(rows: Rows): ChartDefinition | null {
  if (rows.rows.length === 0) return null;
  const columns = rows.columns.map(({ name, type }, at): Col => {
    const values = rows.rows.map((row) => row[at] ?? null);
    return {
      name,
      is: kindOf(type, values),
      different: new Set(values.map((each) => JSON.stringify(each))).size,
      rises: isRising(values),
      reach: reachOf(values),
    };
  });
  const of = (is: Col["is"]) => columns.filter((each) => each.is === is);
  const [numbers, times, words] = [of("number"), of("time"), of("word")];
  const shape = of("shape")[0];
  const [first, second] = numbers;
  if (shape !== undefined) return mapOf(shape, words[0], first);
  if (first === undefined) return counted(rows, words, times);
  if (rows.rows.length === 1) return { type: "number", value: first.name };
  const time = times.find(({ different }) => different > 1);
  if (time !== undefined) return overTime(time, numbers, words, rows);
  const word = words.find(({ different }) => different > 1);
  if (word !== undefined) return byWord(word, numbers, words, rows);
  if (second === undefined) return { type: "histogram", x: first.name };
  // A number that only rises is what the others are told along: a year, an hour, a rank.
  return first.rises
    ? { type: "line", x: first.name, y: namesOf(numbers.slice(1)) }
    : { type: "scatter", x: first.name, y: second.name };
}

function kindOf(type: string, values: readonly Json[]): Col["is"] {
  if (isNumeric(type)) return "number";
  if (isTime(type)) return "time";
  const some = values.find((each) => each !== null);
  if (/^GEOMETRY/i.test(type)) return "shape";
  return typeof some === "string" && SHAPE.test(some.slice(0, 200)) ? "shape" : "word";
}

function isRising(values: readonly Json[]): boolean {
  let last = -Infinity;
  for (const each of values) {
    const value = numberOf(each);
    if (value === null || value <= last) return false;
    last = value;
  }
  return true;
}

function reachOf(values: readonly Json[]): number {
  return values.reduce<number>((most, each) => Math.max(most, Math.abs(numberOf(each) ?? 0)), 0);
}

/** Those that can be told on one axis with the first: of the same size, roughly. */
function namesOf(columns: readonly Col[]): string[] {
  const [first] = columns;
  const near = columns.filter(({ reach }) =>
    first !== undefined && reach <= first.reach * ALIKE && reach * ALIKE >= first.reach
  );
  return near.slice(0, MOST_SERIES).map(({ name }) => name);
}

function mapOf(shape: Col, word: Col | undefined, value: Col | undefined): ChartDefinition {
  return {
    type: "map",
    geometry: shape.name,
    ...(word === undefined ? {} : { label: word.name }),
    ...(value === undefined ? {} : { value: value.name }),
  };
}

/** Without a number nothing has a height. */
function counted(
  { rows }: Rows,
  words: readonly Col[],
  times: readonly Col[],
): ChartDefinition | null {
  const repeated = [...words, ...times].find(({ different }) =>
    different > 1 && different < rows.length && different <= MOST_BARS
  );
  return repeated === undefined ? null : { type: "histogram", x: repeated.name };
}

function overTime(
  time: Col,
  numbers: readonly Col[],
  words: readonly Col[],
  { rows }: Rows,
): ChartDefinition {
  const series = words.find(({ different }) => different > 1 && different <= MOST_SERIES);
  if (series !== undefined && time.different < rows.length) {
    return { type: "line", x: time.name, y: numbers[0]!.name, color: series.name };
  }
  return { type: "line", x: time.name, y: namesOf(numbers), sort: time.name };
}

function byWord(
  word: Col,
  numbers: readonly Col[],
  words: readonly Col[],
  { rows }: Rows,
): ChartDefinition {
  const value = numbers[0]!.name;
  const other = words.find((each) => each !== word && each.different > 1);
  if (word.different === rows.length || other === undefined) {
    return word.different > MOST_BARS && numbers.length === 1 && word.different < rows.length
      ? { type: "box", x: word.name, y: value }
      : { type: "bar", x: word.name, y: value, limit: MOST_BARS };
  }
  return { type: "heat", x: word.name, y: other.name, value };
}
