import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReadFiles } from "../../src/loader/read_files.ts";

/** A file whose time of change lies back, as that of a file does that nobody is writing. */
function write(path: string, text: string, at: Date): void {
  writeFileSync(path, text);
  utimesSync(path, at, at);
}

Deno.test("digests of read files are kept, and follow what they are of", () => {
  const folder = mkdtempSync(join(tmpdir(), "nycflow-read-files-"));
  try {
    const [cache, data] = [join(folder, "cache", "reads.json"), join(folder, "data.csv")];
    write(data, "x\n1\n", new Date(2020, 0, 1));
    const first = new ReadFiles(cache);
    const digest = first.open().digest(data);
    assert.ok(digest);
    first.keep();
    const kept = readFileSync(cache, "utf8");

    const second = new ReadFiles(cache);
    const files = second.open();
    assert.equal(files.digest(data), digest);
    assert.equal(files.changed, false, "it was not read again");
    second.keep();
    assert.equal(readFileSync(cache, "utf8"), kept);

    // Another content of the same length: its time tells.
    write(data, "x\n2\n", new Date(2020, 0, 2));
    assert.notEqual(new ReadFiles(cache).open().digest(data), digest);
    // A process that stays looks anew each time.
    assert.notEqual(second.open().digest(data), digest);
    rmSync(data);
    assert.equal(new ReadFiles(cache).open().digest(data), null);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

Deno.test("a cache of digests that is no such thing costs time only", () => {
  const folder = mkdtempSync(join(tmpdir(), "nycflow-read-files-"));
  try {
    const [cache, data] = [join(folder, "reads.json"), join(folder, "data.csv")];
    writeFileSync(data, "x\n1\n");
    for (const text of ["", "{", "[]", '{"at":"now"}', '{"at":1,"entries":{}}']) {
      writeFileSync(cache, text);
      assert.ok(new ReadFiles(cache).open().digest(data), text);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
