/** Folders made together. That they outlive a power cut cannot be seen from here; that they are there can. */
import { equal, throws } from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFolder, makeFolders } from "../../src/warehouse/durable.ts";

Deno.test("many folders at once: all are there, again changes nothing, and a file then needs its own alone", () => {
  const root = mkdtempSync(join(tmpdir(), "nycflow-durable-"));
  try {
    const folders = Array.from({ length: 40 }, (_, n) => join(root, "lake", `a${n % 10}`, `${n}`));
    makeFolders(folders);
    makeFolders(folders);
    for (const folder of folders) equal(statSync(folder).isDirectory(), true);
    equal(makeFolder(join(folders[0]!, "x.parquet")).length, 1, "nothing above it is new");
    equal(makeFolder(join(root, "lake", "b", "_", "x.parquet")).length, 3);
    writeFileSync(join(root, "file"), "");
    throws(() => makeFolders([join(root, "file", "below")]));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
