/**
 * Everything that can have happened, as plain data in words. The log of these is the durable truth;
 * heads, runs and claims are folds of it (`heads.ts`). Log lines are not events.
 * Unknown kinds from a newer version are kept and skipped (`codec.ts`).
 */
import type { Backfill } from "./backfill_request.ts";
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
import type { Severity } from "./definition.ts";
import type { Column, Output, Read, VersionFile } from "./version.ts";

export type StepOutcome =
  | "succeeded"
  | "unchanged"
  | "failed"
  | "skipped"
  | "blocked"
  | "cancelled"
  | "interrupted";
export type RunOutcome = "succeeded" | "failed" | "cancelled" | "interrupted";
export type StepAction = "materialize" | "check";

export type ReasonKind =
  | "missing"
  | "code"
  | "config"
  | "upstream"
  | "due"
  | "requested"
  | "failed";

/** Why something runs. `of` names what the reason lies in: an upstream asset, a variable, a schedule. */
export interface Reason {
  readonly kind: ReasonKind;
  readonly text: string;
  readonly of: string | null;
}

export interface CheckResult {
  readonly name: string;
  readonly severity: Severity;
  readonly blocking: boolean;
  /** `passed`, `warned` or `failed`; `errored` where the check itself could not be run. */
  readonly outcome: "passed" | "warned" | "failed" | "errored";
  /** Failing rows, or what the check counts; null where it counts nothing. */
  readonly failing: number | null;
  readonly text: string;
  /** At most five failing rows, values as JSON. */
  readonly sample: readonly JsonObject[];
}

interface OfRun {
  readonly run: RunId;
}
interface OfStep extends OfRun {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
}

/** A run was asked for; nothing has begun. */
export interface RunRequested extends OfRun {
  readonly kind: "run-requested";
  readonly trigger: {
    readonly kind:
      | "up"
      | "run"
      | "backfill"
      | "retry"
      | "schedule"
      | "sensor"
      | "freshness"
      | "promote";
    readonly of: string | null;
  };
  readonly selection: string;
  /** `SOURCE:KEY`; at most one run is requested for each. */
  readonly requestKey: string | null;
  readonly settings: JsonObject;
  /** Asked for ahead, by a tick or a sensor: whoever runs next begins it, and goes on with it where that one died. */
  readonly queued?: Queued;
  /** One of the runs of a backfill, which it can be gone on with from. */
  readonly backfill?: Backfill;
}
/** What a run that was asked for ahead is about, besides its selection and settings. */
export interface Queued {
  /** Of partitioned targets only this one; null: the newest window at `at`. */
  readonly partition: string | null;
  /** The instant that it stands for. */
  readonly at: Instant;
}
export interface RunStarted extends OfRun {
  readonly kind: "run-started";
  readonly holder: HolderId;
  readonly command: string;
  /** What is planned, in order; for a long plan `steps` is cut at 10,000 and `total` says how many. */
  readonly steps: readonly {
    readonly asset: AssetKey;
    readonly partition: PartitionKey;
    readonly reasons: readonly Reason[];
    readonly certain: boolean;
  }[];
  readonly total: number;
}
export interface RunEnded extends OfRun {
  readonly kind: "run-ended";
  readonly outcome: RunOutcome;
  readonly steps: Readonly<Record<StepOutcome, number>>;
  readonly seconds: number;
}
/** The claim: from here on nobody else may work on this step until it ends or its holder dies. */
export interface AttemptStarted extends OfStep {
  readonly kind: "attempt-started";
  readonly attempt: AttemptId;
  /** 1 for the first try of this step in this run. */
  readonly number: number;
  readonly holder: HolderId;
  readonly action: StepAction;
  readonly reasons: readonly Reason[];
  readonly code: string;
  /** Fixed now: what it is built from. */
  readonly inputs: string;
  /** Of an environment: production's last event when it began. */
  readonly base?: EventId;
  /** Slots it holds while it is claimed. */
  readonly pool: { readonly name: string; readonly slots: number } | null;
}
/** One try ended badly. */
export interface AttemptFailed extends OfStep {
  readonly kind: "attempt-failed";
  readonly attempt: AttemptId;
  readonly number: number;
  readonly problem: Problem;
  readonly checks: readonly CheckResult[];
  /** Another try follows at this instant; null: this was the last, and the step is over. */
  readonly retryAt: Instant | null;
  readonly code: string;
  readonly inputs: string;
  readonly reads: readonly Read[];
  readonly seconds: number;
  /** The refused candidate, kept a while to look at. */
  readonly rejected: VersionFile | null;
  /** The candidate's schema, so that it can be read. */
  readonly schema: readonly Column[];
}
/** The commit of a version: from here on readers see it. */
export interface Materialized extends OfStep {
  readonly kind: "materialized";
  readonly attempt: AttemptId;
  readonly version: VersionId;
  /** Equals `version` where the content is new; the earlier version's where it is the same. */
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
  readonly notes: readonly string[];
  readonly seconds: number;
}
/** Checks were run again on what is published. */
export interface Checked extends OfStep {
  readonly kind: "checked";
  readonly attempt: AttemptId;
  readonly version: VersionId;
  readonly checksVersion: string;
  readonly checks: readonly CheckResult[];
  readonly seconds: number;
}
/** A step ended without a new version and without failing. `attempt` is null where none had begun. */
export interface StepEnded extends OfStep {
  readonly kind: "step-ended";
  readonly attempt: AttemptId | null;
  readonly outcome: "unchanged" | "skipped" | "blocked" | "cancelled" | "interrupted";
  readonly text: string;
  /** For skipped: what it was skipped on, so that it is asked again only when something differs. */
  readonly code: string;
  readonly inputs: string;
  /** For skipped by its own code: what that looked at, so that another source is asked at once. */
  readonly reads?: readonly Read[];
  /** For skipped: what is published answers to other settings, or stands on what does, and is read no more. */
  readonly withdrawn?: true;
}
/** A file for people was written from these data versions. */
export interface Exported {
  readonly kind: "exported";
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly run: RunId | null;
  readonly paths: readonly string[];
  /** What it shows: digest of the data versions and of the exports' definition. */
  readonly of: string;
  readonly problem: Problem | null;
}
/** A source was looked at. */
export interface Observed {
  readonly kind: "observed";
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly dataVersion: VersionId;
  readonly metadata: JsonObject;
}
/** Somebody was told; `about` is a step's key or a sink's name. */
export interface Notified {
  readonly kind: "notified";
  readonly about: string;
  readonly of: "failure" | "recovery" | "late" | "reminder";
  readonly sink: string;
  readonly problem: Problem | null;
}
/** By hand: `rollback`, `unpin`, `mark`, `wipe`; `packed`: the bytes of what is published are now in another file. */
export interface VersionSet {
  readonly kind: "version-set";
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly action: "rollback" | "unpin" | "mark" | "wipe" | "packed";
  readonly version: VersionId | null;
  readonly text: string;
  /** rollback: what becomes current again, as it was published; the fold knows no older versions. */
  readonly restored?: { readonly at: Instant; readonly event: Materialized };
  /** packed: where the version's rows are now. */
  readonly file?: VersionFile;
  /** rollback: the definition's code now, which the pin outlasts until it changes. mark: the basis that is declared done. */
  readonly code?: string;
  readonly checksVersion?: string;
  readonly inputs?: string;
  readonly reads?: readonly Read[];
}
/** A schedule or sensor was evaluated for one due instant, or switched, or a cursor moved. */
export interface Ticked {
  readonly kind: "ticked";
  readonly source: string;
  readonly due: Instant;
  readonly outcome: "requested" | "skipped" | "failed" | "seen";
  readonly text: string;
  readonly runs: readonly RunId[];
  readonly cursor: Json;
  readonly problem: Problem | null;
}
export interface Switched {
  readonly kind: "switched";
  readonly source: string;
  readonly on: boolean;
}
/** A partition key of a dynamic scheme came to be, or was forgotten. */
export interface PartitionAdded {
  readonly kind: "partition-added";
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly payload: JsonObject;
}

/** A named fact is to be remembered no more: a run key, a partition key. */
export interface Forgotten {
  readonly kind: "forgotten";
  readonly fact: string;
}

export type Event =
  | RunRequested
  | RunStarted
  | RunEnded
  | AttemptStarted
  | AttemptFailed
  | Materialized
  | Checked
  | StepEnded
  | Exported
  | Observed
  | Notified
  | VersionSet
  | Ticked
  | Switched
  | PartitionAdded
  | Forgotten;

export type EventKind = Event["kind"];

/** An event in its place in the log. */
export interface Stored<E extends Event = Event> {
  readonly id: EventId;
  readonly at: Instant;
  readonly event: E;
}
