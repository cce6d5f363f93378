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
  const arrows = arrowsOf(sizes.length, edges);
  if (options.direction === "right") {
    const plan = planLayers(arrows, {
      along: sizes,
      across: sizes.map(() => 1),
      gap: () => 0,
      room: null,
    });
    const drawing = fromLeft(plan, sizes, options.air ?? 1);
    return drawing.columns <= options.columns ? drawing : null;
  }
  if (Math.max(0, ...sizes) > options.columns) return null;
  for (const fill of FILL) {
    const plan = planLayers(arrows, {
      along: sizes.map(() => 1),
      across: sizes,
      gap: (a, b) => a || b ? 1 : 2,
      room: Math.max(Math.max(...sizes) + 2, Math.floor((options.columns + 2) * fill)),
    });
    if (plan.across <= options.columns) return fromTop(plan, sizes);
  }
  return null;
}

/** Columns of layers; between them a space, a line, the tracks, a line, a head and a space. */
function fromLeft(plan: Plan, sizes: readonly number[], air: number): LayeredDrawing {
  const { chains, layers, channels, nets, port } = plan;
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
      const before = (layers[layer + 1] as readonly number[]).some(isNode) ? 2 : 0;
      x += ends + 1 + Math.max(0, tracks * step - air) + 1 + before;
    }
  });
  const grid = new LineGrid();
  const heads: { x: number; y: number }[] = [];
  layers.forEach((items, layer) => {
    const nextStart = starts[layer + 1];
    if (nextStart === undefined) return;
    for (const item of items) {
      if (!isNode(item)) {
        const y = port[item] as number;
        grid.line(item, starts[layer] as number, y, (trackAt[layer] as number) - 1, y);
      }
    }
    (nets[layer] ?? []).forEach((net, index) => {
      const first = (starts[layer] as number) + (isNode(net.item) ? (sizes[net.item] as number) + 1 : 0);
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
        if (isNode(target)) {
          grid.arm(id, last, y, RIGHT);
          heads.push({ x: nextStart - 2, y });
        }
      });
    });
  });
  const nodes = sizes.map((_, node) => ({
    x: starts[chains.layerOf[node] as number] as number,
    y: plan.at[node] as number,
  }));
  return finished(grid, heads, nodes, x, plan.across);
}

/** Rows of layers; between them the tracks and a row of heads. */
function fromTop(plan: Plan, sizes: readonly number[]): LayeredDrawing {
  const { chains, layers, channels, nets, port } = plan;
  const isNode = (item: number) => item < chains.count;
  const starts: number[] = [];
  let y = 0;
  layers.forEach((_, layer) => {
    starts.push(y);
    y += 1 + (layer === layers.length - 1 ? 0 : Math.max(1, channels[layer]?.count ?? 0) + 1);
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
        if (isNode(target)) {
          grid.arm(id, x, last, DOWN);
          heads.push({ x, y: nextStart - 1 });
        }
      });
    });
  });
  const nodes = sizes.map((_, node) => ({
    x: plan.at[node] as number,
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
  const places = new Map(heads.map((head) => [`${head.x} ${head.y}`, head]));
  const lines = [...grid.cells].flatMap(([id, { arms, over }]) => {
    if (places.has(id)) return [];
    const [x, y] = id.split(" ").map(Number) as [number, number];
    // An end between two nodes of one line: open on the other side too.
    const alone = arms === LEFT || arms === RIGHT ? LEFT | RIGHT : arms;
    return [{ x, y, arms: alone === UP || alone === DOWN ? UP | DOWN : alone, over }];
  });
  return { columns, rows, nodes, lines, heads: [...places.values()] };
}
