/**
 * What certainly has no reason to run, told without looking for reasons: of a hundred thousand partitions nearly all
 * are up to date, and saying so must cost little. Where this cannot tell, `reasons.ts` is asked; where it says yes,
 * `reasons.ts` would say so too (held by a property in tests/core).
 */
import type { Head, State } from "./heads.ts";
import { digestInputs, inputText } from "./inputs.ts";
import { type AssetKey, type PartitionKey, stepKey } from "./key.ts";
import type { Layout } from "./layout.ts";
import type { Circumstances } from "./reasons.ts";
import type { Read } from "./version.ts";

/** Is a partition certainly up to date? */
export type Settled = (partition: PartitionKey, head: Head | undefined) => boolean;

/** The test for one asset, as long as neither state nor circumstances change; null where each must be looked at. */
export function settledOf(
  layout: Layout,
  state: State,
  asset: AssetKey,
  around: Circumstances,
): Settled | null {
  const def = layout.def(asset);
  if (def.freshness !== null || def.together.length > 1) return null;
  // What a dynamic partition came with is read beside the head.
  if (def.kind === "source" || def.partitions?.type === "dynamic") return null;
  const named = around.requested.size + around.due.size + (around.checks?.size ?? 0) > 0;
  const isNamed = (partition: PartitionKey) => {
    const key = stepKey(asset, partition);
    return around.requested.has(key) || around.due.has(key) || around.checks?.has(key) === true;
  };
  // The partitions of an asset mostly share one list of reads.
  let seen: readonly Read[] = [], unchanged = true;
  const sameReads = (reads: readonly Read[]) => {
    if (reads !== seen) {
      seen = reads;
      unchanged = reads.every((read) => around.currentRead(read, def) === read.digest);
    }
    return unchanged;
  };
  const inputs = inputsOf(layout, state, asset);
  return (partition, head) => {
    const published = head?.published ?? null;
    return published !== null && head?.failure === null &&
      published.code === def.codeVersion && published.checksVersion === def.checksVersion &&
      sameReads(published.reads) && published.inputs === inputs(partition) &&
      !(named && isNamed(partition));
  };
}

/** `digestInputs` for any partition of one asset, with what is the same for all of them looked up once. */
function inputsOf(
  layout: Layout,
  state: State,
  asset: AssetKey,
): (partition: PartitionKey) => string {
  const deps = layout.graph.dependencies(asset);
  const same = layout.sameKeys(asset);
  if (!deps.every((dep, at) => same[at] === true && dep.asset !== asset)) {
    return (partition) => digestInputs(layout, state, asset, partition);
  }
  const upstreams = deps.map((dep) => ({ asset: dep.asset, heads: state.heads.get(dep.asset) }));
  return (partition) => {
    let text = "";
    for (const upstream of upstreams) {
      const one = inputText(upstream.asset, partition, upstream.heads?.get(partition));
      text = text === "" ? one : `${text};${one}`;
    }
    return text;
  };
}
