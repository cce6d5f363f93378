import { equal, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { barChart } from "../../src/term/bar.ts";
import { asciiStyle, plainStyle } from "../../src/term/style.ts";
import { allStyles, checkLines, colored, widths } from "./styles.ts";

const EIGHTHS = " ▏▎▍▌▋▊▉█";

/** A bar's length in eighths of a cell. */
function eighths(line: string): number {
  return [...line].reduce((sum, char) => sum + Math.max(0, EIGHTHS.indexOf(char)), 0);
}

Deno.test("bars, as they should look", async (t) => {
  const labels = ["Credit card", "Cash", "No charge", "Dispute", "missing"];
  const lines = barChart({
    labels,
    series: [{ name: "n", values: [120345, 62344, 1200, 3, null] }],
  }, {
    width: 60,
    style: plainStyle,
    title: "Payments",
  });
  await t.assertSnapshot(lines.join("\n"));
});

const hard: readonly (readonly [string, (number | null)[]])[] = [
  ["none", []],
  ["one", [5]],
  ["missing", [null, NaN, Infinity]],
  ["zeros", [0, 0]],
  ["mixed", [-3, 5, null, -0.001]],
  ["negative", [-1, -2]],
  ["huge", [1e308, -1e308]],
  ["tiny", [1e-300, Number.MIN_VALUE]],
];

Deno.test("hard data: exact width in every style and mode", () => {
  for (const [name, values] of hard) {
    for (const columns of widths) {
      for (const [kind, style] of allStyles) {
        const labels = values.map((_, i) =>
          i === 1 ? "日本語の長いラベル👨‍👩‍👧 and more of it" : `label ${i}`
        );
        const one = [{ name: "a", values }],
          two = [...one, { name: "b", values: [...values].reverse() }];
        for (const series of [one, two]) {
          for (const mode of ["grouped", "stacked"] as const) {
            const lines = barChart({ labels, series }, { width: columns, style, mode, title: "t" });
            checkLines(lines, columns, style, `${name} ${columns} ${kind} ${mode}`);
          }
        }
      }
    }
  }
});

Deno.test("bars are as long as their values: monotone, and in proportion to an eighth of a cell", () => {
  fc.assert(fc.property(
    fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 2, maxLength: 12 }),
    fc.integer({ min: 50, max: 200 }),
    (values, columns) => {
      fc.pre(Math.max(...values) > 0);
      const labels = values.map((_, i) => String(i));
      const lines = barChart({ labels, series: [{ name: "a", values }] }, {
        width: columns,
        style: plainStyle,
        format: () => "",
      });
      const lengths = lines.map(eighths);
      const most = Math.max(...values), longest = Math.max(...lengths);
      values.forEach((value, i) => {
        const exact = (value / most) * longest;
        ok(
          Math.abs((lengths[i] as number) - exact) <= 1,
          `${value} of ${most}: ${lengths[i]} for ${exact}`,
        );
        equal(lengths[i] === 0, value === 0);
        values.forEach((other, j) => {
          if (value < other) ok((lengths[i] as number) <= (lengths[j] as number));
        });
      });
    },
  ));
});

Deno.test("negative bars go left of the line on which all stand", () => {
  const lines = barChart({
    labels: ["a", "b", "c"],
    series: [{ name: "x", values: [-10, 20, -5] }],
  }, {
    width: 60,
    style: asciiStyle,
  });
  const zero = lines[1]?.indexOf("#") as number;
  equal(lines[0]?.lastIndexOf("#"), zero - 1);
  equal(lines[2]?.lastIndexOf("#"), zero - 1);
  match(lines[0] as string, /^a +-10 #+ +$/);
  match(lines[1] as string, /^b +#+ 20 +$/);
});

Deno.test("missing is not zero", () => {
  const lines = barChart({ labels: ["none", "zero"], series: [{ name: "x", values: [null, 0] }] }, {
    width: 40,
    style: plainStyle,
  });
  match(lines[0] as string, /^none +– +$/);
  match(lines[1] as string, /^zero +0 +$/);
});

Deno.test("stacked parts add up, and are told apart with and without colour", () => {
  const series = [{ name: "a", values: [10, 5] }, { name: "b", values: [20, null] }, {
    name: "c",
    values: [10, 5],
  }];
  const lines = barChart({ labels: ["x", "y"], series }, {
    width: 60,
    style: asciiStyle,
    mode: "stacked",
  });
  match(lines[0] as string, /^## a {3}== b {3}\*\* c +$/);
  match(lines[1] as string, /^x #+=+\*+ 40 *$/);
  const count = (line: string | undefined, mark: string) => line?.split(mark).length as number - 1;
  ok(Math.abs(count(lines[1], "=") - 2 * count(lines[1], "#")) <= 2);
  match(lines[2] as string, /^y #+\*+ 10 *$/);
  const painted = barChart({ labels: ["x", "y"], series }, {
    width: 60,
    style: colored,
    mode: "stacked",
  });
  equal(new Set(painted[1]?.match(/38;2;\d+;\d+;\d+/g)).size, 3);
});

Deno.test("a limit says what it left out", () => {
  const labels = Array.from({ length: 30 }, (_, i) => `z${i}`);
  const lines = barChart({ labels, series: [{ name: "a", values: labels.map((_, i) => i) }] }, {
    width: 40,
    style: plainStyle,
    limit: 3,
  });
  equal(lines.length, 4);
  equal(lines[3]?.trimEnd(), "… 27 more");
});
