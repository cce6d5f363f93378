/**
 * Partitions that are published and that the asset's scheme does not have (any more): left over from another scheme.
 * They are read by nobody and built by nobody; what to do with them is the user's decision.
 */
import type { State } from "./heads.ts";
import type { AssetKey, PartitionKey } from "./key.ts";
import type { Layout } from "./layout.ts";

/** Keys with a version that are outside of the scheme, in key order. */
export function orphansOf(layout: Layout, state: State, asset: AssetKey): readonly PartitionKey[] {
  const orphans: PartitionKey[] = [];
  for (const head of state.heads.get(asset)?.values() ?? []) {
    if (head.published !== null && !layout.has(asset, head.partition)) orphans.push(head.partition);
  }
  return orphans.sort();
}
