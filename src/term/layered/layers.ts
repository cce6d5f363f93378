// Decides in which layer each node of a directed graph without cycles stands: every arrow goes
// to a later layer. It does not order the nodes within a layer (order.ts).

export type Edge = readonly [from: number, to: number];

/** A layer may hold so much: the sum of sizes and of the gaps between. */
export interface LayerRoom {
  readonly sizes: readonly number[];
  readonly gap: number;
  readonly room: number;
}

/** Neighbours of each node, in both directions, doubles and loops left out. */
export interface Arrows {
  readonly next: readonly (readonly number[])[];
  readonly back: readonly (readonly number[])[];
}

/** The arrows by node. */
export function arrowsOf(count: number, edges: readonly Edge[]): Arrows {
  const next = Array.from({ length: count }, () => new Set<number>());
  const back = Array.from({ length: count }, () => new Set<number>());
  for (const [from, to] of edges) {
    if (from === to) continue;
    next[from]?.add(to);
    back[to]?.add(from);
  }
  return { next: next.map((set) => [...set]), back: back.map((set) => [...set]) };
}

/** Every node after all that point to it, the least index first; throws where there is a cycle. */
export function topological({ next, back }: Arrows): number[] {
  const waiting = back.map((all) => all.length);
  const ready = waiting.flatMap((n, node) => n === 0 ? [node] : []);
  const order: number[] = [];
  for (let at = 0; at < ready.length; at++) {
    const node = ready[at] as number;
    order.push(node);
    for (const to of next[node] ?? []) {
      waiting[to] = (waiting[to] as number) - 1;
      if (waiting[to] === 0) ready.push(to);
    }
  }
  if (order.length < next.length) throw new Error("a layered drawing needs a graph without cycles");
  return order;
}

/**
 * The layer of each node, from 0: as early as the arrows allow, then as near to what follows as they
 * allow where that makes the arrows shorter. With `limit` no layer holds more than its room.
 */
export function assignLayers(arrows: Arrows, limit: LayerRoom | null): number[] {
  const order = topological(arrows);
  const layers = limit === null ? earliest(order, arrows) : bounded(order, arrows, limit);
  const used = layers.map(() => 0);
  layers.forEach((layer, node) => {
    used[layer] = (used[layer] ?? 0) + (limit === null ? 0 : need(limit, node));
  });
  for (const node of order.toReversed()) {
    const next = arrows.next[node] as readonly number[];
    const back = arrows.back[node] as readonly number[];
    if (next.length === 0 || next.length < back.length) continue;
    const own = layers[node] as number;
    let layer = Math.min(...next.map((to) => layers[to] as number)) - 1;
    while (layer > own && limit !== null && (used[layer] ?? 0) + need(limit, node) > limit.room) {
      layer--;
    }
    // A node between one and one gains nothing by moving.
    if (layer <= own || (back.length > 0 && next.length === back.length)) continue;
    if (limit !== null) {
      used[own] = (used[own] ?? 0) - need(limit, node);
      used[layer] = (used[layer] ?? 0) + need(limit, node);
    }
    layers[node] = layer;
  }
  return withoutEmpty(layers);
}

function need({ sizes, gap }: LayerRoom, node: number): number {
  return (sizes[node] ?? 1) + gap;
}

function earliest(order: readonly number[], { back }: Arrows): number[] {
  const layers = back.map(() => 0);
  for (const node of order) {
    for (const from of back[node] ?? []) {
      layers[node] = Math.max(layers[node] as number, (layers[from] as number) + 1);
    }
  }
  return layers;
}

/** As `earliest`, those with the longest way before them first, each in the first layer that has room. */
function bounded(order: readonly number[], arrows: Arrows, limit: LayerRoom): number[] {
  const ahead = arrows.next.map(() => 0);
  for (const node of order.toReversed()) {
    for (const to of arrows.next[node] ?? []) {
      ahead[node] = Math.max(ahead[node] as number, (ahead[to] as number) + 1);
    }
  }
  const rank = earliest(order, arrows);
  const inTurn = [...order].sort((a, b) =>
    (rank[a] as number) - (rank[b] as number) || (ahead[b] as number) - (ahead[a] as number) ||
    a - b
  );
  const layers = rank.map(() => 0);
  const used: number[] = [];
  for (const node of inTurn) {
    let layer = 0;
    for (const from of arrows.back[node] ?? []) {
      layer = Math.max(layer, (layers[from] as number) + 1);
    }
    const own = need(limit, node);
    while ((used[layer] ?? 0) > 0 && (used[layer] ?? 0) + own > limit.room) layer++;
    layers[node] = layer;
    used[layer] = (used[layer] ?? 0) + own;
  }
  return layers;
}

function withoutEmpty(layers: readonly number[]): number[] {
  const kept = [...new Set(layers)].sort((a, b) => a - b);
  const at = new Map(kept.map((layer, index) => [layer, index]));
  return layers.map((layer) => at.get(layer) as number);
}
