/** `defineConfig()`: what `nycflow.config.ts` says of a project. Everything in it is optional. */
import type { DashAction } from "../core/dash_action.ts";
import type { JsonObject } from "../core/json.ts";
import { define, type Definition } from "./spec.ts";
import { needsOptions } from "./trouble.ts";
import type { Duration } from "./options.ts";

/** What somebody can be told of. */
export type NotifyWhen = "failure" | "late" | "recovery" | "reminder";

/** What a message can carry as text. */
export type NotifyDrawing = "run" | "trends" | "charts";

/** Who is told. Texts may name variables of the environment as `${NAME}`, which are filled in when used. */
export type NotifyOptions =
  & {
    readonly on?: NotifyWhen | readonly NotifyWhen[];
    /** What stands drawn below the text: the run along time, the asset's trends, its charts as last published. */
    readonly draw?: NotifyDrawing | readonly NotifyDrawing[];
  }
  & (
    | { readonly command: string | readonly string[] }
    | {
      readonly webhook: string;
      readonly shape?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
    | { readonly mail: JsonObject }
    /** Asked after every look, so that silence is noticed there. */
    | { readonly ping: string }
  );

/** What `defineConfig()` takes. */
export interface ProjectOptions {
  /** @default the folder's name */
  readonly name?: string;
  /** IANA; of partitions and schedules that have none of their own, and of the times shown. @default {"UTC"} */
  readonly timezone?: string;
  /** Steps side by side at the most. @default by the machine's cores */
  readonly concurrency?: number;
  /** Slots of each pool, e.g. `{ downloads: 2 }`. */
  readonly pools?: Readonly<Record<string, number>>;
  readonly notify?: NotifyOptions | readonly NotifyOptions[];
  readonly warehouse?: {
    /** A DuckDB file that is kept up to date for other programs, e.g. `"warehouse.duckdb"`. */
    readonly mirror?: string | boolean;
    /** Such as `"4GB"`. */
    readonly memory?: string | number;
    readonly threads?: number;
    /** A folder for what does not fit into memory. */
    readonly scratch?: string;
    /** What cleaning leaves of older versions. @default {{ versions: 2, days: 7 }} */
    readonly keep?: { readonly versions?: number; readonly days?: number };
    /** Disk for all versions, such as `"20GB"`: above it the longest replaced go first. */
    readonly budget?: string | number;
  };
  /** Settings that every asset reads as `$config.name` in SQL and `config.name` in TypeScript. */
  readonly settings?: JsonObject;
  /** Variables that have to be set before anything starts, and what they are; `secret` ones are never shown. */
  readonly env?: Readonly<
    Record<
      string,
      string | {
        readonly description?: string;
        /** What its value must look like; `env()` gives it as text all the same. @default {"text"} */
        readonly type?: "text" | "integer" | "number" | "boolean" | "url";
        /** The values that it may have. */
        readonly values?: readonly string[];
        readonly secret?: boolean;
        readonly default?: string;
      }
    >
  >;
  /** Names of variables whose values are never shown. */
  readonly secrets?: readonly string[];
  /** How the dashboard is to be. */
  readonly dashboard?: {
    /** Keys by action, such as `{ run: "ctrl+r" }`; `?` in the dashboard says what there is. */
    readonly keys?: Readonly<Partial<Record<DashAction, string | readonly string[]>>>;
    /** Show the time of day. @default {true} */
    readonly clock?: boolean;
    /** Take the mouse. @default {true} */
    readonly mouse?: boolean;
  };
  /** What holds for assets that do not say otherwise. */
  readonly defaults?: { readonly timeout?: Duration; readonly retry?: number | JsonObject };
}

/** To be the default export of `nycflow.config.ts`. */
export function defineConfig(options: ProjectOptions): Definition<"config"> {
  return define("config", options, needsOptions(options, "defineConfig")) as Definition<"config">;
}
