/** An environment's versions against production's: which differ, and one asset's rows. */
import type { AssetKey, PartitionKey } from "../core/key.ts";
import type { VersionRef } from "../core/version.ts";
import { refOf } from "../engine/order.ts";
import { partitionsAsked } from "./choose.ts";
import { compare, type DiffFound } from "./diff.ts";
import { assetNamed } from "./look.ts";
import type { Session, View } from "./session.ts";

export interface Difference {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly production: number | null;
  readonly own: number;
  readonly same: boolean;
}

/** Of all that the environment has of its own. */
export async function listDifferences(
  environment: Session,
  production: Session,
): Promise<readonly Difference[]> {
  const ours = await environment.view();
  const theirs = await production.view();
  const found: Difference[] = [];
  for (const asset of ours.layout.graph.keys) {
    for (const { partition, published } of ours.state.heads.get(asset)?.values() ?? []) {
      if (published === null || published.event <= 0) continue;
      const there = theirs.state.heads.get(asset)?.get(partition)?.published ?? null;
      found.push({
        asset,
        partition,
        production: there?.rows ?? null,
        own: published.rows,
        same: there?.dataVersion === published.dataVersion,
      });
    }
  }
  return found;
}

/** Production is what was before, the environment what is after. */
export async function compareEnvironments(
  environment: Session,
  production: Session,
  name: string,
  partition: string | null,
  limit: number,
): Promise<{ readonly view: View; readonly found: DiffFound }> {
  await environment.reads(true);
  const view = await environment.view();
  const asset = assetNamed(view, name);
  const keys = partition === null
    ? view.layout.keys(asset)
    : partitionsAsked(view, asset, { partitions: [partition], from: null, to: null });
  const sideOf = ({ state }: View): ReadonlyMap<PartitionKey, VersionRef> =>
    new Map(keys.flatMap((key) => {
      const published = state.heads.get(asset)?.get(key)?.published;
      return published ? [[key, refOf(asset, key, published)] as const] : [];
    }));
  const before = sideOf(await production.view());
  return {
    view,
    found: await compare(environment, view.layout.def(asset), before, sideOf(view), limit),
  };
}
