/**
 * How an asset stands, for `ls`, the status, selections by state and the dashboard: its partitions' states added
 * up. Asks `reasons.ts`; decides only which word wins.
 */
import type { FreshnessPolicy } from "./definition.ts";
import type { Claim, Head, State } from "./heads.ts";
import { freshness, type FreshnessState } from "./freshness.ts";
import {
  type AssetKey,
  type HolderId,
  type Instant,
  type PartitionKey,
  stepKey,
  WHOLE,
} from "./key.ts";
import type { Layout } from "./layout.ts";
import { foldRanges } from "./partition/fold_ranges.ts";
import { type Circumstances, evaluate, type Held } from "./reasons.ts";
import { settledOf } from "./settled.ts";
import type { Reason } from "./event.ts";

export type StepState = "fresh" | "stale" | "missing" | "failed" | "running";

export interface PartitionStatus {
  readonly partition: PartitionKey;
  readonly state: StepState;
  readonly reasons: readonly Reason[];
  readonly held: Held | null;
  readonly head: Head | null;
  readonly claim: Claim | null;
}

export interface AssetReason extends Reason {
  readonly held: string | null;
  /** Where the asset is partitioned: which partitions have it, e.g. `2023-01..2023-03`. */
  readonly partitions: string | null;
}

export interface AssetStatus {
  readonly asset: AssetKey;
  readonly state: StepState;
  readonly reasons: readonly AssetReason[];
  readonly partitions: readonly PartitionStatus[];
  readonly counts: Readonly<Record<StepState, number>>;
  /** The newest materialization; null where there is none. */
  readonly last: Head | null;
  /** All published rows. */
  readonly rows: number;
  readonly pinned: boolean;
  readonly freshness: FreshnessState | null;
}

/** How one partition stands. A claim of a dead holder is none. */
export function partitionStatus(
  layout: Layout,
  state: State,
  asset: AssetKey,
  partition: PartitionKey,
  around: Circumstances,
  dead: ReadonlySet<HolderId>,
): PartitionStatus {
  const head = state.heads.get(asset)?.get(partition) ?? null;
  const found = state.claims.get(stepKey(asset, partition)) ?? null;
  const claim = found !== null && !dead.has(found.holder) ? found : null;
  const { reasons, held } = evaluate(layout, state, asset, partition, around);
  const word: StepState = claim !== null
    ? "running"
    : head?.failure
    ? "failed"
    : layout.def(asset).kind === "source"
    ? "fresh"
    : head?.published
    ? reasons.length > 0 ? "stale" : "fresh"
    : "missing";
  return { partition, state: word, reasons, held, head, claim };
}

const NONE: readonly Reason[] = [];
const WORST: readonly StepState[] = ["running", "failed", "missing", "stale", "fresh"];

/** How one asset stands: running if any of it runs, failed if any of it failed, and so on. */
export function assetStatus(
  layout: Layout,
  state: State,
  asset: AssetKey,
  around: Circumstances,
  dead: ReadonlySet<HolderId>,
): AssetStatus {
  const settled = settledOf(layout, state, asset, around);
  const heads = state.heads.get(asset);
  const partitions = layout.keys(asset).map((key): PartitionStatus => {
    const head = heads?.get(key);
    return head !== undefined && state.claims.size === 0 && settled?.(key, head)
      ? { partition: key, state: "fresh", reasons: NONE, held: null, head, claim: null }
      : partitionStatus(layout, state, asset, key, around, dead);
  });
  const counts: Record<StepState, number> = {
    fresh: 0,
    stale: 0,
    missing: 0,
    failed: 0,
    running: 0,
  };
  let last: Head | null = null;
  let rows = 0;
  for (const each of partitions) {
    counts[each.state]++;
    const published = each.head?.published;
    if (!published) continue;
    rows += published.rows;
    if (last === null || (last.published?.at ?? 0) < published.at) last = each.head;
  }
  const def = layout.def(asset);
  const newest = layout.newest(asset);
  const at = newest === null ? null : state.heads.get(asset)?.get(newest)?.published?.at ?? null;
  return {
    asset,
    state: WORST.find((word) => counts[word] > 0) ?? "fresh",
    reasons: foldReasons(partitions),
    partitions,
    counts,
    last,
    rows,
    pinned: partitions.some((each) => each.head?.pinned),
    freshness: def.freshness === null
      ? null
      : freshnessState(def.freshness, at, around.now, layout.timezone),
  };
}

/** The words that `is:` knows for an asset. */
export function stateWords(status: AssetStatus): ReadonlySet<string> {
  const words = new Set<string>([status.state]);
  for (const [word, count] of Object.entries(status.counts)) {
    if (count > 0 && word !== "fresh") words.add(word);
  }
  if (status.reasons.length > 0) words.add("stale");
  if (status.pinned) words.add("pinned");
  if (status.freshness === "late" || status.freshness === "never") words.add("late");
  return words;
}

function freshnessState(
  policy: FreshnessPolicy,
  at: Instant | null,
  now: Instant,
  timezone: string,
): FreshnessState | null {
  const found = freshness(policy, at, now, timezone);
  return found.ok ? found.value.state : null;
}

/** Equal reasons of many partitions are one, with the partitions as ranges. */
function foldReasons(partitions: readonly PartitionStatus[]): readonly AssetReason[] {
  const folded = new Map<string, { reason: Reason; held: string | null; keys: PartitionKey[] }>();
  for (const { partition, reasons, held } of partitions) {
    for (const reason of reasons) {
      const id = JSON.stringify([reason.kind, reason.text, held?.text ?? null]);
      const known = folded.get(id);
      if (known) known.keys.push(partition);
      else folded.set(id, { reason, held: held?.text ?? null, keys: [partition] });
    }
  }
  return [...folded.values()].map(({ reason, held, keys }) => ({
    ...reason,
    held,
    partitions: keys.length === 1 && keys[0] === WHOLE ? null : foldRanges(keys),
  }));
}
