/**
 * What is worth suggesting for a file that was looked at: checks and a first chart. Only what holds for the file as
 * it is; what might well change with the next one only warns.
 */
import type { Json } from "../core/json.ts";
import { yaml } from "./init_yaml.ts";

/** A column under the name that it has in the new asset. */
export interface NamedColumn {
  readonly name: string;
  readonly type: string;
  readonly nulls: number;
  readonly distinct: number | null;
  readonly min: Json;
  readonly max: Json;
  readonly values: readonly string[] | null;
}

const INTEGER = /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/;
const isNumber = (type: string) => INTEGER.test(type) || /^(DECIMAL|DOUBLE|FLOAT)/.test(type);
const isTime = (type: string) => /^(DATE|TIMESTAMP)/.test(type);
/** Identifies something, and is no amount. */
const isKey = (name: string) =>
  /(^|_)(id|key|uuid|code|nr|no|number|zip|postcode|plz)$|Id$|ID$/.test(name) || /^id$/i.test(name);
/** Adding these up means nothing. */
const isRate = (name: string) =>
  /price|rate|ratio|percent|pct|score|age$|temp|avg|mean|median|lat|lon|lng|index|share|speed|year/i
    .test(name);

/** Lines of a header's `checks:`, without it; `rows` were looked at, `sampled` when there are more. */
export function suggestedChecks(
  columns: readonly NamedColumn[],
  rows: number,
  sampled: boolean,
): readonly string[] {
  if (rows === 0) return [];
  const lines = ["- rows: { min: 1 }"];
  // Of a file of which only the beginning is known, nothing is sure.
  const guess = sampled ? "severity: warn, " : "";
  const check = (kind: string, value: string) =>
    lines.push(guess === "" ? `- ${kind}: ${value}` : `- { ${guess}${kind}: ${value} }`);
  const full = columns.filter(({ nulls }) => nulls === 0).map(({ name }) => yaml(name));
  if (full.length > 0) check("not_null", `[${full.join(", ")}]`);
  for (const [at, column] of columns.entries()) {
    if (isUnique(column, rows, at)) check("unique", `[${yaml(column.name)}]`);
    else if (mightBeUnique(column, rows)) {
      lines.push(`- { severity: warn, unique: [${yaml(column.name)}] }`);
    }
  }
  for (const { name, type, values, min, max } of columns) {
    const column = `column: ${yaml(name)}`;
    if (values !== null && values.length <= 12 && rows >= 10 && rows >= values.length * 3) {
      const list = values.map(yaml).join(", ");
      lines.push(`- { severity: warn, accepted_values: { ${column}, values: [${list}] } }`);
    }
    if (!isNumber(type) || isKey(name) || rows < 10) continue;
    const [least, greatest] = [Number(min), Number(max)];
    if (!Number.isFinite(least) || !Number.isFinite(greatest)) continue;
    const range = `min: ${least >= 0 ? 0 : -roundUp(-least)}, max: ${roundUp(greatest)}`;
    lines.push(`- { severity: warn, range: { ${column}, ${range} } }`);
  }
  return lines;
}

/** A key, by its name or its place. */
function isUnique(column: NamedColumn, rows: number, at: number): boolean {
  if (!allDiffer(column, rows)) return false;
  if (isKey(column.name)) return true;
  return at === 0 && rows >= 3 && !/^(DOUBLE|FLOAT|DECIMAL|BOOLEAN)/.test(column.type);
}

/** So many different words that it may be no accident; the next file may say otherwise. Days and numbers repeat. */
function mightBeUnique(column: NamedColumn, rows: number): boolean {
  return allDiffer(column, rows) && rows >= 20 && /^(VARCHAR|UUID)/.test(column.type);
}

function allDiffer({ distinct, nulls }: NamedColumn, rows: number): boolean {
  return distinct !== null && distinct === rows && nulls === 0 && rows >= 2;
}

/** 1, 2 or 5 times a power of ten that is not less. */
function roundUp(value: number): number {
  if (value <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((each) => each * power >= value) ?? 10;
  // 10 ** -2 * 5 is 0.05, and no more digits than that.
  return Number((step * power).toPrecision(1));
}

/** The value of `chart:` on one line; null where nothing can be drawn. */
export function suggestedChart(
  asset: string,
  columns: readonly NamedColumn[],
  rows: number,
): string | null {
  if (rows === 0) return null;
  const measure = measureOf(columns, rows);
  const time = columns.find(({ type, distinct }) => isTime(type) && (distinct ?? 0) > 1);
  if (time !== undefined) return timeChart(asset, time, measure, rows);
  // Words that are all different can only be drawn with a number beside each.
  const word = columns.find(({ type, values, distinct }) =>
    (values !== null && (distinct !== rows || measure !== null)) ||
    (type === "BOOLEAN" && distinct === 2)
  );
  if (word !== undefined) return barChart(asset, word, measure, rows);
  if (measure === null) return null;
  return `{ type: histogram, x: ${yaml(measure.name)}, title: ${yaml(`Rows by ${measure.name}`)} }`;
}

/** The number that the file is about: an amount rather than a count, and never a key. */
function measureOf(columns: readonly NamedColumn[], rows: number): NamedColumn | null {
  const numbers = columns.filter(({ name, type, distinct }) =>
    isNumber(type) && !isKey(name) && (distinct ?? 0) > 1
  );
  const counted = (column: NamedColumn) => INTEGER.test(column.type) && column.distinct === rows;
  return numbers.find(({ type, name }) => type.startsWith("DECIMAL") && !isRate(name)) ??
    numbers.find((column) => !isRate(column.name) && !counted(column)) ?? numbers[0] ?? null;
}

function timeChart(
  asset: string,
  time: NamedColumn,
  measure: NamedColumn | null,
  rows: number,
): string {
  const { x, title, total } = drawn(time, measure);
  if (time.distinct === rows && rows <= 400 && measure !== null) {
    const y = yaml(measure.name);
    return `{ type: line, x: ${yaml(x)}, y: ${y}, sort: ${yaml(x)}, title: ${title("over time")} }`;
  }
  const days = (Date.parse(String(time.max)) - Date.parse(String(time.min))) / 86_400_000;
  const grain = !(days >= 0) || days > 3650
    ? "year"
    : days > 730
    ? "month"
    : days > 120
    ? "week"
    : days > 3 || time.type === "DATE"
    ? "day"
    : "hour";
  const from =
    `select date_trunc('${grain}', ${x}) as ${grain}, ${total.sql} from ${asset} where ${x} is not null group by all order by all`;
  return `{ type: line, x: ${grain}, y: ${total.name}, title: ${title(`per ${grain}`)}, from: ${
    yaml(from)
  } }`;
}

function barChart(
  asset: string,
  word: NamedColumn,
  measure: NamedColumn | null,
  rows: number,
): string {
  const { x, title, total } = drawn(word, measure);
  if (word.distinct === rows && measure !== null) {
    return `{ type: bar, x: ${yaml(x)}, y: ${yaml(measure.name)}, sort: ${
      yaml(`-${measure.name}`)
    }, title: ${title(`by ${x}`)} }`;
  }
  const from = `select ${x}, ${total.sql} from ${asset} group by all order by 2 desc`;
  return `{ type: bar, x: ${yaml(x)}, y: ${total.name}, title: ${title(`by ${x}`)}, from: ${
    yaml(from)
  } }`;
}

/** What is drawn over `column`: the measure added up, its mean, or how many rows there are. */
function drawn(column: NamedColumn, measure: NamedColumn | null) {
  const x = column.name;
  const rate = measure !== null && isRate(measure.name);
  const total = measure === null
    ? { name: "num_rows", sql: "count(*) as num_rows" }
    : { name: measure.name, sql: `${rate ? "avg" : "sum"}(${measure.name}) as ${measure.name}` };
  const what = measure === null ? "Rows" : rate ? `Mean ${measure.name}` : measure.name;
  const title = (how: string) =>
    yaml(`${what.charAt(0).toUpperCase()}${what.slice(1)} ${how}`.replaceAll("_", " "));
  return { x, title, total };
}
