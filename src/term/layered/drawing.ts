// Decides how a graph without cycles is drawn in cells: nodes in layers from left to right or from
// top to bottom, lines with corners between. What stands in a node is the caller's; a drawing that
// would be wider than the room is none.

import { DOWN, LEFT, type LineCell, LineGrid, RIGHT, UP } from "./cells.ts";
import { arrowsOf, type Edge } from "./layers.ts";
import { type Plan, planLayers } from "./plan.ts";

export interface LayeredOptions {
  readonly direction: "right" | "down";
  /** Columns that the drawing may take. */
  readonly columns: number;
  /** Free columns between tracks from left to right: 1 reads well, 0 saves room. */
  readonly air?: number;
}

export interface LayeredDrawing {
  readonly columns: number;
  readonly rows: number;
  /** The first cell of each node, one row high. */
  readonly nodes: readonly { readonly x: number; readonly y: number }[];
  readonly lines: readonly (LineCell & { readonly x: number; readonly y: number })[];
  /** Heads of arrows; right before (above) the node. */
  readonly heads: readonly { readonly x: number; readonly y: number }[];
}

/** From top to bottom a layer is cut where it is too wide; how full it may be, from loose to tight. */
const FILL = [1, 0.85, 0.7, 0.55, 0.4, 0.25];

/**
 * The drawing of nodes that are `sizes` columns wide; null where it does not fit into the columns.
 * Throws for a graph with a cycle.
 */
export function drawLayered(
  sizes: readonly number[],
  edges: readonly Edge[],
  options: LayeredOptions,
): LayeredDrawing | null {
  if (options.direction === "right") {
    const drawing = fromLeft(planFromLeft(sizes.length, edges), sizes, options.air ?? 1);
    return drawing.columns <= options.columns ? drawing : null;
  }
  const arrows = arrowsOf(sizes.length, edges);
  if (Math.max(0, ...sizes) > options.columns) return null;
  const ends = arrows.back.map((from) => Math.max(1, from.length));
  const across = sizes.map((size, node) => Math.max(size, 2 * (ends[node] as number) - 1));
  const widest = Math.max(0, ...across);
  const middle = (node: number) => ((across[node] as number) - 1) >> 1;
  for (const fill of FILL) {
    const plan = planLayers(arrows, {
      across,
      out: middle,
      into: (node, index) => middle(node) + 2 * index - ((ends[node] as number) - 1),
      gap: (a, b) => a || b ? 1 : 2,
      room: {
        all: options.columns,
        layer: Math.max(widest + 2, Math.floor((options.columns + 2) * fill)),
      },
    });
    if (plan.across <= options.columns) return fromTop(plan, sizes, across);
  }
  return null;
}

/** What stands in which row and layer from left to right: it takes the time, and asks for no names. */
export function planFromLeft(count: number, edges: readonly Edge[]): Plan {
  const arrows = arrowsOf(count, edges);
  const ends = arrows.back.map((from) => Math.max(1, from.length));
  return planLayers(arrows, {
    across: ends,
    out: (node) => ((ends[node] as number) - 1) >> 1,
    into: (_, index) => index,
    gap: () => 0,
    room: null,
  });
}

/** Columns of layers; between them a space, a line, the tracks, a line, a head and a space. */
export function fromLeft(plan: Plan, sizes: readonly number[], air: number): LayeredDrawing {
  const { chains, layers, channels, nets, out } = plan;
  const isNode = (item: number) => item < chains.count;
  const step = 1 + air;
  const wide = layers.map((items) =>
    Math.max(1, ...items.map((item) => isNode(item) ? sizes[item] as number : 1))
  );
  const starts: number[] = [];
  const trackAt: number[] = [];
  let x = 0;
  layers.forEach((items, layer) => {
    starts.push(x);
    x += wide[layer] as number;
    const ends = items.some(isNode) ? 1 : 0;
    const tracks = channels[layer]?.count ?? 0;
    trackAt.push(x + ends + 1);
    if (layer < layers.length - 1) {
      const after = (layers[layer + 1] as readonly number[]).filter(isNode);
      const before = after.length > 0 ? 2 : 0;
      const gathered = after.some((item) => (plan.into[item]?.length ?? 0) > 1) ? 1 : 0;
      x += ends + 1 + Math.max(0, tracks * step - air) + 1 + gathered + before;
    }
  });
  const grid = new LineGrid();
  const heads: { x: number; y: number }[] = [];
  layers.forEach((items, layer) => {
    const nextStart = starts[layer + 1];
    if (nextStart === undefined) return;
    for (const item of items) {
      if (!isNode(item)) {
        const y = out[item] as number;
        grid.line(item, starts[layer] as number, y, (trackAt[layer] as number) - 1, y);
      }
    }
    (nets[layer] ?? []).forEach((net, index) => {
      const first = (starts[layer] as number) +
        (isNode(net.item) ? (sizes[net.item] as number) + 1 : 0);
      const track = channels[layer]?.tracks[index] ?? null;
      const turn = track === null ? null : (trackAt[layer] as number) + track * step;
      const id = net.item;
      const to = chains.next[net.item] as readonly number[];
      if (turn !== null) {
        grid.line(id, first, net.from, turn, net.from);
        grid.line(id, turn, Math.min(net.from, ...net.to), turn, Math.max(net.from, ...net.to));
      }
      to.forEach((target, i) => {
        const y = net.to[i] as number;
        const last = isNode(target) ? nextStart - 3 : nextStart;
        grid.line(id, turn ?? first, y, last, y);
        if (isNode(target)) gather(grid, target, last, plan);
        if (isNode(target)) heads.push({ x: nextStart - 2, y: out[target] as number });
      });
    });
  });
  const nodes = sizes.map((_, node) => ({
    x: starts[chains.layerOf[node] as number] as number,
    y: out[node] as number,
  }));
  return finished(grid, heads, nodes, x, plan.across);
}

/** What arrives at one node in several rows is led to the row in which it stands. */
function gather(grid: LineGrid, node: number, x: number, { into, out }: Plan): void {
  const rows = into[node] as readonly number[];
  const own = out[node] as number;
  grid.line(-1 - node, x, Math.min(own, ...rows), x, Math.max(own, ...rows));
  grid.arm(-1 - node, x, own, RIGHT);
}

/** Rows of layers; between them the tracks, a row that gathers where there is one, and a row of heads. */
function fromTop(
  plan: Plan,
  sizes: readonly number[],
  across: readonly number[],
): LayeredDrawing {
  const { chains, layers, channels, nets, into, out } = plan;
  const isNode = (item: number) => item < chains.count;
  // More lines than the node is wide cannot all point at it.
  const isGathered = (item: number) =>
    isNode(item) && (sizes[item] as number) < (across[item] as number);
  const starts: number[] = [];
  let y = 0;
  layers.forEach((_, layer) => {
    starts.push(y);
    const next = layers[layer + 1];
    if (next === undefined) y++;
    else y += 2 + Math.max(1, channels[layer]?.count ?? 0) + (next.some(isGathered) ? 1 : 0);
  });
  const grid = new LineGrid();
  const heads: { x: number; y: number }[] = [];
  layers.forEach((_, layer) => {
    const nextStart = starts[layer + 1];
    if (nextStart === undefined) return;
    (nets[layer] ?? []).forEach((net, index) => {
      const own = starts[layer] as number;
      const first = isNode(net.item) ? own + 1 : own;
      const track = channels[layer]?.tracks[index] ?? null;
      const turn = track === null ? null : own + 1 + track;
      const id = net.item;
      if (isNode(net.item)) grid.arm(id, net.from, first, UP);
      if (turn !== null) {
        grid.line(id, net.from, first, net.from, turn);
        grid.line(id, Math.min(net.from, ...net.to), turn, Math.max(net.from, ...net.to), turn);
      }
      (chains.next[net.item] as readonly number[]).forEach((target, i) => {
        const x = net.to[i] as number;
        const last = isNode(target) ? nextStart - 2 : nextStart;
        grid.line(id, x, turn ?? first, x, last);
        if (isGathered(target)) {
          const ends = into[target] as readonly number[];
          grid.line(-1 - target, Math.min(...ends), last, Math.max(...ends), last);
          grid.arm(-1 - target, out[target] as number, last, DOWN);
          heads.push({ x: out[target] as number, y: nextStart - 1 });
        } else if (isNode(target)) {
          grid.arm(id, x, last, DOWN);
          heads.push({ x, y: nextStart - 1 });
        }
      });
    });
  });
  const nodes = sizes.map((size, node) => ({
    x: (plan.at[node] as number) + (((across[node] as number) - size) >> 1),
    y: starts[chains.layerOf[node] as number] as number,
  }));
  return finished(grid, heads, nodes, plan.across, y);
}

function finished(
  grid: LineGrid,
  heads: { x: number; y: number }[],
  nodes: LayeredDrawing["nodes"],
  columns: number,
  rows: number,
): LayeredDrawing {
  const place = ({ x, y }: { readonly x: number; readonly y: number }) => y * 2 ** 20 + x;
  const places = new Map(heads.map((head) => [place(head), head]));
  const lines = grid.cells().filter((cell) => !places.has(place(cell))).map((cell) => {
    // An end between two nodes of one line: open on the other side too.
    const along = cell.arms === LEFT || cell.arms === RIGHT
      ? LEFT | RIGHT
      : cell.arms === UP || cell.arms === DOWN
      ? UP | DOWN
      : cell.arms;
    return along === cell.arms ? cell : { ...cell, arms: along };
  });
  return { columns, rows, nodes, lines, heads: [...places.values()] };
}
