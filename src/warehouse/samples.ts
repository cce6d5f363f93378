/**
 * A few of the rows that fail a check, the first ones of the table. Of a file of ours they are found by their place:
 * one scan of the columns that the conditions name gives the places, and only the rows there are read whole.
 */
import type { Json, JsonObject } from "../core/json.ts";
import type { Column, VersionFile } from "../core/version.ts";
import type { Asked } from "./check_sql.ts";
import { Cancelled, type Session, type Table } from "./driver.ts";
import { reader } from "./read.ts";
import { ident } from "./sql_text.ts";

const SAMPLE = 5;
const LONGEST_TEXT = 200;
const PLACE = ident("nycflow place");
const NUMBER = "file_row_number";

/** The rows of one file with their places, as FROM takes them; null where they have none that could be asked for. */
export function numberedRows(
  file: VersionFile | null,
  schema: readonly Column[],
  project: string,
): string | null {
  if (file?.format !== "parquet" || file.range || file.parts) return null;
  if (schema.some(({ name }) => name.toLowerCase() === NUMBER)) return null;
  const columns = schema.map(({ name }) => ident(name)).join(", ");
  const numbered = reader([file], project, `, ${NUMBER}=true`);
  return `(select ${columns}, ${NUMBER} as ${PLACE} from ${numbered})`;
}

/** The failing rows of each, in the same order. What cannot be shown is left out; throws only `Cancelled`. */
export async function samplesOf(
  session: Session,
  asked: readonly Asked[],
  candidate: string,
  numbered: string | null,
): Promise<JsonObject[][]> {
  const places = numbered === null ? null : await placesOf(session, asked, numbered);
  const rows = places === null ? new Map() : await rowsAt(session, places.flat(), numbered!);
  const found: JsonObject[][] = [];
  for (const [at, each] of asked.entries()) {
    const known = places?.[at]?.map((place) => rows.get(place));
    found.push(
      known !== undefined && known.length > 0 && known.every((row) => row !== undefined)
        ? known as JsonObject[]
        : await direct(session, each, candidate),
    );
  }
  return found;
}

/** Where the first failing rows are; none for what has no places. Null where the engine refuses. */
async function placesOf(
  session: Session,
  asked: readonly Asked[],
  numbered: string,
): Promise<number[][] | null> {
  const places: number[][] = asked.map(() => []);
  const conditions = asked.flatMap((each, at) => each.kind === "rows" ? [{ each, at }] : []);
  const least = `min(${PLACE}, ${SAMPLE})`;
  if (conditions.length > 0) {
    const columns = conditions.map(({ each }) => `${least} filter (where ${each.condition})`);
    const found = await tried(session, `select ${columns.join(", ")} from ${numbered}`);
    if (found === null) return null;
    conditions.forEach(({ at }, index) => places[at] = numbers(found.rows[0]?.[index]));
  }
  for (const [at, each] of asked.entries()) {
    if (each.kind !== "query" || each.rows === undefined) continue;
    const found = await tried(session, `select ${least} from (${each.rows(numbered)}\n)`);
    if (found === null) return null;
    places[at] = numbers(found.rows[0]?.[0]);
  }
  return places;
}

async function rowsAt(
  session: Session,
  places: readonly number[],
  numbered: string,
): Promise<Map<number, JsonObject>> {
  if (places.length === 0) return new Map();
  const wanted = [...new Set(places)].join(", ");
  const found = await tried(
    session,
    `select ${PLACE}, * exclude (${PLACE}) from ${numbered} where ${PLACE} in (${wanted})`,
  );
  return new Map(
    found?.rows.map(([place, ...values], at) => [
      Number(place),
      objects({ columns: found.columns.slice(1), rows: [values] })[0]!,
    ]),
  );
}

async function direct(session: Session, asked: Asked, candidate: string): Promise<JsonObject[]> {
  const from = asked.kind === "rows"
    ? `${candidate} where ${asked.condition}`
    : asked.kind === "query"
    ? `(${asked.sql}\n)`
    : null;
  if (from === null) return [];
  const found = await tried(session, `select * from ${from} limit ${SAMPLE}`);
  return found === null ? [] : objects(found);
}

async function tried(session: Session, sql: string): Promise<Table | null> {
  try {
    return await session.rows(sql);
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    return null;
  }
}

function objects({ columns, rows }: Table): JsonObject[] {
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ name }, at) => [name, short(row[at] ?? null)]))
  );
}

function numbers(value: Json | undefined): number[] {
  return Array.isArray(value) ? value.map(Number) : [];
}

function short(value: Json): Json {
  return typeof value === "string" && value.length > LONGEST_TEXT
    ? `${value.slice(0, LONGEST_TEXT - 1)}…`
    : value;
}
