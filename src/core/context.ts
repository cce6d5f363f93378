/**
 * What user code is given and what it may give back, as types. The values behind them are made in the runner;
 * `src/define` types its functions with these, and `src/mod.ts` shows them to asset modules.
 */
import type { ChartSpec } from "./chart.ts";
import type { JsonObject } from "./json.ts";

export type { ChartSpec };

/**
 * One row, by column name. Values that are read come as JSON does: numbers, texts, booleans, `null`, lists and
 * objects; integers beyond 2^53 and decimals as text; `DATE` as `2023-01-01`, `TIMESTAMP` as
 * `2023-01-01T00:00:00`. Values that are returned may also be `bigint`, `Date` or `Uint8Array`.
 */
export type Row = Readonly<Record<string, unknown>>;

/**
 * The columns of each asset, by name. Empty here; `nycflow types` writes them for a project, so that
 * `upstream.taxi_trips` has typed rows.
 */
// deno-lint-ignore no-empty-interface
export interface Tables {}

/** The rows of an asset that is known by its name alone. */
export type RowOfName<N> = N extends keyof Tables ? Tables[N] : Row;

/** Writes to the step's log, beside whatever it prints. */
export interface Logger {
  debug(text: string, fields?: Readonly<Record<string, unknown>>): void;
  info(text: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(text: string, fields?: Readonly<Record<string, unknown>>): void;
  error(text: string, fields?: Readonly<Record<string, unknown>>): void;
}

/**
 * A query that has not been run. Returned from `run`, it is materialized by DuckDB without its rows ever
 * passing through JavaScript; within `` db.sql`…` `` it stands for itself as a subquery.
 */
export interface Relation<R = Row> {
  readonly kind: "relation";
  /** Runs it and gives all rows. */
  rows(): Promise<R[]>;
  /** Runs it and gives the only row; throws where there are none or several. */
  one(): Promise<R>;
  /** Runs it for its effect on the step's own scratch tables. */
  run(): Promise<void>;
}

/** An identifier made safe for SQL by `db.name()`. */
export interface SqlName {
  readonly kind: "name";
  readonly sql: string;
}

/**
 * DuckDB, in memory and for this step alone. Declared dependencies are there as tables of their names; what is
 * written here is gone when the step ends: only what `run` returns is published.
 */
export interface Database {
  /**
   * A query with bound values: `` db.sql`select * from trips where fare > ${limit}` ``. A dependency, a relation
   * or a `db.name()` is put in as SQL; everything else is bound and never becomes SQL text.
   */
  sql<R = Row>(strings: TemplateStringsArray, ...values: readonly unknown[]): Relation<R>;
  /** The same for SQL that is text already; `values` are bound to `$1`, `$2` … */
  query<R = Row>(text: string, values?: readonly unknown[]): Relation<R>;
  /** A column's or table's name, quoted. */
  name(identifier: string): SqlName;
}

/** A dependency as a step sees it: the published partitions that its own partition maps to. */
export interface UpstreamTable<R = Row> {
  readonly kind: "upstream";
  /** Its name, which is also its table's name in `db`. */
  readonly name: string;
  /** The partition keys that are there, in order; empty for what is not partitioned. */
  readonly partitions: readonly string[];
  /** All of it, as a query that has not been run. */
  readonly relation: Relation<R>;
  /** All its rows. */
  rows(): Promise<R[]>;
  /** Its only row; throws where there are none or several. */
  one(): Promise<R>;
  /** The absolute path of its file; throws where there is not exactly one. */
  path(): string;
  /** The absolute paths of its files, in partition order. They are never to be written to. */
  paths(): readonly string[];
}

/** Files of the attempt's own; removed when it has ended. */
export interface Files {
  /** Absolute. */
  readonly folder: string;
  /** An absolute path in that folder; folders in `name` are made. */
  path(name: string): string;
  /**
   * Is there a file of that name? `path` is absolute, or seen from the project. Whoever asks here is asked again when
   * the file comes, goes or changes: that is a reason to run, though the step has failed or skipped for want of it.
   */
  exists(path: string): boolean;
}

/** The formats that are read as tables. */
export type FileFormatName = "parquet" | "csv" | "json";

/** A file to be published as it is, from `download()` or `file()`. */
export interface FileResult {
  readonly kind: "file";
  /** Absolute. */
  readonly path: string;
  /** What it must prove to be before it counts; null: told by its name. */
  readonly expect: FileFormatName | null;
}

/** How a file is fetched; nothing has to be said. */
export interface DownloadOptions {
  /** The name of the file; by default the last part of the address. */
  readonly as?: string;
  /** What it must prove to be before it is published; by default what its name says. */
  readonly expect?: FileFormatName;
  readonly headers?: Readonly<Record<string, string>>;
  /** Tries in all, each going on where the last one broke off. @default {5} */
  readonly attempts?: number;
  /** A try that brings nothing for so long is given up: `"30s"`, or milliseconds. @default {"30s"} */
  readonly stall?: string | number;
}

/** `download` where the file may not be there yet. */
export interface DownloadOrSkip extends DownloadOptions {
  /** Skips with these words where the server says that there is no such file (403, 404, 410). */
  readonly orSkip: string;
}

/** The context's `download`; told at its signatures. */
export interface Download {
  /**
   * Fetches a file into the attempt's folder: resumed where the connection breaks, its length checked against
   * what the server announced, with progress. An address is `https:`, `http:` or `file:`. Throws `download-failed`.
   */
  (url: string | URL, options: DownloadOrSkip): Promise<FileResult | Skip>;
  (url: string | URL, options?: DownloadOptions): Promise<FileResult>;
}

/** Seeded, realistic New York taxi data that needs no network. */
export interface Demo {
  /** A query that makes a month of trips as the TLC publishes them; `month` is `2023-01`. */
  tripsSql(options: { readonly service: "yellow" | "green"; readonly month: string }): string;
  /** The taxi zones as CSV text, outlines in WKT. */
  zonesCsv(): string;
}

/** Rows at once, or as they come. */
export type Rows<R = Row> = Iterable<R> | AsyncIterable<R>;

/** A drawing of its own, from `chart()`. */
export interface ChartResult<R = Row> {
  readonly kind: "chart";
  readonly spec: ChartSpec;
  readonly rows: Rows<R> | Relation<R> | UpstreamTable<R>;
}

/** "Not this time, and here is why", from `skip()`. */
export interface Skip {
  readonly kind: "skip";
  readonly text: string;
}

/** What can be published without further words. */
export type Publishable<R = object> =
  | Rows<R>
  | Relation<R>
  | UpstreamTable<R>
  | FileResult
  | ChartResult<R>
  | Skip
  | void
  | null
  | undefined;

/** A result with metadata beside it, from `result()`. */
export interface WithMetadata<V = unknown> {
  readonly kind: "result";
  readonly value: V;
  readonly metadata: JsonObject;
}

/** What `run` may return. Nothing at all publishes "done", without data. */
export type StepReturn = Publishable | WithMetadata<Publishable>;

/** A partition that is a window of time; `end` is exclusive. */
export interface TimePartition {
  /** `2023-01` for a month, `2023-01-01` for a day or week, `2023-01-01T05` for an hour. */
  readonly key: string;
  /** ISO 8601 with offset, e.g. `2023-01-01T00:00:00-05:00`: `new Date(start)`, `start.slice(0, 10)`. */
  readonly start: string;
  readonly end: string;
  /** IANA. */
  readonly timezone: string;
}

/** A partition of fixed keys. */
export interface StaticPartition<K extends string = string> {
  readonly key: K;
}

/** A key that came while running, and what it came with. */
export interface DynamicPartition {
  readonly key: string;
  readonly payload: JsonObject;
}

/** Two dimensions; `start` and `end` are there where one of them is time. */
export interface TwoPartition<Names extends string = string> {
  /** `a|b`. */
  readonly key: string;
  readonly keys: Readonly<Record<Names, string>>;
  readonly start?: string;
  readonly end?: string;
  readonly timezone?: string;
}

/** What every context carries. */
export interface BaseContext {
  /** Fires when the step is cancelled or its time is over; pass it on to whatever waits. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly db: Database;
  readonly files: Files;
  readonly download: Download;
  /**
   * A variable of the environment or of `.env`. Missing without a `fallback` is an error, never `""`. What is read
   * here belongs to what was built: another value later is a reason to run.
   */
  env(name: string, fallback?: string): string;
  readonly run: {
    readonly id: string;
    /** 1 for the first try. */
    readonly attempt: number;
  };
  /** When the step began; the same at every look. */
  readonly now: Date;
  readonly demo: Demo;
}
