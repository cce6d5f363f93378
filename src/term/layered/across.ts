// Decides how far from the edge each item stands, its order within the layer being given: so that
// as many links as can be are straight. The other axis is the channels' (channels.ts).

import type { Chains } from "./chains.ts";

export interface AcrossOptions {
  /** How much of the axis each item takes. */
  readonly sizes: readonly number[];
  /** Nothing is to stand beyond, if the layers themselves are not longer; null for no limit. */
  readonly room: number | null;
  /** Free cells between two neighbours of a layer. */
  gap(a: number, b: number): number;
  /** Cells from an item's first one to where its line leaves it. */
  out(item: number): number;
  /** The same to where the line from `from` arrives. */
  into(item: number, from: number): number;
}

const SWEEPS = 12;
/** A long line that bends is worse than a node that stands aside. */
const STRAIGHT = 8;
const LOOSE = 0.05;

/** The first cell of each item on the axis across, from 0. */
export function placeAcross(
  layers: readonly (readonly number[])[],
  chains: Chains,
  { sizes, room, gap, out, into }: AcrossOptions,
): number[] {
  const { count, next, back } = chains;
  const at: number[] = sizes.map(() => 0);
  const starts = layers.map((items) => {
    let sum = 0;
    return items.map((item, index) => {
      if (index > 0) {
        const before = items[index - 1] as number;
        sum += (sizes[before] as number) + gap(before, item);
      }
      return sum;
    });
  });
  const widest = Math.max(0, ...layers.map((items, i) => end(items, starts[i], sizes)));
  layers.forEach((items, i) => {
    const free = (widest - end(items, starts[i], sizes)) >> 1;
    items.forEach((item, j) => at[item] = free + (starts[i]?.[j] as number));
  });
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forward = sweep % 2 === 0;
    for (let step = 1; step < layers.length; step++) {
      const layer = forward ? step : layers.length - 1 - step;
      const items = layers[layer] as readonly number[];
      const wishes = items.map((item) => {
        const near = (forward ? back : next)[item] as readonly number[];
        const places = near.map((each) =>
          (at[each] as number) +
          (forward ? out(each) - into(item, each) : into(each, item) - out(item))
        ).sort((a, b) => a - b);
        const middle = places[(places.length - 1) >> 1];
        if (middle === undefined) return { wish: at[item] as number, weight: LOOSE };
        const long = item >= count && near.some((each) => each >= count);
        return { wish: middle, weight: long ? STRAIGHT : 1 };
      });
      const own = starts[layer] as readonly number[];
      const most = room === null ? Infinity : Math.max(0, room - end(items, own, sizes));
      settle(items, own, wishes, room === null ? -Infinity : 0, most, at);
    }
  }
  const least = Math.min(...at.filter((n) => Number.isFinite(n)), Infinity);
  return at.map((each) => each - (Number.isFinite(least) ? least : 0));
}

function end(
  items: readonly number[],
  starts: readonly number[] | undefined,
  sizes: readonly number[],
): number {
  const last = items.at(-1);
  return last === undefined ? 0 : (starts?.at(-1) ?? 0) + (sizes[last] as number);
}

interface Block {
  readonly wishes: { readonly place: number; readonly weight: number }[];
  readonly items: number[];
  place: number;
}

/**
 * As near to the wishes as order and gaps allow (least sum of distances): neighbours that want the
 * same room become a block, which goes to the weighted median of what its members want.
 */
function settle(
  items: readonly number[],
  starts: readonly number[],
  wishes: readonly { readonly wish: number; readonly weight: number }[],
  least: number,
  most: number,
  at: number[],
): void {
  const blocks: Block[] = [];
  items.forEach((_, i) => {
    const { wish, weight } = wishes[i] as { wish: number; weight: number };
    const place = wish - (starts[i] as number);
    let block: Block = { wishes: [{ place, weight }], items: [i], place };
    for (let last = blocks.at(-1); last && last.place > block.place; last = blocks.at(-1)) {
      blocks.pop();
      const all = [...last.wishes, ...block.wishes];
      block = { wishes: all, items: [...last.items, ...block.items], place: median(all) };
    }
    blocks.push(block);
  });
  for (const block of blocks) {
    const place = Math.max(least, Math.min(most, block.place));
    for (const i of block.items) at[items[i] as number] = place + (starts[i] as number);
  }
}

function median(wishes: readonly { readonly place: number; readonly weight: number }[]): number {
  const sorted = [...wishes].sort((a, b) => a.place - b.place);
  const half = sorted.reduce((sum, each) => sum + each.weight, 0) / 2;
  let sum = 0;
  for (const each of sorted) {
    sum += each.weight;
    if (sum >= half) return each.place;
  }
  return 0;
}
