/**
 * A few of the rows that fail a check, the first ones of the table. Of a file of ours they are known by their places,
 * which the scan that counts them gives too: only the rows there are read whole.
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

/** How the places of the first rows are asked for, and what is found then. */
export const places = {
  first: `min(${PLACE}, ${SAMPLE})`,
  of: (value: Json | undefined): number[] => Array.isArray(value) ? value.map(Number) : [],
};

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

/** The rows at these places. What cannot be read is left out; throws only `Cancelled`. */
export async function rowsAt(
  session: Session,
  wanted: readonly number[],
  numbered: string | null,
): Promise<ReadonlyMap<number, JsonObject>> {
  if (wanted.length === 0 || numbered === null) return new Map();
  const found = await tried(
    session,
    `select ${PLACE}, * exclude (${PLACE}) from ${numbered}
     where ${PLACE} in (${[...new Set(wanted)].join(", ")})`,
  );
  const columns = found?.columns.slice(1) ?? [];
  return new Map(found?.rows.map(([at, ...row]) => [Number(at), objectOf(columns, row)]));
}

/** The first failing rows of a check, asked for by themselves. */
export async function sampleOf(
  session: Session,
  asked: Asked,
  candidate: string,
): Promise<JsonObject[]> {
  const from = asked.kind === "rows"
    ? `${candidate} where ${asked.condition}`
    : asked.kind === "query"
    ? `(${asked.sql}\n)`
    : null;
  if (from === null) return [];
  const found = await tried(session, `select * from ${from} limit ${SAMPLE}`);
  return found?.rows.map((row) => objectOf(found.columns, row)) ?? [];
}

async function tried(session: Session, sql: string): Promise<Table | null> {
  try {
    return await session.rows(sql);
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    return null;
  }
}

function objectOf(columns: readonly Column[], row: readonly Json[]): JsonObject {
  return Object.fromEntries(columns.map(({ name }, at) => [name, short(row[at] ?? null)]));
}

function short(value: Json): Json {
  return typeof value === "string" && value.length > LONGEST_TEXT
    ? `${value.slice(0, LONGEST_TEXT - 1)}…`
    : value;
}
