/** DuckDB in the runner: loaded at its first need, one instance, opened anew where another scratch or zone is asked. */
import { tmpdir } from "node:os";
import type { Limits } from "../core/order.ts";
import { prepareDuckDb } from "../host/duckdb_library.ts";
import type { Ahead } from "../ports/runner.ts";
import type { StepExecutor } from "../ports/executor.ts";
import type { ParsedSql } from "../ports/loader.ts";
import type { DuckDb } from "../warehouse/driver.ts";

/** What parsing takes: it reads no data. */
const PARSING = { memoryMb: 256, threads: 1 };

export class Engine {
  #sql: StepExecutor | null = null;
  #open: { readonly key: string; readonly db: Promise<DuckDb> } | null = null;

  /** The engine under these limits. */
  async get(limits: Limits, timezone: string, project: string): Promise<DuckDb> {
    const key = `${limits.scratch}\n${timezone}\n${project}`;
    if (this.#open?.key !== key) {
      const before = this.#open;
      this.#open = { key, db: open(limits, timezone, project) };
      await before?.db.then((db) => db.close(), () => {});
    }
    const db = await this.#open.db;
    await db.limit(limits);
    return db;
  }

  /** Opens it before a step asks; what goes wrong is told by `get`. */
  async ahead({ limits, timezone, project }: Ahead): Promise<void> {
    await this.get(limits, timezone, project).catch(() => {});
  }

  /** Begins to load, so that it is there when it is needed; what goes wrong is told by `get`. */
  warm(limits: Limits, timezone: string, project: string): void {
    this.get(limits, timezone, project).catch(() => {});
  }

  /** What executes SQL steps elsewhere, for those that need a runner for their checks. */
  async sql(
    limits: Limits,
    timezone: string,
    project: string,
    salt: string,
  ): Promise<StepExecutor> {
    const { createSqlExecutor } = await import("../warehouse/executor.ts");
    const options = { project, limits, timezone, prepare: prepareDuckDb, salt };
    return this.#sql ??= createSqlExecutor(options);
  }

  async parse(
    texts: Readonly<Record<string, string>>,
    project: string,
  ): Promise<Readonly<Record<string, ParsedSql>>> {
    const [{ parseSqls }, db] = await Promise.all([
      import("../warehouse/sql_parse.ts"),
      this.#open?.db ?? this.get({ ...PARSING, scratch: tmpdir() }, "UTC", project),
    ]);
    return await db.use((session) => parseSqls(session, texts));
  }

  async close(): Promise<void> {
    await this.#sql?.close();
    const before = this.#open;
    this.#open = null;
    await before?.db.then((db) => db.close(), () => {});
  }
}

async function open(limits: Limits, timezone: string, project: string): Promise<DuckDb> {
  const { openDuckDb } = await import("../warehouse/driver.ts");
  return await openDuckDb({ limits, timezone, folder: project, prepare: prepareDuckDb });
}
