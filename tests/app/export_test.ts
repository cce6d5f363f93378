/** What is said where a file for others cannot be written. */
import { equal } from "node:assert/strict";
import { ofExport } from "../../src/app/export.ts";
import { problem } from "../../src/core/problem/problem.ts";

Deno.test("an export that may not be written names the folder and another place, not a part file or a retry", () => {
  const found = problem("no-permission", {
    message: "Cannot write /data/all.duckdb",
    why: "this user may not use /data/all.duckdb.part-1",
    hint: "give this user the right to read and write there, then: nycflow retry",
  });
  const told = ofExport(found, { file: "all.duckdb" }, "/data/all.duckdb");
  equal(told.message, "Cannot write all.duckdb");
  equal(told.why, "this user may not write into /data");
  equal(told.hint, "name a file elsewhere, e.g. nycflow export ~/all.duckdb");
});
