/** Decides, inside the publishing transaction, what of all that ended is published and what came too late. Pure. */
import type { Event } from "../core/event.ts";
import type { State } from "../core/heads.ts";
import type { Finished } from "./steps.ts";
import { settle, type Settled, type Settling, stillHolds } from "./settle.ts";

export interface Publishing {
  readonly events: readonly Event[];
  readonly settled: readonly Settled[];
  /** Lost their claim meanwhile: they publish nothing. */
  readonly late: readonly Finished[];
}

/** `randoms`: one for each, for the jitter of its next try. */
export function decidePublishing(
  current: State,
  settling: Settling,
  finished: readonly Finished[],
  randoms: readonly number[],
): Publishing {
  const events: Event[] = [];
  const settled: Settled[] = [];
  const late: Finished[] = [];
  finished.forEach((each, index) => {
    if (!stillHolds(current, each.claimed)) {
      late.push(each);
      return;
    }
    const { claimed, result, seconds } = each;
    const one = settle(settling, claimed, result, seconds, randoms[index] ?? 0);
    settled.push(one);
    events.push(...one.events);
  });
  return { events, settled, late };
}
