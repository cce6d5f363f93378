/** The forms that partitioning takes, as declared. Which keys exist follows in `keys.ts`, windows in `window.ts`. */

export type TimeUnit = "hour" | "day" | "week" | "month" | "year";

export interface TimeScheme {
  readonly type: "time";
  readonly unit: TimeUnit;
  /** Local date or date-time, as written (`2023-01`, `2023-01-01`, `2023-01-01T05`); null: taken from the upstreams. */
  readonly start: string | null;
  /** Exclusive; null: up to now, or taken from the upstreams. */
  readonly end: string | null;
  /** IANA; null: the project's. */
  readonly timezone: string | null;
  /** 0 is Sunday, 1 Monday …; only for weeks. */
  readonly weekStart: number;
  readonly includeCurrent: boolean;
  /** How long after its end a window's data can be expected; milliseconds. */
  readonly availableMs: number;
}

export interface StaticScheme {
  readonly type: "static";
  readonly keys: readonly string[];
}

/** Keys that come while running: by a sensor, a request or `--partition`. */
export interface DynamicScheme {
  readonly type: "dynamic";
}

export interface MultiScheme {
  readonly type: "multi";
  /** Two dimensions, in order; a key is `a|b`. */
  readonly dimensions: readonly {
    readonly name: string;
    readonly scheme: TimeScheme | StaticScheme;
  }[];
}

export type PartitionScheme = TimeScheme | StaticScheme | DynamicScheme | MultiScheme;

/**
 * How keys of a downstream asset map to keys of an upstream one. `default`: same scheme, same key; two
 * time schemes, all upstream windows that overlap; unpartitioned on partitioned, all.
 */
export type PartitionMapping =
  | { readonly type: "default" }
  | { readonly type: "all" }
  | { readonly type: "same" }
  | { readonly type: "latest" }
  | { readonly type: "offset"; readonly by: number }
  | { readonly type: "keys"; readonly keys: readonly string[] }
  | { readonly type: "dimension"; readonly name: string };
