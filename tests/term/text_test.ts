import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { box, rule } from "../../src/term/box.ts";
import { progressBar, progressWithPercent, spinner } from "../../src/term/progress.ts";
import { sparkline } from "../../src/term/spark.ts";
import { asciiStyle, plainStyle } from "../../src/term/style.ts";
import { tree } from "../../src/term/tree.ts";
import { width } from "../../src/term/width.ts";
import { allStyles, checkLines } from "./styles.ts";

Deno.test("a tree has guides, and cuts what is too long", () => {
  const roots = [{
    text: "a",
    children: [{ text: "b", children: [{ text: "long enough to cut" }] }, { text: "c" }],
  }];
  deepEqual(tree(roots, { width: 16, style: plainStyle }), [
    "a",
    "├─ b",
    "│  └─ long enou…",
    "└─ c",
  ]);
  deepEqual(tree(roots, { width: 16, style: asciiStyle }), [
    "a",
    "|- b",
    "|  `- long enou~",
    "`- c",
  ]);
});

Deno.test("a box and a rule are exact, with and without a title", () => {
  deepEqual(box(["日本", "too long a line"], { width: 12, style: plainStyle, title: "T" }), [
    "╭─ T ──────╮",
    "│ 日本     │",
    "│ too lon… │",
    "╰──────────╯",
  ]);
  for (const [name, style] of allStyles) {
    for (const columns of [4, 7, 40, 120]) {
      for (
        const title of [undefined, "title", "a title that is much longer than the box is wide"]
      ) {
        checkLines(box(["x"], { width: columns, style, title }), columns, style, name);
        checkLines([rule({ width: columns, style, title })], columns, style, name);
      }
    }
  }
});

Deno.test("a progress bar is exact, grows, and is full only when all is done", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 100 }),
      (part, columns) => {
        for (const [name, style] of allStyles) {
          checkLines([progressBar(part, { width: columns, style })], columns, style, name);
          checkLines(
            [progressBar(null, { width: columns, style, frame: Math.floor(part * 500) })],
            columns,
            style,
            name,
          );
          checkLines([progressWithPercent(part, { width: columns, style })], columns, style, name);
        }
        const full =
          progressBar(part, { width: columns, style: plainStyle }) === "█".repeat(columns);
        ok(!full || part > 0.99);
      },
    ),
  );
  equal(progressBar(1, { width: 10, style: asciiStyle }), "[########]");
  equal(progressBar(0.5, { width: 10, style: plainStyle }), "█████·····");
  equal(progressBar(7, { width: 4, style: plainStyle }), "████");
});

Deno.test("a spinner turns for ever", () => {
  equal(spinner(asciiStyle, 0), spinner(asciiStyle, 4));
  equal(spinner(plainStyle, -1), spinner(plainStyle, 9));
});

Deno.test("a sparkline keeps gaps and peaks", () => {
  equal(sparkline([1, 2, null, 8], { style: plainStyle }), "▁▂ █");
  equal(sparkline([1, 2, NaN, 8], { style: asciiStyle }), "_. @");
  equal(sparkline([3, 3], { style: plainStyle }), "▅▅");
  equal(sparkline([], { style: plainStyle, width: 3 }), "   ");
  const spike = Array.from({ length: 1000 }, (_, i) => i === 777 ? 9 : 0);
  equal(sparkline(spike, { style: plainStyle, width: 10 }), "▁▁▁▁▁▁▁█▁▁");
  equal(width(sparkline(spike, { style: plainStyle, width: 10 })), 10);
});
