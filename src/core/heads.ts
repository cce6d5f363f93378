/**
 * The current state of each asset partition, of open claims, runs and ticks, as folds of the log, a cell at a
 * time: a store adapter loads the cell that an event touches, folds, writes it back in the same transaction.
 * `State` is the same held in memory. Heads equal the fold of the log from any checkpoint.
 */
import type { CheckResult, Event, Queued, RunOutcome, StepAction, Stored } from "./event.ts";
import type { Json, JsonObject } from "./json.ts";
import type {
  AssetKey,
  AttemptId,
  EventId,
  HolderId,
  Instant,
  PartitionKey,
  RunId,
  VersionId,
} from "./key.ts";
import type { Problem } from "./problem/problem.ts";
import type { Column, Output, Read, VersionFile } from "./version.ts";

/** What is published now. */
export interface Published {
  readonly version: VersionId;
  readonly dataVersion: VersionId;
  readonly output: Output;
  readonly file: VersionFile | null;
  readonly rows: number;
  readonly schema: readonly Column[];
  readonly ordered: boolean;
  readonly code: string;
  readonly checksVersion: string;
  readonly inputs: string;
  readonly reads: readonly Read[];
  readonly checks: readonly CheckResult[];
  readonly metadata: JsonObject;
  readonly run: RunId;
  readonly seconds: number;
  readonly at: Instant;
  /** The publishing event. */
  readonly event: EventId;
}

/** The last attempt, where it ended badly and nothing succeeded since. */
export interface Failure {
  readonly run: RunId;
  readonly attempt: AttemptId;
  readonly at: Instant;
  readonly problem: Problem;
  readonly code: string;
  readonly inputs: string;
  readonly reads: readonly Read[];
  readonly checks: readonly CheckResult[];
  /** Steps (not tries) that failed in a row: chooses the cool-down. */
  readonly inARow: number;
  /** A retry of the same step is due then; null where its policy is spent. */
  readonly retryAt: Instant | null;
  readonly tries: number;
  readonly seconds: number;
  readonly rejected: VersionFile | null;
  readonly rejectedSchema: readonly Column[];
}

export interface Skip {
  readonly at: Instant;
  readonly run: RunId;
  readonly text: string;
  readonly code: string;
  readonly inputs: string;
  readonly reads?: readonly Read[];
}

export interface Head {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly published: Published | null;
  readonly failure: Failure | null;
  readonly skip: Skip | null;
  /** The last attempt was cut off by the death of its process. */
  readonly interrupted: { readonly run: RunId; readonly at: Instant } | null;
  readonly pinned: { readonly at: Instant; readonly text: string; readonly code: string } | null;
  /** First event that it stands on (the claim of what is published); retention keeps everything from here on. */
  readonly since: EventId;
  /** Last event that touched it. */
  readonly event: EventId;
}

/** An attempt that has begun and not ended. Counts only while its holder is alive. */
export interface Claim {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly run: RunId;
  readonly attempt: AttemptId;
  readonly number: number;
  readonly holder: HolderId;
  readonly action: StepAction;
  readonly since: Instant;
  readonly code: string;
  readonly inputs: string;
  readonly pool: { readonly name: string; readonly slots: number } | null;
  /** The event that made it. */
  readonly event: EventId;
}

export interface RunHead {
  readonly run: RunId;
  readonly state: "queued" | "running" | RunOutcome;
  readonly trigger: string;
  readonly selection: string;
  readonly holder: HolderId | null;
  readonly command: string;
  readonly requestedAt: Instant;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly planned: number;
  /** How many steps ended how, by `StepOutcome`; counted while it runs, told by `run-ended` at the end. */
  readonly steps: JsonObject;
  /** It was asked for ahead; it outlives whoever began it. */
  readonly queued?: Queued & { readonly settings: JsonObject };
}

/** What was last exported of an asset (partition by partition where its path says so). */
export interface ExportHead {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly of: string;
  readonly paths: readonly string[];
  readonly at: Instant;
  readonly problem: Problem | null;
  readonly event: EventId;
}

/** Small named facts: ticks, cursors, switches, who was told of what, request keys. */
export interface Fact {
  /** e.g. `tick:NAME`, `switch:NAME`, `told:STEP`, `request:KEY`, `partition:ASSET:KEY`. */
  readonly name: string;
  readonly value: Json;
  readonly at: Instant;
  /** The last event that set it. */
  readonly event: EventId;
}

/** The whole state at one event. Maps are changed in place by `fold`; readers treat them as read-only. */
export interface State {
  last: EventId;
  readonly heads: Map<AssetKey, Map<PartitionKey, Head>>;
  /** By `stepKey`. */
  readonly claims: Map<string, Claim>;
  /** Runs that are queued or running. */
  readonly runs: Map<RunId, RunHead>;
  /** By `stepKey`. */
  readonly exports: Map<string, ExportHead>;
  readonly facts: Map<string, Fact>;
}

export type { Event, Stored };
