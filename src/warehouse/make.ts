/**
 * Writes a query's result as one Parquet file under its final name, durable, and not visible to
 * anybody yet. Decides what may be written (types that come back as they were, columns with names
 * of their own); checking and comparing what was written is done after.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { InputTable, OrderOutput, Progress, StepOrder } from "../core/order.ts";
import { type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { Column, Output, VersionFile } from "../core/version.ts";
import type { JsonObject } from "../core/json.ts";
import { decideType } from "./column_types.ts";
import { contractProblem } from "./contract.ts";
import { type Bound, Cancelled, type Session } from "./driver.ts";
import { makeFolder, syncFile } from "./durable.ts";
import { engineError, engineProblem, offsetOf } from "./engine_words.ts";
import { footerOption } from "./footer.ts";
import { bindVariables, type Rewritten, withVariables } from "./parameters.ts";
import { relation, startsWith, tablesPrefix } from "./read.ts";
import { ident, text as quoted } from "./sql_text.ts";
import { placed, type SqlPlace } from "./sql_place.ts";

/** A query to be written, and what it reads. */
export interface TableSource {
  readonly sql: string;
  /** Its rows have an order that is kept. */
  readonly ordered: boolean;
  readonly inputs: readonly InputTable[];
  /** Where the query stands, for errors; null where it is not the user's text. */
  readonly place: SqlPlace | null;
  /** The connection knows the tables already; the text is sent as it is, with these values. */
  readonly own?: { readonly values: Bound };
}

/** What is on disk, not yet audited and compared. */
export interface Staged {
  readonly output: Output;
  /** Null for a view, or where there is nothing. */
  readonly file: VersionFile | null;
  readonly rows: number;
  readonly schema: readonly Column[];
  readonly ordered: boolean;
  readonly metadata: JsonObject;
  readonly notes: readonly string[];
  /** For a view: the query over `inputs`. */
  readonly view?: { readonly sql: string; readonly inputs: readonly InputTable[] };
}

/** How a step that works is ended early and tells how far it is. */
export interface StageHooks {
  readonly signal?: AbortSignal;
  readonly graceMs?: number;
  readonly progress?: (progress: Progress) => void;
}

/** A query ready to be sent: what stands before the user's text, and that text with its variables. */
export interface Ready {
  readonly before: string;
  readonly rewritten: Rewritten;
  readonly sql: string;
  /** What stands before it where only its columns are asked for: the same tables, without rows. */
  readonly beforeColumns: string;
}

/** Makes inputs and parameters known to the connection; gives the text to send. */
export async function ready(
  session: Session,
  order: StepOrder,
  source: Pick<TableSource, "sql" | "inputs" | "own">,
): Promise<Ready> {
  if (source.own) {
    const rewritten = { sql: source.sql, used: [], original: (offset: number) => offset };
    return { before: "", rewritten, sql: source.sql, beforeColumns: "" };
  }
  const rewritten = withVariables(source.sql);
  const viewsUse = source.inputs.flatMap(parametersOfViews);
  await bindVariables(session, order, [...rewritten.used, ...viewsUse]);
  let before = "";
  let beforeColumns = "";
  if (!startsWith(source.sql)) {
    before = tablesPrefix(source.inputs, order.project);
    beforeColumns = tablesPrefix(source.inputs, order.project, "columns");
    await session.dropViews();
  } else {
    // Its own WITH may give an input's name another meaning, so inputs cannot stand beside it.
    for (const each of source.inputs) {
      await session.view(each.asset, relation(each, order.project));
    }
    await session.dropViews(new Set(source.inputs.map((each) => each.asset)));
  }
  return { before, rewritten, sql: before + rewritten.sql, beforeColumns };
}

function parametersOfViews(input: InputTable): string[] {
  if (!input.view) return [];
  return [...withVariables(input.view.sql).used, ...input.view.inputs.flatMap(parametersOfViews)];
}

/**
 * Writes `source` to the output's target. Never rejects for what query, data or a limit did; throws
 * `Cancelled` when the hooks' signal fired. A file that is not whole is removed.
 */
export async function makeTable(
  session: Session,
  order: StepOrder,
  output: OrderOutput,
  source: TableSource,
  hooks: StageHooks = {},
): Promise<Result<Staged, Problem>> {
  const path = `${output.target}.parquet`;
  const file = join(order.project, path);
  let sent: Sent | null = null;
  try {
    const text = await ready(session, order, source);
    const values = source.own && Object.keys(source.own.values).length > 0
      ? source.own.values
      : undefined;
    const made = await session.watched(hooks, async () => {
      sent = inColumns(text);
      const columns = await session.columns(sent.sql, values, text.sql);
      const shape = shapeOf(columns, output.asset, text.sql);
      const broken = await contractProblem(session, order, output.asset, shape.schema);
      if (broken) throw new ProblemError(broken);
      const folders = makeFolder(file);
      const footer = footerOption(order, output, shape.schema, source.ordered);
      // COPY takes its target literally: what the readers take for patterns has no meaning there.
      sent = inCopy(text, shape, `${quoted(file)} (format parquet, ${footer})`);
      return { shape, folders, rows: await session.run(sent.sql, values) };
    });
    const bytes = await syncFile(file, made.folders);
    return ok({
      output: "table",
      file: { path, format: "parquet", bytes },
      rows: made.rows,
      schema: made.shape.schema,
      ordered: source.ordered,
      metadata: {},
      notes: made.shape.notes,
    });
  } catch (error) {
    rmSync(file, { force: true });
    if (error instanceof Cancelled) throw error;
    const what = `Cannot build ${output.asset}${order.partition ? ` for ${order.partition}` : ""}`;
    return err(explain(error, what, source, sent));
  }
}

/** What the engine was given, and where the user's text begins in it. */
interface Sent {
  readonly sql: string;
  readonly before: number;
  readonly rewritten: Rewritten;
  /** Columns that are cast around the query. */
  readonly cast: readonly string[];
}

function inColumns({ beforeColumns, rewritten }: Ready): Sent {
  const sql = beforeColumns + rewritten.sql;
  return { sql, before: beforeColumns.length, rewritten, cast: [] };
}

function inCopy({ before, rewritten }: Ready, shape: Copying, target: string): Sent {
  const sql = `copy (${shape.sql}\n) to ${target}`;
  return {
    sql,
    before: "copy (".length + shape.before + before.length,
    rewritten,
    cast: shape.cast,
  };
}

interface Copying {
  readonly schema: readonly Column[];
  /** What is copied: the query, with casts around it where HUGEINT becomes BIGINT. */
  readonly sql: string;
  /** How many characters stand before the query in `sql`. */
  readonly before: number;
  readonly notes: readonly string[];
  /** Columns that are cast. */
  readonly cast: readonly string[];
}

/** What is written of these columns. Throws `ProblemError` for what cannot be kept. */
function shapeOf(columns: readonly Column[], asset: string, sql: string): Copying {
  const seen = new Map<string, string>();
  const schema: Column[] = [];
  const notes: string[] = [];
  const cast: string[] = [];
  const refused: { name: string; from: string; to: string; why: string }[] = [];
  for (const { name, type } of columns) {
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined) throw new ProblemError(sameName(asset, twin, name));
    if (name.toLowerCase() === "file_row_number") throw new ProblemError(reserved(asset, name));
    seen.set(name.toLowerCase(), name);
    const decided = decideType(type);
    if (decided.kind === "refused") {
      refused.push({ name, from: type, to: decided.type, why: decided.why });
    } else if (decided.kind === "cast") {
      cast.push(name);
      if (decided.note) notes.push(`${name}: ${decided.note}`);
    }
    schema.push({ name, type: decided.kind === "kept" ? type : decided.type });
  }
  if (refused.length > 0) throw new ProblemError(notKept(asset, refused));
  if (cast.length === 0) return { schema, sql, before: 0, notes, cast };
  const list = schema.map(({ name, type }) =>
    cast.includes(name) ? `${ident(name)}::${type} as ${ident(name)}` : ident(name)
  );
  const before = `select ${list.join(", ")} from (`;
  return { schema, sql: `${before}${sql}\n)`, before: before.length, notes, cast };
}

function sameName(asset: string, one: string, other: string): Problem {
  return problem("result-invalid", {
    message: `Cannot build ${asset}`,
    why: one === other
      ? `two of its columns are called ${one}`
      : `its columns ${one} and ${other} differ only in case`,
    hint: `give one of them another name: … as ${one}_2`,
  });
}

/** The engine gives a row's place in its file this name; packed partitions are told apart by it. */
function reserved(asset: string, name: string): Problem {
  return problem("result-invalid", {
    message: `Cannot build ${asset}`,
    why: `DuckDB itself has a column ${name} in every Parquet file`,
    hint: `give it another name: ${name} as row_number`,
  });
}

function notKept(
  asset: string,
  refused: readonly { name: string; from: string; to: string; why: string }[],
): Problem {
  const first = refused[0]!;
  const short = first.from.length > 60 ? `${first.from.slice(0, 57)}…` : first.from;
  return problem("type-not-kept", {
    message: `Cannot keep column ${first.name} of ${asset} as ${short}`,
    why: `${first.why}${refused.length > 1 ? ` (and ${refused.length - 1} more columns)` : ""}`,
    hint: `write ${
      refused.slice(0, 4).map((each) => `${ident(each.name)}::${each.to} as ${ident(each.name)}`)
        .join(", ")
    }`,
    fields: { columns: refused.map((each) => ({ name: each.name, type: each.from, as: each.to })) },
  });
}

function explain(error: unknown, what: string, source: TableSource, sent: Sent | null): Problem {
  if (error instanceof ProblemError) {
    const found = error.problems[0]!;
    return source.place ? { ...found, where: { file: source.place.file, ...found.where } } : found;
  }
  const told = engineProblem(error, what, { fallback: "step-failed" });
  if (!sent) return told;
  const found = engineError(error);
  const offset = offsetOf(found, sent.sql);
  const overflow = sent.cast.length > 0 && /INT128 with value (-?\d+)/.exec(found.message);
  if (overflow && (offset === null || offset < sent.before)) {
    const column = sent.cast.length === 1 ? sent.cast[0]! : sent.cast.join(" or ");
    return problem("value-not-kept", {
      message: `${what}: a value of ${column} does not fit into BIGINT`,
      ...(source.place ? { where: { file: source.place.file } } : {}),
      why: `it is ${overflow[1]}; Parquet has no 128-bit integers, so HUGEINT is kept as BIGINT`,
      hint: `write ${ident(sent.cast[0]!)}::DECIMAL(38,0), ::DOUBLE or ::VARCHAR`,
    });
  }
  return placed(told, offset, source.place, sent);
}
