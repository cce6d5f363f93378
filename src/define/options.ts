/** The keys that every form of asset shares, as types: the same as in a SQL header, with TypeScript's spelling. */
import type { ChartSpec } from "../core/context.ts";
import type { Asset, AssetLike } from "./spec.ts";
import type { Partitions } from "./partitions.ts";

/** `"30s"`, `"10m"`, `"2h"`, `"35d"`; a number is milliseconds. */
export type Duration = string | number;

/** How partitions of a dependency map to one's own, where the default does not do. */
export type Mapping =
  | "all"
  | "same"
  | "latest"
  | { readonly offset: number }
  | { readonly keys: readonly string[] }
  | { readonly dimension: string };

/** A dependency with more to say than its name. */
export interface DependencyOptions<A extends AssetLike = AssetLike> {
  readonly asset: A;
  readonly mapping?: Mapping;
  /** Windows before the mapped ones that are read too. */
  readonly lookback?: number;
  /** Windows after them. */
  readonly lookahead?: number;
}

/** An asset object, a name, or either with a mapping beside it. */
export type DependencyLike = AssetLike | DependencyOptions;

/** A list, or an object that gives each dependency the name by which `upstream` has it. */
export type Dependencies = readonly DependencyLike[] | Readonly<Record<string, DependencyLike>>;

/** What all checks share. */
export interface CheckModifiers {
  /** Unique within the asset; by default made of what it checks. */
  readonly name?: string;
  /** @default {"error"} */
  readonly severity?: "warn" | "error";
  /** Keeps a version that fails from being published. @default true for errors */
  readonly blocking?: boolean;
  /** Of a partitioned asset: the candidate alone, or the other published partitions too. */
  readonly scope?: "partition" | "asset";
  /** Failing rows from which it warns; a share where it ends in `%`. */
  readonly warn?: number | string;
  /** Failing rows from which it is an error. */
  readonly error?: number | string;
}

/** One check; exactly one of its kinds. */
export type CheckOptions =
  & CheckModifiers
  & (
    | { readonly not_null: string | readonly string[] }
    | { readonly unique: string | readonly string[] }
    | { readonly accepted_values: Readonly<Record<string, unknown>> }
    | { readonly relationships: Readonly<Record<string, unknown>> }
    | { readonly range: Readonly<Record<string, unknown>> }
    | { readonly rows: { readonly min?: number; readonly max?: number } }
    | { readonly recent: Readonly<Record<string, unknown>> }
    | { readonly holds: string }
    | { readonly query: string }
  );

/** What happens when a try fails. */
export interface RetryOptions {
  /** All tries, the first included. */
  readonly attempts: number;
  readonly delay?: Duration;
  readonly backoff?: "none" | "linear" | "exponential";
  readonly maxDelay?: Duration;
  readonly jitter?: boolean;
  /** Problem codes or names of errors that are tried again. @default all */
  readonly retryOn?: readonly string[];
}

/** How old an asset may be: a length of time, or the times by which it is to be made anew. */
export type FreshnessOptions =
  | Duration
  | { readonly within: Duration; readonly warn?: Duration; readonly refresh?: string }
  | { readonly by: string; readonly timezone?: string; readonly refresh?: string };

/** What is promised of one column. */
export interface ColumnOptions {
  /** As DuckDB spells it: `DECIMAL(18,2)`. */
  readonly type?: string;
  readonly description?: string;
  /** @default {true} */
  readonly nullable?: boolean;
}

/** What can be said of each asset. */
export interface OutputOptions {
  /** One line, shown wherever the asset is. */
  readonly description?: string;
  /** @default the folder below `assets/` */
  readonly group?: string;
  readonly owner?: string;
  /** `["finance", "pii=yes"]`, or `{ pii: "yes" }`. */
  readonly tags?: readonly string[] | Readonly<Record<string, string | number | boolean>>;
  /** Columns that it promises: a type, or more. What it makes is held against them. */
  readonly columns?: Readonly<Record<string, string | ColumnOptions>>;
  readonly checks?: readonly CheckOptions[];
  /** Told with each version: by name, an SQL aggregate over its rows. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly chart?: ChartSpec | readonly ChartSpec[];
  /** Files for people, relative to the project: CSV, Parquet, JSON or GeoJSON by their ending. */
  readonly export?: string | readonly (string | Readonly<Record<string, unknown>>)[];
  readonly freshness?: FreshnessOptions;
}

/** What can be said of whatever runs. */
export interface StepOptions extends OutputOptions {
  /** Windows before its own that it reads of each dependency. */
  readonly lookback?: number;
  /** Windows after its own. */
  readonly lookahead?: number;
  /** @default {"table"} */
  readonly materialized?: "table" | "incremental";
  readonly strategy?: "window" | "append" | "merge";
  readonly watermark?: string;
  readonly uniqueKey?: string | readonly string[];
  /** A five-field cron line or a preset (`"@daily"`). */
  readonly schedule?: string | { readonly cron: string; readonly timezone?: string };
  /** @default {"eager"} */
  readonly automation?: "eager" | "cron" | "missing" | "manual";
  /** What its upstreams must have come to. @default {"all"} */
  readonly needs?: "all" | "any" | "done";
  readonly retry?: number | RetryOptions;
  readonly timeout?: Duration;
  readonly pool?: string | { readonly name: string; readonly slots?: number };
  /** Higher goes first. @default {0} */
  readonly priority?: number;
}

export type { Asset, Partitions };
