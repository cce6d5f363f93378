/**
 * Incremental tables: `append` takes in rows beyond a watermark, `merge` rows by their key. A version is then the
 * files of the one before and a small file of what came; what a merge replaced is left out when it is read. After some
 * deltas, when they are no longer small, or when the columns are others now, all is written anew as one file. A changed
 * definition or nothing published yet: built whole.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { InputTable, OrderOutput, StepOrder } from "../core/order.ts";
import { type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { Column, VersionFile, VersionRef } from "../core/version.ts";
import { sameSchema } from "./column_types.ts";
import { contractProblem } from "./contract.ts";
import { Cancelled, type Session } from "./driver.ts";
import { makeFolder, syncFile } from "./durable.ts";
import { shapeOf } from "./kept_columns.ts";
import { makeTable, ready, type Staged, type StageHooks, type TableSource } from "./make.ts";
import { queryProblem, type Sent } from "./query_problem.ts";
import { relation } from "./read.ts";
import { ident, text as quoted } from "./sql_text.ts";

/** More deltas than these, or as much of them as this part of the base: it is written anew. */
const MOST_PARTS = 16;
const MOST_SHARE = 0.2;
/** Small tables are written anew after a few deltas: that costs nothing, and one file is read faster. */
const SMALL_BYTES = 256 * 1024;
const MOST_SMALL_PARTS = 4;
/** A merge that writes so many times what changed is told. */
const MUCH = 100;

/** Stages a version of an incremental asset. Throws `Cancelled`. */
export async function makeIncremental(
  session: Session,
  order: StepOrder,
  output: OrderOutput,
  source: TableSource,
  hooks: StageHooks,
): Promise<Result<Staged, Problem>> {
  const { definition } = order;
  const { strategy } = definition;
  const previous = usable(order, output);
  const own = ownTable(output, previous);
  const whole = { ...source, inputs: own === null ? source.inputs : [...source.inputs, own] };
  if (previous === null || (strategy !== "append" && strategy !== "merge")) {
    const staged = await makeTable(session, order, output, source, hooks);
    if (!staged.ok || strategy !== "merge") return staged;
    const twice = await duplicates(
      session,
      order,
      `read_parquet(${quoted(join(order.project, staged.value.file?.path ?? ""))})`,
    );
    if (twice === null) return staged;
    rmSync(join(order.project, staged.value.file?.path ?? ""), { force: true });
    return err(twice);
  }
  const path = `${output.target}.delta.parquet`;
  const file = join(order.project, path);
  let sent: Sent | null = null;
  try {
    const written = await session.watched(hooks, async () => {
      const text = await ready(session, order, whole);
      const found = await session.columns(
        text.beforeColumns + text.rewritten.sql,
        undefined,
        text.sql,
      );
      const shape = shapeOf(found, output.asset, text.sql);
      const broken = await contractProblem(session, order, output.asset, shape.schema);
      if (broken) throw new ProblemError(broken);
      const beyond = strategy === "append" ? await beyondMark(session, order, previous) : "";
      const before = beyond === "" ? "copy (" : "copy (select * from (";
      const after = beyond === "" ? "" : `\n) where ${beyond}`;
      const folders = makeFolder(file);
      const sql = `${before}${shape.sql}${after}\n) to ${quoted(file)} (format parquet)`;
      sent = {
        sql,
        before: before.length + shape.before + text.before.length,
        rewritten: text.rewritten,
        cast: shape.cast,
      };
      const rows = await session.run(sql);
      const delta = `read_parquet(${quoted(file)}, hive_partitioning=false)`;
      const twice = strategy === "merge" ? await duplicates(session, order, delta) : null;
      if (twice !== null) throw new ProblemError(twice);
      return { rows, folders, schema: shape.schema, delta };
    });
    const drifted = !sameSchema(written.schema, previous.schema);
    const merged = strategy === "merge"
      ? await replacedBy(session, order, previous, written.delta, drifted)
      : { replaced: 0, differing: written.rows };
    if (merged.differing === 0 && !drifted) {
      rmSync(file, { force: true });
      return ok(unchanged(previous));
    }
    const bytes = await syncFile(file, written.folders);
    const staged = withDelta(previous, order, { path, format: "parquet", bytes }, {
      rows: previous.rows - merged.replaced + written.rows,
      added: written.rows - merged.replaced,
      replaced: merged.replaced,
    });
    if (!drifted && !isTooMany(staged.file)) return ok(staged);
    const made = await anew(session, order, output, staged, written, hooks);
    rmSync(file, { force: true });
    return made;
  } catch (error) {
    rmSync(file, { force: true });
    if (error instanceof Cancelled) throw error;
    return err(queryProblem(error, `Cannot build ${output.asset}`, source, sent));
  }
}

/** What deltas can be laid on: a table of ours, made by the definition as it is. */
function usable(order: StepOrder, output: OrderOutput): VersionRef | null {
  const { previous, previousCode } = output;
  if (previous?.output !== "table" || previous.file?.format !== "parquet") return null;
  if (previous.file.range !== undefined) return null;
  return previousCode === undefined || previousCode === order.definition.codeVersion
    ? previous
    : null;
}

/** What it has made so far, under its own name, where its query asks for it. */
function ownTable(output: OrderOutput, previous: VersionRef | null): InputTable | null {
  if (previous === null) return null;
  return { asset: output.asset, versions: [previous], schema: previous.schema, view: null };
}

/** The condition that a row lies beyond the highest mark so far; "" where there is none. */
async function beyondMark(
  session: Session,
  order: StepOrder,
  previous: VersionRef,
): Promise<string> {
  const { watermark } = order.definition;
  if (watermark === null) return "";
  const column = previous.schema.find((each) =>
    each.name.toLowerCase() === watermark.toLowerCase()
  );
  if (column === undefined) {
    throw new ProblemError(problem("definition-invalid", {
      message: `Cannot append to ${order.definition.key}: it has no column ${watermark}`,
      where: { asset: order.definition.key, file: order.definition.origin.file },
      why: "watermark: names the column by which new rows are told",
      hint: `it has ${previous.schema.map((each) => each.name).join(", ")}`,
    }));
  }
  const name = ident(column.name);
  const table = relation(
    ownTable({ asset: order.definition.key } as OrderOutput, previous)!,
    order.project,
  );
  const { rows } = await session.rows(`select max(${name})::varchar from (${table}\n)`);
  const mark = rows[0]?.[0];
  return typeof mark === "string" ? `${name} > ${quoted(mark)}::${column.type}` : "";
}

/** Keys that stand there twice, some of them shown; null where all is well. */
async function duplicates(
  session: Session,
  order: StepOrder,
  table: string,
): Promise<Problem | null> {
  const { uniqueKey, key, origin } = order.definition;
  const list = uniqueKey.map(ident).join(", ");
  if (list === "") return null;
  const { columns, rows } = await session.rows(
    `select ${list}, count(*) as times from ${table} group by ${list} having count(*) > 1
     order by times desc, ${list} limit 3`,
  );
  if (rows.length === 0) return null;
  const shown = rows.map((row) =>
    columns.slice(0, -1).map(({ name }, at) => `${name} ${JSON.stringify(row[at])}`).join(", ") +
    ` (${row.at(-1)} times)`
  );
  return problem("check-failed", {
    message: `Cannot merge into ${key}: ${uniqueKey.join(", ")} is not unique in what came`,
    where: { asset: key, file: origin.file },
    why: `twice or more: ${shown.join("; ")}`,
    hint:
      "let the query give one row for each key, e.g. qualify row_number() over (partition by … order by …) = 1",
    fields: {
      sample: rows.map((row) =>
        Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null]))
      ),
    },
  });
}

/** How many rows a merge replaces, and how many of what came is not there just so already. */
async function replacedBy(
  session: Session,
  order: StepOrder,
  previous: VersionRef,
  delta: string,
  drifted: boolean,
): Promise<{ readonly replaced: number; readonly differing: number }> {
  const keys = order.definition.uniqueKey;
  const table = relation(
    ownTable({ asset: order.definition.key } as OrderOutput, previous)!,
    order.project,
  );
  const on = keys.map((each) => `o.${ident(each)} = d.${ident(each)}`).join(" and ");
  const differs = drifted
    ? "true"
    : previous.schema.map(({ name }) => `o.${ident(name)} is distinct from d.${ident(name)}`).join(
      " or ",
    );
  const { rows } = await session.rows(
    `select count(*), count(*) filter (where not (${differs})), (select count(*) from ${delta})
     from (${table}\n) o join ${delta} d on ${on}`,
  );
  const [replaced, same, came] = (rows[0] ?? []).map(Number);
  return { replaced: replaced ?? 0, differing: (came ?? 0) - (same ?? 0) };
}

function unchanged(previous: VersionRef): Staged {
  const { file, rows, schema, ordered } = previous;
  return { output: "table", file, rows, schema, ordered, metadata: {}, notes: [], same: true };
}

function withDelta(
  previous: VersionRef,
  order: StepOrder,
  delta: VersionFile,
  told: { readonly rows: number; readonly added: number; readonly replaced: number },
): Staged {
  const { parts = [], ...last } = previous.file as VersionFile;
  const merges = order.definition.strategy === "merge";
  return {
    output: "table",
    file: {
      ...delta,
      bytes: delta.bytes,
      parts: [...parts, last],
      ...(merges ? { mergeKey: order.definition.uniqueKey } : {}),
    },
    rows: told.rows,
    schema: previous.schema,
    ordered: false,
    metadata: { added: told.added, ...(merges ? { replaced: told.replaced } : {}) },
    notes: [],
  };
}

function isTooMany(file: VersionFile | null): boolean {
  const [base, ...deltas] = [...file?.parts ?? [], ...(file === null ? [] : [file])];
  if (base === undefined) return false;
  const bytes = deltas.reduce((sum, each) => sum + each.bytes, 0);
  if (base.bytes + bytes < SMALL_BYTES) return deltas.length > MOST_SMALL_PARTS;
  return deltas.length > MOST_PARTS || bytes > base.bytes * MOST_SHARE;
}

/** All of it as one file, in the columns that there are now. */
async function anew(
  session: Session,
  order: StepOrder,
  output: OrderOutput,
  staged: Staged,
  came: { readonly delta: string; readonly schema: readonly Column[] },
  hooks: StageHooks,
): Promise<Result<Staged, Problem>> {
  const { strategy, uniqueKey } = order.definition;
  const before = relation(
    {
      asset: output.asset,
      versions: [output.previous as VersionRef],
      schema: came.schema,
      view: null,
    },
    order.project,
  );
  const list = came.schema.map((each) => ident(each.name)).join(", ");
  const on = uniqueKey.map((each) => `r.${ident(each)} = l.${ident(each)}`).join(" and ");
  const kept = strategy === "merge"
    ? `select r.* from (${before}\n) r anti join ${came.delta} l on ${on}`
    : `select * from (${before}\n)`;
  const sql = `${kept} union all select ${list} from ${came.delta}`;
  const source = { sql, ordered: false, inputs: [], place: null, own: { values: {} } };
  const made = await makeTable(session, order, output, source, hooks);
  if (!made.ok) return made;
  const [bytes, changed] = [made.value.file?.bytes ?? 0, staged.file?.bytes ?? 1];
  if (strategy !== "merge" || bytes <= changed * MUCH) {
    return ok({ ...made.value, metadata: staged.metadata });
  }
  // What stands there is laid together now and then in any case; then, too, it is said.
  const cause = isTooMany(staged.file) ? "many had come before" : "its columns changed";
  const warning = `the merge wrote ${Math.round(bytes / changed)} times what changed: ${cause}`;
  return ok({
    ...made.value,
    metadata: { ...staged.metadata, warning },
    warnings: [warning],
  });
}
