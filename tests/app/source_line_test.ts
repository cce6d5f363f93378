/** Where in a file a chart's mistake stands. */
import { deepEqual } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { placedInChart } from "../../src/app/source_line.ts";
import { problem } from "../../src/core/problem/problem.ts";

Deno.test("a chart's column is found behind the chart, not where the query has the same name", () => {
  const project = mkdtempSync(join(tmpdir(), "nycflow-place-"));
  try {
    writeFileSync(
      join(project, "a.sql"),
      "/* @asset\ndescription: dy of all\nchart:\n  type: line\n  y: dyn\n  x: dy\n*/\nselect 1 as d",
    );
    const found = problem("definition-invalid", {
      message: "Cannot use the line chart",
      where: { file: "a.sql" },
      fields: { name: "dy", chart: true },
    });
    deepEqual(placedInChart(project, found).where, {
      file: "a.sql",
      line: 6,
      column: 6,
      length: 2,
    });
    const other = { ...found, fields: { name: "dy" } };
    deepEqual(placedInChart(project, other), other);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
});
