/**
 * What `graph` and the dashboard's lineage draw alike: what hangs together, how a node reads, how lines and arrows look.
 * A large graph is planned once (`planGraph`) and placed anew whenever names get longer (`placeGraph`).
 */
import { type Canvas, put } from "../term/canvas.ts";
import { arrowChar, lineChar } from "../term/layered/cells.ts";
import { fromLeft, type LayeredDrawing, planFromLeft } from "../term/layered/drawing.ts";
import { grouped } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { roleCodes, type Style } from "../term/style.ts";
import { truncate, width } from "../term/width.ts";
import type { GraphNode, LineageGraph } from "./graph_fold.ts";
import { lookOf, roleOf } from "./words.ts";

/** More than this nobody follows with the eye, and finding a good order takes too long. */
export const MOST_NODES = 150;
export const MOST_EDGES = 450;

type Edges = LineageGraph["edges"];

/** What hangs together, by index, in the order in which it first comes up. */
export function partsOf(count: number, edges: Edges): number[][] {
  const leader = Array.from({ length: count }, (_, at) => at);
  const find = (at: number): number => {
    while (leader[at] !== at) at = leader[at] = leader[leader[at] as number] as number;
    return at;
  };
  for (const [from, to] of edges) {
    const [a, b] = [find(from), find(to)];
    leader[Math.max(a, b)] = Math.min(a, b);
  }
  const parts = new Map<number, number[]>();
  for (let at = 0; at < count; at++) {
    const part = parts.get(find(at));
    if (part === undefined) parts.set(find(at), [at]);
    else part.push(at);
  }
  return [...parts.values()];
}

export interface GraphLabel {
  readonly node: GraphNode;
  readonly name: string;
  /** How many of its partitions or assets are there, with a space before it. */
  readonly rest: string;
}

export function labelOf(node: GraphNode, style: Style, cut: number | null): GraphLabel {
  const name = sanitize(node.name, style);
  return {
    node,
    name: cut === null ? name : truncate(name, cut, style, "middle"),
    rest: restOf(node),
  };
}

/** Columns of a label, its mark included. */
export function sizeOf({ name, rest }: GraphLabel): number {
  return 2 + width(name) + width(rest);
}

export function restOf({ folded, statuses, state }: GraphNode): string {
  if (folded) {
    const off = statuses.filter((each) => each.state !== "fresh").length;
    return off === 0 || off === statuses.length
      ? ` ${grouped(statuses.length)}`
      : ` ${grouped(statuses.length)}, ${grouped(off)} not fresh`;
  }
  const partitions = statuses[0]?.partitions ?? [];
  if (partitions.length < 2 && (partitions[0]?.partition ?? "") === "") return "";
  const fresh = partitions.filter((each) => each.state === "fresh").length;
  return state === "fresh"
    ? ` ${grouped(partitions.length)}`
    : ` ${grouped(fresh)}/${grouped(partitions.length)}`;
}

type Place = { readonly x: number; readonly y: number };

/** Lines and heads of arrows; what lies outside the canvas is left out. */
export function paintLines(
  on: Canvas,
  { lines, heads }: Pick<LayeredDrawing, "lines" | "heads">,
  direction: "right" | "down",
  style: Style,
  { x: left, y: top }: Place = { x: 0, y: 0 },
): void {
  const dim = roleCodes(style, "dim");
  for (const cell of lines) {
    const x = cell.x - left, y = cell.y - top;
    if (x < 0 || x >= on.width || y < 0 || y >= on.height) continue;
    put(on, x, y, lineChar(cell, style), dim);
  }
  const head = arrowChar(direction, style);
  for (const { x, y } of heads) put(on, x - left, y - top, head, dim);
}

/** A node's mark, name and what stands behind it; `over` are codes for all of it (the marked one). */
export function paintLabel(
  on: Canvas,
  { x, y }: Place,
  { node, name, rest }: GraphLabel,
  style: Style,
  over: string = "",
): void {
  const both = (codes: string) => [over, codes].filter((each) => each !== "").join(";");
  const codes = roleCodes(style, roleOf(node.state));
  put(on, x, y, `${lookOf(node.state, style)} `, both(codes));
  put(on, x + 2, y, name, both(node.state === "fresh" ? "" : codes));
  put(on, x + 2 + width(name), y, rest, both(roleCodes(style, "dim")));
}

/** The costly part of a drawing from left to right: no name in it. */
export interface GraphPlan {
  readonly parts: readonly {
    readonly nodes: readonly number[];
    readonly plan: ReturnType<typeof planFromLeft>;
  }[];
  /** What reads nothing and is read by nothing here. */
  readonly alone: readonly number[];
}

export function planGraph(count: number, edges: Edges): GraphPlan {
  const parts = partsOf(count, edges);
  const place = new Map<number, readonly [part: number, at: number]>();
  parts.forEach((nodes, part) => nodes.forEach((node, at) => place.set(node, [part, at])));
  const own = parts.map((): (readonly [number, number])[] => []);
  for (const [from, to] of edges) {
    const [part, a] = place.get(from) ?? [0, 0];
    own[part]?.push([a, place.get(to)?.[1] ?? 0]);
  }
  return {
    parts: parts.flatMap((nodes, part) =>
      nodes.length < 2 ? [] : [{ nodes, plan: planFromLeft(nodes.length, own[part] ?? []) }]
    ),
    alone: parts.flatMap((nodes) => nodes.length < 2 ? nodes : []),
  };
}

/** Where everything stands: the parts under each other, then what stands alone, side by side. */
export function placeGraph(
  { parts, alone }: GraphPlan,
  sizes: readonly number[],
  columns: number,
  air: number,
): LayeredDrawing {
  const nodes: Place[] = sizes.map(() => ({ x: 0, y: 0 }));
  const lines: LayeredDrawing["lines"][number][] = [];
  const heads: Place[] = [];
  let rows = 0, wide = 0;
  for (const part of parts) {
    const top = rows === 0 ? 0 : rows + 1;
    const drawn = fromLeft(part.plan, part.nodes.map((at) => sizes[at] as number), air);
    drawn.nodes.forEach(({ x, y }, at) => nodes[part.nodes[at] as number] = { x, y: y + top });
    for (const cell of drawn.lines) lines.push(top === 0 ? cell : { ...cell, y: cell.y + top });
    for (const { x, y } of drawn.heads) heads.push({ x, y: y + top });
    rows = top + drawn.rows;
    wide = Math.max(wide, drawn.columns);
  }
  if (alone.length > 0) {
    const top = rows === 0 ? 0 : rows + 1;
    const size = Math.max(...alone.map((at) => sizes[at] as number));
    const across = Math.max(1, Math.floor((columns + 2) / (size + 2)));
    alone.forEach((node, at) => {
      nodes[node] = { x: (at % across) * (size + 2), y: top + Math.floor(at / across) };
    });
    rows = top + Math.ceil(alone.length / across);
    wide = Math.max(wide, Math.min(alone.length, across) * (size + 2) - 2);
  }
  return { columns: wide, rows, nodes, lines, heads };
}
