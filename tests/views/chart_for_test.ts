/** Which chart a query's result is drawn as. */
import { deepEqual, ok } from "node:assert/strict";
import type { Json } from "../../src/core/json.ts";
import type { Rows } from "../../src/core/rows.ts";
import { plainStyle } from "../../src/term/style.ts";
import { chartLines } from "../../src/views/chart.ts";
import { chartFor } from "../../src/views/chart_for.ts";

function rows(columns: Readonly<Record<string, string>>, ...values: readonly Json[][]): Rows {
  const named = Object.entries(columns).map(([name, type]) => ({ name, type }));
  return { columns: named, rows: values, total: values.length };
}

const DAYS = ["2024-01-01", "2024-01-02", "2024-01-03"];

const CASES: readonly [what: string, rows: Rows, chart: unknown][] = [
  ["nothing", rows({ n: "BIGINT" }), null],
  ["one number", rows({ n: "BIGINT" }, [7]), { type: "number", value: "n" }],
  [
    "numbers over time, those of one size on one axis",
    rows(
      { day: "DATE", a: "BIGINT", b: "DOUBLE", huge: "BIGINT" },
      ...DAYS.map((day, at) => [day, at + 1, at + 2, 1e9]),
    ),
    { type: "line", x: "day", y: ["a", "b"], sort: "day" },
  ],
  [
    "a series for each of few words",
    rows(
      { day: "DATE", cab: "VARCHAR", n: "BIGINT" },
      ...DAYS.flatMap((day) => [[day, "green", 1], [day, "yellow", 2]]),
    ),
    { type: "line", x: "day", y: "n", color: "cab" },
  ],
  [
    "a bar for each word",
    rows({ cab: "VARCHAR", n: "BIGINT" }, ["green", 1], ["yellow", 2]),
    { type: "bar", x: "cab", y: "n", limit: 40 },
  ],
  [
    "two words and a number are a heat map",
    rows(
      { cab: "VARCHAR", payment: "VARCHAR", n: "BIGINT" },
      ["green", "cash", 1],
      ["green", "card", 2],
      ["yellow", "cash", 3],
    ),
    { type: "heat", x: "cab", y: "payment", value: "n" },
  ],
  [
    "a number that only rises is an axis",
    rows({ hour: "INTEGER", n: "BIGINT" }, [0, 5], [1, 3], [2, 9]),
    { type: "line", x: "hour", y: ["n"] },
  ],
  [
    "two others are points",
    rows({ a: "DOUBLE", b: "DOUBLE" }, [3, 5], [1, 3], [2, 9]),
    { type: "scatter", x: "a", y: "b" },
  ],
  [
    "one number alone is how it lies",
    rows({ a: "DOUBLE" }, [3], [1], [2]),
    { type: "histogram", x: "a" },
  ],
  [
    "outlines are a map",
    rows(
      { zone: "VARCHAR", shape: "VARCHAR", n: "BIGINT" },
      ["one", "POLYGON((0 0, 1 0, 1 1, 0 0))", 1],
      ["two", "POLYGON((1 0, 2 0, 2 1, 1 0))", 2],
    ),
    { type: "map", geometry: "shape", label: "zone", value: "n" },
  ],
  ["words that differ are no picture", rows({ name: "VARCHAR" }, ["a"], ["b"]), null],
];

for (const [what, data, expected] of CASES) {
  Deno.test(`chart for a result: ${what}`, () => {
    const chart = chartFor(data);
    deepEqual(chart, expected);
    if (chart === null) return;
    const around = { now: 0, timezone: "UTC", asset: "result" };
    const drawn = chartLines(chart, data, around, plainStyle, 60, 15);
    ok(drawn.ok, JSON.stringify(drawn));
  });
}
