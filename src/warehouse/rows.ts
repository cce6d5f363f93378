/**
 * Rows from JavaScript as a table. They flow into a scratch file, a batch at a time, and the engine
 * reads that with the types found on the way; declared columns win. Nothing else holds the rows.
 */
import { Buffer } from "node:buffer";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { JsonObject } from "../core/json.ts";
import type { OrderOutput, StepOrder } from "../core/order.ts";
import { type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import { err, type Result } from "../core/result.ts";
import type { Column } from "../core/version.ts";
import { declaredTypes } from "./contract.ts";
import { Cancelled, type Session } from "./driver.ts";
import { engineProblem } from "./engine_words.ts";
import { makeTable, type Staged, type StageHooks } from "./make.ts";
import { emptyTable } from "./read.ts";
import { learn, Mixed, NOTHING, scalarOf, type Shape, typeOf } from "./row_types.ts";
import { filePath, ident, text } from "./sql_text.ts";

export type RowSource = Iterable<unknown> | AsyncIterable<unknown>;

const BATCH_CHARS = 1 << 20;
// The reader takes memory by the longest row it must expect; this is enough for any ordinary one.
const USUAL_ROW_BYTES = 1 << 18;

/** Writes rows to the output's target. What iterating throws is thrown on (it is user code's). */
export async function stageRows(
  session: Session,
  order: StepOrder,
  output: OrderOutput,
  rows: RowSource,
  hooks: StageHooks = {},
): Promise<Result<Staged, Problem>> {
  const what = `Cannot publish the rows of ${output.asset}`;
  mkdirSync(order.limits.scratch, { recursive: true });
  const scratch = join(order.limits.scratch, `${order.attempt}-${output.asset}.ndjson`);
  try {
    const written = await writeRows(rows, scratch, what, hooks);
    if (!written.ok) return written;
    const declared = order.definition.key === output.asset
      ? await declaredTypes(session, order.definition.columns)
      : [];
    const found = columnsOf(written.value.shapes, declared, output, written.value.rows);
    if (!found) return err(noColumns(what));
    const sql = written.value.rows === 0
      ? emptyTable(found)
      : selectFrom(scratch, found, written.value);
    const source = { sql, ordered: false, inputs: [], place: null, own: { values: {} } };
    const staged = await makeTable(session, order, output, source, hooks);
    if (staged.ok && staged.value.rows !== written.value.rows) {
      throw new Error(`${staged.value.rows} of ${written.value.rows} rows were read back`);
    }
    // The scratch file is ours and well-formed: what does not fit are the user's values.
    return staged.ok || staged.error.code !== "not-the-format"
      ? staged
      : err({ ...staged.error, code: "result-invalid", message: what });
  } catch (error) {
    if (error instanceof Cancelled || error instanceof UserCode) {
      throw error instanceof UserCode ? error.error : error;
    }
    return err(engineProblem(error, what, { fallback: "result-invalid" }));
  } finally {
    rmSync(scratch, { force: true });
  }
}

/** Tables of rows for a query, by name (`nycflow.runs` stands in a schema of that name). */
export async function extraTables(
  session: Session,
  tables: Readonly<Record<string, readonly JsonObject[]>>,
  folder: string,
): Promise<{ readonly drop: () => Promise<void> }> {
  const made: string[] = [];
  for (const [at, [name, rows]] of Object.entries(tables).entries()) {
    const path = join(folder, `extra-${process.pid}-${at}.ndjson`);
    try {
      const written = await writeRows(rows, path, `Cannot read ${name}`, {});
      if (!written.ok) throw new ProblemError(written.error);
      const columns = [...written.value.shapes].map(([column, shape]) => ({
        name: column,
        type: typeOf(shape),
      }));
      const parts = name.split(".");
      const [schema, table] = parts.length === 2 ? parts : ["main", name];
      const full = `memory.${ident(schema!)}.${ident(table!)}`;
      await session.run(`create schema if not exists memory.${ident(schema!)}`);
      await session.run(
        `create or replace table ${full} as ${
          columns.length === 0
            ? "select null as nothing where false"
            : selectFrom(path, columns, written.value)
        }`,
      );
      made.push(full);
    } finally {
      rmSync(path, { force: true });
    }
  }
  return {
    async drop() {
      for (const each of made) await session.run(`drop table if exists ${each}`);
    },
  };
}

/** What the user's generator threw, told from what we did. */
class UserCode extends Error {
  readonly error: unknown;
  constructor(error: unknown) {
    super("the rows ended with an error");
    this.error = error;
  }
}

interface Written {
  readonly shapes: ReadonlyMap<string, Shape>;
  readonly rows: number;
  /** At least the bytes of the longest row. */
  readonly longest: number;
}

async function writeRows(
  rows: RowSource,
  path: string,
  what: string,
  hooks: StageHooks,
): Promise<Result<Written, Problem>> {
  const shapes = new Map<string, Shape>();
  const descriptor = openSync(path, "w");
  let pending = "";
  let count = 0;
  let longest = USUAL_ROW_BYTES;
  const flush = () => {
    const bytes = Buffer.from(pending);
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    pending = "";
  };
  /** Gives what is wrong with the row, or null. */
  const take = (row: unknown): Problem | null => {
    count += 1;
    if (
      typeof row !== "object" || row === null || Array.isArray(row) || scalarOf(row) !== "struct"
    ) {
      return badRow(what, count, row);
    }
    try {
      for (const [name, value] of Object.entries(row)) {
        const before = shapes.get(name);
        const now = learn(before ?? NOTHING, value, [name]);
        if (now !== before) shapes.set(name, now);
      }
      const line = JSON.stringify(row, plain);
      // A character has at most three bytes in UTF-8.
      if (line.length * 3 > longest) longest = line.length * 3 + 16;
      pending += `${line}\n`;
    } catch (error) {
      return badValue(what, count, error);
    }
    if (pending.length >= BATCH_CHARS) {
      flush();
      hooks.progress?.({ fraction: null, rows: count });
    }
    return null;
  };
  try {
    const iterator = iterate(rows);
    for (;;) {
      let next: IteratorResult<unknown>;
      try {
        const step = iterator.next();
        next = step instanceof Promise ? await step : step;
      } catch (error) {
        throw new UserCode(error);
      }
      if (hooks.signal?.aborted) {
        throw new Cancelled(hooks.signal.reason === "timeout" ? "timeout" : "cancel");
      }
      if (next.done) break;
      const bad = take(next.value);
      if (bad) {
        await iterator.return?.();
        return err(bad);
      }
    }
    flush();
    return { ok: true, value: { shapes, rows: count, longest } };
  } finally {
    closeSync(descriptor);
  }
}

function iterate(rows: RowSource): Iterator<unknown> | AsyncIterator<unknown> {
  return Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
}

/** What JSON has no form for. `this` is the object, since Date has become a text before this is called. */
function plain(this: unknown, key: string, value: unknown): unknown {
  switch (typeof value) {
    case "bigint":
      return String(value);
    case "number":
      if (Number.isFinite(value)) return Object.is(value, -0) ? "-0.0" : value;
      return String(value);
    case "object": {
      const own = (this as Record<string, unknown>)[key];
      if (own instanceof Date && value === null) throw new TypeError("a Date is invalid");
      if (own instanceof Uint8Array) return Buffer.from(own).toString("base64");
      return value;
    }
    case "string": {
      const own = (this as Record<string, unknown>)[key];
      if (own instanceof Date || typeof own === "string") return value;
      // A ZonedDateTime says its zone in brackets, which the engine does not read.
      return value.replace(/\[[^\]]*\]$/, "");
    }
    default:
      return value;
  }
}

function columnsOf(
  shapes: ReadonlyMap<string, Shape>,
  declared: readonly Column[],
  output: OrderOutput,
  rows: number,
): readonly Column[] | null {
  const columns = [...shapes].map(([name, shape]) => ({
    name,
    type: declared.find((each) => each.name === name)?.type ?? typeOf(shape),
  }));
  for (const each of declared) {
    if (!shapes.has(each.name)) columns.push({ name: each.name, type: each.type });
  }
  if (columns.length > 0) return columns;
  // Nothing came this time: the table keeps the columns that it had.
  const before = output.previous?.output === "table" ? output.previous.schema : [];
  return rows === 0 && before.length > 0 ? before : null;
}

function selectFrom(
  path: string,
  columns: readonly Column[],
  { shapes, longest }: Written,
): string {
  // Bytes come as base64, and a shape that holds them is read as JSON first and cast after.
  const read = columns.map(({ name, type }) => ({
    name,
    type: shapes.get(name)?.kind === "bytes" ? "VARCHAR" : type,
  }));
  const types = read.map((each) => `${text(each.name)}: ${text(each.type)}`).join(", ");
  const list = columns.map(({ name, type }) => {
    const column = ident(name);
    if (shapes.get(name)?.kind === "bytes") return `from_base64(${column})::${type} as ${column}`;
    return column;
  });
  return `select ${list.join(", ")} from read_json(${filePath(path)}, auto_detect=false,
    format='newline_delimited', maximum_object_size=${longest}, columns={${types}})`;
}

function badRow(message: string, at: number, row: unknown): Problem {
  const found = Array.isArray(row) ? "a list" : row === null ? "null" : `a ${typeof row}`;
  return problem("result-invalid", {
    message,
    why: `row ${at} is ${found}; a row is an object: its names are the columns`,
    hint: 'return objects such as { id: 1, name: "x" }',
  });
}

function badValue(message: string, at: number, error: unknown): Problem {
  if (error instanceof Mixed) {
    const [before, now] = error.kinds;
    return problem("result-invalid", {
      message,
      why: `${error.path.join(".")} is ${now} in row ${at} and ${before} before it`,
      hint: "give it one type, or declare it: columns: { " + error.path[0] + ": VARCHAR }",
    });
  }
  return problem("result-invalid", {
    message,
    why: `row ${at}: ${error instanceof Error ? error.message : String(error)}`,
    hint:
      "values are numbers, texts, booleans, bigints, Dates, bytes, null, lists and objects of these",
  });
}

function noColumns(message: string): Problem {
  return problem("result-invalid", {
    message,
    why: "there are no rows and no declared columns, so it is not known which columns it has",
    hint: 'declare them: columns: { id: "BIGINT", name: "VARCHAR" }; or return skip("why")',
  });
}
