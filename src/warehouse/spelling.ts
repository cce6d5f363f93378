/**
 * Amounts and dates that are text only by their spelling: `1.234,50`, `$1.50`, `31/12/2023`. Takes nothing for one that
 * a single value of the column speaks against, and no date that could be read in two ways.
 */
import type { Json } from "../core/json.ts";
import type { Column } from "../core/version.ts";
import type { Session } from "./driver.ts";
import { LONG_NUMBER } from "./long_numbers.ts";
import { ident, text } from "./sql_text.ts";

/** What a column is best kept as, and the SQL that makes it so. */
export interface Cast {
  readonly type: string;
  readonly sql: string;
}

const MONEY = "-?\\d{1,15}(\\.\\d{1,2})?";
/** `1.234,50`, as much of Europe writes it. */
const COMMA = "-?(\\d{1,3}(\\.\\d{3})+|\\d{1,15})(,\\d{1,4})?";
/** `1,234.50` */
const POINT = "-?(\\d{1,3}(,\\d{3})+|\\d{1,15})(\\.\\d{1,4})?";
/** One on either side is no part of the number. */
const SIGNS = "[$€£]";

/** Formats of dates, and how a value that might have one looks; years have four digits: two say too little. */
const DATES: readonly (readonly [looks: RegExp, format: string])[] = [
  [/^\d{1,2}\/\d{1,2}\/\d{4}$/, "%d/%m/%Y"],
  [/^\d{1,2}\/\d{1,2}\/\d{4}$/, "%m/%d/%Y"],
  [/^\d{1,2}-\d{1,2}-\d{4}$/, "%d-%m-%Y"],
  [/^\d{1,2}-\d{1,2}-\d{4}$/, "%m-%d-%Y"],
  [/^\d{1,2}\.\d{1,2}\.\d{4}$/, "%d.%m.%Y"],
  [/^\d{4}\/\d{1,2}\/\d{1,2}$/, "%Y/%m/%d"],
  [/^\d{1,2}[ -][A-Z][a-z]{2}[ -]\d{4}$/i, "%d %b %Y"],
  [/^\d{1,2}-[A-Z][a-z]{2}-\d{4}$/i, "%d-%b-%Y"],
  [/^\d{1,2} [A-Z][a-z]+ \d{4}$/i, "%d %B %Y"],
  [/^[A-Z][a-z]{2} \d{1,2}, \d{4}$/i, "%b %d, %Y"],
  [/^[A-Z][a-z]+ \d{1,2}, \d{4}$/i, "%B %d, %Y"],
];
const TIMES: readonly (readonly [looks: RegExp, format: string])[] = [
  [/^ \d{1,2}:\d\d$/, "%H:%M"],
  [/^ \d{1,2}:\d\d:\d\d$/, "%H:%M:%S"],
  [/^ \d{1,2}:\d\d [AP]M$/i, "%I:%M %p"],
  [/^ \d{1,2}:\d\d:\d\d [AP]M$/i, "%I:%M:%S %p"],
];

/**
 * By column's name. `schema` has the types as they are read, `from` gives each of the types DOUBLE, TIMESTAMP and VARCHAR
 * as it is written.
 */
export async function castsOf(
  session: Session,
  schema: readonly Column[],
  from: string,
): Promise<ReadonlyMap<string, Cast>> {
  const amounts = await amountsOf(session, schema, from);
  const left = schema.filter(({ name }) => !amounts.has(name));
  return new Map([...amounts, ...await datesOf(session, left, from)]);
}

/** Exact decimals among the numbers, and numbers that are text only by their spelling. */
async function amountsOf(
  session: Session,
  schema: readonly Column[],
  from: string,
): Promise<Map<string, Cast>> {
  const casts = new Map<string, Cast>();
  const asked = schema.filter(({ type }) => type === "DOUBLE" || type === "VARCHAR");
  if (asked.length === 0) return casts;
  const parts = asked.flatMap(({ name }) => {
    const column = bare(name);
    const all = (pattern: string) => `bool_and(regexp_full_match(${column}, '${pattern}'))`;
    const digits = (mark: string) => `max(length(regexp_extract(${column}, '${mark}(\\d+)$', 1)))`;
    return [
      all(MONEY),
      all(COMMA),
      all(POINT),
      digits("\\."),
      digits(","),
      `bool_or(contains(${column}, '.'))`,
      `bool_or(contains(${column}, ','))`,
      `bool_or(regexp_matches(${ident(name)}, '${SIGNS}'))`,
      `bool_or(regexp_full_match(trim(${ident(name)}), '${LONG_NUMBER}'))`,
    ];
  });
  const { rows } = await session.rows(`select ${parts.join(", ")} from ${from}`);
  asked.forEach(({ name, type }, at) => {
    const [money, comma, point, afterPoint, afterComma, hasPoint, hasComma, signed, long] = rows[0]!
      .slice(
        at * 9,
        at * 9 + 9,
      );
    const decimal = (digits: Json | undefined) => `DECIMAL(18,${Math.max(2, Number(digits ?? 0))})`;
    const without = (mark: string) =>
      signed === true
        ? `regexp_replace(${ident(name)}, '[$€£${mark} ]', '', 'g')`
        : `replace(trim(${ident(name)}), '${mark}', '')`;
    if (type === "DOUBLE" && long === true) {
      casts.set(name, { type: "VARCHAR", sql: `${ident(name)}::VARCHAR` });
    } else if (type === "DOUBLE") {
      // Always two digits at the most and somewhere both: an amount of money, and those are exact.
      if (money === true && Number(afterPoint) === 2) {
        casts.set(name, { type: "DECIMAL(18,2)", sql: `${ident(name)}::DECIMAL(18,2)` });
      }
    } else if (comma === true && point !== true && hasComma === true) {
      const to = decimal(afterComma);
      casts.set(name, {
        type: to,
        sql: `replace(${without(".")}, ',', '.')::${to}`,
      });
    } else if (
      point === true &&
      (signed === true || comma !== true && hasPoint === true && hasComma === true)
    ) {
      const to = decimal(afterPoint);
      casts.set(name, { type: to, sql: `${without(",")}::${to}` });
    }
  });
  return casts;
}

/** The value without a currency's sign and the spaces around it. */
function bare(name: string): string {
  return `trim(regexp_replace(${
    ident(name)
  }, '^\\s*(-?)\\s*${SIGNS}\\s*|\\s*${SIGNS}\\s*$', '\\1'))`;
}

/** Dates in a spelling that the reader does not know, or not beside the one that it chose for the whole file. */
async function datesOf(
  session: Session,
  schema: readonly Column[],
  from: string,
): Promise<Map<string, Cast>> {
  const casts = new Map<string, Cast>();
  const asked = schema.filter(({ type }) => type === "TIMESTAMP" || type === "VARCHAR");
  if (asked.length === 0) return casts;
  const first = asked.map(({ name }) => `trim(min(${ident(name)}))`);
  const { rows: [values = []] } = await session.rows(`select ${first.join(", ")} from ${from}`);
  for (const [at, { name, type }] of asked.entries()) {
    const value = String(values[at] ?? "");
    const trimmed = `trim(${ident(name)})`;
    if (type === "TIMESTAMP") {
      const days = `bool_and(regexp_full_match(${trimmed}, '\\d{4}-\\d{1,2}-\\d{1,2}'))`;
      const { rows } = await session.rows(`select ${days} from ${from}`);
      if (rows[0]?.[0] === true) casts.set(name, { type: "DATE", sql: `${ident(name)}::DATE` });
      continue;
    }
    const formats = formatsFor(value);
    if (formats.length === 0) continue;
    const fits = formats.map(({ format }) =>
      `bool_and(try_strptime(${trimmed}, ${text(format)}) is not null)`
    );
    const { rows } = await session.rows(
      `select ${fits.join(", ")} from ${from} where ${ident(name)} is not null`,
    );
    const fitting = formats.filter((_, n) => rows[0]?.[n] === true);
    if (fitting.length !== 1) continue;
    const [{ format, type: to }] = fitting as [Format];
    casts.set(name, { type: to, sql: `strptime(${trimmed}, ${text(format)})::${to}` });
  }
  return casts;
}

interface Format {
  readonly format: string;
  readonly type: "DATE" | "TIMESTAMP";
}

function formatsFor(value: string): readonly Format[] {
  const [, day = value, time = ""] = /^(.*?)( \d{1,2}:\d\d.*)$/.exec(value) ?? [];
  const days = DATES.filter(([looks]) => looks.test(day)).map(([, format]) => format);
  if (time === "") return days.map((format) => ({ format, type: "DATE" }));
  const times = TIMES.filter(([looks]) => looks.test(time)).map(([, format]) => format);
  return days.flatMap((each) =>
    times.map((format): Format => ({ format: `${each} ${format}`, type: "TIMESTAMP" }))
  );
}
