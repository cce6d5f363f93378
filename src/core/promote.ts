/**
 * Promoting: an environment's versions become production's. Decides what is promoted, and what stands in the way:
 * production has another version than when the environment began to build, or what a version was built from has moved.
 */
import type { Published, State } from "./heads.ts";
import type { InputChange } from "./inputs.ts";
import { type AssetKey, type EventId, type PartitionKey, type StepKey, stepKey } from "./key.ts";

/** A version of the environment's own. */
export interface Promotion {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly published: Published;
  /** Production's last event when it was begun; null where that is not known. */
  readonly base: EventId | null;
}

export interface Moved {
  readonly step: StepKey;
  readonly text: string;
}

/** Why these cannot be promoted over production as it is; empty where they can. `stale` is asked in the environment. */
export function movedSince(
  production: State,
  promotions: readonly Promotion[],
  stale: (promotion: Promotion) => readonly InputChange[],
): readonly Moved[] {
  const moved: Moved[] = [];
  for (const promotion of promotions) {
    const { asset, partition, base } = promotion;
    const step = stepKey(asset, partition);
    const head = production.heads.get(asset)?.get(partition);
    if (head?.pinned) moved.push({ step, text: `is pinned in production: ${head.pinned.text}` });
    const there = head?.published;
    if (there && (base === null || there.event > base)) {
      moved.push({ step, text: "has been materialized in production since" });
      continue;
    }
    const changes = stale(promotion);
    if (changes.length > 0) {
      const names = [...new Set(changes.map((each) => each.asset))].join(", ");
      moved.push({ step, text: `was built from ${names}, which moved since` });
    }
  }
  return moved;
}
