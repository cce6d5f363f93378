// Nothing asks what time it is where the machine stands: time zones are the project's, and named.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCES = fileURLToPath(new URL("../../src", import.meta.url));
/** Methods of `Date` that answer in the machine's zone, and its constructor from a calendar's parts. */
const LOCAL =
  /\.(?:get|set)(?:Hours|Minutes|Date|Day|Month|FullYear)\(|\.getTimezoneOffset\(|\.to(?:Date|Time)String\(|new Date\(\s*[\w.]+\s*,|Temporal\.Now\.(?!instant)/;
/** A moment as text says its zone in the same call. */
const UNZONED = /new Date\([^)]*\)\.toLocale(?:Date|Time)?String\((?![^)]*timeZone)/;

Deno.test("no source asks for the machine's own time zone", () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"));
  assert.ok(files.length > 100);
  for (const name of files) {
    readFileSync(join(SOURCES, name), "utf8").split("\n").forEach((line, at) => {
      for (const pattern of [LOCAL, UNZONED]) {
        assert.doesNotMatch(line, pattern, `src/${name}:${at + 1}`);
      }
    });
  }
});

Deno.test("the rule sees what it is for", () => {
  for (
    const line of [
      "at.getHours()",
      "new Date(year, month)",
      "Temporal.Now.plainDateISO()",
      "new Date(x).toLocaleString()",
    ]
  ) assert.ok(LOCAL.test(line) || UNZONED.test(line), line);
  for (
    const line of ["new Date(Date.UTC(2023, 0))", "at.getUTCHours()", "count.toLocaleString()"]
  ) {
    assert.ok(!LOCAL.test(line) && !UNZONED.test(line), line);
  }
});
