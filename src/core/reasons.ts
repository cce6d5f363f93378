/**
 * The one idea: an asset partition is up to date, or it has reasons to run, and a reason may be held.
 * Decides both for one step over one state; plan, up, run, why, ls and the dashboard all ask here.
 */
import type { AssetDefinition } from "./definition.ts";
import type { Reason, StepAction } from "./event.ts";
import { freshness } from "./freshness.ts";
import type { Failure, Head, Published, Skip, State } from "./heads.ts";
import { compareInputs, digestInputs, type InputChange } from "./inputs.ts";
import {
  type AssetKey,
  type HolderId,
  type Instant,
  type PartitionKey,
  type RunId,
  stepKey,
} from "./key.ts";
import type { Layout } from "./layout.ts";
import { cooldownEnd } from "./run/retry.ts";
import type { Read } from "./version.ts";
import { foldRanges } from "./partition/fold_ranges.ts";
import { type DueName, dueText, readDue } from "./automation/due_name.ts";
import { parseBack } from "./duration.ts";

/** Why a step that has reasons does not run all the same. */
export interface Held {
  readonly kind: "failed" | "skipped" | "pinned" | "retry" | "manual" | "upstream";
  readonly text: string;
  /** When the clock alone lifts it; null where only a change or a request does. */
  readonly until: Instant | null;
  /** It goes back to a skip: what reads other partitions too may do without this one. */
  readonly skipped?: boolean;
  /** Of one that waits for what failed before it: the asset that did. */
  readonly of?: AssetKey;
}

export interface Evaluation {
  readonly action: StepAction;
  /** Empty: up to date. */
  readonly reasons: readonly Reason[];
  readonly held: Held | null;
  /** A try of the last attempt's policy that is still to come: it goes on from there, though its process be gone. */
  readonly retry?: WaitingRetry | null;
}

/** A step between two tries. */
export interface WaitingRetry {
  readonly run: RunId;
  /** Tries that failed so far. */
  readonly tries: number;
  readonly at: Instant;
}

/** Everything besides the log that reasons depend on, frozen for one computation. */
export interface Circumstances {
  readonly now: Instant;
  /** The digest that a recorded read has now. */
  readonly currentRead: (read: Read, of: AssetDefinition) => string | null;
  /** Made due by a schedule: its name, by step. */
  readonly due: ReadonlyMap<string, string>;
  /** Asked for by a person, a sensor or a backfill: the words, by step. */
  readonly requested: ReadonlyMap<string, string>;
  /** `--force`: pins and cool-downs do not hold. */
  readonly force: boolean;
  /** Steps of which only the checks were asked for, on what is published. */
  readonly checks?: ReadonlySet<string>;
  /** Holders that were found dead: what they had begun is anybody's. */
  readonly dead?: ReadonlySet<HolderId>;
}

/** Reasons and hold of one step. */
export function evaluate(
  layout: Layout,
  state: State,
  asset: AssetKey,
  partition: PartitionKey,
  given: Circumstances,
): Evaluation {
  const def = layout.def(asset);
  const around = def.partitions?.type === "dynamic"
    ? withPayload(state, asset, partition, given)
    : given;
  const head = state.heads.get(asset)?.get(partition) ?? null;
  // Of what was never tried there is nothing to compare with.
  const known = head !== null &&
    (head.published !== null || head.failure !== null || head.skip !== null);
  const inputs = known ? digestInputs(layout, state, asset, partition) : "";
  // Where nothing was asked for and nothing is due, a hundred thousand keys need not be written out.
  const named = around.requested.size + around.due.size + (around.checks?.size ?? 0) > 0;
  const key = named ? stepKey(asset, partition) : "";
  // What others write is observed and never run: it has no reason of its own.
  if (def.kind === "source") return { action: "materialize", reasons: [], held: null };
  if (around.checks?.has(key)) {
    const asked: Reason = { kind: "requested", text: "its checks were asked for", of: null };
    const reasons = head?.published ? [asked] : [];
    return { action: "check", reasons, held: null };
  }
  const requested = around.requested.get(key);
  const due = around.due.get(key);
  const own = ownReasons(def, head, inputs, around);
  const reasons = [
    ...own,
    ...freshnessReason(layout, def, head, partition, around.now),
  ];
  const tick = due === undefined ? null : readDue(due);
  const isDue = tick !== null && !usedUp(head, tick);
  if (isDue) reasons.push({ kind: "due", text: dueText(tick), of: tick.source });
  if (requested !== undefined) reasons.unshift({ kind: "requested", text: requested, of: null });
  const failed = head?.failure ?? null;
  if (failed !== null) {
    reasons.push({
      kind: "failed",
      text: `its last attempt failed: ${failed.problem.message}`,
      of: null,
    });
  }
  if (reasons.length === 0) {
    const stale = head?.published && head.published.checksVersion !== def.checksVersion;
    if (!stale) return { action: "materialize", reasons, held: null };
    const text = def.checksVersion === "" ? "its checks were taken away" : "its checks changed";
    return { action: "check", reasons: [{ kind: "code", text, of: asset }], held: null };
  }
  const free = requested !== undefined || around.force;
  if (free) return { action: "materialize", reasons, held: null };
  const retry = isDue ? null : waitingRetry(head, def, inputs, around);
  const held = retry !== null
    ? retriedElsewhere(state, retry, around)
    : holdOf(def, head, inputs, own, { tick: isDue, old: reasons.some(isOld) }, around);
  return { action: "materialize", reasons, held, retry };
}

/** What a partition came with is never another: settings that were read from it have not changed. */
function withPayload(
  state: State,
  asset: AssetKey,
  partition: PartitionKey,
  around: Circumstances,
): Circumstances {
  const payload = state.facts.get(`partition:${asset}:${partition}`)?.value;
  if (typeof payload !== "object" || payload === null) return around;
  return {
    ...around,
    currentRead: (read, of) =>
      read.kind === "config" && Object.hasOwn(payload, read.name.split(".")[0] ?? "")
        ? read.digest
        : around.currentRead(read, of),
  };
}

function ownReasons(
  def: AssetDefinition,
  head: Head | null,
  inputs: string,
  around: Circumstances,
): Reason[] {
  const published = head?.published ?? null;
  if (published === null) return [head?.interrupted ? INTERRUPTED : MISSING];
  const reasons: Reason[] = [];
  if (published.code !== def.codeVersion) {
    reasons.push({ kind: "code", text: "its definition changed", of: def.key });
  }
  for (const read of changedReads(published.reads, def, around.currentRead)) {
    reasons.push({ kind: "config", text: `${readName(read)} changed`, of: read.name });
  }
  for (const change of compareInputs(published.inputs, inputs)) {
    reasons.push({ kind: "upstream", text: changeText(change), of: change.asset });
  }
  return reasons;
}

const MISSING: Reason = { kind: "missing", text: "never materialized", of: null };
const INTERRUPTED: Reason = {
  kind: "missing",
  text: "it was interrupted before it was materialized",
  of: null,
};

function readName(read: Read): string {
  if (read.kind === "file") return `file ${read.name}`;
  return read.kind === "config" ? `setting ${read.name}` : read.name;
}

function changeText(change: InputChange): string {
  const of = change.partitions.length > 0
    ? `${change.asset} ${foldRanges(change.partitions)}`
    : change.asset;
  switch (change.kind) {
    case "changed":
      return `${of} changed`;
    case "added":
      return `${of} is new`;
    case "removed":
      return `${of} is gone`;
    case "dependency":
      return `it reads ${of} now`;
  }
}

/** Reads whose value differs from when they were recorded. */
function changedReads(
  reads: readonly Read[],
  def: AssetDefinition,
  current: Circumstances["currentRead"],
): readonly Read[] {
  return reads.filter((read) => current(read, def) !== read.digest);
}

/** The newest window only: older ones are history, unless `refresh` reaches back (asked by automation). */
function freshnessReason(
  layout: Layout,
  def: AssetDefinition,
  head: Head | null,
  partition: PartitionKey,
  now: Instant,
): Reason[] {
  const published: Published | null = head?.published ?? null;
  if (def.freshness === null || published === null) return [];
  if (layout.newest(def.key) !== partition && !isWithin(layout, def, partition, now)) return [];
  const found = freshness(def.freshness, published.at, now, layout.timezone);
  // A policy that cannot be read was told when the definitions were loaded.
  if (!found.ok || found.value.dueAt === null || now < found.value.dueAt) return [];
  return [{ kind: "due", text: FRESHNESS, of: def.key }];
}

/** `refresh: "90d back"`: windows that ended within that time are concerned too. */
function isWithin(
  layout: Layout,
  { key, freshness }: AssetDefinition,
  partition: PartitionKey,
  now: Instant,
): boolean {
  const back = freshness === null || freshness.refresh === null
    ? null
    : parseBack(freshness.refresh);
  if (back === null || !back.ok) return false;
  const window = layout.window(key, partition);
  return window !== null && window.end > now - back.value;
}

/** A tick is used up by an attempt that began after it, by the log's order where the tick is in the log. */
function usedUp(head: Head | null, { at, event }: DueName): boolean {
  if (head === null) return false;
  const { published, failure, skip } = head;
  if (event !== null) {
    if (published !== null && head.since > event) return true;
    if ((failure !== null || skip !== null) && head.event > event) return true;
  }
  const began = Math.max(
    published === null ? -Infinity : published.at - published.seconds * 1000,
    failure === null ? -Infinity : failure.at - failure.seconds * 1000,
    skip?.at ?? -Infinity,
  );
  return began >= at;
}

const FRESHNESS = "its freshness ran out";

const isOld = (reason: Reason) => reason.kind === "due" && reason.text === FRESHNESS;

function holdOf(
  def: AssetDefinition,
  head: Head | null,
  inputs: string,
  own: readonly Reason[],
  due: { readonly tick: boolean; readonly old: boolean },
  around: Circumstances,
): Held | null {
  const isDue = due.tick;
  if (head?.pinned && head.pinned.code === def.codeVersion) {
    return { kind: "pinned", text: `pinned: ${head.pinned.text}`, until: null };
  }
  const failure = head?.failure ?? null;
  if (failure !== null && !isDue && sameBasis(failure, def, inputs, around)) {
    const until = cooldownEnd(failure);
    if (around.now < until && !isAhead(failure.at, around.now)) {
      return { kind: "failed", text: "it failed and nothing has changed since", until };
    }
  }
  const skip = head?.skip ?? null;
  if (skip !== null && !isDue && sameBasis(skip, def, inputs, around)) {
    const until = skip.at + SKIP_COOLDOWN_MS;
    const published = head?.published?.at ?? 0;
    if (skip.at > published && around.now < until && !isAhead(skip.at, around.now)) {
      return { kind: "skipped", text: `skipped: ${skip.text}`, until, skipped: true };
    }
  }
  // A schedule that selects it asks for it, as a sensor does.
  if (def.automation === "manual" && !isDue) {
    return { kind: "manual", text: "it runs only when asked for", until: null };
  }
  if (def.automation === "missing" && own.every((reason) => reason.kind !== "missing") && !isDue) {
    return { kind: "manual", text: "it is made once (automation: missing)", until: null };
  }
  if (def.automation === "cron" && !isDue && !due.old && failure === null) {
    return { kind: "manual", text: "it waits for its schedule", until: null };
  }
  return null;
}

/** The try that is to come, where it would do the same as the ones before it. */
function waitingRetry(
  head: Head | null,
  def: AssetDefinition,
  inputs: string,
  around: Circumstances,
): WaitingRetry | null {
  const failure = head?.failure ?? null;
  if (failure === null || failure.retryAt === null) return null;
  if (head?.pinned && head.pinned.code === def.codeVersion) return null;
  if (!sameBasis(failure, def, inputs, around)) return null;
  // A clock that was turned back must not make it wait for longer than its delay.
  const at = Math.min(failure.retryAt, around.now + (failure.retryAt - failure.at));
  return { run: failure.run, tries: failure.tries, at };
}

/** It happened in what is the future by a clock that was turned back: such a thing holds nothing. */
function isAhead(at: Instant, now: Instant): boolean {
  return at > now + 60_000;
}

/** The run that waits for it lives: the try is that run's. */
function retriedElsewhere(state: State, retry: WaitingRetry, around: Circumstances): Held | null {
  const run = state.runs.get(retry.run);
  if (run?.state !== "running" || run.holder === null || around.dead?.has(run.holder)) return null;
  return {
    kind: "retry",
    text: `try ${retry.tries + 1} follows in the run that works on it`,
    until: retry.at,
  };
}

/** `skip("not published yet")` is an answer: asked again after this long, or at the next tick. */
const SKIP_COOLDOWN_MS = 30 * 60_000;

/** Would the next attempt do just what the one did that failed or was skipped? */
function sameBasis(
  last: Failure | Skip,
  def: AssetDefinition,
  inputs: string,
  around: Circumstances,
): boolean {
  return last.code === def.codeVersion && last.inputs === inputs &&
    changedReads(last.reads ?? [], def, around.currentRead).length === 0;
}
