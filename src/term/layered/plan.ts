// Decides where everything of a layered drawing stands on its two axes: along (the way the arrows
// go) and across. Which of them is the screen's width is drawing.ts.

import { placeAcross } from "./across.ts";
import { type Chains, chainsOf } from "./chains.ts";
import { type Channel, type Net, routeChannel } from "./channels.ts";
import { type Arrows, assignLayers } from "./layers.ts";
import { orderLayers } from "./order.ts";

/** How much room across nodes take, where their lines begin and end, and what is left free. */
export interface PlanOptions {
  readonly across: readonly number[];
  /** Cells from a node's first one to where its line leaves it. */
  out(node: number): number;
  /** The same to where the line arrives that is its `index`th. Every line has an end of its own. */
  into(node: number, index: number): number;
  /** Between two neighbours of a layer, stand-ins for lines included. */
  gap(a: boolean, b: boolean): number;
  /** What there is across, and how long a layer of nodes alone may be; null for no limit. */
  readonly room: { readonly all: number; readonly layer: number } | null;
}

export interface Plan {
  readonly chains: Chains;
  readonly layers: readonly (readonly number[])[];
  /** First cell across, of nodes and stand-ins. */
  readonly at: readonly number[];
  /** Where its line leaves each item. */
  readonly out: readonly number[];
  /** Where lines arrive, first to last. */
  readonly into: readonly (readonly number[])[];
  readonly channels: readonly Channel[];
  readonly nets: readonly (readonly (Net & { readonly item: number })[])[];
  readonly across: number;
}

const TRIES = 12;

/** Lays a graph without cycles out. */
export function planLayers(arrows: Arrows, options: PlanOptions): Plan {
  const limit = options.room === null
    ? null
    : { sizes: options.across, gap: options.gap(false, false), room: options.room.layer };
  const chains = chainsOf(arrows, assignLayers(arrows, limit));
  const layers = orderLayers(chains);
  const sizes = chains.layerOf.map((_, item) => options.across[item] ?? 1);
  const standIn = (item: number) => item >= chains.count;
  const arrivals = arrivalsOf(layers, chains);
  const outOf = (item: number) => standIn(item) ? 0 : options.out(item);
  const intoOf = (item: number, from: number) =>
    standIn(item) ? 0 : options.into(item, arrivals[item]?.get(from) ?? 0);
  const at = placeAcross(layers, chains, {
    sizes,
    room: options.room?.all ?? null,
    gap: (a, b) => options.gap(standIn(a), standIn(b)),
    out: outOf,
    into: intoOf,
  });
  const netsAt = (layer: number) =>
    (layers[layer] ?? []).flatMap((item) => {
      const to = (chains.next[item] as readonly number[])
        .map((each) => (at[each] as number) + intoOf(each, item));
      return to.length === 0 ? [] : [{ item, from: (at[item] as number) + outOf(item), to }];
    });
  // Lines that would lie on each other: what follows moves aside by one.
  for (let tries = 0; tries < TRIES; tries++) {
    let moved = false;
    for (let layer = 0; layer + 1 < layers.length; layer++) {
      const nets = netsAt(layer);
      const { clash } = routeChannel(nets);
      if (clash === null) continue;
      const from = nets[clash[0]]?.from as number;
      const later = layers[layer + 1] as readonly number[];
      const first = later.findIndex((item) =>
        (at[item] as number) + (sizes[item] as number) > from
      );
      for (const item of later.slice(Math.max(0, first))) at[item] = (at[item] as number) + 1;
      moved = true;
    }
    if (!moved) break;
    if (tries === TRIES - 1) {
      // Every other layer between the rows of its neighbours: then nothing can lie on anything.
      at.forEach((place, item) => {
        at[item] = 2 * place + ((chains.layerOf[item] as number) % 2);
      });
    }
  }
  closeUp(at, sizes);
  const across = Math.max(0, ...at.map((place, item) => place + (sizes[item] as number)));
  const nets = layers.map((_, layer) => netsAt(layer));
  return {
    chains,
    layers,
    at,
    out: at.map((place, item) => place + outOf(item)),
    into: at.map((place, item) =>
      [...(arrivals[item] as ReadonlyMap<number, number>).keys()].map((from) =>
        place + intoOf(item, from)
      )
    ),
    channels: nets.map(routeChannel),
    nets,
    across,
  };
}

/** For each item, which of the lines that arrive comes from where: in the order of the layer before. */
function arrivalsOf(
  layers: readonly (readonly number[])[],
  { back }: Chains,
): ReadonlyMap<number, number>[] {
  const place = new Map(layers.flatMap((items) => items.map((item, at) => [item, at] as const)));
  return back.map((from) => {
    const inTurn = [...from].sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
    return new Map(inTurn.map((each, index) => [each, index]));
  });
}

/** Takes out cells across in which no item stands; lines there only pass. */
function closeUp(at: number[], sizes: readonly number[]): void {
  const used = new Set<number>();
  at.forEach((place, item) => {
    for (let i = 0; i < (sizes[item] as number); i++) used.add(place + i);
  });
  const sorted = [...used].sort((a, b) => a - b);
  const shift = new Map(sorted.map((place, index) => [place, index]));
  // Where things are wide (labels side by side) a free cell is what tells them apart.
  const wide = sizes.some((size) => size > 1);
  const least = sorted[0] ?? 0;
  at.forEach((place, item) => at[item] = wide ? place - least : shift.get(place) as number);
}
