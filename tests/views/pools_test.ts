/** `pools` as lines and as a document. */
import { deepEqual, equal } from "node:assert/strict";
import { poolLines, poolsDocument, type ShownPool } from "../../src/views/pools.ts";
import { styleFrom } from "../../src/term/style.ts";

const style = styleFrom({
  isTTY: false,
  env: { LANG: "C.UTF-8" },
  platform: "linux",
  color: "never",
});
const around = { now: 10_000, timezone: "UTC" };
const user = { step: "trips[2023-01]", slots: 1, since: 4000, pid: 77, run: "r1", priority: 0 };
const pools: readonly ShownPool[] = [{
  pool: "downloads",
  slots: 2,
  used: 1,
  holds: [user],
  waits: [{ ...user, step: "zones", slots: 2, priority: 5, since: 9000, run: null }],
  assets: ["trips", "zones"],
}];

Deno.test("pools: who holds, who waits", () => {
  deepEqual(poolLines(pools, around, style, 80), [
    "downloads  1 of 2 slots taken, 2 assets",
    "  ● trips[2023-01]  for 6 s, process 77",
    "  · zones  waits for 1 s, 2 slots, priority 5, process 77",
  ]);
  equal(poolLines([], around, style, 80).length, 1);
});

Deno.test("pools: the document has the same in words that others may rely on", () => {
  const [pool] = poolsDocument(pools, "UTC")["pools"] as { holds: unknown[]; waits: unknown[] }[];
  deepEqual(pool?.holds, [{
    step: "trips[2023-01]",
    slots: 1,
    priority: 0,
    since: "1970-01-01T00:00:04+00:00",
    pid: 77,
    run: "r1",
  }]);
});
