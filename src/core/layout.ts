/**
 * The project laid out at one instant: its graph, which partitions each asset has, which upstream partitions
 * each of them stands on. The planner, the reasons and the engine ask only this; made in `layout_make.ts`.
 */
import type { AssetDefinition, Dependency } from "./definition.ts";
import type { Graph } from "./graph/graph.ts";
import type { AssetKey, PartitionKey } from "./key.ts";
import type { Window } from "./order.ts";

/** The upstream partitions of one dependency. `optional` ones are read where they exist and never waited for in vain. */
export interface Mapped {
  readonly dependency: Dependency;
  readonly required: readonly PartitionKey[];
  readonly optional: readonly PartitionKey[];
}

export interface Layout {
  readonly graph: Graph;
  readonly timezone: string;
  def(asset: AssetKey): AssetDefinition;
  /** In key order; `[WHOLE]` for what is not partitioned. */
  keys(asset: AssetKey): readonly PartitionKey[];
  /** Of some keys those that it has, in key order; all of them for `null`. */
  among(asset: AssetKey, within: ReadonlySet<PartitionKey> | null): readonly PartitionKey[];
  has(asset: AssetKey, partition: PartitionKey): boolean;
  mapped(asset: AssetKey, partition: PartitionKey): readonly Mapped[];
  /** Of each dependency, in the graph's order: is it read under the very same key, whichever that is. */
  sameKeys(asset: AssetKey): readonly boolean[];
  /** Null where the partition is no window of time. */
  window(asset: AssetKey, partition: PartitionKey): Window | null;
  /** The newest window that should exist: what freshness is about. `WHOLE` for the unpartitioned. */
  newest(asset: AssetKey): PartitionKey | null;
}
