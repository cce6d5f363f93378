/**
 * What `src/define` builds, as the loader receives it: plain JSON, functions left out. Keys and values of
 * `options` are those of a SQL header (`partitions: { monthly: … }`, `checks: [{ not_null: … }]`), so that one converter serves
 * both. Type aliases, since interfaces do not pass as JSON.
 */
import type { JsonObject } from "./json.ts";

/** Something wrong in a definition; where it stands follows from `path` (`DescribedExport.places`). */
export type SpecProblem = {
  /** `retry.attempts`, `deps[0]`; "" for the whole. */
  readonly path: string;
  readonly message: string;
  readonly why: string | null;
  readonly hint: string | null;
};

export type DependencySpec = {
  /** The asset's name; null where an asset object is exported by no module (a problem says so). */
  readonly asset: string | null;
  /** As declared: `"all"`, `"same"`, `"latest"`, `{ offset }`, `{ keys }`, `{ dimension }`; null for the default. */
  readonly mapping: string | JsonObject | null;
  readonly lookback: number | null;
  readonly lookahead: number | null;
};

export type ConfigSpec = {
  /** JSON schema, where the schema's library can tell it. */
  readonly schema: JsonObject | null;
  readonly defaults: JsonObject;
  /** The defaults are all the settings there are. */
  readonly exact?: true;
};

type Common = {
  /** As declared by `name:`; null: the export's name, or for a default export the file's. */
  readonly name: string | null;
  readonly problems: readonly SpecProblem[];
};

/**
 * An asset, or several that one function makes (`assets`, or `shell` with several outputs): then `outputs` holds
 * the options of each by name, and `options` what they share.
 */
export type AssetSpec = Common & {
  readonly kind: "asset" | "assets" | "shell" | "source";
  readonly options: JsonObject;
  readonly deps: readonly DependencySpec[];
  readonly outputs: Readonly<Record<string, JsonObject>> | null;
  readonly config: ConfigSpec | null;
  /** Which of its options are code: `run`, `when`, `observe`. */
  readonly code: readonly string[];
};

/** `options`: severity, blocking, description. */
export type CheckSpec = Common & {
  readonly kind: "check";
  readonly asset: string | null;
  readonly deps: readonly DependencySpec[];
  readonly options: JsonObject;
};

/** `options`: cron, timezone, select (text), catchUp, catchUpLimit, overlap, description. */
export type ScheduleSpec = Common & { readonly kind: "schedule"; readonly options: JsonObject };

/** `options`: every, timeout, watch, select (text), description; `code` holds `evaluate` where it has one. */
export type SensorSpec = Common & {
  readonly kind: "sensor";
  readonly options: JsonObject;
  readonly code: readonly string[];
};

/** `options`: pool, description. */
export type ResourceSpec = Common & { readonly kind: "resource"; readonly options: JsonObject };

/** `options`: the keys of `nycflow.config.ts`. */
export type ProjectSpec = Common & { readonly kind: "config"; readonly options: JsonObject };

export type Spec =
  | AssetSpec
  | CheckSpec
  | ScheduleSpec
  | SensorSpec
  | ResourceSpec
  | ProjectSpec;
