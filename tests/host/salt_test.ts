import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectSalt } from "../../src/host/salt.ts";

Deno.test("a project's salt is made once, is its own, and is readable by its owner only", () => {
  const folder = mkdtempSync(join(tmpdir(), "nycflow-salt-"));
  try {
    const own = join(folder, "a", ".nycflow");
    const salt = projectSalt(own);
    assert.match(salt, /^[0-9a-f]{32}$/);
    assert.equal(projectSalt(own), salt);
    assert.notEqual(projectSalt(join(folder, "b", ".nycflow")), salt);
    assert.deepEqual(readdirSync(own), ["salt"]);
    assert.equal(statSync(join(own, "salt")).mode & 0o077, 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

Deno.test("where no salt can be kept there is none", () => {
  const folder = mkdtempSync(join(tmpdir(), "nycflow-salt-"));
  try {
    writeFileSync(join(folder, "file"), "");
    assert.equal(projectSalt(join(folder, "file", ".nycflow")), "");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
