import { equal, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { gantt } from "../../src/term/gantt.ts";
import { asciiStyle, plainStyle } from "../../src/term/style.ts";
import { allStyles, checkLines } from "./styles.ts";

Deno.test("a run, as it should look", async (t) => {
  const lines = gantt([
    { label: "taxi_trips 2023-01", start: 5000, end: 6900 },
    { label: "trips_by_week", start: 6900, end: 7400, role: "bad", note: "attempt 2" },
    { label: "zones", start: 5000, end: 5003 },
    { label: "map", start: null, end: null, role: "dim", note: "blocked" },
    { label: "slow", start: 7000, end: null },
  ], { width: 76, style: plainStyle, now: 8100, title: "Run 12" });
  await t.assertSnapshot(lines.join("\n"));
});

Deno.test("exact width; each that began has a cell at least, none leaves its place", () => {
  const row = fc.record({
    label: fc.string({ unit: "grapheme" }),
    start: fc.option(fc.integer({ min: 0, max: 1e7 })),
    length: fc.option(fc.integer({ min: 0, max: 1e6 })),
  });
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 8 }),
      fc.integer({ min: 40, max: 250 }),
      (rows, columns) => {
        const spans = rows.map(({ label, start, length }) => ({
          label,
          start,
          end: start === null || length === null ? null : start + length,
        }));
        for (const [name, style] of allStyles) {
          checkLines(
            gantt(spans, { width: columns, style }),
            columns,
            style,
            name,
          );
        }
        const plain = gantt(spans.map((s) => ({ ...s, label: "x" })), {
          width: columns,
          style: asciiStyle,
        });
        spans.forEach((span, i) => equal(plain[i]?.includes("#"), span.start !== null));
      },
    ),
  );
});

Deno.test("bars stand where their times are", () => {
  const lines = gantt([{ label: "a", start: 0, end: 500 }, { label: "b", start: 500, end: 1000 }], {
    width: 60,
    style: asciiStyle,
  });
  match(lines[0] as string, /^a #+ +500 ms$/);
  ok(
    Math.abs((lines[0]?.lastIndexOf("#") as number) + 1 - (lines[1]?.indexOf("#") as number)) <= 1,
  );
  match(lines.at(-1) as string, /^ {2}0 .*1 s *$/);
});
