/**
 * One step described by plain JSON, the same for a step in this process, in the runner, or one day on another
 * machine; and what comes back. Holds the shapes only.
 */
import type { AssetDefinition, CheckDefinition } from "./definition.ts";
import type { CheckResult, StepAction } from "./event.ts";
import type { JsonObject } from "./json.ts";
import type { AssetKey, AttemptId, Instant, PartitionKey, RunId, VersionId } from "./key.ts";
import type { Problem } from "./problem/problem.ts";
import type { Column, Output, Read, VersionFile, VersionRef } from "./version.ts";

/** A partition's window. Naive local texts for SQL, instants for everything else; end is exclusive. */
export interface Window {
  /** `2023-01-01T00:00:00`, in the scheme's time zone. */
  readonly startLocal: string;
  readonly endLocal: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly timezone: string;
}

/** One upstream as a step sees it: a table made of versions, or a view over other inputs. */
export interface InputTable {
  readonly asset: AssetKey;
  /** The mapped partitions that exist, in key order. */
  readonly versions: readonly VersionRef[];
  /** The columns to be read even where no version exists yet; null: unknown (then an empty input is an error). */
  readonly schema: readonly Column[] | null;
  /** A view: its query, over inputs of its own. */
  readonly view: { readonly sql: string; readonly inputs: readonly InputTable[] } | null;
}

export interface Limits {
  readonly memoryMb: number;
  readonly threads: number;
  /** Absolute folder for what spills. */
  readonly scratch: string;
}

/** One output of a step; most steps have one. */
export interface OrderOutput {
  readonly asset: AssetKey;
  /** Id and path (without extension, relative to the project) of the candidate to write. */
  readonly version: VersionId;
  readonly target: string;
  readonly checks: readonly CheckDefinition[];
  /** What is published now, to be compared with; null where nothing is. */
  readonly previous: VersionRef | null;
  /** The code version that it was made by. */
  readonly previousCode?: string;
  /** The other published partitions, for checks over the whole asset. */
  readonly others: readonly VersionRef[];
}

export interface StepOrder {
  readonly run: RunId;
  readonly attempt: AttemptId;
  readonly number: number;
  readonly action: StepAction;
  /** Absolute. */
  readonly project: string;
  readonly definition: AssetDefinition;
  readonly partition: PartitionKey;
  readonly window: Window | null;
  /** What a dynamic partition came with. */
  readonly payload: JsonObject;
  readonly inputs: readonly InputTable[];
  /** Tables that checks read (`relationships`, `query`), named as in the project. */
  readonly checkInputs: readonly InputTable[];
  readonly outputs: readonly OrderOutput[];
  /** `--set` and `--config` and the definition's defaults, merged. */
  readonly settings: JsonObject;
  /** The project's settings (`$config.x`). */
  readonly projectSettings: JsonObject;
  readonly timezone: string;
  readonly inputsDigest: string;
  readonly limits: Limits;
  readonly now: Instant;
}

/** A staged file that has been audited and compared, but is not visible yet. */
export interface Candidate {
  readonly asset: AssetKey;
  readonly output: Output;
  readonly file: VersionFile | null;
  readonly rows: number;
  readonly schema: readonly Column[];
  readonly ordered: boolean;
  /** Its content equals `previous`: the old data version is carried on. */
  readonly same: boolean;
  readonly checks: readonly CheckResult[];
  readonly metadata: JsonObject;
  /** Said once, e.g. that HUGEINT became BIGINT. */
  readonly notes: readonly string[];
  /** Said each time, e.g. that a merge wrote far more than what changed. */
  readonly warnings?: readonly string[];
}

export type StepResult =
  | {
    readonly kind: "made";
    /** A multi-asset may leave some of its outputs out: those are skipped. */
    readonly candidates: readonly Candidate[];
    readonly reads: readonly Read[];
    readonly seconds: number;
  }
  | { readonly kind: "checked"; readonly checks: readonly CheckResult[]; readonly seconds: number }
  | { readonly kind: "skipped"; readonly text: string; readonly reads: readonly Read[] }
  | {
    readonly kind: "failed";
    readonly problem: Problem;
    /** User code refused further tries. */
    readonly fatal: boolean;
    readonly reads: readonly Read[];
    readonly seconds: number;
  }
  | { readonly kind: "cancelled"; readonly by: "timeout" | "cancel" };

/** What a step tells while it works. Never durable. */
export interface Progress {
  /** 0 to 1, or null where it cannot be known. */
  readonly fraction: number | null;
  readonly rows?: number;
  readonly bytes?: number;
  readonly totalBytes?: number;
  readonly text?: string;
}

export interface LogLine {
  readonly at: Instant;
  readonly stream: "stdout" | "stderr" | "log";
  readonly level: "debug" | "info" | "warn" | "error";
  readonly text: string;
}
