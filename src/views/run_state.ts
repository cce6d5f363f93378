/**
 * A run as it can be told from its events alone: which steps there are, what became of each try. The live block, the
 * plain lines and `show RUN` read it; it decides nothing about how that looks.
 */
import type {
  AttemptFailed,
  CheckResult,
  Reason,
  RunOutcome,
  StepOutcome,
  Stored,
} from "../core/event.ts";
import {
  type AssetKey,
  type AttemptId,
  type Instant,
  type PartitionKey,
  type RunId,
  type StepKey,
  stepKey,
} from "../core/key.ts";
import type { Problem } from "../core/problem/problem.ts";

export interface RunTry {
  readonly attempt: AttemptId;
  readonly number: number;
  readonly startedAt: Instant;
  endedAt: Instant | null;
  problem: Problem | null;
  checks: readonly CheckResult[];
}

export interface RunStep {
  readonly key: StepKey;
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly reasons: readonly Reason[];
  readonly certain: boolean;
  state: "waiting" | "running" | "retrying" | StepOutcome;
  readonly tries: RunTry[];
  startedAt: Instant | null;
  endedAt: Instant | null;
  retryAt: Instant | null;
  rows: number | null;
  bytes: number;
  /** Materialized with the content that it had before. */
  same: boolean;
  checks: readonly CheckResult[];
  notes: readonly string[];
  problem: Problem | null;
  /** Why it was skipped, blocked and so on. */
  text: string;
}

export interface RunState {
  run: RunId | null;
  startedAt: Instant | null;
  endedAt: Instant | null;
  outcome: RunOutcome | null;
  counts: Readonly<Record<StepOutcome, number>> | null;
  seconds: number;
  /** In plan order; what one function makes besides follows as it is made. */
  readonly steps: Map<StepKey, RunStep>;
  /** By asset, in the same order. */
  readonly assets: Map<AssetKey, RunStep[]>;
  planned: number;
}

/** A run of which nothing is known yet. */
export function emptyRun(): RunState {
  return {
    run: null,
    startedAt: null,
    endedAt: null,
    outcome: null,
    counts: null,
    seconds: 0,
    steps: new Map(),
    assets: new Map(),
    planned: 0,
  };
}

/** Takes up one event and gives the step that it changed; null for events of no step. Changes `run` in place. */
export function foldRunEvent(run: RunState, { at, event }: Stored): RunStep | null {
  switch (event.kind) {
    case "run-requested":
      run.run = event.run;
      return null;
    case "run-started":
      run.run = event.run;
      run.startedAt = at;
      run.planned = event.total;
      for (const step of event.steps) stepOf(run, step, step.reasons, step.certain);
      return null;
    case "run-ended":
      run.endedAt = at;
      run.outcome = event.outcome;
      run.counts = event.steps;
      run.seconds = event.seconds;
      return null;
    case "attempt-started": {
      const step = stepOf(run, event, event.reasons, true);
      step.state = "running";
      step.startedAt ??= at;
      step.retryAt = null;
      step.tries.push({
        attempt: event.attempt,
        number: event.number,
        startedAt: at,
        endedAt: null,
        problem: null,
        checks: [],
      });
      return step;
    }
    case "attempt-failed": {
      const step = stepOf(run, event, [], true);
      endTry(step, event.attempt, at, event);
      step.checks = event.checks;
      step.problem = event.problem;
      step.retryAt = event.retryAt;
      if (event.retryAt === null) endStep(step, "failed", at);
      else step.state = "retrying";
      return step;
    }
    case "materialized": {
      const step = stepOf(run, event, [], true);
      endTry(step, event.attempt, at, null);
      step.rows = event.output === "table" || event.output === "file" ? event.rows : null;
      step.bytes = event.file?.bytes ?? 0;
      step.same = event.dataVersion !== event.version;
      step.checks = event.checks;
      step.notes = event.notes;
      step.problem = null;
      endStep(step, "succeeded", at);
      return step;
    }
    case "checked": {
      const step = stepOf(run, event, [], true);
      endTry(step, event.attempt, at, null);
      step.checks = event.checks;
      step.text = "checks only";
      endStep(step, "succeeded", at);
      return step;
    }
    case "step-ended": {
      const step = stepOf(run, event, [], true);
      if (event.attempt !== null) endTry(step, event.attempt, at, null);
      step.text = event.text;
      endStep(step, event.outcome, at);
      return step;
    }
    default:
      return null;
  }
}

type OfStep = { readonly asset: AssetKey; readonly partition: PartitionKey };

function stepOf(
  run: RunState,
  { asset, partition }: OfStep,
  reasons: readonly Reason[],
  certain: boolean,
): RunStep {
  const key = stepKey(asset, partition);
  const known = run.steps.get(key);
  if (known !== undefined) return known;
  const step: RunStep = {
    key,
    asset,
    partition,
    reasons,
    certain,
    state: "waiting",
    tries: [],
    startedAt: null,
    endedAt: null,
    retryAt: null,
    rows: null,
    bytes: 0,
    same: false,
    checks: [],
    notes: [],
    problem: null,
    text: "",
  };
  run.steps.set(key, step);
  const siblings = run.assets.get(asset);
  if (siblings === undefined) run.assets.set(asset, [step]);
  else siblings.push(step);
  return step;
}

function endTry(
  step: RunStep,
  attempt: AttemptId,
  at: Instant,
  failed: AttemptFailed | null,
): void {
  const open = step.tries.find((each) => each.attempt === attempt);
  if (open === undefined) return;
  open.endedAt = at;
  open.problem = failed?.problem ?? null;
  open.checks = failed?.checks ?? [];
}

function endStep(step: RunStep, outcome: StepOutcome, at: Instant): void {
  step.state = outcome;
  step.endedAt = at;
}

/** Has it come to its end? */
export function isOver(step: RunStep): boolean {
  return step.state !== "waiting" && step.state !== "running" && step.state !== "retrying";
}

/** How many steps ended how; told by the run itself once it is over. */
export function countsOf(run: RunState): Readonly<Record<StepOutcome, number>> {
  if (run.counts !== null) return run.counts;
  const counts: Record<StepOutcome, number> = {
    succeeded: 0,
    unchanged: 0,
    failed: 0,
    skipped: 0,
    blocked: 0,
    cancelled: 0,
    interrupted: 0,
  };
  for (const { state } of run.steps.values()) {
    if (state !== "waiting" && state !== "running" && state !== "retrying") counts[state]++;
  }
  return counts;
}
