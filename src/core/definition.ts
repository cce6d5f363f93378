/**
 * What a project says: assets and everything around them, as plain data that can be cached and sent
 * over the runner's channel. Says what is there, decides nothing; made by the loader, read by all.
 */
import type { AssetKey } from "./key.ts";
import type { Json, JsonObject } from "./json.ts";
import type { PartitionMapping, PartitionScheme } from "./partition/scheme.ts";

export type AssetKind = "sql" | "typescript" | "csv" | "parquet" | "json" | "shell" | "source";

/** Where a definition stands. `file` is relative to the project, with `/`; lines count from 1. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
  /** The name under which a TypeScript module exports it; null for files that are the asset. */
  readonly exportName: string | null;
}

export interface Dependency {
  readonly asset: AssetKey;
  readonly mapping: PartitionMapping;
  /** Windows before and after the mapped ones that are read too. */
  readonly lookback: number;
  readonly lookahead: number;
  /** Where it is named, for messages. */
  readonly line?: number;
  readonly column?: number;
}

/** A SQL asset's query and what its parse told. */
export interface SqlBody {
  /** The query as written, header taken off, without a trailing `;`. */
  readonly text: string;
  /** The line of the file on which `text` begins, so that a position in it can be shown. */
  readonly line: number;
  /** A top-level ORDER BY: row order is part of the content. */
  readonly ordered: boolean;
  /** Bound parameters that the query names, without `$`. */
  readonly parameters: readonly string[];
  /** Files that the query reads directly (`read_csv('x.csv')`), as written: recorded as reads. */
  readonly files: readonly string[];
  /** Uses random(), now() or the like: its content may differ at every rebuild. */
  readonly volatile: boolean;
}

export type Severity = "warn" | "error";

/** One check. `expect` holds the kind's own fields. */
export interface CheckDefinition {
  /** Unique within the asset, e.g. `not_null(period)`. */
  readonly name: string;
  readonly kind:
    | "not_null"
    | "unique"
    | "accepted_values"
    | "relationships"
    | "range"
    | "rows"
    | "recent"
    | "holds"
    | "query"
    | "code";
  readonly columns: readonly string[];
  /** accepted_values: { values }; relationships: { to, field }; range: { min, max }; rows: { min, max };
   * recent: { within }; holds: { condition }; query: { sql }; code: { exportName, file }. */
  readonly expect: JsonObject;
  readonly severity: Severity;
  readonly blocking: boolean;
  /** Of a partitioned asset: does it see the candidate alone, or the other published partitions too. */
  readonly scope: "partition" | "asset";
  /** Failing rows from which it warns, from which it is an error; a fraction where it ends in %. */
  readonly warnAt: string | null;
  readonly errorAt: string | null;
  /** Assets that it reads besides its own. */
  readonly reads: readonly AssetKey[];
  readonly line?: number;
}

/** A chart as declared: `type` and the rest as written and validated (the views interpret it). */
export interface ChartDefinition {
  readonly type: string;
  readonly title?: string;
  readonly x?: string;
  readonly y?: string | readonly string[];
  readonly color?: string;
  readonly value?: string;
  readonly geometry?: string;
  readonly label?: string;
  readonly [option: string]: Json | undefined;
}

export interface ExportDefinition {
  /** Relative to the project; `{partition}` in it makes one file a partition. */
  readonly path: string;
  /** `svg`: its chart. */
  readonly format: "csv" | "parquet" | "json" | "geojson" | "svg";
  readonly line?: number;
}

export interface RetryPolicy {
  /** All tries, the first included; 1 is no retry. */
  readonly attempts: number;
  readonly delayMs: number;
  readonly backoff: "none" | "linear" | "exponential";
  readonly maxDelayMs: number | null;
  readonly jitter: boolean;
  /** Problem codes or error names that are retried; null for all. */
  readonly retryOn: readonly string[] | null;
}

export type FreshnessPolicy =
  | {
    readonly kind: "within";
    readonly withinMs: number;
    readonly warnMs: number | null;
    readonly refresh: string | null;
  }
  | {
    readonly kind: "by";
    readonly cron: string;
    readonly timezone: string | null;
    readonly refresh: string | null;
  };

export type Automation = "eager" | "cron" | "missing" | "manual";

export interface ColumnContract {
  readonly name: string;
  readonly type: string | null;
  readonly description: string | null;
  readonly nullable: boolean;
  readonly line?: number;
}

/** A setting that a step takes (`config:`): its JSON schema and the value where none is given. */
export interface AssetConfig {
  readonly schema: JsonObject | null;
  readonly defaults: JsonObject;
  /** The defaults are all the settings there are. */
  readonly exact?: true;
}

export interface AssetDefinition {
  readonly key: AssetKey;
  /** Folder below `assets/`, with `/`; or as declared; "" for none. */
  readonly group: string;
  readonly kind: AssetKind;
  readonly description: string;
  readonly owner: string;
  /** `name` or `name=value`. */
  readonly tags: readonly string[];
  readonly origin: Origin;
  /** Local modules that its module imports, relative to the project: what `changed:` looks at too. */
  readonly sources?: readonly string[];
  /** What the definition means, comments and layout left out. */
  readonly codeVersion: string;
  /** The same for what runs after: checks; charts and exports. "" where there are none. */
  readonly checksVersion: string;
  readonly exportsVersion: string;
  readonly deps: readonly Dependency[];
  readonly partitions: PartitionScheme | null;
  readonly materialized: "table" | "view" | "incremental";
  readonly strategy: "window" | "append" | "merge" | null;
  readonly watermark: string | null;
  readonly uniqueKey: readonly string[];
  readonly sql: SqlBody | null;
  /** For csv, parquet and json: the file, relative to the project. */
  readonly dataFile: string | null;
  /** All assets that one function makes at once, this one included, the step's own name first. */
  readonly together: readonly AssetKey[];
  readonly columns: readonly ColumnContract[];
  readonly checks: readonly CheckDefinition[];
  /** Told with each version: by name, an SQL aggregate over its rows. Absent where there is none. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly charts: readonly ChartDefinition[];
  readonly exports: readonly ExportDefinition[];
  readonly config: AssetConfig | null;
  readonly freshness: FreshnessPolicy | null;
  readonly automation: Automation;
  /** Of a source: what is looked at, how often (milliseconds), and whether its module has code for it. */
  readonly observe?: {
    readonly path: string | null;
    readonly everyMs: number | null;
    readonly code: boolean;
  };
  readonly schedule: { readonly cron: string; readonly timezone: string | null } | null;
  /** SQL condition, or "code" where the module has a `when` function; null for always. */
  readonly when: string | null;
  readonly needs: "all" | "any" | "done";
  readonly retry: RetryPolicy | null;
  readonly timeoutMs: number | null;
  readonly pool: { readonly name: string; readonly slots: number } | null;
  readonly priority: number;
}

export interface ScheduleDefinition {
  readonly name: string;
  readonly cron: string;
  readonly timezone: string | null;
  readonly select: string;
  readonly catchUp: "latest" | "all" | "skip";
  readonly catchUpLimit: number;
  readonly overlap: "skip" | "queue";
  readonly origin: Origin;
}

export interface SensorDefinition {
  readonly name: string;
  readonly select: string;
  readonly everyMs: number;
  readonly timeoutMs: number;
  /** A glob for a folder watch; null where the module evaluates. */
  readonly watch: string | null;
  readonly origin: Origin;
}

export interface NotifySink {
  readonly kind: "command" | "webhook" | "mail" | "ping";
  /**
   * command: { command }; webhook: { url, shape, headers }; mail: { to, from, server, user, password }; ping: { url }.
   * Values may name `${ENV}`, resolved when used.
   */
  readonly options: JsonObject;
  readonly on: readonly ("failure" | "late" | "recovery" | "reminder")[];
  /** What is drawn below the text, in this order. */
  readonly draw?: readonly SinkDrawing[];
}

export type SinkDrawing = "run" | "trends" | "charts";

export interface ProjectDefinition {
  readonly name: string;
  /** IANA; UTC where nothing is said. */
  readonly timezone: string;
  readonly assets: readonly AssetDefinition[];
  readonly schedules: readonly ScheduleDefinition[];
  readonly sensors: readonly SensorDefinition[];
  readonly notify: readonly NotifySink[];
  readonly pools: Readonly<Record<string, number>>;
  readonly warehouse: {
    /** The mirror's path relative to the project, or null for none. */
    readonly mirror: string | null;
    readonly memoryMb: number | null;
    readonly threads: number | null;
    readonly scratch: string | null;
    /** What automatic cleaning keeps of older versions; two of each partition, and those of seven days. */
    readonly keep?: { readonly versions?: number; readonly days?: number };
    /** Over it the longest replaced versions go first, whatever `keep` says; null for none. */
    readonly budgetBytes?: number | null;
  };
  /** Steps side by side at the most; null for what the machine suggests. */
  readonly concurrency: number | null;
  /** Settings of the project (`$config.x` in SQL, `config` in a context). */
  readonly settings: JsonObject;
  /** Names (of environment variables) whose values are never shown. */
  readonly secrets: readonly string[];
  /** Variables of the environment that have a value where nothing sets them. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly dashboard?: DashboardSettings;
}

/** How the dashboard is to be. */
export interface DashboardSettings {
  /** Keys by action, in place of its own. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** Whether the time of day is shown. */
  readonly clock: boolean;
  /** Whether it takes the mouse. */
  readonly mouse: boolean;
}
