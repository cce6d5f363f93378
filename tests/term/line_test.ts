import { deepEqual, equal, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { asciiLine } from "../../src/term/asciiline.ts";
import { lineChart } from "../../src/term/line.ts";
import { fraction } from "../../src/term/scale.ts";
import { plainStyle } from "../../src/term/style.ts";
import { yAxis } from "../../src/term/yaxis.ts";
import { allStyles, checkLines, colored, widths } from "./styles.ts";

const weeks = Array.from({ length: 13 }, (_, i) => new Date(Date.UTC(2023, 0, 1 + 7 * i)));
const trips = [
  ...[14652, 15801, 15904, 16383, 15311, 15922, 16100],
  ...[15639, 16001, 16302, 16500, 16450, 16020],
];

Deno.test("trips per week, as it should look", async (t) => {
  const lines = lineChart({ x: weeks, series: [{ name: "trips", values: trips }] }, {
    width: 64,
    style: plainStyle,
    title: "Trips per week",
  });
  await t.assertSnapshot(lines.join("\n"));
});

const hard: readonly (readonly [name: string, values: (number | null)[]])[] = [
  ["none", []],
  ["all missing", [null, NaN, Infinity]],
  ["one", [5]],
  ["zero", [0]],
  ["constant", [7, 7, 7, 7]],
  ["negative", [-5, -3, -900]],
  ["gaps", [1, null, 3, NaN, Infinity, 4, -Infinity, 2]],
  ["huge", [1e308, -1e308, 0, Number.MAX_VALUE]],
  ["tiny", [1e-300, 2e-300, Number.MIN_VALUE]],
  ["near each other", [1e15, 1e15 + 1, 1e15 + 2]],
  ["long", Array.from({ length: 1000 }, (_, i) => Math.sin(i / 100) * 50)],
];

Deno.test("hard data: exact width and height in every style", () => {
  for (const [name, values] of hard) {
    for (const columns of widths) {
      for (const [kind, style] of allStyles) {
        const what = `${name} ${columns} ${kind}`;
        const two = [{ name: "a", values }, { name: "日本 b", values: [...values].reverse() }];
        for (const series of [two.slice(0, 1), two]) {
          const lines = lineChart({ series }, { width: columns, style, height: 12, title: "t" });
          equal(lines.length, 12, what);
          checkLines(lines, columns, style, what);
        }
        checkLines(
          lineChart({ x: values.map((_, i) => `category ${i}`), series: two.slice(0, 1) }, {
            width: columns,
            style,
          }),
          columns,
          style,
          what,
        );
      }
    }
  }
});

/** The plot of a plain chart: its rows from the axis on, and what its first and last tick say. */
function plotOf(lines: readonly string[]): { rows: string[]; top: number; bottom: number } {
  const rows = lines.filter((line) => /^\s*\S*\s*[│┤┼]/.test(line) && !/[└├]/.test(line));
  const left = Math.max(...rows.map((row) => row.search(/[│┤┼]/)));
  const said = rows.map((row) => row.slice(0, left).trim().replaceAll(",", ""));
  const at = said.findIndex((text) => text !== ""), to = said.findLastIndex((text) => text !== "");
  const each = (Number(said[at]) - Number(said[to])) / (to - at);
  return {
    rows: rows.map((row) => row.slice(left)),
    top: Number(said[at]) + at * each,
    bottom: Number(said[to]) - (rows.length - 1 - to) * each,
  };
}

Deno.test("every point of a single series is drawn within half a cell of where it belongs", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: -900, max: 900 }), { minLength: 2, maxLength: 30 }),
    fc.integer({ min: 60, max: 160 }),
    fc.integer({ min: 10, max: 30 }),
    (values, columns, height) => {
      fc.pre(new Set(values).size > 1);
      const lines = lineChart({ series: [{ name: "a", values }] }, {
        width: columns,
        height,
        style: plainStyle,
      });
      const { rows } = plotOf(lines);
      const samples = (rows[0] as string).length;
      const of = { extent: { min: Math.min(...values), max: Math.max(...values) }, whole: true };
      const { domain } = yAxis(of, rows.length, undefined);
      values.forEach((value, i) => {
        const column = Math.round((i / (values.length - 1)) * (samples - 1));
        const exact = (1 - fraction(value, domain)) * (rows.length - 1);
        const near = rows.some((row, y) =>
          Math.abs(y - exact) <= 0.5 + 1e-9 && /[┼─╭╮╯╰│╴╶●]/.test(row[column] as string)
        );
        ok(near, `${value} at ${column}:\n${lines.join("\n")}`);
      });
    },
  ));
});

Deno.test("a missing value leaves its columns blank, a lone value is a mark", () => {
  const values = [5, 5, null, 5, null, 5, 5];
  const lines = lineChart({ series: [{ name: "a", values }] }, {
    width: 63,
    height: 9,
    style: plainStyle,
  });
  const line = lines.find((row) => row.includes("●")) as string;
  match(line, /┼─+ +● +─+$/);
  const { rows } = plotOf(lines);
  const plot = rows.find((row) => row.includes("●")) as string;
  const at = (i: number) => Math.round((i / 6) * (plot.length - 1));
  equal(plot[at(2)], " ");
  equal(plot[at(3)], "●");
  equal(plot[at(4)], " ");
});

Deno.test("a peak of one among a million is still seen, and the rest is not drawn over it", () => {
  const values = new Float64Array(1_000_000);
  values[333_333] = 500;
  const lines = lineChart({ series: [{ name: "a", values }] }, {
    width: 100,
    height: 14,
    style: plainStyle,
  });
  const { rows } = plotOf(lines);
  const high = rows.map((row) =>
    [...row].findIndex((c, i) => i > 0 && c > "\u2800" && c <= "\u28ff")
  );
  equal(high[0], high[5]);
  ok(Math.abs((high[0] as number) / (rows[0] as string).length - 1 / 3) < 0.02);
});

Deno.test("several series: a legend, a colour each, a mark each without colour", () => {
  const series = [{ name: "up", values: [1, 2, 3] }, { name: "down\x1b[2J", values: [3, 2, 1] }];
  const plain = lineChart({ series }, { width: 60, style: plainStyle });
  match(plain[0] as string, /^● up {3}○ down␛\[2J +$/);
  ok(
    plain.slice(1).some((line) => line.includes("●")) &&
      plain.slice(1).some((line) => line.includes("○")),
  );
  const painted = lineChart({ series }, { width: 60, style: colored });
  const codes = new Set(painted[0]?.match(/\[38[0-9;]*m/g));
  equal(codes.size, 2);
  for (const code of codes) ok(painted.slice(1).some((line) => line.includes(code)));
});

Deno.test("points may come in any order, and those without x have no place", () => {
  const style = plainStyle, at = (days: number) => new Date(Date.UTC(2023, 0, days));
  deepEqual(
    lineChart({ x: [at(9), null, at(1), at(5)], series: [{ name: "a", values: [3, 99, 1, 2] }] }, {
      width: 60,
      style,
    }),
    lineChart({ x: [at(1), at(5), at(9)], series: [{ name: "a", values: [1, 2, 3] }] }, {
      width: 60,
      style,
    }),
  );
});

Deno.test("dates as text are wall clock, whatever the machine's zone", () => {
  const lines = lineChart({
    x: ["2023-01-01 00:00:00", "2023-01-02T00:00:00", "2023-01-03"],
    xKind: "time",
    series: [{ name: "a", values: [1, 2, 3] }],
  }, { width: 60, style: plainStyle });
  match(lines.at(-1) as string, /^ *Jan 1 2023 .* Jan 2 .* Jan 3/);
});

Deno.test("an axis of counts has no halves", () => {
  const lines = lineChart({ series: [{ name: "a", values: [0, 1, 2] }] }, {
    width: 80,
    height: 20,
    style: plainStyle,
  });
  ok(!lines.join("\n").includes("."));
});

Deno.test("asciichart's line is the series, exactly, whatever it is", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 }),
    fc.boolean(),
    (rows, unicode) => {
      const cells = asciiLine(rows, 10, unicode);
      rows.forEach((row, column) => {
        const here = cells.filter((cell) => cell.column === column).map((cell) => 9 - cell.row);
        const before = rows[column - 1] ?? row;
        // A column holds the way from the value before to its own, and nothing else.
        equal(Math.min(...here), Math.min(row, before));
        equal(Math.max(...here), Math.max(row, before));
        equal(here.length, Math.abs(row - before) + 1);
      });
    },
  ));
});
