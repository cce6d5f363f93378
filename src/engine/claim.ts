/**
 * Claims steps: inside one transaction, over the newest state, decides for each whether it may be worked on,
 * whether there still is a reason, and whether its pool has room. Pure but for the ids handed in.
 */
import type { Event } from "../core/event.ts";
import type { Claim, State } from "../core/heads.ts";
import type { AttemptId, EventId, HolderId, Instant, RunId, VersionId } from "../core/key.ts";
import type { Layout } from "../core/layout.ts";
import { digestInputs } from "../core/inputs.ts";
import { evaluateTogether, type PlannedStep } from "../core/plan.ts";
import type { Circumstances, Evaluation } from "../core/reasons.ts";
import { interruptions, mayClaim, poolInUse } from "../core/rules.ts";
import type { PoolWait } from "../ports/liveness.ts";
import { endedEvent } from "./ends.ts";
import type { Claimed } from "./order.ts";

export type ClaimAnswer =
  | { readonly kind: "claimed"; readonly claimed: Claimed }
  | { readonly kind: "unchanged"; readonly step: PlannedStep }
  /** It is held by now: it failed, or was skipped, and nothing has changed since. */
  | { readonly kind: "held"; readonly step: PlannedStep; readonly text: string }
  /** Its next try is not due yet. */
  | { readonly kind: "later"; readonly step: PlannedStep; readonly at: Instant }
  | {
    readonly kind: "elsewhere";
    readonly step: PlannedStep;
    readonly by: Pick<Claim, "holder" | "since">;
  }
  /** `turn`: there is room, but somebody else comes first. */
  | {
    readonly kind: "pool";
    readonly step: PlannedStep;
    readonly pool: string;
    readonly slots: number;
    readonly text: string;
    readonly turn: boolean;
  };

/** A step with an id for the attempt and one for each output; the same at every call of `decide`. */
export interface Wanted {
  readonly step: PlannedStep;
  readonly number: number;
  readonly attempt: AttemptId;
  readonly versions: readonly VersionId[];
  /** Since when it waits; infinity where it does not yet. */
  readonly since: number;
  /** Lets others go first, who may have stopped; for a while only. */
  readonly yields: boolean;
}

export interface ClaimRequest {
  readonly layout: Layout;
  readonly run: RunId;
  /** The event by which this run was requested: what others published later answers the request too. */
  readonly since: EventId;
  readonly holder: HolderId;
  readonly around: Circumstances;
  readonly pools: Readonly<Record<string, number>>;
  readonly dead: ReadonlySet<HolderId>;
  /** What other processes wait for. */
  readonly waits: readonly PoolWait[];
  readonly steps: readonly Wanted[];
}

/** Gives the events to append and the answer for each step. */
export function decideClaims(
  state: State,
  request: ClaimRequest,
): { readonly events: readonly Event[]; readonly answers: readonly ClaimAnswer[] } {
  const events: Event[] = [...interruptions(state, request.dead)];
  const answers: ClaimAnswer[] = [];
  const pools = createPools(state, request);
  for (const each of request.steps) {
    const { step } = each;
    const by = heldBy(state, step, request.dead);
    if (by !== null) {
      answers.push({ kind: "elsewhere", step, by });
      continue;
    }
    const around = answeredByOthers(state, step, request)
      ? { ...request.around, requested: NOTHING, due: NOTHING }
      : request.around;
    const found = evaluateTogether(request.layout, state, step.together, step.partition, around);
    const inputs = digestInputs(request.layout, state, step.asset, step.partition);
    if (found.reasons.length === 0) {
      events.push(
        ended(request, step, "unchanged", "its inputs did not change", inputs),
      );
      answers.push({ kind: "unchanged", step });
      continue;
    }
    const not = notNow(state, step, found, request);
    if (not !== null) {
      if (not.kind === "held") {
        events.push(ended(request, step, "skipped", not.text, inputs));
      }
      answers.push(not);
      continue;
    }
    const def = request.layout.def(step.asset);
    if (def.pool !== null) {
      const full = pools.take(def.pool, each);
      if (full !== null) {
        const { name, slots } = def.pool;
        answers.push({ kind: "pool", step, pool: name, slots, ...full });
        continue;
      }
    }
    const number = found.retry ? found.retry.tries + 1 : each.number;
    step.together.forEach((asset, index) =>
      events.push({
        kind: "attempt-started",
        run: request.run,
        asset,
        partition: step.partition,
        attempt: each.attempt,
        number,
        holder: request.holder,
        action: found.action,
        reasons: found.reasons,
        code: request.layout.def(asset).codeVersion,
        inputs,
        pool: index === 0 ? def.pool : null,
      })
    );
    answers.push({
      kind: "claimed",
      claimed: {
        step: { ...step, action: found.action, reasons: found.reasons },
        attempt: each.attempt,
        number,
        inputs,
        versions: each.versions,
      },
    });
  }
  return { events, answers };
}

const NOTHING: ReadonlyMap<string, string> = new Map();

/** Another run made all of it after this one was asked for: five who ask at once get it made once. */
function answeredByOthers(state: State, step: PlannedStep, request: ClaimRequest): boolean {
  return step.together.every((asset) => {
    const published = state.heads.get(asset)?.get(step.partition)?.published;
    return published !== undefined && published !== null && published.event > request.since &&
      published.run !== request.run;
  });
}

/** What another run came to since this one was planned holds here too; this run's own failures do not. */
function notNow(
  state: State,
  step: PlannedStep,
  found: Evaluation,
  request: ClaimRequest,
): Extract<ClaimAnswer, { kind: "held" | "later" | "elsewhere" }> | null {
  const { held, retry } = found;
  if (retry && retry.run !== request.run) {
    const run = held?.kind === "retry" ? state.runs.get(retry.run) : undefined;
    if (run?.holder) {
      const by = { holder: run.holder, since: run.startedAt ?? run.requestedAt };
      return { kind: "elsewhere", step, by };
    }
    return retry.at > request.around.now ? { kind: "later", step, at: retry.at } : null;
  }
  if (retry || (held?.kind !== "failed" && held?.kind !== "skipped")) return null;
  return { kind: "held", step, text: held.text };
}

/** Another attempt's claim on any of the step's assets. */
function heldBy(state: State, step: PlannedStep, dead: ReadonlySet<HolderId>): Claim | null {
  for (const asset of step.together) {
    const may = mayClaim(state, asset, step.partition, dead);
    if (!may.ok) return may.by;
  }
  return null;
}

/** Gives slots: priority first, then who waits longest, over all processes; nobody overtakes who does not fit yet. */
function createPools(state: State, request: ClaimRequest) {
  const used = new Map<string, number>();
  const refused = new Map<string, number>();
  return {
    take(
      { name, slots }: { readonly name: string; readonly slots: number },
      wanted: Wanted,
    ): { readonly text: string; readonly turn: boolean } | null {
      const size = request.pools[name] ?? Math.max(1, slots);
      const taken = used.get(name) ?? poolInUse(state, name, request.dead);
      const { priority } = wanted.step;
      const full = taken > 0 && taken + slots > size;
      if (full || (refused.get(name) ?? -Infinity) >= priority) {
        refused.set(name, Math.max(priority, refused.get(name) ?? -Infinity));
        const text = `waits for pool ${name}: ${taken} of ${size} slots are taken`;
        return { text, turn: false };
      }
      const first = wanted.yields &&
        request.waits.find((other) =>
          other.pool === name && (taken === 0 || taken + other.slots <= size) &&
          (other.priority > priority || (other.priority === priority && other.since < wanted.since))
        );
      if (first) return { text: `waits for pool ${name}: ${first.step} comes first`, turn: true };
      used.set(name, taken + slots);
      return null;
    },
  };
}

function ended(
  { run, layout }: ClaimRequest,
  step: PlannedStep,
  outcome: "unchanged" | "skipped",
  text: string,
  inputs: string,
): Event {
  const event = endedEvent(run, step, outcome, text);
  // What is held stays held for its own cause, not for this one.
  if (outcome === "skipped") return event;
  return { ...event, code: layout.def(step.asset).codeVersion, inputs };
}
