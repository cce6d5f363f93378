/** Events for tests, whole in type and short to write: what does not matter has a plain value. */
import type {
  AttemptFailed,
  AttemptStarted,
  Checked,
  CheckResult,
  Event,
  Exported,
  Materialized,
  RunEnded,
  RunRequested,
  RunStarted,
  StepEnded,
  StepOutcome,
  Stored,
  VersionSet,
} from "../../src/core/event.ts";
import type {
  AssetKey,
  AttemptId,
  HolderId,
  PartitionKey,
  RunId,
  VersionId,
} from "../../src/core/key.ts";
import { type Problem, problem } from "../../src/core/problem/problem.ts";

export const asset = (name: string): AssetKey => name as AssetKey;
export const part = (name: string): PartitionKey => name as PartitionKey;
export const runId = (name: string): RunId => name as RunId;
export const attemptId = (name: string): AttemptId => name as AttemptId;
export const versionId = (name: string): VersionId => name as VersionId;
export const holderId = (name: string): HolderId => name as HolderId;

/** Where a step event stands: `["trips", "2023-01"]`, run `r1`, attempt `t1` unless said otherwise. */
export interface At {
  readonly asset?: string;
  readonly partition?: string;
  readonly run?: string;
  readonly attempt?: string;
}

function step(at: At) {
  return {
    run: runId(at.run ?? "r1"),
    asset: asset(at.asset ?? "trips"),
    partition: part(at.partition ?? ""),
    attempt: attemptId(at.attempt ?? "t1"),
  };
}

export const NO_STEPS: Record<StepOutcome, number> = {
  succeeded: 0,
  unchanged: 0,
  failed: 0,
  skipped: 0,
  blocked: 0,
  cancelled: 0,
  interrupted: 0,
};

export const SOME_PROBLEM: Problem = problem("step-failed", {
  message: "Cannot make it",
  why: "for a test",
});

export function requested(run = "r1", more: Partial<RunRequested> = {}): RunRequested {
  return {
    kind: "run-requested",
    run: runId(run),
    trigger: { kind: "up", of: null },
    selection: "",
    requestKey: null,
    settings: {},
    ...more,
  };
}

export function runStarted(run = "r1", holder = "h1", total = 1): RunStarted {
  return {
    kind: "run-started",
    run: runId(run),
    holder: holderId(holder),
    command: "nycflow up",
    steps: [],
    total,
  };
}

export function runEnded(run = "r1", more: Partial<RunEnded> = {}): RunEnded {
  return {
    kind: "run-ended",
    run: runId(run),
    outcome: "succeeded",
    steps: NO_STEPS,
    seconds: 1,
    ...more,
  };
}

export function started(at: At = {}, more: Partial<AttemptStarted> = {}): AttemptStarted {
  return {
    kind: "attempt-started",
    ...step(at),
    number: 1,
    holder: holderId("h1"),
    action: "materialize",
    reasons: [{ kind: "missing", text: "never materialized", of: null }],
    code: "code 1",
    inputs: "inputs 1",
    pool: null,
    ...more,
  };
}

export function made(
  at: At = {},
  version = "v1",
  more: Partial<Materialized> = {},
): Materialized {
  return {
    kind: "materialized",
    ...step(at),
    version: versionId(version),
    dataVersion: versionId(version),
    output: "table",
    file: {
      path: `.nycflow/lake/${at.asset ?? "trips"}/${version}.parquet`,
      format: "parquet",
      bytes: 1234,
    },
    rows: 3,
    schema: [{ name: "n", type: "BIGINT" }],
    ordered: false,
    code: "code 1",
    checksVersion: "checks 1",
    inputs: "inputs 1",
    reads: [{ kind: "env", name: "SOURCE", digest: "d1" }],
    checks: [],
    metadata: {},
    notes: [],
    seconds: 0.5,
    ...more,
  };
}

export function failed(at: At = {}, more: Partial<AttemptFailed> = {}): AttemptFailed {
  return {
    kind: "attempt-failed",
    ...step(at),
    number: 1,
    problem: SOME_PROBLEM,
    checks: [],
    retryAt: null,
    code: "code 1",
    inputs: "inputs 1",
    reads: [],
    seconds: 0.5,
    rejected: null,
    schema: [],
    ...more,
  };
}

export function checked(
  at: At = {},
  version = "v1",
  checks: readonly CheckResult[] = [],
): Checked {
  return {
    kind: "checked",
    ...step(at),
    version: versionId(version),
    checksVersion: "checks 2",
    checks,
    seconds: 0.1,
  };
}

export function check(outcome: CheckResult["outcome"], blocking = true): CheckResult {
  return {
    name: "rows",
    severity: blocking ? "error" : "warn",
    blocking,
    outcome,
    failing: outcome === "passed" ? 0 : 2,
    text: `it ${outcome}`,
    sample: [],
  };
}

export function ended(
  outcome: StepEnded["outcome"],
  at: At & { readonly begun?: boolean } = {},
): StepEnded {
  return {
    kind: "step-ended",
    ...step(at),
    attempt: at.begun === false ? null : step(at).attempt,
    outcome,
    text: `it was ${outcome}`,
    code: "code 1",
    inputs: "inputs 1",
  };
}

export function exported(at: At = {}, of = "d1"): Exported {
  const { asset, partition, run } = step(at);
  return { kind: "exported", asset, partition, run, paths: ["a.csv"], of, problem: null };
}

export function versionSet(
  action: VersionSet["action"],
  at: At = {},
  more: Partial<VersionSet> = {},
): VersionSet {
  const { asset, partition } = step(at);
  return { kind: "version-set", asset, partition, action, version: null, text: "by hand", ...more };
}

/** Numbers events from 1, one millisecond apart from `from`. */
export function log(events: readonly Event[], from = 1000): Stored[] {
  return events.map((event, index) => ({ id: index + 1, at: from + index, event }));
}
