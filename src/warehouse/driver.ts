/**
 * The only place that loads DuckDB. Decides how an instance is opened (limits always, nothing
 * downloaded, order off), how connections are shared out, and how a running query is ended; knows
 * nothing of assets and versions.
 */
import type {
  DuckDBConnection,
  DuckDBInstance,
  DuckDBPreparedStatement,
  DuckDBValueConverter,
} from "@duckdb/node-api";
import { mkdirSync } from "node:fs";
import type { Json } from "../core/json.ts";
import type { Limits, Progress } from "../core/order.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import type { Column } from "../core/version.ts";
import { typeText } from "./column_types.ts";
import { jsonConverter } from "./json_values.ts";
import { ident, text } from "./sql_text.ts";

export interface DuckDbOptions {
  readonly limits: Limits;
  /** IANA. What `ts::DATE`, `date_trunc` and `today()` mean, and how a TIMESTAMPTZ is shown. */
  readonly timezone: string;
  /** Where relative paths in queries begin: the project's folder, not where one stands. */
  readonly folder?: string;
  /** Makes the library loadable (the binary unpacks it); awaited before the first import. */
  readonly prepare: () => Promise<void>;
  /**
   * Rows come in the order of their file. Only for reading ordered versions row by row: it costs
   * several times the memory, and holds for the whole instance.
   */
  readonly ordered?: boolean;
}

/** Values bound to `$name`; a text goes as VARCHAR, a bigint as BIGINT. */
export type Bound = Readonly<Record<string, string | number | bigint | boolean | null>>;

export interface Table {
  readonly columns: readonly Column[];
  /** Values as `cli.md` writes them in JSON. */
  readonly rows: readonly (readonly Json[])[];
}

/** Told by our own flag; an engine's interrupt may look like a finished stream. */
export class Cancelled extends Error {
  readonly by: "timeout" | "cancel";
  constructor(by: "timeout" | "cancel") {
    super(by);
    this.name = "Cancelled";
    this.by = by;
  }
}

/** What ends a query early, and whom to tell how far it is. */
export interface Watch {
  readonly signal?: AbortSignal | undefined;
  /** How long after the signal the query may take to end; then its connection is given up. */
  readonly graceMs?: number | undefined;
  readonly progress?: ((progress: Progress) => void) | undefined;
}

// A query that ignores a first interrupt (it had not begun) meets the next.
const INTERRUPT_EVERY_MS = 20;
const PROGRESS_EVERY_MS = 100;

/** One connection, used by one caller at a time. Temp tables, views and variables are its own. */
export class Session {
  readonly #connection: DuckDBConnection;
  readonly #converter: DuckDBValueConverter<Json>;
  readonly #known: Map<string, readonly Column[]>;
  #reportsProgress = false;
  #views = new Map<string, string>();
  /** Given up while a query would not end: never used again. */
  lost = false;

  constructor(
    connection: DuckDBConnection,
    converter: DuckDBValueConverter<Json>,
    known: Map<string, readonly Column[]>,
  ) {
    this.#connection = connection;
    this.#converter = converter;
    this.#known = known;
  }

  /** Runs statements to their end; gives the last one's count of rows changed or copied. */
  async run(sql: string, values?: Bound): Promise<number> {
    const result = values
      ? await this.#connection.run(sql, { ...values })
      : await this.#connection.run(sql);
    return result.rowsChanged;
  }

  /** All rows of the last statement. Throws where a stream would end early. */
  async rows(sql: string, values?: Bound): Promise<Table> {
    const read = await this.#connection.runAndReadAll(sql, values ? { ...values } : undefined);
    // The result's own types: those of its chunks forget that a text is JSON.
    const types = read.columnTypes();
    const convert = this.#converter;
    return {
      columns: read.columnNames().map((name, at) => ({ name, type: typeText(types[at]!) })),
      rows: read.getRows().map((row) =>
        row.map((value, at) => convert(value, types[at]!, convert))
      ),
    };
  }

  /**
   * The columns that a query gives, without running it. A dynamic PIVOT finds them in the rows: then
   * `whole` is asked, where `sql` itself reads tables without any.
   */
  async columns(
    sql: string,
    values?: Bound,
    whole = sql,
    /** Nothing but the text decides: then it is asked once. */
    steady = false,
  ): Promise<readonly Column[]> {
    const known = steady ? this.#known.get(sql) : undefined;
    if (known !== undefined) return known;
    // The types of unbound parameters are not known before the values are.
    if (values) return (await this.rows(`select * from (${whole}\n) limit 0`, values)).columns;
    const prepared = await this.#prepare(sql, whole);
    try {
      const columns = Array.from({ length: prepared.columnCount }, (_, at) => ({
        name: prepared.columnName(at),
        type: typeText(prepared.columnType(at)),
      }));
      if (steady) this.#known.set(sql, columns);
      return columns;
    } finally {
      prepared.destroySync();
    }
  }

  async #prepare(sql: string, whole: string): Promise<DuckDBPreparedStatement> {
    try {
      return await this.#connection.prepare(sql);
    } catch (error) {
      if (!/multiple statements/i.test(error instanceof Error ? error.message : "")) throw error;
    }
    // The statements before the last find out which columns there are.
    const statements = await this.#connection.extractStatements(whole);
    for (let at = 0; at < statements.count - 1; at++) {
      const before = await statements.prepare(at);
      await before.run();
      before.destroySync();
    }
    return await statements.prepare(statements.count - 1);
  }

  /** Makes a name mean a query on this connection; does nothing where it means that already. */
  async view(name: string, sql: string): Promise<void> {
    if (this.#views.get(name) === sql) return;
    this.#views.delete(name);
    await this.#connection.run(`create or replace temp view ${ident(name)} as ${sql}`);
    this.#views.set(name, sql);
  }

  /** Drops the views that a later query must not see. */
  async dropViews(keep: ReadonlySet<string> = new Set()): Promise<void> {
    for (const name of [...this.#views.keys()]) {
      if (keep.has(name)) continue;
      this.#views.delete(name);
      await this.#connection.run(`drop view if exists ${ident(name)}`);
    }
  }

  /** Runs `work`; ends it when the signal fires, at the latest `graceMs` after. Throws `Cancelled`. */
  async watched<T>(watch: Watch, work: () => Promise<T>): Promise<T> {
    const { signal, progress } = watch;
    if (!signal && !progress) return await work();
    if (signal?.aborted) throw new Cancelled(reasonOf(signal));
    if (progress && !this.#reportsProgress) {
      this.#reportsProgress = true;
      await this.#connection.run(
        "set enable_progress_bar = true; set enable_progress_bar_print = false",
      );
    }
    let interrupts: ReturnType<typeof setInterval> | undefined;
    let grace: ReturnType<typeof setTimeout> | undefined;
    let giveUp: (error: Cancelled) => void = () => {};
    const given = new Promise<never>((_, reject) => giveUp = reject);
    given.catch(() => {});
    const stop = () => {
      this.#connection.interrupt();
      interrupts = setInterval(() => this.#connection.interrupt(), INTERRUPT_EVERY_MS);
      grace = setTimeout(() => {
        this.lost = true;
        giveUp(new Cancelled(reasonOf(signal!)));
      }, watch.graceMs ?? 5000);
    };
    signal?.addEventListener("abort", stop, { once: true });
    const bar = progress && setInterval(() => {
      const found = this.#connection.progress;
      progress({
        fraction: found.percentage >= 0 ? Math.min(1, found.percentage / 100) : null,
        rows: Number(found.rows_processed),
      });
    }, PROGRESS_EVERY_MS);
    try {
      const result = await Promise.race([work(), given]);
      if (signal?.aborted) throw new Cancelled(reasonOf(signal));
      return result;
    } catch (error) {
      throw signal?.aborted ? new Cancelled(reasonOf(signal)) : error;
    } finally {
      signal?.removeEventListener("abort", stop);
      clearInterval(bar);
      clearInterval(interrupts);
      clearTimeout(grace);
    }
  }

  close(): void {
    this.#connection.closeSync();
  }
}

/** An open engine: one in-memory instance, as many connections as there are callers at once. */
export class DuckDb {
  readonly #instance: DuckDBInstance;
  readonly #converter: DuckDBValueConverter<Json>;
  readonly #idle: Session[] = [];
  readonly #open = new Set<Session>();
  /** Columns of queries by their text, for all connections. */
  readonly #known = new Map<string, readonly Column[]>();
  #limits: Limits;

  constructor(instance: DuckDBInstance, converter: DuckDBValueConverter<Json>, limits: Limits) {
    this.#instance = instance;
    this.#converter = converter;
    this.#limits = limits;
  }

  /** Lends a connection for the time of `work`. */
  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const session = this.#idle.pop() ?? await this.#connect();
    try {
      return await work(session);
    } finally {
      if (session.lost) this.#open.delete(session);
      else this.#idle.push(session);
    }
  }

  /** Takes new limits; cheap where they are as before. */
  async limit(limits: Limits): Promise<void> {
    const before = this.#limits;
    if (before.memoryMb === limits.memoryMb && before.threads === limits.threads) return;
    this.#limits = limits;
    const { memoryMb, threads } = limits;
    await this.use(async (session) => {
      await session.run(`set global threads = ${Math.max(1, Math.trunc(threads))}`);
      try {
        await session.run(
          `set global memory_limit = ${text(`${Math.max(16, Math.trunc(memoryMb))}MB`)}`,
        );
      } catch {
        // More than that is in use at the moment: it is asked again with the next step.
        this.#limits = { ...limits, memoryMb: before.memoryMb };
      }
    });
  }

  async #connect(): Promise<Session> {
    const session = new Session(await this.#instance.connect(), this.#converter, this.#known);
    this.#open.add(session);
    return session;
  }

  close(): void {
    for (const session of this.#open) session.close();
    this.#open.clear();
    this.#idle.length = 0;
    this.#instance.closeSync();
  }
}

/** Opens the engine. Throws `ProblemError` (`engine-missing`) where the library cannot be loaded. */
export async function openDuckDb(options: DuckDbOptions): Promise<DuckDb> {
  const { limits } = options;
  try {
    await options.prepare();
    const api = await import("@duckdb/node-api");
    mkdirSync(limits.scratch, { recursive: true });
    const instance = await api.DuckDBInstance.create(":memory:", {
      memory_limit: `${Math.max(16, Math.trunc(limits.memoryMb))}MB`,
      threads: String(Math.max(1, Math.trunc(limits.threads))),
      temp_directory: limits.scratch,
      preserve_insertion_order: String(options.ordered === true),
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      allow_community_extensions: "false",
      allow_persistent_secrets: "false",
      // It keeps what it has read of every file, and reads no faster for it: the system caches files already.
      enable_external_file_cache: "false",
      errors_as_json: "true",
    });
    const converter = jsonConverter(api, options.timezone) as DuckDBValueConverter<Json>;
    const db = new DuckDb(instance, converter, limits);
    const folder = options.folder === undefined
      ? ""
      : `; set global file_search_path = ${text(options.folder)}`;
    await db.use((session) =>
      session.run(`set global TimeZone = ${text(options.timezone)}${folder}`)
    );
    return db;
  } catch (error) {
    throw new ProblemError(problem("engine-missing", {
      message: "Cannot start DuckDB",
      why: error instanceof Error ? error.message.split("\n")[0]! : String(error),
      hint: "nycflow doctor",
    }));
  }
}

function reasonOf(signal: AbortSignal): "timeout" | "cancel" {
  return signal.reason === "timeout" ? "timeout" : "cancel";
}
