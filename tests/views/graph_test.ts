/** Lineage as drawn, listed and written for other programs. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { AssetStatus } from "../../src/core/status.ts";
import { foldedLineageOf, lineageOf } from "../../src/views/graph_fold.ts";
import { graphLines } from "../../src/views/graph.ts";
import { dotText, graphDocument, mermaidText } from "../../src/views/graph_text.ts";
import { asset, definition, NOW, part, plain, status } from "./samples.ts";
import { inEveryStyle, text } from "./lines.ts";

interface Given {
  readonly deps?: readonly string[];
  readonly group?: string;
  readonly state?: AssetStatus["state"];
  readonly parts?: number;
}

/** Assets in topological order. */
function listed(assets: Readonly<Record<string, Given>>) {
  const statuses = Object.entries(assets).map(([name, { state = "fresh", parts = 0 }]) =>
    status(
      name,
      parts === 0 ? [{ state }] : Array.from({ length: parts }, (_, i) => ({
        state: i === 0 ? state : "fresh" as const,
        partition: part(`2023-${String(i + 1).padStart(2, "0")}`),
      })),
    )
  );
  const defs = new Map(
    Object.entries(assets).map(([name, { deps = [], group = "" }]) => [
      asset(name),
      definition(name, {
        group,
        deps: deps.map((each) => ({
          asset: asset(each),
          mapping: { type: "default" },
          lookback: 0,
          lookahead: 0,
        })),
      }),
    ]),
  );
  return { statuses, defs, view: { now: NOW, layout: { timezone: "UTC" } } };
}

const taxi = listed({
  payment_types: { group: "tables" },
  taxi_trips_file: { group: "files", parts: 3 },
  taxi_zones_file: { group: "files" },
  taxi_zones: { group: "tables", deps: ["taxi_zones_file"] },
  taxi_trips: { group: "tables", deps: ["taxi_trips_file"], parts: 3, state: "stale" },
  hourly_pattern: { group: "reports", deps: ["taxi_trips"], state: "failed" },
  manhattan_stats: { group: "reports", deps: ["taxi_trips", "taxi_zones"] },
  manhattan_map: { group: "reports", deps: ["manhattan_stats"], state: "missing" },
  payments: { group: "reports", deps: ["taxi_trips", "payment_types"] },
  trips_by_week: { group: "reports", deps: ["taxi_trips"], state: "running" },
});

Deno.test("the demo fits 140 columns from left to right, 80 from top to bottom", async (t) => {
  const graph = lineageOf(taxi);
  for (const columns of [140, 80]) {
    const { lines, note } = graphLines(graph, plain, columns);
    equal(note, null);
    await t.assertSnapshot(`\n${text(lines)}\n`);
  }
  const { lines } = graphLines(foldedLineageOf(taxi), plain, 80);
  await t.assertSnapshot(`\n${text(lines)}\n`);
});

Deno.test("every style and width: within the width, harmless, ASCII where asked", () => {
  inEveryStyle((style, columns) => graphLines(lineageOf(taxi), style, columns).lines);
  inEveryStyle((style, columns) => graphLines(foldedLineageOf(taxi), style, columns).lines);
  const odd = listed({ "ÿ東京_zone": {}, b: { deps: ["ÿ東京_zone"] } });
  inEveryStyle((style, columns) => graphLines(lineageOf(odd), style, columns).lines);
});

Deno.test("what is too much to draw is listed, every asset once in full, and the note says so", () => {
  const names = Array.from({ length: 400 }, (_, i) => `a${i}`);
  const many = listed(Object.fromEntries(
    names.map((name, i) => [name, i === 0 ? {} : { deps: [`a${(i - 1) >> 1}`, `a${i - 1}`] }]),
  ));
  const { lines, note } = graphLines(lineageOf(many), plain, 80);
  match(note ?? "", /400 assets are too many to draw/);
  for (const name of names) {
    const told = lines.filter((line) => new RegExp(`· ?${name}$|✓ ${name}$`).test(line.trimEnd()));
    ok(told.length <= 2, `${name} is told ${told.length} times`);
    ok(lines.some((line) => line.includes(` ${name}`)), `${name} is missing`);
  }
  inEveryStyle((style, columns) => graphLines(lineageOf(many), style, columns).lines);
});

Deno.test("groups that read each other stay unfolded, the others are folded", () => {
  const graph = foldedLineageOf(listed({
    a1: { group: "a" },
    b1: { group: "b", deps: ["a1"] },
    a2: { group: "a", deps: ["b1"] },
    b2: { group: "b" },
    c1: { group: "c", deps: ["a2"] },
    c2: { group: "c", deps: ["c1"], state: "failed" },
    d: { group: "d", deps: ["c2"] },
  }));
  deepEqual(graph.nodes.map(({ name }) => name), ["a1", "b1", "a2", "b2", "c/", "d"]);
  equal(graph.nodes[4]?.state, "failed");
  deepEqual(
    graph.edges.map(([from, to]) => `${graph.nodes[from]?.name}>${graph.nodes[to]?.name}`),
    [
      "a1>b1",
      "b1>a2",
      "a2>c/",
      "c/>d",
    ],
  );
});

Deno.test("nothing selected draws nothing", () => {
  deepEqual(graphLines(lineageOf(listed({})), plain, 80), { lines: [], note: null });
});

Deno.test("Mermaid and Graphviz: names are quoted, groups are boxes, every arrow is there", () => {
  const graph = lineageOf(listed({
    end: { group: 'say "hi"' },
    b: { group: 'say "hi"', deps: ["end"], state: "stale" },
    c: { deps: ["b"] },
  }));
  const groupOf = ({ name }: { name: string }) => name === "c" ? "" : 'say "hi"';
  const mermaid = mermaidText(graph, groupOf);
  match(mermaid, /^flowchart LR\n/);
  match(mermaid, /subgraph "say #quot;hi#quot;"\n {4}n0\["end"\]:::fresh\n {4}n1\["b"\]:::stale/);
  match(mermaid, /n0 --> n1\n {2}n1 --> n2\n/);
  const dot = dotText(graph, groupOf);
  match(dot, /label="say \\"hi\\"";/);
  match(dot, /"end" -> "b";\n {2}"b" -> "c";\n}/);
});

Deno.test("the document names nodes with states and partitions, and edges by key", () => {
  const document = graphDocument(lineageOf(taxi), taxi) as {
    nodes: { key: string; state: string; partitions: unknown; kind: string }[];
    edges: { from: string; to: string }[];
  };
  deepEqual(document.nodes[4], {
    key: "taxi_trips",
    group: "tables",
    kind: "sql",
    state: "stale",
    assets: [asset("taxi_trips")],
    partitions: null,
  });
  ok(document.edges.some(({ from, to }) => from === "taxi_trips" && to === "payments"));
});
