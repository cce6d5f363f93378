/** `check`: is the project right, without touching data. What the loader finds wrong is thrown before one gets here. */
import {
  type Known,
  mayChange,
  publishedColumns,
  type SchemaChange,
  schemaChange,
} from "../core/compile.ts";
import type { AssetKey } from "../core/key.ts";
import type { Problem } from "../core/problem/problem.ts";
import { chooseUp, chosenAssets } from "./choose.ts";
import { compile } from "./compile.ts";
import type { Session } from "./session.ts";

export interface Checked {
  /** How many assets were looked at: what was selected, and what it stands on. */
  readonly assets: number;
  /** Roots only. */
  readonly problems: readonly Problem[];
  /** Queries that could not be bound, since the columns of what they read are not known yet. */
  readonly unknown: readonly AssetKey[];
  /** Of those, the ones that have to be materialized first. */
  readonly unknownRoots: readonly AssetKey[];
  readonly changes: readonly SchemaChange[];
}

export async function checkProject(
  session: Session,
  select: readonly string[],
  exclude: readonly string[],
): Promise<Checked> {
  const view = await session.view();
  const { layout, state } = view;
  const chosen = chosenAssets(view, select, exclude);
  const assets = layout.graph.ancestors(chosen);
  const asked = { select: [], exclude: [], partitions: [], from: null, to: null, force: false };
  const steps = chooseUp(view, asked).plan.steps.filter((step) => step.action === "materialize");
  const changing = mayChange(steps, state);
  const { found, columns } = await compile(session, view, { assets, changing, settings: {} });
  const broken = layout.graph.descendants(found.map((each) => each.asset));
  const isUnknown = (asset: AssetKey) => (columns.get(asset) ?? null) === null;
  const unknown = layout.graph.keys.filter((key) =>
    assets.has(key) && layout.def(key).sql !== null && !broken.has(key) && isUnknown(key)
  );
  const roots = layout.graph.keys.filter((key) =>
    assets.has(key) && !broken.has(key) && isUnknown(key) &&
    !layout.graph.upstream(key).some(isUnknown) &&
    layout.graph.downstream(key).some((each) => unknown.includes(each))
  );
  return {
    assets: assets.size,
    problems: found.map((each) => each.problem),
    unknown,
    unknownRoots: roots,
    changes: layout.graph.keys.flatMap((key) => {
      if (!assets.has(key) || layout.def(key).sql === null) return [];
      const after: Known = columns.get(key) ?? null;
      return schemaChange(layout, key, publishedColumns(state, key), after) ?? [];
    }),
  };
}
