/**
 * What is said on the runner's channel: JSON, one message a line. Orders go in on its standard input, answers come
 * back on descriptor 3; what user code prints stays on its standard output and error.
 *
 * One order at a time; `cancel` may come during it. Standard input closed means: end at once, group and all.
 */
import type { CheckDefinition } from "../core/definition.ts";
import type { CheckResult } from "../core/event.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type {
  InputTable,
  Limits,
  LogLine,
  Progress,
  StepOrder,
  StepResult,
} from "../core/order.ts";
import type { Problem } from "../core/problem/problem.ts";
import type { Read, VersionRef } from "../core/version.ts";
import type { DescribedModule, DescribeRequest, ParsedSql } from "./loader.ts";

/** Runs checks that are code against a candidate or a published version. */
export interface CheckOrder {
  /** The step that it belongs to: context, inputs, limits. */
  readonly step: StepOrder;
  /** What is checked, under its asset's name. */
  readonly candidate: VersionRef;
  /** Only those of kind `code`. */
  readonly checks: readonly CheckDefinition[];
}

/** Evaluates a sensor once. */
export interface SensorOrder {
  readonly project: string;
  /** Relative to the project. */
  readonly file: string;
  readonly exportName: string;
  readonly name: string;
  readonly cursor: Json;
  readonly now: number;
  readonly lastRunAt: number | null;
  readonly settings: JsonObject;
}

export interface SensorRequest {
  readonly key: string;
  /** Selection text; null: the sensor's own. */
  readonly select: string | null;
  readonly partition: string | null;
  readonly config: JsonObject;
}

export interface SensorAnswer {
  readonly requests: readonly SensorRequest[];
  readonly skip: string | null;
  /** Undefined in the code's answer leaves it as it was. */
  readonly cursor: Json;
  readonly reads: readonly Read[];
}

/** Looks at a source once. */
export interface ObserveOrder {
  readonly project: string;
  readonly file: string;
  readonly exportName: string;
  readonly asset: string;
  readonly now: number;
  readonly settings: JsonObject;
}

export interface ObserveAnswer {
  /** Whatever tells its content apart: an etag, a date, a count. */
  readonly dataVersion: string;
  readonly metadata: JsonObject;
  readonly reads: readonly Read[];
}

/** What is known of a step before it is claimed. */
export interface Ahead {
  readonly limits: Limits;
  readonly timezone: string;
  /** Absolute. */
  readonly project: string;
}

export type RunnerCommand =
  | {
    readonly kind: "hello";
    /** Of the project, for the digests of reads. */
    readonly salt: string;
    /** Started before there is an order: a step will come, whose engine may be opened meanwhile. */
    readonly ahead?: Ahead;
  }
  | { readonly kind: "describe"; readonly id: number; readonly request: DescribeRequest }
  | { readonly kind: "step"; readonly id: number; readonly order: StepOrder }
  | { readonly kind: "check"; readonly id: number; readonly order: CheckOrder }
  | { readonly kind: "sensor"; readonly id: number; readonly order: SensorOrder }
  | { readonly kind: "observe"; readonly id: number; readonly order: ObserveOrder }
  | { readonly kind: "cancel"; readonly id: number; readonly by: "timeout" | "cancel" }
  /** Closes resources and ends with 0. */
  | { readonly kind: "close" };

/** The end of an order: exactly one for each, carrying its `id`. */
export type RunnerAnswer =
  | {
    readonly kind: "described";
    readonly id: number;
    readonly sql: Readonly<Record<string, ParsedSql>>;
  }
  | { readonly kind: "stepped"; readonly id: number; readonly result: StepResult }
  | { readonly kind: "checked"; readonly id: number; readonly checks: readonly CheckResult[] }
  | { readonly kind: "sensed"; readonly id: number; readonly answer: SensorAnswer }
  | { readonly kind: "observed"; readonly id: number; readonly answer: ObserveAnswer }
  /** What user code or the machine did wrong where the answer itself has no place for it. */
  | { readonly kind: "refused"; readonly id: number; readonly problem: Problem };

export type RunnerNews =
  | { readonly kind: "ready"; readonly pid: number }
  /** Its resources are closed: what is left of the process may be ended by force. */
  | { readonly kind: "closed" }
  /** A module is about to be imported: if nothing follows, it hangs. */
  | { readonly kind: "importing"; readonly id: number; readonly file: string }
  | {
    readonly kind: "described-module";
    readonly id: number;
    readonly module: DescribedModule;
  }
  | { readonly kind: "progress"; readonly id: number; readonly progress: Progress }
  | { readonly kind: "log"; readonly id: number; readonly line: LogLine }
  /** User code has closed standard output or error: the end of what it printed cannot be marked. */
  | { readonly kind: "mute"; readonly id: number };

export type RunnerMessage = RunnerAnswer | RunnerNews;

export type { InputTable };
