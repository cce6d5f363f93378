// The log of an `up` that stays: put aside at a size, the oldest aside goes, and what cannot be written ends nothing.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLogFile } from "../../src/host/log_file.ts";

Deno.test("a log is put aside at its size, and of those aside the oldest goes", () => {
  const folder = mkdtempSync(join(tmpdir(), "nycflow-log-"));
  try {
    const path = join(folder, "logs", "up.log");
    const write = openLogFile(path, { bytes: 20, files: 3 });
    for (let line = 1; line <= 9; line++) write(`line ${line}...`);
    assert.deepEqual(readdirSync(join(folder, "logs")).sort(), ["up.log", "up.log.1", "up.log.2"]);
    assert.equal(readFileSync(path, "utf8"), "line 9...\n");
    assert.equal(readFileSync(`${path}.1`, "utf8"), "line 7...\nline 8...\n");
    // Another process goes on where this one stopped.
    openLogFile(path, { bytes: 20, files: 3 })("line 10..");
    assert.equal(readFileSync(path, "utf8"), "line 9...\nline 10..\n");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

Deno.test("a log that cannot be written ends nothing", () => {
  const folder = mkdtempSync(join(tmpdir(), "nycflow-log-"));
  try {
    writeFileSync(join(folder, "logs"), "no folder");
    openLogFile(join(folder, "logs", "up.log"))("lost");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
