/** Columns with what is in them, and tables that are as wide as their rows. */
import { deepEqual, equal, match } from "node:assert/strict";
import { plainStyle } from "../../src/term/style.ts";
import { width } from "../../src/term/width.ts";
import { naturalTable } from "../../src/views/natural_table.ts";
import { profileLines } from "../../src/views/profile.ts";

Deno.test("profile: how much is missing, never more values than rows, numbers as people read them", () => {
  const { lines, head } = profileLines(
    [
      {
        name: "n",
        type: "DECIMAL(18,2)",
        nulls: 0,
        distinct: 1020,
        min: "1234.50",
        max: "99999.00",
        classes: [1, 4, 8],
      },
      {
        name: "day",
        type: "TIMESTAMP",
        nulls: 250,
        distinct: 3,
        min: "2024-01-01T00:00:00",
        max: "2024-01-03T12:00:00",
        classes: null,
      },
      {
        name: "gone",
        type: "VARCHAR",
        nulls: 1000,
        distinct: 0,
        min: null,
        max: null,
        classes: null,
      },
    ],
    1000,
    [{ name: "n", type: null, description: "How many", nullable: false }],
    plainStyle,
  );
  equal(head, 2);
  match(lines[2] ?? "", /^n +DECIMAL\(18,2\) +none +1,000 +▂▅█ +1,234.50 +99,999.00 +How many$/);
  match(lines[3] ?? "", /^day +TIMESTAMP +25% +3 +2024-01-01 +2024-01-03 12:00:00$/);
  match(lines[4] ?? "", /^gone +VARCHAR +all$/);
});

Deno.test("a natural table: all columns, long cells cut so that the next is to be reached", () => {
  const rows = {
    columns: Array.from({ length: 30 }, (_, at) => ({ name: `column_${at}`, type: "VARCHAR" })),
    rows: [Array.from({ length: 30 }, (_, at) => at === 0 ? "x".repeat(500) : `v${at}`)],
    total: 1,
  };
  const { lines, head } = naturalTable(rows, plainStyle);
  deepEqual([lines.length, head], [3, 2]);
  match(lines[0] ?? "", /column_0 .* column_29$/);
  equal((lines[2] ?? "").indexOf("v1"), 62);
  equal(width(lines[2]?.slice(0, 60) ?? ""), 60);
  deepEqual(naturalTable({ columns: [], rows: [], total: 0 }, plainStyle).lines, ["no columns"]);
  match(
    naturalTable({ ...rows, rows: [], total: 0 }, plainStyle).lines.at(-1) ?? "",
    /^no rows$/,
  );
});
