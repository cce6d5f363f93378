import { equal, match, ok } from "node:assert/strict";
import type { Figure } from "../../src/term/figure.ts";
import { figureSvg } from "../../src/term/svg/figure.ts";
import { graphSvg } from "../../src/term/svg/graph.ts";
import { FIGURES, HARD, numbers } from "./figures.ts";

const svg = (figure: Figure, width = 720) => figureSvg(figure, { width, title: 'Trips <&> "x"' });

/** Every tag closed in order, nothing unescaped, every number a number, nothing from elsewhere. */
function checkSvg(text: string, what: string): void {
  const open: string[] = [];
  const rest = text.replace(/<style>[^<]*<\/style>/, "").replace(
    /<(\/?)([a-z]+)((?: [a-zA-Z0-9:-]+="[^"<>]*")*)(\/?)>/g,
    (_, close: string, name: string, attributes: string, empty: string) => {
      if (close !== "") equal(open.pop(), name, what);
      else if (empty === "") open.push(name);
      ok(!/NaN|Infinity|undefined|null/.test(attributes), `${what}: ${attributes}`);
      return "";
    },
  );
  equal(open.length, 0, `${what}: open ${open}`);
  ok(!/[<>]|&(?!amp;|lt;|gt;|quot;)/.test(rest), `${what}: ${rest.slice(0, 200)}`);
  ok(!/url\(|href=|<script|https?:\/\/(?!www\.w3\.org\/2000\/svg)/.test(text), what);
  match(text, /^<svg [^>]*viewBox="0 0 [\d.]+ [\d.]+"/);
}

Deno.test("every figure is well-formed SVG at every width, hard data too, the same each time", () => {
  const all = [...FIGURES, ...HARD.flatMap(([name, own]) => own.map((f) => [name, f] as const))];
  for (const [name, figure] of all) {
    for (const width of [320, 720, 1200]) {
      const text = svg(figure, width);
      checkSvg(text, `${name} ${figure.kind} ${width}`);
      equal(text, svg(figure, width));
    }
  }
});

Deno.test("a drawing of its own has light and dark; in a page it has the page's", () => {
  const [, line] = FIGURES[0] as [string, Figure];
  match(svg(line), /prefers-color-scheme:dark/);
  ok(!figureSvg(line, { width: 720, title: "t", embedded: true }).includes("<style>"));
});

Deno.test("points stand where they are: the axis' own ends and middle", () => {
  const text = svg({
    kind: "line",
    data: { x: [0, 5, 10], series: [{ name: "n", values: [0, 50, 100] }] },
  });
  const at = [...text.matchAll(/<circle [^>]*cx="([\d.]+)" cy="([\d.]+)"/g)]
    .map((m) => [Number(m[1]), Number(m[2])] as const);
  equal(at.length, 3);
  const [a, b, c] = at as [
    readonly [number, number],
    readonly [number, number],
    readonly [number, number],
  ];
  ok(Math.abs(b[0] - (a[0] + c[0]) / 2) <= 0.1 && Math.abs(b[1] - (a[1] + c[1]) / 2) <= 0.1);
  ok(a[1] > c[1]);
});

Deno.test("a long line keeps its peaks and its gaps, and stays small", () => {
  const values: (number | null)[] = numbers(200_000);
  values[77_777] = 50;
  for (let i = 120_000; i < 140_000; i++) values[i] = null;
  const text = svg({ kind: "line", data: { series: [{ name: "n", values }] } });
  const paths = [...text.matchAll(/<path class="l l0" d="([^"]+)"/g)].map((m) => m[1] ?? "");
  equal(paths.length, 1);
  equal(paths[0]?.split("M").length, 3);
  const ys = [...(paths[0] ?? "").matchAll(/ ([\d.]+)/g)].map((m) => Number(m[1]));
  ok(Math.max(...ys) - Math.min(...ys) > 150);
  ok(text.length < 80_000, `${text.length}`);
});

Deno.test("bars are as long as their values, in order", () => {
  const text = svg({
    kind: "bar",
    stacked: false,
    data: { labels: ["a", "b", "c"], series: [{ name: "n", values: [10, 5, 2.5] }] },
  });
  const widths = [...text.matchAll(/<rect class="s0" [^>]*width="([\d.]+)"/g)].map((m) =>
    Number(m[1])
  );
  equal(widths.length, 3);
  const [a, b, c] = widths as [number, number, number];
  ok(Math.abs(a - 2 * b) < 0.3 && Math.abs(b - 2 * c) < 0.3);
});

Deno.test("a map's shades are those of its legend, by the value's class", () => {
  const square = (x: number) =>
    [[[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]]] as [number, number][][];
  const text = svg({
    kind: "map",
    features: [1, 20, 300, 4000, 50_000].map((value, i) => ({
      id: i,
      value,
      geometry: { type: "Polygon", coordinates: square(i) },
    })),
    bins: "quantile",
  });
  const shades = [...text.matchAll(/<path class="(q\d+) c"/g)].map((m) => m[1]);
  const legend = [...text.matchAll(/<rect class="(q\d+)"/g)].map((m) => m[1]).reverse();
  equal(shades.join(), legend.join());
});

Deno.test("a graph has each node once, arrows from left to right", () => {
  const nodes = ["a", "b", "c <d>"].map((key) => ({ key, shade: "s0", hint: key }));
  const text = graphSvg(nodes, [[0, 1], [1, 2], [0, 2]], "lineage");
  equal([...text.matchAll(/<rect class="b"/g)].length, 3);
  match(text, /c &lt;d&gt;/);
  for (const [, x0, x1] of text.matchAll(/M([\d.]+) [\d.]+C[\d. ]+ ([\d.]+) [\d.]+(?=[M"])/g)) {
    ok(Number(x0) < Number(x1));
  }
});

Deno.test("spans of time stand over an axis with ticks, and say their state in words too", () => {
  const rows = [
    { label: "a", start: 1000, end: 1500 },
    { label: "b", start: 1500, end: 2000, role: "bad", note: "failed" },
  ] as const;
  for (const width of [340, 720]) {
    const text = svg({ kind: "gantt", rows }, width);
    match(text, />500 ms failed</);
    match(text, />0<[^]*>500 ms</);
    const grid = [...text.matchAll(/<line class="g" x1="([\d.]+)"/g)].map((m) => Number(m[1]));
    ok(grid.length >= 3 && grid.every((x, i) => i === 0 || x > (grid[i - 1] ?? 0)), `${grid}`);
    const bars = [...text.matchAll(/<rect class="s\d" x="([\d.]+)"/g)].map((m) => Number(m[1]));
    equal(bars[0], grid[0]);
  }
});
