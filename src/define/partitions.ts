/** How an asset is partitioned, as written in a module. Which keys exist is decided in core. */
import type {
  DynamicPartition,
  StaticPartition,
  TimePartition,
  TwoPartition,
} from "../core/context.ts";
import type { JsonObject } from "../core/json.ts";
import type { SpecProblem } from "../core/spec.ts";
import { plain } from "./plain.ts";
import { isRecord } from "./spec.ts";
import { wrong } from "./trouble.ts";

declare const partition: unique symbol;
const PARTITIONS: unique symbol = Symbol.for("nycflow.partitions") as never;

/** A partition scheme; `P` is what `partition` is in the context. */
export interface Partitions<P = unknown> {
  readonly kind: "partitions";
  readonly [partition]?: P;
}

/** Days of the week on which a week can start. */
export type Weekday =
  | "sunday"
  | "monday"
  | "tuesday"
  | "wednesday"
  | "thursday"
  | "friday"
  | "saturday";

/** What partitions by time take. */
export interface WindowOptions {
  /** The first window starts here or after: `"2023"`, `"2023-01"`, `"2023-01-01"`. Without it, taken from upstreams. */
  readonly start?: string;
  /** Exclusive. Without it, up to now, or as the upstreams have it. */
  readonly end?: string;
  /** IANA, e.g. `"America/New_York"`. @default the project's */
  readonly timezone?: string;
  /** Has the window that is still running too. @default {false} */
  readonly includeCurrent?: boolean;
  /** When a window's data can be expected: `"45d after end"`. */
  readonly available?: string;
}

/** What `weekly()` takes. */
export interface WeekOptions extends WindowOptions {
  /** @default {"monday"} */
  readonly weekStart?: Weekday;
}

/** One window an hour; keys like `2023-01-01T05`. */
export function hourly(options: WindowOptions = {}): Partitions<TimePartition> {
  return windows("hourly", options);
}

/** One window a day; keys like `2023-01-01`. */
export function daily(options: WindowOptions = {}): Partitions<TimePartition> {
  return windows("daily", options);
}

/** One window a week, its first day as key: `2023-01-01`. */
export function weekly(options: WeekOptions = {}): Partitions<TimePartition> {
  return windows("weekly", options);
}

/** One window a month; keys like `2023-01`. */
export function monthly(options: WindowOptions = {}): Partitions<TimePartition> {
  return windows("monthly", options);
}

/** One window a year; keys like `2023`. */
export function yearly(options: WindowOptions = {}): Partitions<TimePartition> {
  return windows("yearly", options);
}

/** A fixed list of keys. */
export function staticKeys<const K extends string>(
  keys: readonly K[],
): Partitions<StaticPartition<K>> {
  return make({ static: plain(keys) }, []);
}

/** Keys that come while running: from a sensor, a request or `--partition`. */
export function dynamicKeys(): Partitions<DynamicPartition> {
  return make({ dynamic: true }, []);
}

/** Two schemes crossed; a key is `a|b`, in the order of the names. At most one of them is time. */
export function twoDimensions<const D extends Readonly<Record<string, Partitions>>>(
  dimensions: D,
): Partitions<TwoPartition<Extract<keyof D, string>>> {
  const found: SpecProblem[] = [];
  const described: Record<string, JsonObject> = {};
  for (const [name, each] of Object.entries(isRecord(dimensions) ? dimensions : {})) {
    const live = partitionsOf(each);
    if (live === null) {
      found.push(
        wrong(
          each,
          `partitions.multi.${name}`,
          "a scheme of partitions",
          `${name}: monthly({ start: "2023-01" })`,
        ),
      );
    } else {
      described[name] = live.scheme;
      found.push(...live.problems);
    }
  }
  if (Object.keys(described).length !== 2) {
    found.push({
      path: "partitions",
      message: "Cannot cross these partitions",
      why: `expected two dimensions, found ${Object.keys(described).length}`,
      hint: "twoDimensions({ month: monthly(…), borough: staticKeys([…]) })",
    });
  }
  return make({ multi: described }, found);
}

/** A scheme from within: as a SQL header would say it. */
export interface LivePartitions {
  readonly scheme: JsonObject;
  readonly problems: readonly SpecProblem[];
}

/** The scheme that a value is, or null. */
export function partitionsOf(value: unknown): LivePartitions | null {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, PARTITIONS)) return null;
  return value as LivePartitions & Partitions;
}

function windows(unit: string, options: WindowOptions): Partitions<TimePartition> {
  return make({ [unit]: plain(options) }, []);
}

function make<P>(scheme: JsonObject, problems: readonly SpecProblem[]): Partitions<P> {
  return Object.freeze({ [PARTITIONS]: true, kind: "partitions", scheme, problems });
}
