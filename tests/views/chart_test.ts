import { equal, match, ok } from "node:assert/strict";
import type { ChartDefinition } from "../../src/core/definition.ts";
import type { Rows } from "../../src/core/rows.ts";
import { chartLines } from "../../src/views/chart.ts";
import { csvText } from "../../src/views/csv.ts";
import { rowsTable } from "../../src/views/table.ts";
import { checkLines, styles, text, widths } from "./lines.ts";
import * as S from "./samples.ts";

const around = { ...S.AROUND, asset: "trips" };

const weekly: Rows = {
  columns: [
    { name: "period", type: "DATE" },
    { name: "num_trips", type: "BIGINT" },
    { name: "total_amount", type: "DECIMAL(18,2)" },
    { name: "borough", type: "VARCHAR" },
  ],
  rows: S.weeks(13).map((week, i) => [
    week,
    i === 4 ? null : 14000 + 100 * i,
    `${300000 + i}.42`,
    i % 2 ? "Queens" : "\x1b[31m東京",
  ]),
  total: 13,
};

const square = (x: number) =>
  `POLYGON((${x} 40.7,${x + 0.01} 40.7,${x + 0.01} 40.71,${x} 40.71,${x} 40.7))`;

const areas: Rows = {
  columns: [
    { name: "zone", type: "VARCHAR" },
    { name: "geometry", type: "VARCHAR" },
    { name: "num_trips", type: "BIGINT" },
  ],
  rows: [
    ["Harlem", square(-74), 100],
    [
      "Queensbridge",
      `{"type":"Polygon","coordinates":[[[-73.98,40.7],[-73.97,40.7],[-73.97,40.71],[-73.98,40.7]]]}`,
      5,
    ],
    ["Nowhere", null, 7],
  ],
  total: 3,
};

const draw = (chart: ChartDefinition, rows: Rows, style = S.plain, columns = 80) => {
  const found = chartLines(chart, rows, around, style, columns);
  ok(found.ok, JSON.stringify(found));
  return found.value;
};

const CHARTS: readonly (readonly [string, ChartDefinition, Rows])[] = [
  ["line", { type: "line", x: "period", y: "num_trips" }, weekly],
  ["line, nothing named", { type: "line" }, weekly],
  ["lines by colour", { type: "line", x: "period", y: "total_amount", color: "borough" }, weekly],
  ["bar", { type: "bar", x: "borough", y: "total_amount" }, weekly],
  ["grouped", { type: "bar", x: "period", y: ["num_trips", "total_amount"] }, weekly],
  [
    "stacked",
    { type: "bar", x: "period", y: "num_trips", color: "borough", stacked: true },
    weekly,
  ],
  ["log", { type: "bar", x: "period", y: "num_trips", scale: "log" }, weekly],
  ["heat", { type: "heat", x: "period", y: "borough", value: "num_trips" }, weekly],
  ["map", { type: "map", value: "num_trips", label: "zone" }, areas],
  ["scatter", { type: "scatter", x: "num_trips", y: "total_amount" }, weekly],
  ["spark", { type: "spark", y: ["num_trips", "total_amount"] }, weekly],
  ["number", { type: "number", value: "num_trips" }, weekly],
  ["table", { type: "table" }, weekly],
  ["area", { type: "area", x: "period", y: "num_trips", color: "borough" }, weekly],
  ["line, log", { type: "line", x: "period", y: "num_trips", scale: "log", unit: "trips" }, weekly],
  ["histogram", { type: "histogram", x: "num_trips", bins: 5, caption: "See." }, weekly],
  ["histogram of times", { type: "histogram", x: "period" }, weekly],
  ["box", { type: "box", x: "borough", y: "num_trips" }, weekly],
  ["box of several", { type: "box", y: ["num_trips", "total_amount"], scale: "log" }, weekly],
  ["calendar", { type: "calendar", x: "period", value: "num_trips" }, weekly],
  ["gantt", { type: "gantt", x: "period", end: "period", label: "borough" }, weekly],
];

for (const [name, chart, rows] of CHARTS) {
  Deno.test(`chart: ${name} fits, in every style and width, full and empty`, () => {
    for (const [, style] of styles) {
      for (const columns of widths) {
        for (
          const shown of [rows, { ...rows, rows: [], total: 0 }, {
            ...rows,
            rows: rows.rows.slice(0, 1),
          }]
        ) {
          checkLines(draw(chart, shown, style, columns), columns, style);
        }
      }
    }
  });
}

Deno.test("a decimal that comes as text is drawn as the number it is", () => {
  match(
    text(draw({ type: "bar", x: "period", y: "total_amount", limit: 2 }, weekly)),
    /300,000\.42[\s\S]*… 11 more/,
  );
});

Deno.test("sort and limit choose the greatest; NULL is last", () => {
  const told = text(
    draw({ type: "bar", x: "period", y: "num_trips", sort: "-num_trips", limit: 2 }, weekly),
  );
  match(told, /2023-03-26 .*15,200\n2023-03-19 .*15,100\n… 11 more/);
});

Deno.test("a chart is never higher than it may be, its caption and notes included", () => {
  for (const [name, chart, rows] of CHARTS) {
    for (const most of [12, 22]) {
      const caption = "A sentence below it";
      const found = chartLines({ ...chart, caption }, rows, around, S.plain, 80, most);
      ok(found.ok && found.value.length <= most, `${name}: ${found.ok && found.value.length}`);
      match(text(found.value), /A sentence below it/);
    }
  }
});

Deno.test("on a logarithmic scale zero has no place, and that is said; ticks read as numbers", () => {
  const rows = { ...areas, rows: [["a", null, 0], ["b", null, 10], ["c", null, 10_000]], total: 3 };
  const told = text(draw({ type: "line", x: "zone", y: "num_trips", scale: "log" }, rows));
  match(told, /10,000 ┤[\s\S]*\n +10 ┤/);
  match(told, /logarithmic scale\n1 value of zero or less left out$/);
});

Deno.test("a number is compared with the row before, else with the version before, else with nothing", () => {
  const one = { ...areas, rows: [["a", null, 120]], total: 1 };
  const number = (rows: Rows, before: number | null) => {
    const here = { ...around, before };
    const found = chartLines(
      { type: "number", value: "num_trips", unit: "trips" },
      rows,
      here,
      S.ascii,
      60,
    );
    ok(found.ok);
    return text(found.value);
  };
  match(number(one, 100), /^120 trips *\n\+ 20 \(20%\) since the version before/m);
  match(number(one, 120), /unchanged since the version before/);
  ok(!number(one, null).includes("since"));
  match(
    number({ ...areas, rows: [["a", null, 200], ["b", null, 150]], total: 2 }, 1),
    /- 50 \(25%\) since the row before/,
  );
});

Deno.test("a histogram counts rows without a value apart; days of several rows are added up", () => {
  match(text(draw({ type: "histogram", x: "num_trips" }, weekly)), /1 row without a value$/);
  const twice = { ...weekly, rows: [...weekly.rows, ...weekly.rows] };
  match(
    text(draw({ type: "calendar", x: "period", value: "num_trips" }, twice)),
    /days of several rows show their sum/,
  );
});

Deno.test("bars lie: x and y may be named either way", () => {
  const one = draw({ type: "bar", x: "borough", y: "num_trips", title: "t" }, weekly);
  const other = draw({ type: "bar", x: "num_trips", y: "borough", title: "t" }, weekly);
  equal(text(one), text(other));
});

Deno.test("days of the week stand in the week's order, cells of several rows are summed and said so", () => {
  const rows: Rows = {
    columns: [{ name: "day", type: "VARCHAR" }, { name: "hour", type: "INTEGER" }, {
      name: "n",
      type: "BIGINT",
    }],
    rows: [["Sunday", 10, 1], ["Monday", 9, 2], ["Monday", 9, 3], ["Friday", 9, 4]],
    total: 4,
  };
  const told = text(draw({ type: "heat", x: "hour", y: "day", value: "n" }, rows));
  match(told, /Monday[\s\S]*Friday[\s\S]*Sunday/);
  match(told, /\b9\b.*\b10\b/);
  match(told, /cells of several rows show their sum/);
});

Deno.test("a map takes WKT and GeoJSON; a row without an outline is counted", () => {
  const told = text(draw({ type: "map", value: "num_trips", label: "zone" }, areas, S.plain, 120));
  match(told, /1 row without an outline/);
  match(told, /num_trips/);
});

const PROBLEMS: readonly (readonly [string, ChartDefinition, Rows, RegExp, RegExp])[] = [
  [
    "unknown column",
    { type: "line", x: "priod", y: "num_trips" },
    weekly,
    /names a column priod as x/,
    /write x: period/,
  ],
  ["unknown type", { type: "lien" }, weekly, /no chart of type lien/, /write type: line/],
  [
    "text as height",
    { type: "line", x: "period", y: "borough" },
    weekly,
    /borough is no number/,
    /cast/,
  ],
  [
    "unknown sort",
    { type: "bar", x: "period", y: "num_trips", sort: "-num_trps" },
    weekly,
    /num_trps as sort/,
    /sort: num_trips/,
  ],
  [
    "no outline",
    { type: "map", value: "num_trips", label: "zone", geometry: "zone" },
    areas,
    /zone of Harlem is no outline/,
    /POLYGON/,
  ],
  [
    "no geometry",
    { type: "map", value: "num_trips" },
    weekly,
    /names no column as geometry/,
    /write geometry:/,
  ],
];

for (const [name, chart, rows, message, hint] of PROBLEMS) {
  Deno.test(`chart problem: ${name}`, () => {
    const found = chartLines(chart, rows, around, S.plain, 80);
    ok(!found.ok);
    match(found.error.message, message);
    match(found.error.hint ?? "", hint);
    equal(found.error.where?.asset, "trips");
  });
}

Deno.test("a table: numbers grouped and right, NULL apart, outlines cut, times readable", () => {
  const rows: Rows = {
    columns: [
      { name: "n", type: "HUGEINT" },
      { name: "at", type: "TIMESTAMP" },
      { name: "geometry", type: "VARCHAR" },
      { name: "wait", type: "INTERVAL" },
      { name: "list", type: "INTEGER[]" },
    ],
    rows: [
      [
        "170141183460469231731687303715884105727",
        "2023-01-01T05:00:00",
        `MULTI${square(-74)}`.repeat(2000),
        "1 day",
        [1, 2],
      ],
      [null, null, null, null, null],
    ],
    total: 5000,
  };
  const told = text(rowsTable(rows, S.plain, 140));
  match(
    told,
    /170,141,183,460,469,231,731,687,303,715,884,105,727 {2}2023-01-01 05:00:00 {2}MULTIPOLYGON\(\(-74 40\.7,-73\.… {2}1 day +\[1,2\]/,
  );
  match(told, /… 4,998 more rows/);
  match(told, / NULL {2}NULL/);
});

Deno.test("CSV: quotes where they must be, NULL told from an empty text", () => {
  equal(
    csvText({
      columns: [{ name: "a,b", type: "VARCHAR" }, { name: "n", type: "DECIMAL(18,2)" }, {
        name: "s",
        type: "STRUCT(x INTEGER)",
      }],
      rows: [['say "hi"\n', "1.50", { x: 1 }], [null, 2, null], ["", 3, null]],
      total: 3,
    }),
    '"a,b",n,s\n"say ""hi""\n",1.50,"{""x"":1}"\n,2,\n"",3,',
  );
});

Deno.test("a series sampled at places of its own is one line; one that lacks a few of all has gaps", () => {
  const columns = [
    { name: "n", type: "INTEGER" },
    { name: "v", type: "INTEGER" },
    { name: "s", type: "VARCHAR" },
  ];
  const rows = (
    of: (i: number) => string,
    but: (i: number, s: string) => boolean = () => false,
  ) => ({
    columns,
    rows: Array.from({ length: 12 }, (_, i) => i).flatMap((i) =>
      of(i).split("").filter((s) => !but(i, s)).map((s) => [i, s === "a" ? 9 : 1, s])
    ),
    total: null,
  });
  const chart = { type: "line", x: "n", y: "v", color: "s" };
  const marks = (of: Rows, mark: string) =>
    Math.max(...draw(chart, of).slice(2).map((line) => line.split(mark).length - 1));
  // a at the even places, b at the odd ones: both lines run on.
  const alternate = rows((i) => i % 2 === 0 ? "a" : "b");
  ok(marks(alternate, "●") > 60 && marks(alternate, "○") > 60, text(draw(chart, alternate)));
  // b is there everywhere, a but for three places: that is a gap.
  const lacking = rows(() => "ab", (i, s) => s === "a" && i >= 4 && i <= 6);
  const whole = rows(() => "ab");
  ok(marks(lacking, "●") < marks(whole, "●") * 0.75, text(draw(chart, lacking)));
});
