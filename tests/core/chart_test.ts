import { deepEqual, equal, match, ok } from "node:assert/strict";
import {
  CHART_OPTIONS,
  CHART_TYPES,
  type ChartSpec,
  chartTroubles,
  chartType,
  chartTypeWords,
  COMMON_OPTIONS,
} from "../../src/core/chart.ts";
import { chart as chartShape } from "../../src/loader/schema_chart.ts";
import { findings } from "../../src/loader/shape.ts";
import { parse } from "yaml";

Deno.test("every type's example is valid, and uses only what the type takes", () => {
  for (const [name, type] of Object.entries(CHART_TYPES)) {
    const written = parse(type.example);
    equal(written.type, name);
    deepEqual(findings(chartShape, written, "chart"), [], type.example);
  }
});

Deno.test("every option is taken by some type, and its example is what it holds", () => {
  const taken = new Set<string>([
    ...COMMON_OPTIONS,
    ...Object.values(CHART_TYPES).flatMap((type) => type.options),
  ]);
  for (const [name, option] of Object.entries(CHART_OPTIONS)) {
    ok(taken.has(name), `${name} is taken by no chart`);
    const found = findings(chartShape, { type: "table", [name]: parse(option.example) }, "chart");
    deepEqual(found.filter((each) => each.at === "value"), [], `${name}: ${option.example}`);
  }
});

Deno.test("an option of another type and a missing one are told with what to write", () => {
  const [wrong] = chartTroubles({ type: "line", x: "a", y: "b", geometry: "g" });
  equal(wrong?.option, "geometry");
  match(wrong?.why ?? "", /^a line chart takes x, y, color/);
  const [missing] = chartTroubles({ type: "scatter", x: "a" });
  match(missing?.message ?? "", /without y/);
  match(missing?.hint ?? "", /type: scatter/);
  const found = findings(chartShape, { type: "lien", rotat: 3 }, "chart");
  deepEqual(found.map((each) => each.hint), ["did you mean line?", "did you mean rotate?"]);
});

Deno.test("other words stand for a type", () => {
  equal(chartType("choropleth"), "map");
  equal(chartType("heatmap"), "heat");
  equal(chartType("pie"), null);
  ok(chartTypeWords().includes("sparkline"));
});

// The types come from the same table: this file would not compile otherwise.
const spec: ChartSpec = { type: "map", geometry: "g", rotate: -29, classes: "log", top: 3 };
// @ts-expect-error: a misspelled type is none
const wrong: ChartSpec = { type: "mapp" };
// @ts-expect-error: a number is no column
const wrongColumn: ChartSpec = { type: "line", x: 3 };
Deno.test("a chart in TypeScript has the same keys", () => {
  equal(spec.type, "map");
  equal([wrong, wrongColumn].length, 2);
});
