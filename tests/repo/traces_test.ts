// What must not be in the repository: paths of the machine it was written on, addresses of a
// package registry, dependencies that are not pinned.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../rig/environment.ts";

/** What git has or would take; null outside a clone (an archive of the sources). */
function listed(): string[] | null {
  const said = spawnSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], {
    cwd: CHECKOUT,
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  return said.status === 0 ? said.stdout.split("\0").filter((path) => path !== "") : null;
}

const FILES = listed();

Deno.test({
  name: "no file names a path of this machine or a registry",
  ignore: FILES === null,
  fn: () => {
    const home = homedir();
    const traces = [CHECKOUT, ...(home.split("/").length > 2 ? [home] : []), "registry.npmjs"];
    const found: string[] = [];
    for (const path of FILES!) {
      const file = join(CHECKOUT, path);
      if (!statSync(file, { throwIfNoEntry: false })?.isFile()) continue;
      if (path === "tests/repo/traces_test.ts") continue;
      const text = readFileSync(file, "utf8");
      for (const trace of traces) if (text.includes(trace)) found.push(`${path}: ${trace}`);
    }
    assert.deepEqual(found, []);
  },
});

Deno.test("every dependency is pinned to one version", () => {
  const { imports } = JSON.parse(readFileSync(join(CHECKOUT, "deno.json"), "utf8")) as {
    imports: Record<string, string>;
  };
  for (const [name, target] of Object.entries(imports)) {
    if (target.startsWith("./")) continue;
    assert.match(target, /^npm:\/?(@[^/@]+\/)?[^/@]+@\d+\.\d+\.\d+[\w.+-]*\/?$/, name);
  }
});
