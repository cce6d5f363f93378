/**
 * What a step's result means: the events that publish it, or that say how it failed. Pure.
 * A candidate that fails a blocking check is never published; a late attempt publishes nothing (decided again
 * inside the transaction, by `stillHolds`).
 */
import type { AssetDefinition } from "../core/definition.ts";
import type { CheckResult, Event } from "../core/event.ts";
import type { JsonObject } from "../core/json.ts";
import type { State } from "../core/heads.ts";
import { type AssetKey, type Instant, type RunId, type StepKey, stepKey } from "../core/key.ts";
import { formatDuration } from "../core/duration.ts";
import type { Layout } from "../core/layout.ts";
import type { Candidate, StepResult } from "../core/order.ts";
import { type Problem, problem } from "../core/problem/problem.ts";
import { holdsClaim } from "../core/rules.ts";
import { contradicts } from "../core/withdraw.ts";
import { retries, retryDelay } from "../core/run/retry.ts";
import type { Read } from "../core/version.ts";
import type { Claimed } from "./order.ts";

export interface Settled {
  readonly claimed: Claimed;
  readonly events: readonly Event[];
  /** What the machine is told: an end, or another try at an instant. */
  readonly next:
    | {
      /** Asset partitions that it did not make though it succeeded. */
      readonly leftOut?: readonly StepKey[];
      readonly kind: "end";
      readonly outcome: "succeeded" | "failed" | "skipped" | "cancelled" | "unchanged";
    }
    | { readonly kind: "retry"; readonly at: Instant };
  /** Files of this attempt that no event refers to. */
  readonly discard: readonly string[];
}

/** Is the claim still this attempt's? Asked inside the publishing transaction. */
export function stillHolds(state: State, claimed: Claimed): boolean {
  return claimed.step.together.every((asset) =>
    holdsClaim(state, asset, claimed.step.partition, claimed.attempt)
  );
}

/** What is the same for all that a run settles at once. */
export interface Settling {
  readonly layout: Layout;
  readonly state: State;
  readonly run: RunId;
  readonly now: Instant;
  /** The run is stopping: no further try follows. */
  readonly last: boolean;
  /** The run's own time limit, where it is over. */
  readonly overdueMs: number | null;
}

/** `random` in [0, 1), for the retry's jitter. */
export function settle(
  settling: Settling,
  claimed: Claimed,
  result: StepResult,
  seconds: number,
  random: number,
): Settled {
  const { layout, state, run } = settling;
  const of = { run, partition: claimed.step.partition, attempt: claimed.attempt };
  const { step } = claimed;
  const context = { ...settling, claimed, of, seconds, random };
  switch (result.kind) {
    case "made":
      return settleMade(context, result.candidates, result.reads);
    case "checked": {
      const published = state.heads.get(step.asset)?.get(step.partition)?.published;
      const broken = blocking(result.checks);
      const events: Event[] = published === undefined || published === null ? [] : [{
        kind: "checked",
        ...of,
        asset: step.asset,
        version: published.version,
        checksVersion: layout.def(step.asset).checksVersion,
        checks: result.checks,
        seconds,
      }];
      if (broken.length === 0) {
        return { claimed, events, next: { kind: "end", outcome: "succeeded" }, discard: [] };
      }
      const told = failed(
        context,
        step.asset,
        checkProblem(layout.def(step.asset), broken, true, false),
        {
          checks: result.checks,
          reads: [],
          rejected: null,
          last: true,
        },
      );
      return { claimed, events: [...events, told.event], next: told.next, discard: [] };
    }
    case "skipped":
      return {
        claimed,
        events: step.together.map((asset) => {
          const published = state.heads.get(asset)?.get(step.partition)?.published;
          const withdrawn = published && contradicts(published.reads, result.reads);
          return {
            kind: "step-ended",
            ...of,
            asset,
            outcome: "skipped",
            text: withdrawn
              ? `${result.text}; what was made under other settings is withdrawn`
              : result.text,
            code: layout.def(asset).codeVersion,
            inputs: claimed.inputs,
            reads: result.reads,
            ...(withdrawn ? { withdrawn } : {}),
          };
        }),
        next: { kind: "end", outcome: "skipped" },
        discard: [],
      };
    case "cancelled":
      if (result.by === "timeout") {
        const { overdueMs } = settling;
        const late = problem("timeout", {
          message: `Cannot finish ${stepKey(step.asset, step.partition)} in time`,
          why: overdueMs !== null
            ? `the run's time limit of ${formatDuration(overdueMs)} was over`
            : `it was ended after its timeout of ${
              formatDuration(layout.def(step.asset).timeoutMs ?? 0)
            }`,
          hint: overdueMs !== null
            ? "give the run more time (--timeout), or less to do at once"
            : "raise its timeout, or give it less to do at once (partitions)",
        });
        return settleFailed(context, late, [], false);
      }
      return {
        claimed,
        events: step.together.map((asset) => ({
          kind: "step-ended",
          ...of,
          asset,
          outcome: "cancelled",
          text: "it was cancelled while it ran",
          code: layout.def(asset).codeVersion,
          inputs: claimed.inputs,
        })),
        next: { kind: "end", outcome: "cancelled" },
        discard: [],
      };
    case "failed":
      return settleFailed(context, result.problem, result.reads, result.fatal);
  }
}

interface Context extends Settling {
  readonly claimed: Claimed;
  readonly of: {
    readonly run: RunId;
    readonly partition: Claimed["step"]["partition"];
    readonly attempt: Claimed["attempt"];
  };
  readonly seconds: number;
  readonly random: number;
}

function settleMade(
  context: Context,
  candidates: readonly Candidate[],
  reads: readonly Read[],
): Settled {
  const { layout, state, claimed, of, seconds } = context;
  const { step } = claimed;
  const events: Event[] = [];
  const discard: string[] = [];
  const leftOut: StepKey[] = [];
  let next: Settled["next"] = { kind: "end", outcome: "succeeded" };
  let made = 0;
  step.together.forEach((asset, index) => {
    const candidate = candidates.find((each) => each.asset === asset);
    const def = layout.def(asset);
    if (candidate === undefined) {
      leftOut.push(stepKey(asset, step.partition));
      events.push({
        kind: "step-ended",
        ...of,
        asset,
        outcome: "skipped",
        text: "its function left it out",
        code: def.codeVersion,
        inputs: claimed.inputs,
        reads,
      });
      return;
    }
    const broken = blocking(candidate.checks);
    if (broken.length > 0) {
      const stays = (state.heads.get(asset)?.get(step.partition)?.published ?? null) !== null;
      const told = failed(
        context,
        asset,
        checkProblem(def, broken, stays, candidate.file !== null),
        {
          checks: candidate.checks,
          reads,
          rejected: candidate,
          last: false,
        },
      );
      events.push(told.event);
      next = told.next;
      return;
    }
    made++;
    const previous = state.heads.get(asset)?.get(step.partition)?.published ?? null;
    const version = claimed.versions[index];
    if (version === undefined) throw new Error(`no version id for ${asset}`);
    events.push({
      kind: "materialized",
      ...of,
      asset,
      version,
      dataVersion: candidate.same && previous !== null ? previous.dataVersion : version,
      output: candidate.output,
      file: candidate.file,
      rows: candidate.rows,
      schema: candidate.schema,
      ordered: candidate.ordered,
      code: def.codeVersion,
      checksVersion: def.checksVersion,
      inputs: claimed.inputs,
      reads,
      checks: candidate.checks,
      metadata: candidate.metadata,
      notes: [...(previous === null ? candidate.notes : []), ...candidate.warnings ?? []],
      seconds,
    });
  });
  if (made === 0 && next.kind === "end" && next.outcome === "succeeded") {
    next = { kind: "end", outcome: "skipped" };
  } else if (next.kind === "end") next = { ...next, leftOut };
  return { claimed, events, next, discard };
}

function settleFailed(
  context: Context,
  found: Problem,
  reads: readonly Read[],
  fatal: boolean,
): Settled {
  const told = context.claimed.step.together.map((asset) =>
    failed(context, asset, found, { checks: [], reads, rejected: null, last: fatal })
  );
  const first = told[0];
  if (first === undefined) throw new Error("a step without assets");
  return {
    claimed: context.claimed,
    events: told.map((each) => each.event),
    next: first.next,
    discard: [],
  };
}

function failed(
  context: Context,
  asset: AssetKey,
  found: Problem,
  parts: {
    readonly checks: readonly CheckResult[];
    readonly reads: readonly Read[];
    readonly rejected: Candidate | null;
    readonly last: boolean;
  },
): { readonly event: Event; readonly next: Settled["next"] } {
  const { layout, claimed, of, seconds, now, random } = context;
  const def = layout.def(asset);
  const names = [found.code, String(found.fields?.["error"] ?? "")];
  const delay = parts.last || context.last || !retries(def.retry, names)
    ? null
    : retryDelay(def.retry, claimed.number, random);
  const retryAt = delay === null ? null : now + delay;
  // What has no place of its own lies in the definition.
  const { file, line } = found.where ?? {};
  const atExport = line === undefined && (file === undefined || file === def.origin.file) &&
    def.origin.exportName !== null;
  const where = {
    asset,
    ...(atExport ? { line: def.origin.line } : {}),
    ...(of.partition === "" ? {} : { partition: of.partition as string }),
    file: def.origin.file,
    ...found.where,
  };
  return {
    event: {
      kind: "attempt-failed",
      ...of,
      asset,
      number: claimed.number,
      problem: { ...found, where },
      checks: parts.checks,
      retryAt,
      code: def.codeVersion,
      inputs: claimed.inputs,
      reads: parts.reads,
      seconds,
      rejected: parts.rejected?.file ?? null,
      schema: parts.rejected?.schema ?? [],
    },
    next: retryAt === null ? { kind: "end", outcome: "failed" } : { kind: "retry", at: retryAt },
  };
}

function blocking(checks: readonly CheckResult[]): readonly CheckResult[] {
  return checks.filter((check) =>
    check.blocking && (check.outcome === "failed" || check.outcome === "errored")
  );
}

/** Several failed checks are one problem: the first is told, the others are named. */
function checkProblem(
  def: AssetDefinition,
  broken: readonly CheckResult[],
  stays: boolean,
  refused: boolean,
): Problem {
  const first = broken[0];
  const others = broken.slice(1).map((check) => check.name);
  const line = def.checks.find((each) => each.name === first?.name)?.line;
  const [row] = first?.sample ?? [];
  const parts = [
    `${first?.text ?? ""}${row === undefined ? "" : `, such as ${rowText(row)}`}`,
    ...(others.length > 0 ? [`failed too: ${others.join(", ")}`] : []),
    ...(stays ? ["the last good version stays published"] : []),
  ];
  return problem("check-failed", {
    message: `Cannot ${refused || !stays ? "publish" : "vouch for"} ${def.key}: check ${
      first?.name ?? ""
    } failed`,
    where: { file: def.origin.file, ...(line === undefined ? {} : { line }) },
    why: parts.join("; "),
    // What counts rows has none to show: too few of them are nowhere to be looked at.
    hint: broken.some((check) => check.sample.length > 0)
      ? `see the rows with: nycflow show ${def.key}${refused ? "__rejected" : ""}`
      : `look at what it is made from (nycflow show ${def.key}), or correct the check`,
    fields: { checks: broken.map((check) => check.name), sample: first?.sample ?? [] },
  });
}

/** `id = 3, fare = NULL`; the first few columns. */
function rowText(row: JsonObject): string {
  const shown = Object.entries(row).slice(0, 4).map(([name, value]) => {
    const text = value === null
      ? "NULL"
      : typeof value === "string"
      ? value
      : JSON.stringify(value);
    return `${name} = ${text.length > 24 ? `${text.slice(0, 23)}…` : text}`;
  });
  return shown.join(", ");
}
