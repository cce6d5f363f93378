/** The state store between processes, of both runtimes: races, kills, and readers that look on. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { emptyState, fold } from "../../src/core/fold.ts";
import { openSqliteStore } from "../../src/stores/sqlite/open.ts";
import { asset, part } from "../kit/events.ts";
import { runtimes, start } from "../kit/runtimes.ts";
import { plain } from "../kit/state.ts";

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));

async function inFolder(body: (file: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "nycflow-test-"));
  try {
    await body(join(folder, ".nycflow", "state.db"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

Deno.test("five processes make one new store and each partition once", async () => {
  await inFolder(async (file) => {
    const found = runtimes();
    const children = Array.from({ length: 5 }, (_, index) => {
      const runtime = found[index % found.length];
      assert.ok(runtime);
      return start(runtime, WORKER, ["race", file, `w${index}`, "40"]);
    });
    const counts = await Promise.all(children.map((child) => child.line()));
    assert.deepEqual(
      await Promise.all(children.map((child) => child.ended)),
      children.map(() => 0),
    );
    assert.equal(counts.map(Number).reduce((sum, each) => sum + each, 0), 40);
    assert.deepEqual(readdirSync(dirname(file)), ["state.db"]);

    const store = await openSqliteStore(file);
    const state = await store.load();
    const log = await store.events({});
    assert.equal(log.length, 80);
    assert.deepEqual(log.map(({ id }) => id), Array.from({ length: 80 }, (_, index) => index + 1));
    assert.equal(state.heads.get(asset("trips"))?.size, 40);
    assert.equal(state.claims.size, 0);
    await store.close();
  });
});

for (const runtime of runtimes()) {
  Deno.test(`a ${runtime.name} process killed while it writes leaves whole commits`, async () => {
    await inFolder(async (file) => {
      for (let kill = 0; kill < 4; kill++) {
        const child = start(runtime, WORKER, ["endless", file, `k${kill}`]);
        assert.equal(await child.line(), "ready");
        const store = await openSqliteStore(file);
        const state = await store.load();
        const versions = () =>
          ["a", "b"].map((each) => state.heads.get(asset(each))?.get(part(""))?.published?.version);
        // Looks on until this process has committed some, so that the kill falls among its writes.
        for (let seen = 0; seen < 40;) {
          const news = await store.sync(state);
          if (news.length === 0) {
            await new Promise((resolve) => setTimeout(resolve, 0));
            continue;
          }
          seen += news.length;
          assert.equal(news.length % 4, 0);
          assert.equal(versions()[0], versions()[1]);
        }
        child.signal("SIGKILL");
        assert.equal(await child.ended, "SIGKILL");

        await store.sync(state);
        const fresh = await store.load();
        assert.deepEqual(plain(fresh), plain(state));
        assert.equal(versions()[0], versions()[1]);
        const again = emptyState();
        for (const stored of await store.events({})) fold(again, stored);
        assert.deepEqual(plain(again), plain(fresh));
        await store.close();
      }
    });
  });
}
