/** What the dashboard is fed with, over a real project that changes under it. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { Feed } from "../../src/app/board/feed.ts";
import { realHost } from "../../src/app/host.ts";
import type { BoardData } from "../../src/views/board.ts";
import { makeRig } from "../rig/program.ts";
import { eitherWay } from "../rig/program.ts";

/** BoardDatas as they come, and waiting for one of a kind. */
function watching(project: string) {
  let last: BoardData | null = null;
  const waiting = new Set<() => void>();
  const feed = new Feed({
    host: { ...realHost([]), env: {} },
    project,
    environment: null,
    onData: (data) => {
      last = data;
      for (const look of [...waiting]) look();
    },
  });
  return {
    feed,
    until: (wanted: (data: BoardData) => boolean) =>
      new Promise<BoardData>((resolve) => {
        const look = () => {
          if (last === null || !wanted(last)) return;
          waiting.delete(look);
          resolve(last);
        };
        waiting.add(look);
        look();
      }),
  };
}

const states = (data: BoardData) =>
  Object.fromEntries([...data.statuses].map(([asset, { state }]) => [asset, state]));

Deno.test("feed: an empty project, its first run, an edit, a broken edit, all seen from outside", async () => {
  await using rig = makeRig({
    via: eitherWay(),
    files: { "assets/a.sql": "select 1 as x", "assets/b.sql": "select x from a" },
  });
  const { feed, until } = watching(rig.folder);
  await using _ = feed;
  await feed.start();
  deepEqual(states(await until(() => true)), { a: "missing", b: "missing" });
  equal((await rig.run(["up"])).code, 0);
  const made = await until((data) =>
    data.statuses.get("b" as never)?.state === "fresh" && data.runs[0]?.state === "succeeded"
  );
  equal(made.trends.get("a" as never)?.rows.length, 1);
  const larger = await until((data) => data.disk.bytes > 0);
  ok(
    larger.at - made.at < 30_000,
    "it is measured when a run has ended, not with the next whole look",
  );
  writeFileSync(rig.path("assets/a.sql"), "select 2 as x");
  const edited = await until((data) => data.statuses.get("a" as never)?.state === "stale");
  equal(states(edited)["b"], "fresh", "its input is what it was");
  writeFileSync(rig.path("assets/b.sql"), "select x frm a");
  const broken = await until((data) => data.problems.length > 0);
  equal(broken.statuses.size, 2, "the last good definitions are shown meanwhile");
  rmSync(rig.path("assets/b.sql"));
  const gone = await until((data) => data.problems.length === 0 && data.statuses.size === 1);
  ok(gone.fingerprint !== made.fingerprint);
});
