/**
 * Claims steps: inside one transaction, over the newest state, decides for each whether it may be worked on,
 * whether there still is a reason, and whether its pool has room. Pure but for the ids handed in.
 */
import type { Event } from "../core/event.ts";
import type { State } from "../core/heads.ts";
import type { AttemptId, EventId, HolderId, RunId, VersionId } from "../core/key.ts";
import type { Layout } from "../core/layout.ts";
import { evaluateTogether, type PlannedStep } from "../core/plan.ts";
import type { Circumstances } from "../core/reasons.ts";
import type { Claim } from "../core/heads.ts";
import { interruptions, mayClaim, poolInUse } from "../core/rules.ts";
import type { Claimed } from "./order.ts";

export type ClaimAnswer =
  | { readonly kind: "claimed"; readonly claimed: Claimed }
  | { readonly kind: "unchanged"; readonly step: PlannedStep }
  | { readonly kind: "elsewhere"; readonly step: PlannedStep; readonly by: Claim }
  | { readonly kind: "pool"; readonly step: PlannedStep; readonly text: string };

export interface ClaimRequest {
  readonly layout: Layout;
  readonly run: RunId;
  /** The event by which this run was requested: what others published later answers the request too. */
  readonly since: EventId;
  readonly holder: HolderId;
  readonly around: Circumstances;
  readonly pools: Readonly<Record<string, number>>;
  readonly dead: ReadonlySet<HolderId>;
  /** Steps with an id for the attempt and one for each output; the same at every call of `decide`. */
  readonly steps: readonly {
    readonly step: PlannedStep;
    readonly number: number;
    readonly attempt: AttemptId;
    readonly versions: readonly VersionId[];
  }[];
}

/** Gives the events to append and the answer for each step. */
export function decideClaims(
  state: State,
  request: ClaimRequest,
): { readonly events: readonly Event[]; readonly answers: readonly ClaimAnswer[] } {
  const events: Event[] = [...interruptions(state, request.dead)];
  const answers: ClaimAnswer[] = [];
  const used = new Map<string, number>();
  for (const each of request.steps) {
    const { step } = each;
    const by = heldBy(state, step, request.dead);
    if (by !== null) {
      answers.push({ kind: "elsewhere", step, by });
      continue;
    }
    const around = answeredByOthers(state, step, request)
      ? { ...request.around, requested: NOTHING_REQUESTED }
      : request.around;
    const found = evaluateTogether(request.layout, state, step.together, step.partition, around);
    if (found.reasons.length === 0) {
      events.push(
        ended(request.run, step, "its inputs did not change", found.inputs, request.layout),
      );
      answers.push({ kind: "unchanged", step });
      continue;
    }
    const def = request.layout.def(step.asset);
    if (def.pool !== null) {
      const { name, slots } = def.pool;
      const size = request.pools[name] ?? Math.max(1, slots);
      const taken = used.get(name) ?? poolInUse(state, name, request.dead);
      if (taken > 0 && taken + slots > size) {
        answers.push({
          kind: "pool",
          step,
          text: `waits for pool ${name}: ${taken} of ${size} slots are taken`,
        });
        continue;
      }
      used.set(name, taken + slots);
    }
    step.together.forEach((asset, index) =>
      events.push({
        kind: "attempt-started",
        run: request.run,
        asset,
        partition: step.partition,
        attempt: each.attempt,
        number: each.number,
        holder: request.holder,
        action: found.action,
        reasons: found.reasons,
        code: request.layout.def(asset).codeVersion,
        inputs: found.inputs,
        pool: index === 0 ? def.pool : null,
      })
    );
    answers.push({
      kind: "claimed",
      claimed: {
        step: { ...step, action: found.action, reasons: found.reasons },
        attempt: each.attempt,
        number: each.number,
        inputs: found.inputs,
        versions: each.versions,
      },
    });
  }
  return { events, answers };
}

const NOTHING_REQUESTED: ReadonlyMap<string, string> = new Map();

/** Another run made all of it after this one was asked for: five who ask at once get it made once. */
function answeredByOthers(state: State, step: PlannedStep, request: ClaimRequest): boolean {
  return step.together.every((asset) => {
    const published = state.heads.get(asset)?.get(step.partition)?.published;
    return published !== undefined && published !== null && published.event > request.since &&
      published.run !== request.run;
  });
}

/** Another attempt's claim on any of the step's assets. */
function heldBy(state: State, step: PlannedStep, dead: ReadonlySet<HolderId>): Claim | null {
  for (const asset of step.together) {
    const may = mayClaim(state, asset, step.partition, dead);
    if (!may.ok) return may.by;
  }
  return null;
}

function ended(run: RunId, step: PlannedStep, text: string, inputs: string, layout: Layout): Event {
  return {
    kind: "step-ended",
    run,
    asset: step.asset,
    partition: step.partition,
    attempt: null,
    outcome: "unchanged",
    text,
    code: layout.def(step.asset).codeVersion,
    inputs,
  };
}
