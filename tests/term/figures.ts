// One figure of each kind, and the hard data of each: what snapshots, widths and SVG are tried with.

import { boxOf } from "../../src/term/boxplot.ts";
import type { Figure } from "../../src/term/figure.ts";
import { countInto, niceEdges } from "../../src/term/histogram.ts";
import { zoneOutlines } from "../../fixtures/outlines.ts";

/** Numbers that look random and are the same on every machine. */
export function numbers(count: number, seed = 7): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  });
}

const weeks = Array.from(
  { length: 13 },
  (_, i) => new Date(Date.UTC(2023, 0, 1 + 7 * i)).toISOString().slice(0, 10),
);
const trips = numbers(13).map((at, i) => i === 5 ? null : Math.round(20_000 + 6_000 * at));
const skewed = numbers(500, 3).map((at) => Number((-Math.log(1 - at) * 4).toFixed(2)));

function histogram(values: readonly number[], log = false): Figure {
  const range = { min: Math.min(...values), max: Math.max(...values) };
  const edges = niceEdges(range, null, { whole: false, kind: "number" });
  return {
    kind: "histogram",
    data: { edges, counts: countInto(values, edges), kind: "number", whole: false },
    log,
  };
}

function boxes(): Figure {
  const found = ["Manhattan", "Queens", "東京"].map((name, i) =>
    boxOf(name, skewed.slice(i * 100, i * 100 + 100).map((v) => v * (i + 1)))
  );
  return { kind: "box", boxes: found.filter((box) => box !== null) };
}

/** The demo's own Manhattan. */
function manhattan(): Figure {
  const features = zoneOutlines().filter((each) => each.borough === "Manhattan").map(
    ({ zoneId, zone, rings }, i) => ({
      id: zoneId,
      label: zone,
      value: i % 11 === 0 ? null : Math.round(12_000 * (numbers(i + 1)[i] ?? 0) ** 2),
      geometry: { type: "MultiPolygon", coordinates: rings.map((ring) => [ring]) } as const,
    }),
  );
  return { kind: "map", features, rotate: -29, unit: "trips" };
}

const days = numbers(120, 11).map((at, i) => ({
  day: 19_358 + i,
  value: i % 17 === 0 ? null : Math.round(at * 900),
}));

/** Every kind, as people use it. */
export const FIGURES: readonly (readonly [string, Figure])[] = [
  ["line", {
    kind: "line",
    data: { x: weeks, xKind: "time", series: [{ name: "trips", values: trips }] },
  }],
  ["lines", {
    kind: "line",
    data: {
      x: weeks,
      xKind: "time",
      series: [
        { name: "yellow", values: trips },
        { name: "green", values: trips.map((v) => v === null ? null : v / 3) },
      ],
    },
  }],
  ["line, log", {
    kind: "line",
    log: true,
    data: { series: [{ name: "n", values: numbers(30).map((at, i) => i / 5 + at) }] },
  }],
  ["area", {
    kind: "area",
    data: {
      x: weeks,
      xKind: "time",
      series: [
        { name: "card", values: trips },
        { name: "cash", values: trips.map((v) => v === null ? null : v / 2) },
      ],
    },
  }],
  ["scatter", {
    kind: "scatter",
    data: {
      x: skewed.slice(0, 300),
      series: [{ name: "fare", values: skewed.slice(200).map((v, i) => v + (skewed[i] ?? 0)) }],
    },
  }],
  ["bar", {
    kind: "bar",
    stacked: false,
    data: {
      labels: ["Card", "Cash", "Dispute", "Unknown"],
      series: [{ name: "n", values: [237_879, 50_439, 1_776, null] }],
    },
  }],
  ["bar, grouped and diverging", {
    kind: "bar",
    stacked: false,
    data: {
      labels: ["Mon", "Tue"],
      series: [{ name: "in", values: [12, 7.5] }, { name: "out", values: [-4, -11] }],
    },
  }],
  ["bar, stacked", {
    kind: "bar",
    stacked: true,
    data: {
      labels: ["Mon", "Tue"],
      series: [{ name: "card", values: [12, 7] }, { name: "cash", values: [4, 11] }],
    },
  }],
  ["histogram", histogram(skewed)],
  ["histogram, log", histogram(skewed, true)],
  ["box", boxes()],
  ["heat", {
    kind: "heat",
    data: {
      rows: ["Monday", "Tuesday", "Sunday"],
      columns: Array.from({ length: 24 }, (_, i) => String(i)),
      values: [3, 5, 8].map((seed) =>
        numbers(24, seed).map((v, i) => i === 4 ? null : Math.round(v * 3000))
      ),
    },
    unit: "trips",
  }],
  ["calendar", { kind: "calendar", days }],
  ["map", manhattan()],
  ["number", {
    kind: "number",
    data: {
      value: 301_518,
      before: { value: 288_300, name: "the version before" },
      course: [3, 4, 2, 6],
      unit: "trips",
      empty: false,
    },
  }],
  ["spark", {
    kind: "spark",
    rows: [{ name: "trips", values: trips }, { name: "takings", values: skewed.slice(0, 13) }],
  }],
  ["gantt", {
    kind: "gantt",
    rows: [
      { label: "taxi_trips_file", start: 0, end: 900 },
      { label: "taxi_trips", start: 900, end: 1400, role: "bad", note: "failed" },
    ],
  }],
  ["table", {
    kind: "table",
    columns: [{ title: "zone", kind: "text" }, { title: "num_trips", kind: "number" }],
    rows: [["Harlem <&>", 12_500], [null, 3]],
    total: 260,
  }],
];

const one = (values: readonly (number | null)[]): Figure[] => [
  { kind: "line", data: { series: [{ name: "n", values }] } },
  { kind: "area", data: { series: [{ name: "n", values }] } },
  { kind: "scatter", data: { series: [{ name: "n", values }] } },
  {
    kind: "bar",
    stacked: false,
    data: { labels: values.map((_, i) => `b${i}`), series: [{ name: "n", values }] },
  },
  { kind: "box", boxes: [boxOf("n", values)].filter((box) => box !== null) },
  { kind: "heat", data: { rows: ["r"], columns: values.map(String), values: [values] } },
  { kind: "calendar", days: values.map((value, i) => ({ day: i * 40, value })) },
  { kind: "spark", rows: [{ name: "n", values }] },
  {
    kind: "number",
    data: { value: values.at(-1) ?? null, before: null, course: values, unit: "", empty: false },
  },
];

/** Negative, constant, one, none, missing, NaN, huge, tiny, many. */
export const HARD: readonly (readonly [string, readonly Figure[]])[] = [
  ["negative", one([-5, -3.5, -9])],
  ["around zero", one([-5, 3.5, 0, 9])],
  ["constant", one([7, 7, 7, 7])],
  ["zeros", one([0, 0, 0])],
  ["one", one([42])],
  ["none", one([])],
  ["only missing", one([null, null])],
  ["gaps", one([1, null, 3, null, null, 2])],
  ["not a number", one([NaN, 3, Infinity, -Infinity, 1])],
  ["huge", one([1e308, -1e308, 5])],
  ["tiny", one([1e-300, 3e-300, 2e-300])],
  ["close", one([1e15 + 1, 1e15 + 2, 1e15 + 3])],
  ["many", one(numbers(3_000))],
  ["no areas", [{ kind: "map", features: [] }]],
  ["no rows", [{ kind: "gantt", rows: [] }, { kind: "spark", rows: [] }, {
    kind: "table",
    columns: [],
    rows: [],
    total: 0,
  }]],
];
