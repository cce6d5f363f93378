/** `graph --format`: lineage for other programs: Mermaid, Graphviz, JSON. Names are quoted, never trusted. */
import type { JsonObject } from "../core/json.ts";
import type { StepState } from "../core/status.ts";
import type { Listed } from "./documents_asset.ts";
import type { GraphNode, LineageGraph } from "./graph_fold.ts";

const FILLS: Readonly<Record<StepState, readonly [fill: string, line: string]>> = {
  fresh: ["#e6f4ea", "#2e7d32"],
  stale: ["#fff8e1", "#b28704"],
  missing: ["#e8eaf6", "#3949ab"],
  failed: ["#fdecea", "#c62828"],
  running: ["#e3f2fd", "#1565c0"],
};

/** A Mermaid flowchart. */
export function mermaidText(graph: LineageGraph, groupOf: (node: GraphNode) => string): string {
  // Among names that are words of Mermaid's own ("end") only quoted text is safe.
  const quote = (text: string) => `"${text.replaceAll("#", "#35;").replaceAll('"', "#quot;")}"`;
  const lines = ["flowchart LR"];
  for (const [group, members] of groupsOf(graph, groupOf)) {
    const pad = group === "" ? "  " : "    ";
    if (group !== "") lines.push(`  subgraph ${quote(group)}`);
    for (const at of members) {
      const node = graph.nodes[at] as GraphNode;
      lines.push(`${pad}n${at}[${quote(node.name)}]:::${node.state}`);
    }
    if (group !== "") lines.push("  end");
  }
  for (const [from, to] of graph.edges) lines.push(`  n${from} --> n${to}`);
  for (const state of statesOf(graph)) {
    const [fill, line] = FILLS[state];
    lines.push(`  classDef ${state} fill:${fill},stroke:${line},color:#202124`);
  }
  return lines.join("\n");
}

/** A Graphviz digraph. */
export function dotText(graph: LineageGraph, groupOf: (node: GraphNode) => string): string {
  const quote = (text: string) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  const name = (at: number) => quote((graph.nodes[at] as GraphNode).name);
  const lines = [
    "digraph lineage {",
    "  rankdir=LR;",
    '  node [shape=box, style="rounded,filled", fontname="sans-serif"];',
  ];
  let number = 0;
  for (const [group, members] of groupsOf(graph, groupOf)) {
    const pad = group === "" ? "  " : "    ";
    if (group !== "") lines.push(`  subgraph cluster_${number++} {`, `    label=${quote(group)};`);
    for (const at of members) {
      const { state } = graph.nodes[at] as GraphNode;
      const [fill, line] = FILLS[state];
      lines.push(`${pad}${name(at)} [fillcolor="${fill}", color="${line}", tooltip="${state}"];`);
    }
    if (group !== "") lines.push("  }");
  }
  for (const [from, to] of graph.edges) lines.push(`  ${name(from)} -> ${name(to)};`);
  lines.push("}");
  return lines.join("\n");
}

/** `graph --json`. */
export function graphDocument(graph: LineageGraph, { defs }: Listed): JsonObject {
  return {
    nycflow: 1,
    nodes: graph.nodes.map(({ name, state, statuses, folded }) => {
      const [only] = statuses;
      const def = only === undefined ? undefined : defs.get(only.asset);
      return {
        key: name,
        group: def?.group ?? "",
        kind: folded ? null : def?.kind ?? null,
        state,
        assets: statuses.map((each) => each.asset),
        partitions: folded || !def?.partitions ? null : {
          total: only?.partitions.length ?? 0,
          fresh: only?.counts.fresh ?? 0,
        },
      };
    }),
    edges: graph.edges.map(([from, to]) => ({
      from: graph.nodes[from]?.name ?? "",
      to: graph.nodes[to]?.name ?? "",
    })),
  };
}

/** Nodes by group, in the order in which the groups come up; without a group first. */
function groupsOf(
  graph: LineageGraph,
  groupOf: (node: GraphNode) => string,
): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>([["", []]]);
  graph.nodes.forEach((node, at) => {
    const name = node.folded ? "" : groupOf(node);
    groups.set(name, [...groups.get(name) ?? [], at]);
  });
  return groups;
}

function statesOf(graph: LineageGraph): readonly StepState[] {
  return [...new Set(graph.nodes.map(({ state }) => state))];
}
