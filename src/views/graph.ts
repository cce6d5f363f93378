/**
 * `graph`: lineage as a drawing, from left to right where that fits, else from top to bottom; as an indented list
 * where neither does. Where things stand is `term/layered`; what the nodes are is `graph_fold.ts`.
 */
import { canvas, canvasLines } from "../term/canvas.ts";
import { drawLayered, type LayeredDrawing } from "../term/layered/drawing.ts";
import { counted } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { tree, type TreeNode } from "../term/tree.ts";
import { truncate, width } from "../term/width.ts";
import type { GraphNode, LineageGraph } from "./graph_fold.ts";
import {
  type GraphLabel,
  labelOf,
  MOST_EDGES,
  MOST_NODES,
  paintLabel,
  paintLines,
  partsOf,
  restOf,
  sizeOf,
} from "./graph_drawing.ts";
import { markOf, roleOf } from "./words.ts";

export interface GraphView {
  readonly lines: readonly string[];
  /** What is to be said beside it: that it was too much to draw, and what to do; null for nothing. */
  readonly note: string | null;
}

/** What a listing indents by, and what it leaves for names. */
const INDENT = 3;
const NAME_ROOM = 30;
/** Names are cut to these where they do not fit whole. */
const CUTS = [null, 28, 20, 14];

interface Form {
  readonly direction: "right" | "down";
  readonly cut: number | null;
  readonly air: number;
}

/** In the order in which they please. */
const FORMS: readonly Form[] = CUTS.flatMap((cut): Form[] => [
  { direction: "right", cut, air: 1 },
  { direction: "right", cut, air: 0 },
  ...(cut === null || cut === 20 ? [{ direction: "down", cut, air: 1 } as const] : []),
]);

/** Lines of at most `columns` cells. */
export function graphLines(graph: LineageGraph, style: Style, columns: number): GraphView {
  const { nodes, edges } = graph;
  if (nodes.length === 0) return { lines: [], note: null };
  const groups = nodes.some(({ statuses, folded }) => !folded && statuses.length === 1);
  const hint = groups && nodes.length > 1
    ? "fold its groups (--fold), or choose a part: nycflow graph +NAME+1"
    : "choose a part: nycflow graph +NAME+1";
  if (nodes.length > MOST_NODES || edges.length > MOST_EDGES) {
    const much = `${counted(nodes.length, "asset")} are too many to draw; ${hint}`;
    return { lines: listing(graph, style, columns), note: much };
  }
  const parts = partsOf(nodes.length, edges);
  for (const form of FORMS) {
    const drawn = parts.filter((part) => part.length > 1).map((part) =>
      drawPart(graph, part, form, style, columns)
    );
    const alone = parts.filter((part) => part.length === 1).flat();
    if (drawn.some((lines) => lines === null)) continue;
    const blocks = drawn.filter((lines) => lines !== null);
    if (alone.length > 0) blocks.push(aloneLines(graph, alone, style, columns));
    return { lines: blocks.flatMap((lines, at) => at === 0 ? lines : ["", ...lines]), note: null };
  }
  return {
    lines: listing(graph, style, columns),
    note: `The drawing is wider than ${columns} columns; ${hint}`,
  };
}

function drawPart(
  graph: LineageGraph,
  part: readonly number[],
  { direction, cut, air }: Form,
  style: Style,
  columns: number,
): string[] | null {
  const place = new Map(part.map((node, at) => [node, at]));
  const labels = part.map((at) => labelOf(graph.nodes[at] as GraphNode, style, cut));
  const edges = graph.edges.flatMap(([from, to]) => {
    const [a, b] = [place.get(from), place.get(to)];
    return a === undefined || b === undefined ? [] : [[a, b] as const];
  });
  const sizes = labels.map(sizeOf);
  const drawing = drawLayered(sizes, edges, { direction, columns, air });
  return drawing === null ? null : painted(drawing, labels, direction, style);
}

function painted(
  drawing: LayeredDrawing,
  labels: readonly GraphLabel[],
  direction: "right" | "down",
  style: Style,
): string[] {
  const on = canvas(drawing.columns, drawing.rows);
  paintLines(on, drawing, direction, style);
  drawing.nodes.forEach((place, at) => paintLabel(on, place, labels[at] as GraphLabel, style));
  return canvasLines(on).map((line) => line.trimEnd());
}

/** What reads nothing and is read by nothing here, side by side. */
function aloneLines(
  graph: LineageGraph,
  nodes: readonly number[],
  style: Style,
  columns: number,
): string[] {
  const shown = nodes.map((at) => nodeText(graph.nodes[at] as GraphNode, style));
  const widest = Math.min(columns, Math.max(...shown.map(width)) + 2);
  const across = Math.max(1, Math.floor((columns + 2) / widest));
  const lines: string[] = [];
  for (let at = 0; at < shown.length; at += across) {
    const cells = shown.slice(at, at + across);
    const line = cells.map((cell, i) =>
      i === cells.length - 1 ? cell : cell + " ".repeat(Math.max(0, widest - width(cell)))
    ).join("");
    lines.push(truncate(line, columns, style));
  }
  return lines;
}

function nodeText(node: GraphNode, style: Style): string {
  const name = sanitize(node.name, style);
  const text = node.state === "fresh" ? name : paint(style, roleOf(node.state), name);
  return `${markOf(node.state, style)} ${text}${paint(style, "dim", restOf(node))}`;
}

/** As an indented list, each under the first that it reads; what comes up again is told once. */
function listing({ nodes, edges }: LineageGraph, style: Style, columns: number): string[] {
  const next: number[][] = nodes.map(() => []);
  const read = nodes.map(() => 0);
  for (const [from, to] of edges) {
    next[from]?.push(to);
    read[to] = (read[to] as number) + 1;
  }
  const told = new Set<number>();
  const again = paint(style, "dim", style.unicode ? " ↑" : " (above)");
  const later = paint(style, "dim", style.unicode ? " ↓" : " (below)");
  const deepest = Math.max(2, Math.floor((columns - NAME_ROOM) / INDENT));
  const open = nodes.flatMap((_, at) => read[at] === 0 ? [at] : []);
  const branch = (at: number, depth: number): TreeNode => {
    const text = nodeText(nodes[at] as GraphNode, style);
    const below = next[at] as readonly number[];
    if (told.has(at)) return { text: below.length === 0 ? text : text + again };
    if (depth > deepest && below.length > 0) {
      // No room for what follows: it begins at the edge again.
      open.push(at);
      return { text: text + later };
    }
    told.add(at);
    return { text, children: below.map((each) => branch(each, depth + 1)) };
  };
  const roots: TreeNode[] = [];
  for (let at = open.shift(); at !== undefined; at = open.shift()) {
    if (!told.has(at)) roots.push(branch(at, 0));
  }
  return tree(roots, { width: columns, style });
}
