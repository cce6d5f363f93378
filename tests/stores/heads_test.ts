/** Heads that are made when they are first looked at. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { State } from "../../src/core/heads.ts";
import { openSqliteStore } from "../../src/stores/sqlite/open.ts";
import { asset, made, started } from "../kit/events.ts";
import { plain } from "../kit/state.ts";

Deno.test("a loaded state's heads are a map, whichever way they are looked at first", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nycflow-test-"));
  const store = await openSqliteStore(join(folder, "state.db"));
  try {
    await store.commit(
      await store.load(),
      1,
      () =>
        ["b", "a", "c"].flatMap((name) =>
          ["2023-01", "2023-02"].flatMap((partition) => [
            started({ asset: name, partition, attempt: `${name}${partition}` }),
            made({ asset: name, partition, attempt: `${name}${partition}` }),
          ])
        ),
    );
    const wanted = plain(await store.load()).heads.map(([name, heads]) =>
      [name, heads.map(([partition]) => partition)] as const
    );
    assert.deepEqual(wanted, [
      ["a", ["2023-01", "2023-02"]],
      ["b", ["2023-01", "2023-02"]],
      ["c", ["2023-01", "2023-02"]],
    ]);
    type Seen = readonly (readonly [string, readonly string[]])[];
    const keys = (heads: ReadonlyMap<string, unknown> | undefined) => [...heads?.keys() ?? []];
    const looks: readonly ((heads: State["heads"]) => Seen)[] = [
      (heads) => [...heads].map(([name, each]) => [name, keys(each)]),
      (heads) => [...heads.entries()].map(([name, each]) => [name, keys(each)]),
      (heads) => [...heads.keys()].map((name) => [name, keys(heads.get(name))]),
      (heads) => [...heads.values()].map((each) => [[...each.values()][0]!.asset, keys(each)]),
      (heads) => {
        const seen: (readonly [string, readonly string[]])[] = [];
        heads.forEach((each, name) => seen.push([name, keys(each)]));
        return seen;
      },
    ];
    for (const look of looks) {
      const { heads } = await store.load();
      assert.deepEqual([...look(heads)].sort(([a], [b]) => a < b ? -1 : 1), wanted);
    }
    const { heads } = await store.load();
    heads.set(asset("a"), new Map());
    heads.delete(asset("b"));
    assert.deepEqual([heads.get(asset("a"))?.size, heads.has(asset("b")), heads.size], [
      0,
      false,
      2,
    ]);
    heads.clear();
    assert.deepEqual([heads.get(asset("c")), heads.size], [undefined, 0]);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
});
