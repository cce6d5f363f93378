/**
 * The one builder of reads: which SQL gives the rows of an asset as its versions hold them. Columns
 * and types come from the schemas kept in the events, never from looking into files: an older
 * partition gets NULL for a column that it lacks and a cast for one that has another type now.
 */
import { join } from "node:path";
import type { Json, JsonObject } from "../core/json.ts";
import type { InputTable } from "../core/order.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import type { Column, VersionFile, VersionRef } from "../core/version.ts";
import { withVariables } from "./parameters.ts";
import { filePath, filePaths, ident, text } from "./sql_text.ts";
import { isMeaning, tokenize } from "./sql_tokens.ts";

/** A file that can be read as a table, before or after it was published. */
export interface Readable {
  readonly file: VersionFile;
  readonly schema: readonly Column[];
}

/**
 * The query that gives an input's rows, or none of them where only its columns matter (then no file
 * is opened). Throws `ProblemError` where there is nothing to read.
 */
export function relation(
  input: InputTable,
  project: string,
  of: "rows" | "columns" = "rows",
): string {
  if (input.view) {
    return withTables(withVariables(input.view.sql).sql, input.view.inputs, project, of);
  }
  const schema = input.schema ?? newest(input.versions)?.schema ?? null;
  if (of === "columns" && schema && schema.length > 0) return emptyTable(schema);
  // The rows that a chart shows are a table like any other.
  const readable = input.versions.filter((each) =>
    each.output === "table" || each.output === "file" || each.output === "chart"
  );
  if (readable.length === 0) {
    if (schema && schema.length > 0) return emptyTable(schema);
    throw new ProblemError(problem("source-missing", {
      message: `Cannot read ${input.asset} as a table`,
      why: input.versions.length === 0
        ? "it has never been materialized, so its columns are not known"
        : "what it publishes is no table",
      hint: input.versions.length === 0
        ? `nycflow run ${input.asset}`
        : "read an asset that gives rows or a CSV, Parquet or JSON file",
    }));
  }
  return unionOf(readable.map(toReadable), schema!, project);
}

/** The query that gives these files' rows, one after another, as one table of `schema`. */
export function unionOf(
  files: readonly Readable[],
  schema: readonly Column[],
  project: string,
): string {
  const plain = files.filter((each) => each.file.parts === undefined);
  const layered = files.filter((each) => each.file.parts !== undefined);
  return [
    ...grouped(plain).map((group) => branch(group, schema, project)),
    ...layered.map((each) => layers(each, schema, project)),
  ].join("\nunion all ");
}

/** A table of these columns without rows. */
export function emptyTable(schema: readonly Column[]): string {
  const columns = schema.map((each) => `null::${each.type} as ${ident(each.name)}`);
  return `select ${columns.join(", ")} where false`;
}

/**
 * A query with the tables it reads put before it as CTEs: cheaper than views, and visible to nobody
 * else. A query that has a WITH of its own is nested, which renames columns that are there twice.
 */
export function withTables(
  sql: string,
  inputs: readonly InputTable[],
  project: string,
  of: "rows" | "columns" = "rows",
): string {
  if (inputs.length === 0) return sql;
  const head = tablesPrefix(inputs, project, of);
  return startsWith(sql) ? `${head}select * from (${sql}\n)` : head + sql;
}

/** `with a as (…), b as (…) `, to stand before a query that has no WITH of its own. */
export function tablesPrefix(
  inputs: readonly InputTable[],
  project: string,
  of: "rows" | "columns" = "rows",
): string {
  if (inputs.length === 0) return "";
  const tables = inputs.map((each) =>
    `${ident(each.asset)} as not materialized (${relation(each, project, of)}\n)`
  );
  return `with ${tables.join(", ")} `;
}

/** Does the query have a WITH of its own? */
export function startsWith(sql: string): boolean {
  return tokenize(sql.slice(0, 10_000)).find(isMeaning)?.text.toLowerCase() === "with";
}

/** What FROM reads for one file: a reader with every option said, nothing sniffed. */
export function reader(files: readonly VersionFile[], project: string, extra = ""): string {
  const { format, reader: options } = files[0]!;
  const paths = files.map((each) => join(project, each.path));
  const list = paths.length === 1 ? filePath(paths[0]!) : filePaths(paths);
  switch (format) {
    case "parquet":
      return `read_parquet(${list}, hive_partitioning=false${extra})`;
    case "csv":
      return `read_csv(${list}, auto_detect=false, hive_partitioning=false${
        readerOptions(options)
      })`;
    case "json":
      return `read_json(${list}, auto_detect=false, hive_partitioning=false${
        readerOptions(options)
      })`;
    case "other":
      throw new ProblemError(problem("not-the-format", {
        message: `Cannot read ${files[0]!.path} as a table`,
        why: "it is no Parquet, CSV or JSON file",
        hint: "read it in a TypeScript asset",
      }));
  }
}

function readerOptions(options: JsonObject | undefined): string {
  return Object.entries(options ?? {}).map(([name, value]) => `, ${name}=${option(value)}`).join(
    "",
  );
}

function option(value: Json): string {
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return `[${value.map(option).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(([name, each]) => `${text(name)}: ${option(each!)}`);
    return `{${fields.join(", ")}}`;
  }
  return String(value);
}

/** Files that can be read by one call: same format, same columns, same options, no row range. */
function grouped(files: readonly Readable[]): Readable[][] {
  const groups = new Map<string, Readable[]>();
  // Ten thousand partitions mostly share one list of columns: it is written out once.
  const schemas = new Map<readonly Column[], string>();
  for (const each of files) {
    const schema = schemas.get(each.schema) ?? JSON.stringify(each.schema);
    schemas.set(each.schema, schema);
    const { format, reader, range, path } = each.file;
    const options = reader === undefined ? "" : JSON.stringify(reader);
    const key = `${format}\n${schema}\n${options}\n${range === undefined ? "" : path}`;
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }
  return [...groups.values()];
}

function branch(group: readonly Readable[], schema: readonly Column[], project: string): string {
  const own = group[0]!.schema;
  const columns = schema.map(({ name, type }) => {
    const found = own.find((each) => each.name === name) ??
      own.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (!found) return `null::${type} as ${ident(name)}`;
    if (found.type !== type) return `${ident(found.name)}::${type} as ${ident(name)}`;
    return found.name === name ? ident(name) : `${ident(found.name)} as ${ident(name)}`;
  });
  const select = `select ${columns.join(", ")} from `;
  const ranges = group.flatMap(({ file }) => file.range ? [file.range] : []);
  if (ranges.length === 0) return select + reader(group.map((each) => each.file), project);
  // A packed file: this partition's rows and no others.
  const rows = joined(ranges).map(({ from, rows }) =>
    `(file_row_number >= ${from} and file_row_number < ${from + rows})`
  );
  const packed = reader([group[0]!.file], project, ", file_row_number=true");
  return `${select}${packed} where ${rows.join(" or ")}`;
}

/** Neighbouring ranges as one: of ten thousand partitions that are read together there is one left. */
function joined(
  ranges: readonly { readonly from: number; readonly rows: number }[],
): readonly { readonly from: number; readonly rows: number }[] {
  const found: { from: number; rows: number }[] = [];
  for (const each of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = found.at(-1);
    if (last !== undefined && last.from + last.rows === each.from) last.rows += each.rows;
    else found.push({ ...each });
  }
  return found;
}

/** An incremental version: its files one over the other, where it merges without what later ones replace. */
function layers(
  { file, schema: own }: Readable,
  schema: readonly Column[],
  project: string,
): string {
  const { parts = [], mergeKey, ...last } = file;
  const files: readonly VersionFile[] = [...parts, last];
  if (mergeKey === undefined) {
    return unionOf(files.map((each) => ({ file: each, schema: own })), schema, project);
  }
  const keys = mergeKey.map(ident);
  return files.map((each, at) => {
    const rows = branch([{ file: each, schema: own }], schema, project);
    const later = files.slice(at + 1);
    if (later.length === 0) return rows;
    const replaced = `select ${keys.join(", ")} from ${reader(later, project)}`;
    const on = keys.map((key) => `r.${key} = l.${key}`).join(" and ");
    return `select r.* from (${rows}) r anti join (${replaced}) l on ${on}`;
  }).join("\nunion all ");
}

function toReadable(version: VersionRef): Readable {
  return { file: version.file!, schema: version.schema };
}

function newest(versions: readonly VersionRef[]): VersionRef | null {
  return versions.reduce<VersionRef | null>(
    (best, each) => best === null || each.at > best.at ? each : best,
    null,
  );
}
