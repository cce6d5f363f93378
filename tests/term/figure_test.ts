import { equal, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { boxOf } from "../../src/term/boxplot.ts";
import { weekdayOf, weeksOf } from "../../src/term/calendar.ts";
import { drawFigure, type Figure } from "../../src/term/figure.ts";
import { countInto, niceEdges } from "../../src/term/histogram.ts";
import { logAxis, logLabel } from "../../src/term/logaxis.ts";
import { scatterChart } from "../../src/term/scatter.ts";
import { asciiStyle, plainStyle } from "../../src/term/style.ts";
import { stripStyle, width } from "../../src/term/width.ts";
import { FIGURES, HARD } from "./figures.ts";
import { allStyles, checkLines, colored } from "./styles.ts";

const draw = (figure: Figure, columns: number, style = plainStyle, most?: number) =>
  drawFigure(figure, { width: columns, style, title: "Title", most });

/** A table is as wide as it needs; all else is exact. */
const filled = (figure: Figure, lines: readonly string[], columns: number) =>
  figure.kind === "table"
    ? lines.map((line) => line + " ".repeat(Math.max(0, columns - width(line))))
    : lines;

Deno.test("every figure at every width from 40 to 250 is exactly as wide, in every style", () => {
  for (const [name, figure] of FIGURES) {
    for (
      const columns of name === "map" ? [40, 61, 250] : [40, 41, 47, 66, 79, 80, 101, 133, 200, 250]
    ) {
      for (const [kind, style] of allStyles) {
        const lines = filled(figure, draw(figure, columns, style), columns);
        checkLines(lines, columns, style, `${name} ${columns} ${kind}`);
      }
    }
  }
});

Deno.test("hard data is drawn in every style and at every width, and never as NaN or undefined", () => {
  for (const [name, figures] of HARD) {
    for (const figure of figures) {
      for (const columns of [40, 83]) {
        for (const [kind, style] of allStyles) {
          const what = `${name} ${figure.kind} ${columns} ${kind}`;
          const lines = filled(figure, draw(figure, columns, style), columns);
          checkLines(lines, columns, style, what);
          if (name !== "not a number") ok(!/undefined|NaN/.test(lines.join("\n")), what);
        }
      }
    }
  }
});

Deno.test("no figure is higher than it may be", () => {
  for (
    const [name, figure] of [
      ...FIGURES,
      ...HARD.flatMap(([n, all]) => all.map((f) => [n, f] as const)),
    ]
  ) {
    for (const most of [10, 14, 22, 40]) {
      for (const columns of [80, 200]) {
        const lines = draw(figure, columns, colored, most);
        ok(lines.length <= most, `${name} ${figure.kind}: ${lines.length} of ${most} lines`);
      }
    }
  }
});

for (const [name, figure] of FIGURES) {
  Deno.test(`looks: ${name}`, async (t) => {
    for (const columns of [80, 120, 200]) {
      for (const style of [colored, plainStyle, asciiStyle]) {
        const lines = draw(figure, columns, style, 30).map((line) => line.trimEnd()).join("\n");
        await t.assertSnapshot(`\n${lines}\n`);
      }
    }
  });
}

Deno.test("a point stands within half a cell of where it is", () => {
  fc.assert(fc.property(
    fc.array(fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 1000 })), {
      minLength: 2,
      maxLength: 12,
    }),
    fc.constantFrom(60, 80, 123, 200),
    (points, columns) => {
      fc.pre(new Set(points.map(([x]) => x)).size === points.length);
      const all = [...points, [-1, 0] as const, [1001, 1000] as const];
      const lines = scatterChart(
        { x: all.map(([x]) => x), series: [{ name: "n", values: all.map(([, y]) => y) }] },
        { width: columns, height: 24, style: plainStyle },
      );
      const axis = lines.findIndex((line) => /[└]/.test(line));
      const left = (lines[axis] as string).search(/└/);
      const seen = new Set<string>();
      lines.slice(0, axis).forEach((line, row) =>
        [...line].forEach((char, column) => {
          if (char === "●") seen.add(`${column} ${row}`);
        })
      );
      // All drawn cells are where a point is, and each point's own cell is drawn.
      const room = columns - left - 2;
      const placed = new Set(all.map(([x, y]) => {
        const column = left + 1 + Math.round(((x + 1) / 1002) * room);
        return `${column} ${Math.round((1 - y / 1000) * (axis - 1))}`;
      }));
      equal([...seen].sort().join(), [...placed].sort().join());
    },
  ));
});

Deno.test("a histogram counts each value once, between edges at equal distances", () => {
  fc.assert(fc.property(
    fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 200 }),
    fc.option(fc.integer({ min: 2, max: 40 })),
    fc.boolean(),
    (raw, count, whole) => {
      const values = whole ? raw.map(Math.round) : raw;
      const range = { min: Math.min(...values), max: Math.max(...values) };
      const edges = niceEdges(range, count, { whole, kind: "number" });
      const counts = countInto(values, edges);
      equal(counts.reduce((a, b) => a + b, 0), values.length);
      counts.forEach((n, i) => {
        const [a, b] = [edges[i] as number, edges[i + 1] as number];
        const last = i === counts.length - 1;
        equal(n, values.filter((v) => v >= a && (last ? v <= b : v < b)).length);
      });
    },
  ));
});

Deno.test("a box has its median in it, whiskers at values, and every other value beyond them", () => {
  fc.assert(fc.property(
    fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 60 }),
    (values) => {
      const box = boxOf("b", values);
      ok(box !== null);
      ok(box.q1 <= box.median && box.median <= box.q3);
      ok(values.includes(box.low) && values.includes(box.high));
      const beyond = values.filter((v) => v < box.low || v > box.high).sort((a, b) => a - b);
      equal(box.outliers.join(), beyond.join());
    },
  ));
  equal(boxOf("none", [null, NaN]), null);
  equal(boxOf("four", [1, 2, 3, 4])?.median, 2.5);
});

Deno.test("a calendar puts each day under its week and beside its weekday", () => {
  equal(weekdayOf(0), 3); // 1970-01-01 was a Thursday
  const weeks = weeksOf([{ day: 19_358, value: 1 }, { day: 19_388, value: 2 }]); // 2023-01-01, a Sunday
  equal(weeks.length, 6);
  equal(weeks[0]?.label, "Jan 2023");
  equal(weeks.find(({ label }) => label.startsWith("Feb"))?.start, 19_387);
  const lines = draw(
    {
      kind: "calendar",
      days: [{ day: 19_358, value: 0 }, { day: 19_360, value: 9 }],
    },
    60,
    asciiStyle,
  );
  match(lines[2] ?? "", /^Mon {4,}\S?/);
  match(lines.find((line) => line.startsWith("Sun")) ?? "", /^Sun \.\.\./);
});

Deno.test("a logarithmic axis has its ticks at 1, 2, 5 and the tens, and reads as the numbers", () => {
  equal(
    logAxis({ min: 0, max: 6 }, 8).ticks.map((t) => t.label).join(" "),
    "1 10 100 1,000 10,000 100,000 1M",
  );
  equal(
    logAxis({ min: Math.log10(3), max: Math.log10(40) }, 8).ticks.map((t) => t.label).join(" "),
    "2 5 10 20 50",
  );
  equal(logLabel(-2), "0.01");
});

Deno.test("a map numbers its largest areas on the land, and only where a cell is theirs", () => {
  const [, map] = FIGURES.find(([name]) => name === "map") as [string, Figure];
  const lines = draw(map, 120, colored, 50).map(stripStyle);
  const land = lines.map((line) => line.slice(0, 30)).join("\n");
  ok(/[1-5]/.test(land));
  match(lines.join("\n"), /most\s/);
});
