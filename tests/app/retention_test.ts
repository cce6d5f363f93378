// Logs of runs do not grow for ever: the old ones go, and of too much the oldest; never those of a run that goes on.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pruneLogs } from "../../src/app/retention.ts";

const DAY = 86_400;
const NOW = Date.parse("2024-06-01T00:00:00Z");

function withRuns(
  runs: Readonly<Record<string, { readonly days: number; readonly bytes?: number }>>,
  work: (folder: string) => void,
): void {
  const folder = mkdtempSync(join(tmpdir(), "nycflow-logs-"));
  try {
    for (const [run, { days, bytes = 10 }] of Object.entries(runs)) {
      mkdirSync(join(folder, run));
      const file = join(folder, run, "a.log");
      writeFileSync(file, "x".repeat(bytes));
      const at = NOW / 1000 - days * DAY;
      utimesSync(file, at, at);
      utimesSync(join(folder, run), at, at);
    }
    writeFileSync(join(folder, "up.log"), "it stays");
    work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

Deno.test("logs older than 60 days go, but for those of runs that go on", () => {
  withRuns({ old: { days: 61 }, open: { days: 90 }, young: { days: 59 } }, (folder) => {
    assert.equal(pruneLogs(folder, new Set(["open"]), NOW), 1);
    assert.deepEqual(readdirSync(folder).sort(), ["open", "up.log", "young"]);
  });
});

Deno.test("of too much the oldest goes", () => {
  withRuns({
    a: { days: 3, bytes: 600 },
    b: { days: 2, bytes: 600 },
    c: { days: 1, bytes: 600 },
  }, (folder) => {
    assert.equal(pruneLogs(folder, new Set(), NOW, { ageMs: 60 * DAY * 1000, bytes: 1300 }), 1);
    assert.deepEqual(readdirSync(folder).sort(), ["b", "c", "up.log"]);
  });
});
