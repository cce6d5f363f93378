/**
 * What a CSV, JSON or Parquet file holds, for whoever makes a project around it: how it is read, which columns are
 * really dates, amounts or numbers in another country's spelling, and a profile of each. Decides types, and names no
 * asset; what is suggested from it stands in `app/init_suggest.ts`.
 */
import type { Json } from "../core/json.ts";
import { type Problem, problem } from "../core/problem/problem.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { Column, VersionFile } from "../core/version.ts";
import { Cancelled, type DuckDbOptions, openDuckDb, type Session } from "./driver.ts";
import { decideType } from "./column_types.ts";
import { engineProblem } from "./engine_words.ts";
import { formatOf, proveBytes } from "./file_proof.ts";
import { sniff } from "./files.ts";
import { reader } from "./read.ts";
import { type Cast, castsOf } from "./spelling.ts";
import { ident } from "./sql_text.ts";
import type { Sniffed } from "./sniff.ts";

export interface LookedColumn {
  /** Its name in the file. */
  readonly name: string;
  /** What it is best kept as. */
  readonly type: string;
  /** SQL over the column that gives that type; null where it has it as it is read. */
  readonly cast: string | null;
  readonly nulls: number;
  /** How many different values there are; null for nested values. */
  readonly distinct: number | null;
  readonly min: Json;
  readonly max: Json;
  /** All values of a text column that has few, the commonest first; else null. */
  readonly values: readonly string[] | null;
}

export interface FileLook {
  readonly format: "csv" | "json" | "parquet";
  /** Rows that were looked at. */
  readonly rows: number;
  /** Only the beginning of the file was looked at. */
  readonly sampled: boolean;
  /** False: a CSV file without a line of names. */
  readonly header: boolean;
  /** The list of objects that a JSON document of one object is about; its rows are these. Null: rows of the file. */
  readonly within: string | null;
  readonly columns: readonly LookedColumn[];
  /** Of all names that were asked for those that SQL has taken. */
  readonly reserved: ReadonlySet<string>;
}

/** Rows of a very large file that are looked at. */
const SAMPLE = 1_000_000;
/** A text column with no more values than these may be a list of words. */
const FEW = 30;

/** Looks at one file; `path` is absolute, `what` begins the message where it cannot be read. */
export async function lookAtFile(
  path: string,
  what: string,
  options: DuckDbOptions & { readonly sampled: boolean },
): Promise<Result<FileLook, Problem>> {
  const format = formatOf(path);
  if (format === "other") return err(problem("usage", { message: what }));
  const bad = await proveBytes(path, format, what);
  if (bad) return err(bad);
  const db = await openDuckDb(options);
  try {
    return await db.use(async (session) => {
      const attempt = (whole: boolean) => look(session, path, format, what, options.sampled, whole);
      if (format === "parquet") return await attempt(false);
      // What a sample of the file told may not hold for a later line.
      return await attempt(false).catch(() => attempt(true));
    });
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    return err(engineProblem(error, what, { fallback: "not-the-format" }));
  } finally {
    db.close();
  }
}

async function look(
  session: Session,
  path: string,
  format: FileLook["format"],
  what: string,
  sampled: boolean,
  whole: boolean,
): Promise<Result<FileLook, Problem>> {
  const found = await sniff(session, path, format, what, [], whole);
  if (!found.ok) return found;
  const limit = sampled ? ` limit ${SAMPLE}` : "";
  const file = (sniffed: Sniffed) =>
    `(from ${reader([fileOf(path, format, sniffed)], "/")}${limit})`;
  const within = format === "json"
    ? await listWithin(session, found.value.schema, file(found.value))
    : null;
  const from = within === null
    ? file(found.value)
    : `(select ${itemsOf(within)} from ${file(found.value)})`;
  const schema = within === null ? found.value.schema : await session.columns(from.slice(1, -1));
  const casts = format === "parquet"
    ? new Map<string, Cast>()
    : within === null
    ? await castsOf(session, schema, file(asText(found.value)))
    : await castsOf(session, schema.filter(({ type }) => type === "VARCHAR"), from);
  const typed: Column[] = [];
  for (const { name, type } of schema) {
    const cast = casts.get(name);
    const kept = decideType(type);
    typed.push({ name, type: cast?.type ?? (kept.kind === "kept" ? type : kept.type) });
  }
  const select = typed.map(({ name, type }, at) =>
    `${castSql(name, type, schema[at]?.type ?? type, casts)} as ${ident(name)}`
  );
  const table = `(select ${select.join(", ")} from ${from})`;
  const profiled = await profileOf(session, typed, table);
  const reserved = await session.rows(
    "select keyword_name from duckdb_keywords() where keyword_category in ('reserved', 'type_function')",
  );
  return ok({
    format,
    rows: profiled.rows,
    sampled: sampled && profiled.rows >= SAMPLE,
    header: found.value.reader["header"] !== false,
    within,
    columns: typed.map(({ name, type }, at) => {
      const read = schema[at]?.type ?? type;
      const sql = castSql(name, type, read, casts);
      // Where the beginning of the file says otherwise, the type is said for every column.
      const plain = whole ? `${ident(name)}::${type}` : null;
      return { ...profiled.columns[at]!, name, type, cast: sql === ident(name) ? plain : sql };
    }),
    reserved: new Set(reserved.rows.map(([word]) => String(word).toLowerCase())),
  });
}

/** SQL: a row for each object in a list, its fields as columns. */
export function itemsOf(list: string): string {
  return `unnest(${ident(list)}, max_depth := 2)`;
}

/** What services answer with: one object that holds one list of objects beside what is said about it. */
async function listWithin(
  session: Session,
  schema: readonly Column[],
  from: string,
): Promise<string | null> {
  const lists = schema.filter(({ type }) => /^STRUCT\(.*\)\[\]$/s.test(type));
  if (lists.length !== 1 || schema.length !== 1 && schema.some(({ name }) => name === "json")) {
    return null;
  }
  const { rows } = await session.rows(`select count(*) from (from ${from} limit 2)`);
  return Number(rows[0]?.[0]) === 1 ? lists[0]!.name : null;
}

function castSql(name: string, type: string, read: string, casts: ReadonlyMap<string, Cast>) {
  return casts.get(name)?.sql ?? (type === read ? ident(name) : `${ident(name)}::${type}`);
}

function fileOf(path: string, format: FileLook["format"], { reader }: Sniffed): VersionFile {
  return { path, format, bytes: 0, ...(Object.keys(reader).length > 0 ? { reader } : {}) };
}

/** The same file with every plain column as it is written. */
function asText(sniffed: Sniffed): Sniffed {
  const schema = sniffed.schema.map((each) => ({
    name: each.name,
    type: each.type === "DOUBLE" || each.type === "TIMESTAMP" ? "VARCHAR" : each.type,
  }));
  return {
    schema,
    reader: {
      ...sniffed.reader,
      columns: Object.fromEntries(schema.map((each) => [each.name, each.type])),
    },
  };
}

type Profile = Omit<LookedColumn, "name" | "type" | "cast">;

async function profileOf(
  session: Session,
  columns: readonly Column[],
  table: string,
): Promise<{ readonly rows: number; readonly columns: readonly Profile[] }> {
  const parts = columns.flatMap(({ name, type }) => {
    const column = ident(name);
    if (isNested(type)) return [`count(${column})`, "null", "null", "null"];
    const ends = type === "VARCHAR"
      ? [`left(min(${column}), 100)`, `left(max(${column}), 100)`]
      : [`min(${column})`, `max(${column})`];
    return [`count(${column})`, `count(distinct ${column})`, ...ends];
  });
  const { rows } = await session.rows(`select count(*), ${parts.join(", ")} from ${table}`);
  const [all = 0, ...told] = rows[0]!;
  const total = Number(all);
  const found: Profile[] = [];
  for (const [at, { name, type }] of columns.entries()) {
    const [count, distinct, min = null, max = null] = told.slice(at * 4, at * 4 + 4);
    const few = type === "VARCHAR" && Number(distinct) > 0 && Number(distinct) <= FEW;
    const values = few
      ? await session.rows(
        `select ${ident(name)} from ${table} where ${
          ident(name)
        } is not null group by 1 order by count(*) desc, 1`,
      )
      : null;
    found.push({
      nulls: total - Number(count),
      distinct: distinct === null || distinct === undefined ? null : Number(distinct),
      min,
      max,
      values: values === null ? null : values.rows.map(([value]) => String(value)),
    });
  }
  return { rows: total, columns: found };
}

function isNested(type: string): boolean {
  return /[[]|^(STRUCT|MAP|UNION)\(|^(JSON|BLOB|GEOMETRY)$/.test(type);
}
