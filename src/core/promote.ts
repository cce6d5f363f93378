/**
 * Promoting: an environment's versions become production's. Decides what is promoted, and what stands in the way:
 * production has another version than when the environment began to build, or what a version was built from has moved.
 */
import type { Published, State } from "./heads.ts";
import type { InputChange } from "./inputs.ts";
import {
  type AssetKey,
  type EventId,
  type PartitionKey,
  type StepKey,
  stepKey,
  WHOLE,
} from "./key.ts";
import { foldRanges } from "./partition/fold_ranges.ts";

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
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
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
    const of = { step: stepKey(asset, partition), asset, partition };
    const head = production.heads.get(asset)?.get(partition);
    if (head?.pinned) moved.push({ ...of, text: `is pinned in production: ${head.pinned.text}` });
    const there = head?.published;
    if (there && (base === null || there.event > base)) {
      moved.push({ ...of, text: "has been materialized in production since" });
      continue;
    }
    const changes = stale(promotion);
    if (changes.length > 0) {
      const names = [...new Set(changes.map((each) => each.asset))].join(", ");
      moved.push({ ...of, text: `was built from ${names}, which moved since` });
    }
  }
  return moved;
}

/** What moved, in words: the partitions of an asset that moved alike are one. */
export function movedWords(moved: readonly Moved[]): readonly string[] {
  const folded = new Map<
    string,
    { readonly asset: AssetKey; text: string; keys: PartitionKey[] }
  >();
  for (const { asset, partition, text } of moved) {
    const id = `${asset} ${text}`;
    const known = folded.get(id) ?? { asset, text, keys: [] };
    folded.set(id, known);
    known.keys.push(partition);
  }
  return [...folded.values()].map(({ asset, text, keys }) =>
    keys.length === 1 && keys[0] === WHOLE
      ? `${asset} ${text}`
      : `${asset} ${foldRanges([...keys].sort())} ${text}`
  );
}
