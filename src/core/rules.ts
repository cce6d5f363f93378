/**
 * What may be appended, as pure questions to the state; asked inside `commit`'s `decide`, where the state is
 * current, so that the answer holds over all processes.
 *
 * Who is dead is handed in as a set of holders that were *found dead*, never as those found alive: a claim may
 * have been taken by a process that began after one looked, and the dead stay dead (ids are unique for ever).
 */
import type { Event, StepOutcome } from "./event.ts";
import type { Claim, RunHead, State } from "./heads.ts";
import {
  type AssetKey,
  type AttemptId,
  type HolderId,
  type Instant,
  type PartitionKey,
  stepKey,
} from "./key.ts";

export type MayClaim = { readonly ok: true } | { readonly ok: false; readonly by: Claim };

/** May this step be claimed? Not while another attempt of a holder that is not known to be dead holds it. */
export function mayClaim(
  state: State,
  asset: AssetKey,
  partition: PartitionKey,
  dead: ReadonlySet<HolderId>,
): MayClaim {
  const by = state.claims.get(stepKey(asset, partition));
  return by === undefined || dead.has(by.holder) ? { ok: true } : { ok: false, by };
}

/** Does this attempt still hold its step? Asked before it publishes or fails. */
export function holdsClaim(
  state: State,
  asset: AssetKey,
  partition: PartitionKey,
  attempt: AttemptId,
): boolean {
  return state.claims.get(stepKey(asset, partition))?.attempt === attempt;
}

/** Slots of a pool that are taken, over all processes; the dead hold none. An attempt counts once, however many outputs it claims. */
export function poolInUse(state: State, pool: string, dead: ReadonlySet<HolderId>): number {
  const slots = new Map<AttemptId, number>();
  for (const claim of state.claims.values()) {
    if (claim.pool?.name !== pool || dead.has(claim.holder)) continue;
    slots.set(claim.attempt, Math.max(slots.get(claim.attempt) ?? 0, claim.pool.slots));
  }
  let sum = 0;
  for (const each of slots.values()) sum += each;
  return sum;
}

/** Everyone whose life matters: holders of claims and of runs that have begun. Ask `Liveness.alive` about these. */
export function holdersOf(state: State): readonly HolderId[] {
  const holders = new Set<HolderId>();
  for (const claim of state.claims.values()) holders.add(claim.holder);
  for (const run of state.runs.values()) if (run.holder !== null) holders.add(run.holder);
  return [...holders];
}

/** Those of whom it was asked and who were not found alive. */
export function deadOf(
  asked: readonly HolderId[],
  alive: ReadonlySet<HolderId>,
): ReadonlySet<HolderId> {
  return new Set(asked.filter((holder) => !alive.has(holder)));
}

/** Claims whose holder is dead, in the order in which they were taken. */
export function deadClaims(state: State, dead: ReadonlySet<HolderId>): readonly Claim[] {
  return [...state.claims.values()]
    .filter((claim) => dead.has(claim.holder))
    .sort((a, b) => a.event - b.event);
}

/**
 * What to append so that nothing of the dead is left open: each of their claims and runs ends as interrupted.
 * Empty where all is well. Asking twice is harmless: what has been ended is not open any more.
 */
export function interruptions(state: State, dead: ReadonlySet<HolderId>): readonly Event[] {
  const claims = deadClaims(state, dead);
  const events: Event[] = claims.map((claim) => ({
    kind: "step-ended",
    run: claim.run,
    asset: claim.asset,
    partition: claim.partition,
    attempt: claim.attempt,
    outcome: "interrupted",
    text: "its process ended before it did",
    code: claim.code,
    inputs: claim.inputs,
  }));
  for (const run of state.runs.values()) {
    if (run.state !== "running" || run.holder === null || !dead.has(run.holder)) continue;
    // What was asked for ahead is gone on with by the next who looks, under the same id.
    if (run.queued !== undefined) continue;
    const own = claims.filter((claim) => claim.run === run.run);
    const counts = countsOf(run);
    events.push({
      kind: "run-ended",
      run: run.run,
      outcome: "interrupted",
      steps: { ...counts, interrupted: counts.interrupted + own.length },
      seconds: knownSeconds(run, own),
    });
  }
  return events;
}

/** How a run's steps ended so far, zeros included. */
export function countsOf(run: RunHead): Record<StepOutcome, number> {
  const count = (outcome: StepOutcome): number => {
    const value = run.steps[outcome];
    return typeof value === "number" ? value : 0;
  };
  return {
    succeeded: count("succeeded"),
    unchanged: count("unchanged"),
    failed: count("failed"),
    skipped: count("skipped"),
    blocked: count("blocked"),
    cancelled: count("cancelled"),
    interrupted: count("interrupted"),
  };
}

/** When it died is not known, only that it lived when it took its last claim. */
function knownSeconds(run: RunHead, claims: readonly Claim[]): number {
  const start: Instant = run.startedAt ?? run.requestedAt;
  const last = claims.reduce((latest, claim) => Math.max(latest, claim.since), start);
  return (last - start) / 1000;
}
