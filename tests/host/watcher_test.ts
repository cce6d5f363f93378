// Watched folders: a change is told, also of a folder that was not there, went, came back, or was put in the place of
// another under the same name.

import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createWatcher } from "../../src/host/watcher.ts";

Deno.test("a folder is followed wherever it goes and comes back", async () => {
  const project = mkdtempSync(join(tmpdir(), "nycflow-watch-"));
  const folders = new Map([
    [".", { recursive: false }],
    ["in/deep/requests", { recursive: false }],
  ]);
  let told: () => void = () => {};
  const concerns = (path: string) => !path.endsWith(".part");
  using watcher = createWatcher(project, concerns, () => {
    // As the loop does it: whoever is told looks, and says anew what matters.
    watcher.follow(folders);
    told();
  });
  /** Does something, and waits until it is told. */
  const after = async (change: () => void) => {
    const heard = new Promise<void>((resolve) => told = resolve);
    change();
    await heard;
    await quiet();
  };
  /** Until everything that still comes has come. */
  const quiet = async () => {
    for (let last = -1, count = 0; last !== count;) {
      last = count;
      told = () => count++;
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
  };
  const path = (...parts: string[]) => join(project, ...parts);
  const drop = () => writeFileSync(path("in/deep/requests/a.json"), String(Math.random()));
  try {
    watcher.follow(folders);
    await quiet();
    await after(() => mkdirSync(path("in/deep/requests"), { recursive: true }));
    await after(drop);
    await after(() => rmSync(path("in/deep/requests"), { recursive: true }));
    await after(() => mkdirSync(path("in/deep/requests")));
    await after(drop);
    await after(() => rmSync(path("in"), { recursive: true }));
    await after(() => mkdirSync(path("in/deep/requests"), { recursive: true }));
    await after(drop);
    await after(() => {
      renameSync(path("in/deep/requests"), path("in/deep/old"));
      mkdirSync(path("in/deep/requests"));
    });
    await after(drop);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
});
