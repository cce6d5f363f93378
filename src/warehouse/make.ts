/**
 * Writes a query's result as one Parquet file under its final name, durable, and not visible to
 * anybody yet. Decides what may be written (types that come back as they were, columns with names
 * of their own); checking and comparing what was written is done after.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { InputTable, OrderOutput, Progress, StepOrder } from "../core/order.ts";
import { type Problem, ProblemError } from "../core/problem/problem.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { Column, Output, VersionFile } from "../core/version.ts";
import type { JsonObject } from "../core/json.ts";
import { contractProblem } from "./contract.ts";
import { type Bound, Cancelled, type Session } from "./driver.ts";
import { makeFolder, syncFile } from "./durable.ts";
import { footerOption } from "./footer.ts";
import { type Copying, shapeOf } from "./kept_columns.ts";
import { bindVariables, parametersOfView, type Rewritten, withVariables } from "./parameters.ts";
import { relation, startsWith, tablesPrefix } from "./read.ts";
import { queryProblem, type Sent } from "./query_problem.ts";
import { text as quoted } from "./sql_text.ts";
import type { SqlPlace } from "./sql_place.ts";

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
  readonly warnings?: readonly string[];
  /** It is known to hold what is published already. */
  readonly same?: boolean;
  /** For a view: the query over `inputs`. */
  readonly view?: { readonly sql: string; readonly inputs: readonly InputTable[] };
}

/** How a step that works is ended early and tells how far it is. */
export interface StageHooks {
  readonly signal?: AbortSignal;
  readonly graceMs?: number;
  readonly progress?: (progress: Progress) => void;
  /** The rows are written: what comes now takes little memory. */
  readonly copied?: () => void;
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
  const viewsUse = source.inputs.flatMap((each) => each.view ? parametersOfView(each.view) : []);
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
      const steady = hasSteadyColumns(order, source, text);
      const columns = await session.columns(sent.sql, values, text.sql, steady);
      const shape = shapeOf(columns, output.asset, text.sql);
      const broken = await contractProblem(session, order, output.asset, shape.schema);
      if (broken) throw new ProblemError(broken);
      const folders = makeFolder(file);
      const footer = footerOption(order, output, shape.schema, source.ordered);
      // COPY takes its target literally: what the readers take for patterns has no meaning there.
      sent = inCopy(text, shape, `${quoted(file)} (format parquet, ${footer})`);
      return { shape, folders, rows: await session.run(sent.sql, values) };
    });
    hooks.copied?.();
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
    remove(file);
    if (error instanceof Cancelled) throw error;
    const what = `Cannot build ${output.asset}${order.partition ? ` for ${order.partition}` : ""}`;
    return err(queryProblem(error, what, source, sent));
  }
}

/** The text by which a query's columns are asked for. */
export function inColumns({ beforeColumns, rewritten }: Ready): Sent {
  const sql = beforeColumns + rewritten.sql;
  return { sql, before: beforeColumns.length, rewritten, cast: [] };
}

// What takes its columns from elsewhere than from tables that are named: files, settings, the engine itself, rows.
const READS_ELSEWHERE =
  /read_|scan|glob|sniff|parquet|variable|duckdb|pragma|information_schema|pivot/i;

/**
 * Do a query's columns follow from the text that asks for them, which holds the columns of all its tables? Then what
 * was found before the run, or for another partition, holds for this step too.
 */
export function hasSteadyColumns(
  { definition }: StepOrder,
  { sql, inputs, own }: Pick<TableSource, "sql" | "inputs" | "own">,
  { before, rewritten }: Ready,
): boolean {
  if (own || definition.sql === null || definition.sql.files.length > 0) return false;
  // Of tables that are views of the connection the text says nothing.
  if (inputs.length > 0 && before === "") return false;
  return rewritten.used.every((name) => name.startsWith("partition_")) &&
    !READS_ELSEWHERE.test(sql);
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

/** What is not whole; that it cannot be removed says less than why it was not made. */
function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It stays, and nothing refers to it.
  }
}
