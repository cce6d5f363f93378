import { deepEqual, equal } from "node:assert/strict";
import { largestSeries, stackedSeries } from "../../src/views/chart_series.ts";

const forty = Array.from({ length: 40 }, (_, i) => ({
  name: `s${i}`,
  values: [i, i === 39 ? null : -i],
}));

Deno.test("of very many series the largest stay, in their order, and that is said", () => {
  const { series, notes } = largestSeries(forty);
  deepEqual(series.map(({ name }) => name), Array.from({ length: 12 }, (_, i) => `s${i + 27}`));
  deepEqual(notes, ["the 12 largest of 40 series"]);
  equal(largestSeries(forty.slice(0, 12)).series.length, 12);
});

Deno.test("what stands on each other loses nothing: the small ones are one", () => {
  const { series } = stackedSeries(forty);
  equal(series.length, 7);
  equal(series.at(-1)?.name, "34 others");
  const sum = (all: typeof series) =>
    [0, 1].map((i) => all.reduce((n, s) => n + (s.values[i] ?? 0), 0));
  deepEqual(sum(series), sum(forty));
});
