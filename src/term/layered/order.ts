// Decides the order within each layer so that few links cross: sweeps that bring each item near
// the middle of its neighbours, then swaps of neighbours. Says nothing of distances (across.ts).

import type { Chains } from "./chains.ts";

const SWEEPS = 24;
/** Above so many items swaps cost more than they please. */
const SWAPPABLE = 600;

/** The layers with their items in a good order. */
export function orderLayers(chains: Chains): number[][] {
  let layers = chains.layers.map((items) => [...items]);
  let best = layers;
  let least = crossings(layers, chains);
  for (let sweep = 0; sweep < SWEEPS && least > 0; sweep++) {
    layers = swept(layers, chains, sweep % 2 === 0, sweep % 4 >= 2);
    if (layers.flat().length <= SWAPPABLE) swapped(layers, chains);
    const found = crossings(layers, chains);
    if (found < least) [best, least] = [layers.map((items) => [...items]), found];
  }
  return best;
}

/** How many pairs of links cross. */
export function crossings(layers: readonly (readonly number[])[], { next }: Chains): number {
  let sum = 0;
  for (let at = 0; at + 1 < layers.length; at++) {
    sum += between(layers[at] as number[], layers[at + 1] as number[], next);
  }
  return sum;
}

/** Counts, link by link, those before it that end after it: a tree of sums by place. */
function between(
  left: readonly number[],
  right: readonly number[],
  next: readonly (readonly number[])[],
): number {
  const place = new Map(right.map((item, at) => [item, at]));
  const sums = new Int32Array(right.length + 1);
  let seen = 0, found = 0;
  for (const from of left) {
    const ends = (next[from] ?? []).map((to) => place.get(to) ?? 0);
    for (const end of ends) {
      let notAfter = 0;
      for (let i = end + 1; i > 0; i -= i & -i) notAfter += sums[i] as number;
      found += seen - notAfter;
    }
    for (const end of ends) {
      seen++;
      for (let i = end + 1; i <= right.length; i += i & -i) sums[i] = (sums[i] as number) + 1;
    }
  }
  return found;
}

function swept(
  layers: readonly (readonly number[])[],
  { next, back }: Chains,
  forward: boolean,
  turned: boolean,
): number[][] {
  const out = layers.map((items) => [...items]);
  const near = forward ? back : next;
  for (let step = 1; step < out.length; step++) {
    const at = forward ? step : out.length - 1 - step;
    const fixed = out[forward ? at - 1 : at + 1] as number[];
    const place = new Map(fixed.map((item, index) => [item, index]));
    const own = out[at] as number[];
    const wish = new Map(own.map((item, index) => {
      const places = (near[item] ?? []).map((each) => place.get(each) ?? 0);
      const mean = places.reduce((sum, each) => sum + each, 0) / places.length;
      return [item, { mean: places.length === 0 ? null : mean, index }];
    }));
    settle(own, wish, turned);
  }
  return out;
}

/** Sorts by wish; who has none keeps its place. Where wishes are equal the order may be turned, to leave dead ends. */
function settle(
  items: number[],
  wish: ReadonlyMap<number, { readonly mean: number | null; readonly index: number }>,
  turned: boolean,
): void {
  const of = (item: number) => wish.get(item) ?? { mean: null, index: 0 };
  const free = items.filter((item) => of(item).mean !== null).sort((a, b) => {
    const apart = (of(a).mean ?? 0) - (of(b).mean ?? 0);
    return apart || (turned ? of(b).index - of(a).index : of(a).index - of(b).index);
  });
  items.forEach((item, at) => {
    if (of(item).mean !== null) items[at] = free.shift() as number;
  });
}

/** Swaps neighbours as long as that saves crossings. */
function swapped(layers: number[][], { next, back }: Chains): void {
  for (let round = 0, better = true; better && round < 10; round++) {
    better = false;
    layers.forEach((items, layer) => {
      const before = placesIn(layers[layer - 1]), after = placesIn(layers[layer + 1]);
      for (let at = 0; at + 1 < items.length; at++) {
        const a = items[at] as number, b = items[at + 1] as number;
        const gain = saved(back[a], back[b], before) + saved(next[a], next[b], after);
        if (gain <= 0) continue;
        [items[at], items[at + 1]] = [b, a];
        better = true;
      }
    });
  }
}

function placesIn(items: readonly number[] = []): ReadonlyMap<number, number> {
  return new Map(items.map((item, at) => [item, at]));
}

/** Crossings of a's and b's links with a first, less those with b first. */
function saved(
  ofA: readonly number[] = [],
  ofB: readonly number[] = [],
  place: ReadonlyMap<number, number>,
): number {
  let gain = 0;
  for (const a of ofA) {
    for (const b of ofB) {
      gain += Math.sign((place.get(a) ?? 0) - (place.get(b) ?? 0));
    }
  }
  return gain;
}
