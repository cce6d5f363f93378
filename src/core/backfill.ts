/**
 * Backfills: which partitions of a range are meant, in which order, in how many runs, and which are left of one that
 * was cut off. What was asked for travels in the log with each of its runs; what is done is read off the heads.
 */
import type { BackfillFilter, BackfillOrder } from "./backfill_request.ts";
import type { State } from "./heads.ts";
import { type AssetKey, type EventId, type PartitionKey, type StepKey, stepKey } from "./key.ts";
import type { Layout } from "./layout.ts";
import type { Plan, PlannedStep } from "./plan.ts";

/** Asset partitions by asset, keys in the layout's order. */
export type Wanted = ReadonlyMap<AssetKey, readonly PartitionKey[]>;

/**
 * Of the keys in range those that are to be built. `since` is the first event of a backfill that is gone on with: what
 * was published after it is done.
 */
export function wantedOf(
  state: State,
  keys: Wanted,
  filter: BackfillFilter,
  since: EventId | null,
): Wanted {
  const wanted = new Map<AssetKey, readonly PartitionKey[]>();
  for (const [asset, all] of keys) {
    const heads = state.heads.get(asset);
    const chosen = all.filter((key) => {
      const head = heads?.get(key);
      if (filter === "failed" && !head?.failure) return false;
      if (!head?.published) return true;
      if (filter === "missing") return false;
      return filter === "failed" || since === null || head.published.event <= since;
    });
    if (chosen.length > 0) wanted.set(asset, chosen);
  }
  return wanted;
}

/** Newest first, but for what is made from the partition before it. */
export function defaultOrder(layout: Layout, assets: Iterable<AssetKey>): BackfillOrder {
  for (const asset of assets) {
    const { strategy } = layout.def(asset);
    const reads = layout.graph.dependencies(asset).some((each) => each.asset === asset);
    if (reads || strategy === "append" || strategy === "merge") return "oldest";
  }
  return "newest";
}

/**
 * Shares the keys out among runs: `perRun` keys each (the same key of several assets counts once), in order. A key that
 * another one of the backfill is made from comes no later than that.
 */
export function batchesOf(
  layout: Layout,
  wanted: Wanted,
  order: BackfillOrder,
  perRun: number | null,
): readonly Wanted[] {
  const keys = orderedKeys(layout, wanted, order);
  if (perRun === null || keys.length <= perRun) return keys.length === 0 ? [] : [wanted];
  const left = new Map([...wanted].map(([asset, own]) => [asset, new Set(own)]));
  const batches: Wanted[] = [];
  for (let from = 0; from < keys.length; from += perRun) {
    const batch = new Map<AssetKey, Set<PartitionKey>>();
    const take = (asset: AssetKey, key: PartitionKey) => {
      if (!left.get(asset)?.delete(key)) return;
      const own = batch.get(asset) ?? new Set<PartitionKey>();
      batch.set(asset, own.add(key));
      for (const { dependency, required, optional } of layout.mapped(asset, key)) {
        if (dependency.asset === asset) continue;
        for (const up of [...required, ...optional]) take(dependency.asset, up);
      }
    };
    for (const key of keys.slice(from, from + perRun)) {
      for (const asset of left.keys()) take(asset, key);
    }
    if (batch.size > 0) {
      batches.push(new Map([...batch].map(([asset, own]) => [asset, [...own].sort()])));
    }
  }
  return batches;
}

/** The keys of all assets, each once, by the time at which their windows begin; keys without time as they stand. */
function orderedKeys(
  layout: Layout,
  wanted: Wanted,
  order: BackfillOrder,
): readonly PartitionKey[] {
  const places = new Map<PartitionKey, number>();
  for (const [asset, keys] of wanted) {
    for (const key of keys) {
      if (!places.has(key)) places.set(key, layout.window(asset, key)?.start ?? places.size);
    }
  }
  const ascending = [...places].sort(([, a], [, b]) => a - b).map(([key]) => key);
  return order === "oldest" ? ascending : ascending.reverse();
}

/**
 * The plan's steps in the order of the backfill: whatever a key needs just before it, so that the first keys are whole
 * before others are begun. Every step still stands after what it waits for.
 */
export function inOrder(
  plan: Plan,
  layout: Layout,
  wanted: Wanted,
  order: BackfillOrder,
): Plan {
  const makers = new Map<StepKey, PlannedStep>();
  for (const step of plan.steps) {
    for (const asset of step.together) makers.set(stepKey(asset, step.partition), step);
  }
  const placed = new Set<PlannedStep>();
  const steps: PlannedStep[] = [];
  const place = (first: PlannedStep) => {
    // Without recursion: a chain may be ten thousand long.
    const stack: { step: PlannedStep; next: number }[] = [{ step: first, next: 0 }];
    const open = new Set<PlannedStep>([first]);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const key = top.step.after[top.next] ?? top.step.afterAny[top.next - top.step.after.length];
      if (key === undefined) {
        stack.pop();
        if (!placed.has(top.step)) steps.push(top.step);
        placed.add(top.step);
        continue;
      }
      top.next++;
      const up = makers.get(key);
      if (up === undefined || placed.has(up) || open.has(up)) continue;
      open.add(up);
      stack.push({ step: up, next: 0 });
    }
  };
  for (const key of orderedKeys(layout, wanted, order)) {
    for (const [asset] of wanted) {
      const step = makers.get(stepKey(asset, key));
      if (step !== undefined && !placed.has(step)) place(step);
    }
  }
  for (const step of plan.steps) if (!placed.has(step)) place(step);
  return { ...plan, steps };
}

/** How many asset partitions. */
export function countWanted(wanted: Wanted): number {
  let sum = 0;
  for (const keys of wanted.values()) sum += keys.length;
  return sum;
}

/** The first `most` keys in order, of all assets. */
export function firstOf(
  layout: Layout,
  wanted: Wanted,
  order: BackfillOrder,
  most: number,
): Wanted {
  const first = new Set(orderedKeys(layout, wanted, order).slice(0, most));
  const cut = [...wanted].map(([asset, keys]) =>
    [asset, keys.filter((key) => first.has(key))] as const
  );
  return new Map(cut.filter(([, keys]) => keys.length > 0));
}
