/** Tries: which failures are tried again, when, by whom, and what a process that dies in between leaves to the next. */
import { deepEqual, equal, ok } from "node:assert/strict";
import type { RetryPolicy } from "../../src/core/definition.ts";
import type { PartitionKey } from "../../src/core/key.ts";
import { problem } from "../../src/core/problem/problem.ts";
import { retryDelay } from "../../src/core/run/retry.ts";
import { asset, key } from "../kit/definitions.ts";
import { type Answer, failing, made, World } from "../kit/world.ts";

const policy = (parts: Partial<RetryPolicy> = {}): RetryPolicy => ({
  attempts: 3,
  delayMs: 2000,
  backoff: "exponential",
  maxDelayMs: null,
  jitter: false,
  retryOn: null,
  ...parts,
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 0));
}

async function headOf(world: World, name: string) {
  return (await world.state()).heads.get(key(name))?.get("" as PartitionKey);
}

Deno.test("retry: a process dies between two tries: the next goes on with the third, at its time", async () => {
  const world = new World();
  world.auto = false;
  const assets = [asset("a", { retry: policy() })];
  void world.up(assets, () => failing("no"), { holder: "dead" });
  await until(() => world.executed.length === 1);
  world.now += 2000;
  await until(() => {
    world.tick();
    return world.executed.length === 2;
  });
  let failure = (await headOf(world, "a"))?.failure;
  while (failure?.tries !== 2) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    failure = (await headOf(world, "a"))?.failure;
  }
  const due = failure.retryAt ?? 0;
  equal(due - world.now, 4000);
  // As long as that run lives the try is its own.
  const held = await world.up(assets, made(), { holder: "other" });
  equal(held.plan.held[0]?.held.kind, "retry");
  world.die("dead");
  world.auto = true;
  const { result } = await world.up(assets, () => failing("no"), { holder: "next" });
  deepEqual(world.executed, ["a#1", "a#2", "a#3"]);
  ok(world.now >= due, "not before its time");
  equal(result?.counts.failed, 1);
  failure = (await headOf(world, "a"))?.failure ?? failure;
  equal(failure.retryAt, null, "the policy is spent");
  equal(failure.inARow, 1, "one step failed, in three tries");
});

Deno.test("retry: a waiting retry holds no slot", async () => {
  const world = new World();
  const pool = { name: "one", slots: 1 };
  const assets = [
    asset("a", { retry: policy({ attempts: 2 }), pool, priority: 1 }),
    asset("b", { pool }),
  ];
  const answer: Answer = (order, hooks) =>
    order.definition.key === "a" && order.number === 1 ? failing("no") : made()(order, hooks);
  await world.up(assets, answer, { pools: { one: 1 } });
  deepEqual(world.executed, ["a#1", "b#1", "a#2"]);
});

Deno.test("retry: a try that is due while all hands are full waits for one, and does not spin", async () => {
  const world = new World();
  const assets = [
    asset("a", { retry: policy({ attempts: 2 }), priority: 1 }),
    asset("b"),
  ];
  const answer: Answer = async (order, hooks) => {
    if (order.definition.key === "a" && order.number === 1) return failing("no");
    // Its end comes from outside, some turns of the event loop after the try of `a` is due.
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
    return await made()(order, hooks);
  };
  const { result } = await world.up(assets, answer, { concurrency: 1 });
  deepEqual(world.executed, ["a#1", "b#1", "a#2"]);
  equal(result?.counts.succeeded, 2);
});

Deno.test("retry: retryOn names problem codes and errors; anything else fails at once", async () => {
  const world = new World();
  const broken = (name: string): Answer => () => ({
    kind: "failed",
    fatal: false,
    reads: [],
    seconds: 0,
    problem: problem("code-threw", { message: "no", fields: { error: name } }),
  });
  const retry = policy({ attempts: 2, retryOn: ["timeout", "RateLimited"] });
  await world.up([asset("limited", { retry })], broken("RateLimited"));
  await world.up([asset("typed", { retry })], broken("TypeError"));
  const hangs: Answer = (_order, hooks) =>
    new Promise((resolve) =>
      hooks.signal.addEventListener("abort", () => resolve({ kind: "cancelled", by: "timeout" }))
    );
  await world.up([asset("slow", { retry, timeoutMs: 100 })], hangs);
  deepEqual(world.executed, ["limited#1", "limited#2", "typed#1", "slow#1", "slow#2"]);
});

Deno.test("retry: a failed blocking check builds its asset anew, fatal() does not", async () => {
  const world = new World();
  await world.up([asset("a", { retry: policy() })], () => failing("never", true));
  deepEqual(world.executed, ["a#1"]);
});

Deno.test("retry: jitter takes between half and all of the delay, the cap holds before it", () => {
  const jittery = policy({ jitter: true, maxDelayMs: 3000 });
  deepEqual([0, 0.5, 0.999].map((random) => retryDelay(jittery, 1, random)), [1000, 1500, 1999]);
  deepEqual([0, 0.999].map((random) => retryDelay(jittery, 2, random)), [1500, 2999]);
  equal(retryDelay(jittery, 3, 0), null);
});

Deno.test("retry: a run that is stopping tries nothing again, and says so in the log", async () => {
  const world = new World();
  const stop = new AbortController();
  const answer: Answer = () => {
    stop.abort("cancel");
    return failing("no");
  };
  const { result } = await world.up([asset("a", { retry: policy() })], answer, {
    stop: stop.signal,
  });
  equal(result?.counts.failed, 1);
  equal((await headOf(world, "a"))?.failure?.retryAt, null);
});

Deno.test("retry: what failed in another run meanwhile is not tried once more by this one", async () => {
  const world = new World();
  const assets = [asset("a"), asset("b", { deps: ["a"] })];
  const both = await Promise.all(
    ["p1", "p2"].map((holder) => world.up(assets, () => failing("no"), { holder, waitMs: 1e9 })),
  );
  deepEqual(world.executed, ["a#1"]);
  equal(both.filter((each) => each.result?.outcome === "failed").length, 1);
});

Deno.test("retry: what failed on an input is built in the run that changes the input", async () => {
  const world = new World();
  const assets = (code: string) => [
    asset("a", { codeVersion: code }),
    asset("b", { deps: ["a"] }),
    asset("c", { deps: ["b"] }),
  ];
  const bad: Answer = (order, hooks) =>
    order.definition.key === "b" ? failing("bad input") : made()(order, hooks);
  await world.up(assets("1"), bad);
  world.executed.length = 0;
  const { result } = await world.up(assets("2"));
  deepEqual(world.executed, ["a#1", "b#1", "c#1"]);
  equal(result?.outcome, "succeeded");
});

Deno.test("retry: an input that comes to the same content leaves the failure held", async () => {
  const world = new World();
  const same = made(() => "equal");
  const answer: Answer = (order, hooks) =>
    order.definition.key === "b" ? failing("bad input") : same(order, hooks);
  const assets = (code: string) => [asset("a", { codeVersion: code }), asset("b", { deps: ["a"] })];
  await world.up(assets("1"), answer);
  world.executed.length = 0;
  const { result } = await world.up(assets("2"), answer);
  deepEqual(world.executed, ["a#1"]);
  deepEqual([result?.outcome, result?.counts.skipped], ["succeeded", 1]);
  equal((await world.up(assets("2"), answer)).plan.held[0]?.held.kind, "failed");
});

Deno.test("run: its time limit ends what runs, begins nothing more, and makes it failed", async () => {
  const world = new World();
  const hangs: Answer = (_order, hooks) =>
    new Promise((resolve) =>
      hooks.signal.addEventListener("abort", () => {
        resolve({
          kind: "cancelled",
          by: hooks.signal.reason === "timeout" ? "timeout" : "cancel",
        });
      })
    );
  const assets = [asset("a", { retry: policy() }), asset("b", { deps: ["a"] }), asset("c")];
  world.auto = false;
  const running = world.up(assets, hangs, { timeoutMs: 5000, concurrency: 1 });
  await until(() => world.executed.length === 1);
  world.tick();
  const { result } = await running;
  deepEqual(world.executed, ["a#1"]);
  equal(result?.outcome, "failed");
  deepEqual([result?.counts.failed, result?.counts.blocked, result?.counts.cancelled], [1, 1, 1]);
  const failure = (await headOf(world, "a"))?.failure;
  equal(failure?.problem.why, "the run's time limit of 5s was over");
});
