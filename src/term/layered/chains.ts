// Decides how long arrows are led through the layers between: as chains of small stand-ins, one
// chain for all arrows of a node, so that what comes from one place is one line that branches.

import type { Arrows } from "./layers.ts";

/** Nodes (`0..count-1`) and stand-ins (from `count` on); every link goes to the next layer. */
export interface Chains {
  readonly count: number;
  /** Items of each layer, in an order that keeps what hangs together side by side. */
  readonly layers: readonly (readonly number[])[];
  readonly layerOf: readonly number[];
  readonly next: readonly (readonly number[])[];
  readonly back: readonly (readonly number[])[];
}

/** The graph with stand-ins wherever an arrow passes a layer. */
export function chainsOf(arrows: Arrows, layerOf: readonly number[]): Chains {
  const count = layerOf.length;
  const layers = [...layerOf];
  const next: number[][] = layerOf.map(() => []);
  const back: number[][] = layerOf.map(() => []);
  const link = (from: number, to: number) => {
    next[from]?.push(to);
    back[to]?.push(from);
  };
  for (let node = 0; node < count; node++) {
    const targets = arrows.next[node] as readonly number[];
    if (targets.length === 0) continue;
    const last = Math.max(...targets.map((to) => layerOf[to] as number));
    let from = node;
    for (let layer = (layerOf[node] as number) + 1; layer <= last; layer++) {
      for (const to of targets) if (layerOf[to] === layer) link(from, to);
      if (layer === last) break;
      const standIn = layers.push(layer) - 1;
      next.push([]);
      back.push([]);
      link(from, standIn);
      from = standIn;
    }
  }
  return { count, layers: walked(layers, next, back), layerOf: layers, next, back };
}

/** Depth first from what nothing points to: a tree comes out without a crossing. */
function walked(
  layerOf: readonly number[],
  next: readonly (readonly number[])[],
  back: readonly (readonly number[])[],
): number[][] {
  const found: number[][] = [];
  const seen = new Set<number>();
  const stack = back.flatMap((all, item) => all.length === 0 ? [item] : []).reverse();
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    if (seen.has(item)) continue;
    seen.add(item);
    (found[layerOf[item] as number] ??= []).push(item);
    stack.push(...(next[item] ?? []).toReversed());
  }
  return found;
}
