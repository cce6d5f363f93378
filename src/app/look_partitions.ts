/** `partitions`: how each partition of the selected assets stands, and what is left over from other schemes. */
import type { AssetDefinition } from "../core/definition.ts";
import type { AssetKey, PartitionKey } from "../core/key.ts";
import { orphansOf } from "../core/orphans.ts";
import { type KeyRange, ranges } from "../core/partition/ranges.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { type AssetStatus, assetStatus, type StepState } from "../core/status.ts";
import { chosenAssets } from "./choose.ts";
import type { Session, View } from "./session.ts";

export interface PartitionsFound {
  readonly def: AssetDefinition;
  readonly status: AssetStatus;
  /** Neighbouring keys of one state. */
  readonly ranges: Readonly<Record<StepState, readonly KeyRange[]>>;
  /** Published under another scheme. */
  readonly orphaned: readonly PartitionKey[];
}

const STATES: readonly StepState[] = ["fresh", "stale", "missing", "failed", "running"];

/** Of the selected assets those that are partitioned, and those that once were. */
export async function lookPartitions(
  session: Session,
  select: readonly string[],
  exclude: readonly string[],
): Promise<{ readonly view: View; readonly found: readonly PartitionsFound[] }> {
  const view = await session.view();
  const chosen = chosenAssets(view, select, exclude);
  const around = view.around();
  const found: PartitionsFound[] = [];
  for (const asset of view.layout.graph.keys) {
    if (!chosen.has(asset)) continue;
    const def = view.layout.def(asset);
    const orphaned = orphansOf(view.layout, view.state, asset);
    if (def.partitions === null && orphaned.length === 0) continue;
    const status = assetStatus(view.layout, view.state, asset, around, view.dead);
    const { scheme } = view.layout.partitions(asset);
    const of = (state: StepState) =>
      ranges(
        scheme,
        status.partitions.filter((each) => each.state === state).map((each) => each.partition),
      );
    found.push({
      def,
      status,
      ranges: Object.fromEntries(STATES.map((state) => [state, of(state)])) as Record<
        StepState,
        readonly KeyRange[]
      >,
      orphaned,
    });
  }
  if (found.length === 0 && select.length > 0) throw new ProblemError(nothingFor(chosen));
  return { view, found };
}

function nothingFor(chosen: ReadonlySet<AssetKey>) {
  const names = [...chosen].slice(0, 5).join(", ");
  return problem("usage", {
    message: `Cannot show partitions: ${names}${chosen.size > 5 ? ", …" : ""} has none`,
    why: "an asset has partitions where its definition says so, e.g. partitions: monthly",
    hint: "see all that have any: nycflow partitions",
  });
}
