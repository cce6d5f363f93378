/**
 * What a lineage drawing is made of: a node for each asset, or, folded, one for each group. Groups that read each
 * other cannot be one node each without a circle, so they stay unfolded.
 */
import type { AssetKey } from "../core/key.ts";
import type { AssetStatus, StepState } from "../core/status.ts";
import type { Listed } from "./documents_asset.ts";

export interface GraphNode {
  /** The asset's name, or the group's with a `/` behind it. */
  readonly name: string;
  readonly state: StepState;
  /** Its assets; one, unless it is a folded group. */
  readonly statuses: readonly AssetStatus[];
  readonly folded: boolean;
}

export interface LineageGraph {
  /** Each after all that it reads. */
  readonly nodes: readonly GraphNode[];
  /** Indexes of nodes: what is read, what reads it. */
  readonly edges: readonly (readonly [from: number, to: number])[];
}

const WORST: readonly StepState[] = ["running", "failed", "missing", "stale", "fresh"];

/** The state of several as one: running if any of them runs, failed if any of them failed, and so on. */
export function worstOf(statuses: readonly AssetStatus[]): StepState {
  return WORST.find((word) => statuses.some((each) => each.state === word)) ?? "fresh";
}

/** The selection as a graph, an asset a node. */
export function lineageOf(listed: Listed): LineageGraph {
  const nodes = listed.statuses.map((status): GraphNode => ({
    name: status.asset,
    state: status.state,
    statuses: [status],
    folded: false,
  }));
  return { nodes, edges: edgesBetween(listed, nodes) };
}

/** The selection with each group of more than one asset as one node. */
export function foldedLineageOf(listed: Listed): LineageGraph {
  const group = (status: AssetStatus) => listed.defs.get(status.asset)?.group ?? "";
  const members = new Map<string, AssetStatus[]>();
  for (const status of listed.statuses) {
    members.set(group(status), [...members.get(group(status)) ?? [], status]);
  }
  const folds = new Set(
    [...members].filter(([name, all]) => name !== "" && all.length > 1)
      .map(([name]) => name),
  );
  for (const name of inCircles(listed, folds)) folds.delete(name);
  const nodes: GraphNode[] = [];
  const seen = new Set<string>();
  for (const status of listed.statuses) {
    const name = group(status);
    if (!folds.has(name)) {
      nodes.push({ name: status.asset, state: status.state, statuses: [status], folded: false });
    } else if (!seen.has(name)) {
      seen.add(name);
      const all = members.get(name) ?? [];
      nodes.push({ name: `${name}/`, state: worstOf(all), statuses: all, folded: true });
    }
  }
  return { nodes, edges: edgesBetween(listed, nodes) };
}

function edgesBetween(
  { defs }: Listed,
  nodes: readonly GraphNode[],
): LineageGraph["edges"] {
  const place = new Map<AssetKey, number>();
  nodes.forEach(({ statuses }, at) => statuses.forEach(({ asset }) => place.set(asset, at)));
  const edges = new Map<string, readonly [number, number]>();
  nodes.forEach(({ statuses }, to) => {
    for (const { asset } of statuses) {
      for (const dep of defs.get(asset)?.deps ?? []) {
        const from = place.get(dep.asset);
        if (from !== undefined && from !== to) edges.set(`${from} ${to}`, [from, to]);
      }
    }
  });
  return [...edges.values()];
}

/** Groups that, each as one node, would stand in a circle: strongly connected parts of more than one node. */
function inCircles(listed: Listed, folds: ReadonlySet<string>): readonly string[] {
  const idOf = (asset: AssetKey) => {
    const name = listed.defs.get(asset)?.group ?? "";
    return folds.has(name) ? `${name}/` : asset;
  };
  const next = new Map<string, Set<string>>();
  for (const { asset } of listed.statuses) {
    const own = next.get(idOf(asset)) ?? new Set<string>();
    next.set(idOf(asset), own);
    for (const dep of listed.defs.get(asset)?.deps ?? []) {
      const from = idOf(dep.asset);
      if (from !== idOf(asset)) next.set(from, (next.get(from) ?? new Set()).add(idOf(asset)));
    }
  }
  const reach = (from: string): ReadonlySet<string> => {
    const found = new Set<string>();
    const open = [...next.get(from) ?? []];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (found.has(id)) continue;
      found.add(id);
      open.push(...next.get(id) ?? []);
    }
    return found;
  };
  return [...folds].filter((name) => reach(`${name}/`).has(`${name}/`));
}
