import { deepEqual, equal, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { asciiStyle, plainStyle } from "../../src/term/style.ts";
import { table } from "../../src/term/table.ts";
import { stripStyle, width } from "../../src/term/width.ts";
import { allStyles, colored } from "./styles.ts";

Deno.test("columns align by type, points under points, NULL apart from its name", () => {
  const lines = table(
    [{ title: "zone" }, { title: "zone_id" }, { title: "trips" }, { title: "total" }, {
      title: "at",
    }],
    [
      ["East Harlem", 1074, 38821, 316813.42, new Date("2023-01-01")],
      ["NULL", 7, null, -1.5, new Date("2023-01-08")],
      [null, 12, 5, 3, null],
    ],
    { width: 80, style: plainStyle },
  );
  deepEqual(lines, [
    "zone         zone_id   trips       total  at",
    "───────────  ───────  ──────  ──────────  ──────────",
    "East Harlem     1074  38,821  316,813.42  2023-01-01",
    '"NULL"             7    NULL       -1.50  2023-01-08',
    "NULL              12       5        3.00  NULL",
  ]);
});

Deno.test("decimals given as text keep their digits and their line", () => {
  const lines = table([{ title: "amount", kind: "number" }], [["1234.50"], ["7"], [
    "12345678901234567890.125",
  ], ["n/a"]], {
    width: 60,
    style: plainStyle,
  });
  deepEqual(lines.slice(2), [
    "                     1,234.50",
    "                         7",
    "12,345,678,901,234,567,890.125",
    "                           n/a",
  ]);
});

Deno.test("what does not fit is left out aloud", () => {
  const columns = ["a", "b", "c", "d"].map((title) => ({ title: `column_${title}_long` }));
  const rows = Array.from(
    { length: 3 },
    () => ["x".repeat(20), "y".repeat(20), "z".repeat(20), "w".repeat(20)],
  );
  const lines = table(columns, rows, { width: 50, style: plainStyle, total: 15 });
  equal(lines.at(-1), "… 12 more rows, +1 column: column_d_long");
  equal(
    table(columns, rows, { width: 50, style: asciiStyle, total: 4, layout: "grid" }).at(-1)?.slice(
      0,
      16,
    ),
    "... 1 more row, ",
  );
  equal(table(columns, rows, { width: 200, style: plainStyle, limit: 1 }).at(-1), "… 2 more rows");
});

Deno.test("a table of many columns stands on its side in a narrow terminal", () => {
  const columns = Array.from({ length: 12 }, (_, i) => ({ title: `column_${i}` }));
  const lines = table(columns, [columns.map((_, i) => i === 3 ? null : i * 1000)], {
    width: 40,
    style: plainStyle,
  });
  equal(lines.length, 13);
  match(lines[0] as string, /^── 1 ─+$/);
  equal(lines[4], "column_3   NULL");
  equal(lines[6], "column_5   5,000");
});

Deno.test("numbers are never cut, texts are", () => {
  const lines = table(
    [{ title: "n" }, { title: "text" }],
    [[123456789, "a very long text indeed"]],
    { width: 24, style: plainStyle },
  );
  equal(lines[2], "123,456,789  a very lon…");
});

Deno.test("paint goes on values and not into the width", () => {
  const lines = table([{ title: "asset" }, { title: "state" }, { title: "rows" }], [
    ["a", { text: "fresh", role: "good" }, 1],
    ["b", { text: "stale\x1b[2J", role: "warn" }, null],
  ], { width: 60, style: colored });
  ok(lines[2]?.includes("\x1b[32mfresh\x1b[0m"));
  ok(lines[3]?.includes("\x1b[33mstale␛[2J\x1b[0m"));
  equal(stripStyle(lines[3] as string), "b      stale␛[2J  NULL");
});

Deno.test("no rows and no columns", () => {
  deepEqual(table([], [], { width: 40, style: plainStyle }), []);
  deepEqual(table([{ title: "a" }], [], { width: 40, style: plainStyle }), ["a", "─"]);
});

const cell = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.double(),
  fc.bigInt(),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: false }),
);

Deno.test("whatever is in it, no line is wider than asked, and each is one line", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 6 }).chain((n) =>
      fc.tuple(
        fc.array(fc.string({ unit: "grapheme" }), { minLength: n, maxLength: n }),
        fc.array(fc.array(cell, { minLength: n, maxLength: n }), { maxLength: 5 }),
      )
    ),
    fc.integer({ min: 40, max: 250 }),
    ([titles, rows], columns) => {
      for (const [name, style] of allStyles) {
        for (
          const line of table(titles.map((title) => ({ title })), rows, {
            width: columns,
            style,
            total: 9,
          })
        ) {
          ok(width(line) <= columns, `${name}: ${JSON.stringify(line)}`);
          ok(!/[\n\r]/.test(line));
          if (!style.unicode) match(stripStyle(line), /^[\x20-\x7e]*$/);
          if (style.color === "none") ok(!line.includes("\x1b"));
        }
      }
    },
  ));
});
