/**
 * What of the graph the lineage screen draws, and where it stands. Of a graph that is too large to be drawn whole only
 * what is near the marked asset is. Pure; what took long is kept in the value, and used again while it holds.
 */
import type { Graph } from "../core/graph/graph.ts";
import type { AssetKey } from "../core/key.ts";
import type { AssetStatus } from "../core/status.ts";
import type { LayeredDrawing } from "../term/layered/drawing.ts";
import type { Style } from "../term/style.ts";
import {
  type GraphLabel,
  type GraphPlan,
  labelOf,
  MOST_EDGES,
  MOST_NODES,
  placeGraph,
  planGraph,
  sizeOf,
} from "../views/graph_drawing.ts";
import { foldedLineageOf, type GraphNode, lineageOf, worstOf } from "../views/graph_fold.ts";
import type { BoardData } from "./board.ts";

/** What is shown: what `of` stands on, what stands on it, or all that lies between it and `to`. */
export type Focus =
  | { readonly kind: "up" | "down"; readonly of: string }
  | { readonly kind: "path"; readonly of: string; readonly to: string };

export interface LineageNode {
  /** An asset's name, or a group's with a `/` behind it. */
  readonly id: string;
  readonly members: readonly AssetKey[];
  readonly folded: boolean;
  /** Arrows to what is not drawn. */
  readonly hidden: number;
}

type Edge = readonly [from: number, to: number];

/** All that could be drawn. */
interface Whole {
  readonly graph: Graph;
  readonly shown: readonly AssetKey[];
  readonly focus: Focus | null;
  readonly folded: boolean;
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly Edge[];
  readonly at: ReadonlyMap<string, number>;
  readonly isLarge: boolean;
  /** There is something to fold. */
  readonly hasGroups: boolean;
}

/** What is drawn of it. */
interface Part {
  readonly whole: Whole;
  /** The node around which it was chosen; null where it is all. */
  readonly around: string | null;
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly Edge[];
  readonly at: ReadonlyMap<string, number>;
  readonly plan: GraphPlan;
}

export interface Drawn extends Part {
  readonly statuses: BoardData["statuses"];
  readonly columns: number;
  readonly unicode: boolean;
  /** Names are cut to this; null where they are whole. */
  readonly cut: number | null;
  readonly labels: readonly GraphLabel[];
  readonly sizes: readonly number[];
  readonly placed: LayeredDrawing;
}

export interface Asked {
  readonly data: BoardData;
  readonly shown: readonly AssetKey[];
  readonly focus: Focus | null;
  readonly folded: boolean;
  readonly selected: string;
  readonly columns: number;
  readonly style: Style;
}

/** So many are drawn around the marked one. */
const NEAR = 40;

/** The drawing; `before` where that is still right. */
export function drawnFor(asked: Asked, before: Drawn | null): Drawn {
  const whole = isSame(asked, before?.whole ?? null) ? before?.whole as Whole : wholeOf(asked);
  const part = before?.whole === whole && !isToMove(before, asked.selected)
    ? before
    : partOf(whole, asked.selected);
  const { statuses } = asked.data;
  if (
    part === before && before.statuses === statuses && before.columns === asked.columns &&
    before.unicode === asked.style.unicode
  ) return before;
  return placed(part, asked, part === before ? before : null);
}

/** The node of an asset: itself, or its group where that is folded; null where it is not shown. */
export function nodeOf({ at, nodes }: Pick<Part, "at" | "nodes">, id: string): LineageNode | null {
  const own = at.get(id);
  if (own !== undefined) return nodes[own] ?? null;
  return nodes.find((each) => each.members.some((key) => key === id)) ?? null;
}

export function graphNode({ id, members, folded }: LineageNode, data: BoardData): GraphNode {
  const statuses = statusesOf(members, data.statuses);
  return { name: id, state: worstOf(statuses), statuses, folded };
}

/** The assets of a focus, in the order of `shown`. */
export function focused(
  graph: Graph,
  shown: readonly AssetKey[],
  focus: Focus | null,
): readonly AssetKey[] {
  if (focus === null) return shown;
  const of = graph.find(focus.of);
  if (of === null) return shown;
  if (focus.kind === "path") {
    const to = graph.find(focus.to);
    const between = to === null ? new Set<AssetKey>() : pathOf(graph, of, to);
    return shown.filter((key) => between.has(key));
  }
  const kept = focus.kind === "up" ? graph.ancestors([of]) : graph.descendants([of]);
  return shown.filter((key) => kept.has(key));
}

/** All on any way between two assets, whichever of them comes first; empty where there is none. */
export function pathOf(graph: Graph, a: AssetKey, b: AssetKey): ReadonlySet<AssetKey> {
  for (const [from, to] of [[a, b], [b, a]] as const) {
    const before = graph.ancestors([to]);
    if (!before.has(from)) continue;
    return new Set([...graph.descendants([from])].filter((key) => before.has(key)));
  }
  return new Set();
}

function isSame({ data, shown, focus, folded }: Asked, whole: Whole | null): boolean {
  return whole !== null && whole.graph === data.graph && whole.folded === folded &&
    whole.focus === focus && (whole.shown === shown ||
      (whole.shown.length === shown.length && whole.shown.every((key, at) => key === shown[at])));
}

function wholeOf({ data, shown, focus, folded }: Asked): Whole {
  const { graph } = data;
  const keys = focused(graph, shown, focus);
  const listed = {
    statuses: statusesOf(keys, data.statuses),
    defs: new Map(keys.map((key) => [key, { ...graph.def(key), deps: graph.dependencies(key) }])),
    view: { now: data.at, layout: { timezone: data.timezone } },
  };
  const { nodes, edges } = folded ? foldedLineageOf(listed) : lineageOf(listed);
  const linked = new Set(edges.flat());
  return {
    graph,
    shown,
    focus,
    folded,
    nodes: nodes.map((node) => ({
      id: node.name,
      members: node.statuses.map(({ asset }) => asset),
      folded: node.folded,
      hidden: 0,
    })),
    edges,
    at: new Map(nodes.map(({ name }, at) => [name, at])),
    hasGroups: folded || hasGroups(graph, keys),
    isLarge: linked.size > MOST_NODES || edges.length > MOST_EDGES,
  };
}

function hasGroups(graph: Graph, keys: readonly AssetKey[]): boolean {
  const seen = new Set<string>();
  return keys.some((key) => {
    const { group } = graph.def(key);
    if (group === "" || !seen.has(group)) return void seen.add(group);
    return true;
  });
}

/** Whether what is drawn of a large graph is to be chosen anew: the marked one is at its edge. */
function isToMove(part: Part, selected: string): boolean {
  if (part.around === null || part.around === selected) return false;
  const at = part.at.get(selected);
  return at === undefined
    ? part.whole.at.has(selected)
    : (part.nodes[at] as LineageNode).hidden > 0;
}

function partOf(whole: Whole, selected: string): Part {
  const { nodes, edges, at } = whole;
  if (!whole.isLarge) {
    return { whole, around: null, nodes, edges, at, plan: planGraph(nodes.length, edges) };
  }
  const centre = at.get(selected) ?? 0;
  const chosen = [...near(whole, centre)].sort((a, b) => a - b);
  const place = new Map(chosen.map((node, index) => [node, index]));
  const hidden = chosen.map(() => 0);
  const kept: Edge[] = [];
  for (const [from, to] of edges) {
    const a = place.get(from), b = place.get(to);
    if (a !== undefined && b !== undefined) kept.push([a, b]);
    else if (a !== undefined) hidden[a] = (hidden[a] as number) + 1;
    else if (b !== undefined) hidden[b] = (hidden[b] as number) + 1;
  }
  const own = chosen.map((node, index) => ({
    ...(nodes[node] as LineageNode),
    hidden: hidden[index] as number,
  }));
  return {
    whole,
    around: (nodes[centre] as LineageNode).id,
    nodes: own,
    edges: kept,
    at: new Map(own.map(({ id }, index) => [id, index])),
    plan: planGraph(own.length, kept),
  };
}

/** Ring after ring around a node, as many as may be drawn. */
function near({ nodes, edges }: Whole, centre: number): ReadonlySet<number> {
  const next: number[][] = nodes.map(() => []), back: number[][] = nodes.map(() => []);
  for (const [from, to] of edges) {
    next[from]?.push(to);
    back[to]?.push(from);
  }
  const found = new Set([centre]);
  for (let ring = [centre]; ring.length > 0 && found.size < NEAR;) {
    const beyond: number[] = [];
    for (const node of ring) {
      for (const each of inTurn(back[node] ?? [], next[node] ?? [])) {
        if (found.has(each) || found.size >= NEAR) continue;
        found.add(each);
        beyond.push(each);
      }
    }
    ring = beyond;
  }
  return found;
}

/** One of each by turns: of a hub both sides are seen. */
function inTurn(a: readonly number[], b: readonly number[]): readonly number[] {
  const long = Math.max(a.length, b.length);
  return Array.from({ length: long }, (_, at) => [a[at], b[at]]).flat()
    .filter((each) => each !== undefined);
}

function statusesOf(
  keys: readonly AssetKey[],
  statuses: BoardData["statuses"],
): readonly AssetStatus[] {
  return keys.flatMap((key) => statuses.get(key) ?? []);
}

type Form = readonly [cut: number | null, air: number];

/** Names whole where that fits across, else cut; where nothing does it is moved under the window. */
const FORMS: readonly Form[] = [[null, 1], [null, 0], [28, 1], [20, 0]];
const SCROLLED: Form = [28, 1];

function placed(part: Part, { data, columns, style }: Asked, before: Drawn | null): Drawn {
  const { unicode } = style;
  const nodes = part.nodes.map((node) => graphNode(node, data));
  const labelled = (cut: number | null) => {
    const labels = nodes.map((node, at): GraphLabel => {
      const label = labelOf(node, style, cut);
      const { hidden } = part.nodes[at] as LineageNode;
      return hidden === 0 ? label : { ...label, rest: `${label.rest} +${hidden}` };
    });
    return { cut, labels, sizes: labels.map(sizeOf) };
  };
  const base = { ...part, statuses: data.statuses, columns, unicode };
  if (before !== null && before.columns === columns && before.unicode === unicode) {
    const now = labelled(before.cut);
    // States change all the time, and rarely what that takes in columns.
    if (now.sizes.every((size, at) => size === before.sizes[at])) {
      return { ...base, ...now, placed: before.placed };
    }
  }
  let whole: number | null = null;
  for (const [cut, air] of FORMS) {
    const now = labelled(cut);
    const drawing = placeGraph(part.plan, now.sizes, columns, air);
    if (drawing.columns <= columns) return { ...base, ...now, placed: drawing };
    whole ??= drawing.columns;
    // Far too wide: neither shorter names nor less air would help.
    if (whole > columns * 2) break;
  }
  const now = labelled(SCROLLED[0]);
  return { ...base, ...now, placed: placeGraph(part.plan, now.sizes, columns, SCROLLED[1]) };
}
