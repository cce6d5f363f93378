/** Pools: slots, weights, priorities and turns, within a process and over several. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { Parking } from "../../src/engine/parking.ts";
import type { HolderId } from "../../src/core/key.ts";
import { asset } from "../kit/definitions.ts";
import { type Answer, made, World } from "../kit/world.ts";

/** Counts slots in use at any moment. */
function counting(weights: Readonly<Record<string, number>>) {
  let now = 0;
  const found = { most: 0 };
  const answer: Answer = async (order, hooks) => {
    const weight = weights[order.definition.key] ?? 1;
    found.most = Math.max(found.most, now += weight);
    await new Promise((resolve) => setTimeout(resolve, 0));
    now -= weight;
    return await made()(order, hooks);
  };
  return { found, answer };
}

Deno.test("pools: a step may take more than one slot, and one that is too large runs alone", async () => {
  const world = new World();
  const assets = [
    asset("big", { pool: { name: "db", slots: 3 } }),
    asset("huge", { pool: { name: "db", slots: 9 } }),
    ...Array.from({ length: 8 }, (_, at) => asset(`s${at}`, { pool: { name: "db", slots: 1 } })),
  ];
  const { found, answer } = counting({ big: 3, huge: 4 });
  const { result } = await world.up(assets, answer, { pools: { db: 4 }, concurrency: 16 });
  equal(result?.counts.succeeded, 10);
  ok(found.most <= 4, String(found.most));
});

Deno.test("pools: a full pool keeps nobody else waiting", async () => {
  const world = new World();
  let release: () => void = () => {};
  const gate = new Promise<void>((resolve) => release = resolve);
  const assets = [
    ...Array.from({ length: 8 }, (_, at) => asset(`p${at}`, { pool: { name: "db", slots: 1 } })),
    ...Array.from({ length: 4 }, (_, at) => asset(`z${at}`)),
  ];
  const answer: Answer = async (order, hooks) => {
    if (order.definition.key === "z3") release();
    if (order.definition.pool !== null) await gate;
    return await made()(order, hooks);
  };
  const { result } = await world.up(assets, answer, { pools: { db: 1 }, concurrency: 3 });
  equal(result?.counts.succeeded, 12);
});

Deno.test("pools: priority first, then who came first", async () => {
  const world = new World();
  const pool = { name: "db", slots: 1 };
  const assets = [
    asset("first", { pool }),
    asset("second", { pool }),
    asset("urgent", { pool, priority: 5 }),
  ];
  await world.up(assets, made(), { pools: { db: 1 }, concurrency: 8 });
  deepEqual(world.executed, ["urgent#1", "first#1", "second#1"]);
});

Deno.test("pools: small ones do not overtake a large one for ever", async () => {
  const world = new World();
  const small = Array.from(
    { length: 6 },
    (_, at) => asset(`s${at}`, { pool: { name: "db", slots: 1 } }),
  );
  const assets = [
    asset("a", { pool: { name: "db", slots: 1 } }),
    asset("large", { pool: { name: "db", slots: 2 } }),
    ...small,
  ];
  await world.up(assets, counting({}).answer, { pools: { db: 2 }, concurrency: 8 });
  deepEqual(world.executed.slice(0, 2), ["a#1", "large#1"]);
});

Deno.test("pools: over processes too the more urgent goes first, unless it does not come", async () => {
  const world = new World();
  const pool = { name: "db", slots: 1 };
  const options = { pools: { db: 1 }, concurrency: 2 };
  const stopped = "stopped" as HolderId;
  world.waits.set(stopped, [{ pool: "db", slots: 1, priority: 9, step: "x", since: world.now }]);
  const began = world.now;
  await world.up([asset("a", { pool })], made(), options);
  deepEqual(world.executed, ["a#1"]);
  ok(world.now - began >= Parking.PATIENCE_MS, "it let the other one go first for a while");
  // Who is dead, or less urgent, is waited for by nobody.
  world.dead.add(stopped);
  world.waits.set("lazy" as HolderId, [
    { pool: "db", slots: 1, priority: -1, step: "y", since: world.now - 1000 },
  ]);
  const before = world.now;
  await world.up([asset("b", { pool })], made(), options);
  equal(world.now, before);
});

Deno.test("pools: the slots of the dead are free", async () => {
  const world = new World();
  const pool = { name: "db", slots: 1 };
  const options = { pools: { db: 1 } };
  void world.up([asset("a", { pool })], () => new Promise(() => {}), {
    ...options,
    holder: "dead",
  });
  while (world.executed.length === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  const waiting = world.up([asset("b", { pool })], made(), { ...options, holder: "next" });
  while (world.waits.get("next" as HolderId) === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  world.dead.add("dead" as HolderId);
  equal((await waiting).result?.counts.succeeded, 1);
});

Deno.test("pools: five hundred steps of a pool of one are no trouble", async () => {
  const world = new World();
  const pool = { name: "db", slots: 1 };
  const assets = Array.from({ length: 500 }, (_, at) => asset(`x${at}`, { pool }));
  const { result } = await world.up(assets, made(), { pools: { db: 1 }, concurrency: 8 });
  equal(result?.counts.succeeded, 500);
});
