/**
 * Reading what is published: queries, previews, profiles, files for people, the mirror. Every result
 * is read to its end by calls that throw; nothing comes from a stream, since one that fails looks
 * finished. Two engines at the most: one as everywhere, one in which rows keep their file's order.
 */
import { nearest } from "../core/graph/nearest.ts";
import type { InputTable } from "../core/order.ts";
import { type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { ColumnProfile, Rows } from "../core/rows.ts";
import { syntaxHint, syntaxWhy } from "../core/sql_syntax.ts";
import type { Warehouse } from "../ports/warehouse.ts";
import { Cancelled, type Session } from "./driver.ts";
import { diffTables } from "./diff.ts";
import { Engines, type ReaderOptions } from "./engines.ts";
import { engineError, engineProblem, offsetOf } from "./engine_words.ts";
import { writeExport } from "./export.ts";
import { exportDatabase } from "./export_database.ts";
import { bringUpToDate } from "./mirror.ts";
import { packVersions } from "./pack.ts";
import { relation } from "./read.ts";
import { extraTables } from "./rows.ts";
import { queryWords } from "./query_words.ts";
import { parseSql } from "./sql_parse.ts";
import { whereIn } from "./sql_place.ts";
import { ident } from "./sql_text.ts";
import { withoutTimes } from "./time_travel.ts";

const QUERY = "Cannot run the query";

export function createWarehouse(options: ReaderOptions): Warehouse {
  const engines = new Engines(options);
  const { project } = options;
  // Tables of rows are made in a schema that all connections see, so one at a time.
  let extras: Promise<unknown> = Promise.resolve();
  let mirrors: Promise<unknown> = Promise.resolve();
  const warehouse: Warehouse = {
    query(sql, tables, asked = {}) {
      const run = () => query(engines, sql, tables, asked);
      if (Object.keys(asked.extra ?? {}).length === 0) return run();
      const mine = extras.then(run, run);
      extras = mine.catch(() => {});
      return mine;
    },
    async write(sql, tables, file, format, asked = {}) {
      return await guarded(`Cannot write ${file}`, "export-failed", async () => {
        const db = await engines.for(tables, asked.ordered);
        const before = format === "csv" || format === "json" ? "copy (" : "";
        return await db.use((session) =>
          withViews(
            session,
            `Cannot write ${file}`,
            sql,
            { tables, ...(asked.known && { known: asked.known }) },
            project,
            before,
            (own) => writeExport(session, own, file, format),
          )
        );
      });
    },
    async diff(before, after, options) {
      return await guarded(`Cannot compare ${after.asset}`, "query-failed", async () => {
        const db = await engines.for([]);
        return ok(await db.use((session) => diffTables(session, project, before, after, options)));
      });
    },
    async pack(versions, path) {
      return await guarded(`Cannot pack ${versions[0]?.asset ?? ""}`, "export-failed", async () => {
        const db = await engines.for([]);
        return ok(await db.use((session) => packVersions(session, project, versions, path)));
      });
    },
    async withoutTimes(sql) {
      return await guarded(QUERY, "query-failed", async () => {
        const db = await engines.for([]);
        return await db.use((session) => withoutTimes(session, sql));
      });
    },
    async preview(table, limit) {
      return await guarded(`Cannot show ${table.asset}`, "query-failed", async () => {
        const db = await engines.for([table]);
        const sql = `select * from (${relation(table, project)}) limit ${Math.trunc(limit)}`;
        const found = await db.use((session) => session.rows(sql));
        const total = table.view ? null : table.versions.reduce((sum, each) => sum + each.rows, 0);
        return ok({ ...found, total });
      });
    },
    async profile(table) {
      return await guarded(`Cannot profile ${table.asset}`, "query-failed", async () => {
        const db = await engines.for([]);
        return ok(await db.use((session) => profile(session, relation(table, project))));
      });
    },
    mirror(file, tables, drop) {
      const run = () => bringUpToDate(engines, file, tables, drop);
      const mine = mirrors.then(run, run);
      mirrors = mine;
      return mine;
    },
    exportDatabase: (asked) => exportDatabase(engines, asked),
    close: () => engines.close(),
  };
  return warehouse;
}

async function guarded<T>(
  what: string,
  fallback: "export-failed" | "query-failed",
  work: () => Promise<Result<T, Problem>>,
): Promise<Result<T, Problem>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Cancelled) {
      return err(problem(error.by === "timeout" ? "timeout" : "cancelled", { message: what }));
    }
    return err(engineProblem(error, what, { fallback }));
  }
}

async function query(
  engines: Engines,
  sql: string,
  tables: readonly InputTable[],
  asked: Parameters<Warehouse["query"]>[2] & object,
): Promise<Result<Rows, Problem>> {
  return await guarded(QUERY, "query-failed", async () => {
    const db = await engines.for(tables);
    return await db.use(async (session) => {
      const extra = await extraTables(session, asked.extra ?? {}, engines.options.limits.scratch);
      try {
        const { limit, signal } = asked;
        const before = limit === undefined ? "" : "select * from (";
        const after = limit === undefined ? "" : `\n) limit ${Math.trunc(limit)}`;
        const { project } = engines.options;
        const { known } = asked;
        const there = { tables, ...(known && { known }) };
        return await withViews(session, QUERY, sql, there, project, before, async (own) => {
          const found = await session.watched({ signal }, () => session.rows(before + own + after));
          const whole = limit === undefined || found.rows.length < limit;
          return ok({ ...found, total: whole ? found.rows.length : null });
        });
      } finally {
        await extra.drop();
      }
    });
  });
}

/**
 * Makes the tables that a query names known for the time of `work`; says where it is wrong. `before` is
 * what `work` puts before the query: the engine counts from its beginning.
 */
async function withViews<T>(
  session: Session,
  what: string,
  sql: string,
  { tables, known }: {
    readonly tables: readonly InputTable[];
    readonly known?: () => readonly string[];
  },
  project: string,
  before: string,
  work: (sql: string) => Promise<Result<T, Problem>>,
): Promise<Result<T, Problem>> {
  const parsed = await parseSql(session, sql);
  if (!parsed.ok) {
    const isSyntax = /syntax error|unterminated/.test(parsed.message);
    return err(problem("query-failed", {
      message: what,
      where: place(sql, parsed.offset),
      why: syntaxWhy(parsed.message),
      hint: (isSyntax ? syntaxHint(sql, parsed.offset, parsed.message) : null) ??
        "nycflow sql takes one query, e.g. select * from my_table limit 10",
    }));
  }
  const named = new Set(parsed.tables.map((each) => each.name.toLowerCase()));
  try {
    for (const table of tables) {
      if (named.has(table.asset.toLowerCase())) {
        await session.view(table.asset, relation(table, project));
      }
    }
    return await work(parsed.text);
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    const found = engineProblem(error, what, { fallback: "query-failed" });
    // What the disk refuses to take is no fault of the query.
    if (error instanceof ProblemError || engineError(error).type === "") return err(found);
    const said = engineError(error);
    const offset = offsetOf(said, before + sql);
    const own = offset === null ? null : offset - before.length;
    const missing = /Table with name (\S+) does not exist/.exec(said.message)?.[1];
    const words = queryWords(said, tables.filter((each) => named.has(each.asset.toLowerCase())));
    return err({
      ...found,
      code: found.code === "sql-bind" || found.code === "sql-syntax" ? "query-failed" : found.code,
      ...(own !== null && own >= 0 ? { where: place(sql, own) } : {}),
      ...(words === null ? {} : { why: words.why, hint: words.hint }),
      ...(missing
        ? {
          why: `there is no table ${missing}`,
          hint: tablesHint(missing, known?.() ?? tables.map((each) => each.asset)),
        }
        : {}),
    });
  } finally {
    await session.dropViews();
  }
}

function tablesHint(missing: string, known: readonly string[]): string {
  if (known.length === 0) return "nothing is materialized yet: nycflow up";
  const near = nearest(missing, known);
  return near === null
    ? `tables are ${known.slice(0, 12).join(", ")}${known.length > 12 ? ", …" : ""}`
    : `did you mean ${near}?`;
}

function place(sql: string, offset: number | null): NonNullable<Problem["where"]> {
  if (offset === null) return {};
  const { file: _file, ...where } = whereIn({ file: "", line: 1, text: sql }, offset);
  return where;
}

/** One scan; how many different values there are is estimated (within 2 %). */
async function profile(session: Session, sql: string): Promise<ColumnProfile[]> {
  const columns = await session.columns(sql);
  const parts = columns.flatMap(({ name, type }) => {
    const column = ident(name);
    const ends = /[[(]|^(JSON|BLOB|BOOLEAN)$/.test(type) && !/^DECIMAL/.test(type)
      ? ["null", "null"]
      : type === "VARCHAR"
      ? [`left(min(${column}), 100)`, `left(max(${column}), 100)`]
      : [`min(${column})`, `max(${column})`];
    return [`count(*) - count(${column})`, `approx_count_distinct(${column})`, ...ends];
  });
  const { rows } = await session.rows(`select ${parts.join(", ")} from (${sql})`);
  const found = rows[0]!;
  return columns.map(({ name, type }, at) => ({
    name,
    type,
    nulls: Number(found[at * 4]),
    distinct: Number(found[at * 4 + 1]),
    min: found[at * 4 + 2] ?? null,
    max: found[at * 4 + 3] ?? null,
  }));
}
