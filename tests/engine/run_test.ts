/** The engine over a world in memory: what runs, what does not, and what the log says of it. */
import { deepEqual, equal, ok } from "node:assert/strict";
import type { CheckResult } from "../../src/core/event.ts";
import type { PartitionKey } from "../../src/core/key.ts";
import { stepKey } from "../../src/core/key.ts";
import { asset, key, months } from "../kit/definitions.ts";
import { type Answer, candidate, failing, made, World } from "../kit/world.ts";

const chain = [asset("a"), asset("b", { deps: ["a"] }), asset("c", { deps: ["b"] })];

Deno.test("run: everything once in order, and then nothing", async () => {
  const world = new World();
  const first = await world.up(chain);
  deepEqual(world.executed, ["a#1", "b#1", "c#1"]);
  equal(first.result?.outcome, "succeeded");
  const second = await world.up(chain);
  equal(second.result, null);
  equal(second.plan.fresh, 3);
});

Deno.test("run: equal content of a rebuilt asset stops what follows (early cutoff)", async () => {
  const world = new World();
  const same = made(() => "equal");
  await world.up(chain, same);
  const edited = [asset("a", { codeVersion: "other" }), ...chain.slice(1)];
  world.executed.length = 0;
  const { result, plan } = await world.up(edited, same);
  deepEqual(world.executed, ["a#1"]);
  deepEqual(plan.steps.map((step) => [step.key, step.certain]), [["a", true], ["b", false], [
    "c",
    false,
  ]]);
  equal(result?.counts.unchanged, 2);
  equal((await world.up(edited, same)).result, null);
});

Deno.test("run: other content makes everything after it run", async () => {
  const world = new World();
  await world.up(chain);
  world.executed.length = 0;
  await world.up([asset("a", { codeVersion: "other" }), ...chain.slice(1)]);
  deepEqual(world.executed, ["a#1", "b#1", "c#1"]);
});

Deno.test("run: a failed step blocks what follows, others go on, the last good version stays", async () => {
  const world = new World();
  const assets = [...chain, asset("d")];
  await world.up(assets);
  const before = (await world.state()).heads.get(key("b"))?.get("" as PartitionKey)?.published
    ?.version;
  const edited = [
    asset("a", { codeVersion: "2" }),
    asset("b", { deps: ["a"] }),
    asset("c", { deps: ["b"] }),
    asset("d", { codeVersion: "2" }),
  ];
  const answer: Answer = (order, hooks) =>
    order.definition.key === "b" ? failing("no") : made()(order, hooks);
  const { result } = await world.up(edited, answer);
  equal(result?.outcome, "failed");
  deepEqual([result?.counts.succeeded, result?.counts.failed, result?.counts.blocked], [2, 1, 1]);
  const head = (await world.state()).heads.get(key("b"))?.get("" as PartitionKey);
  equal(head?.published?.version, before);
  equal(head?.failure?.problem.message, "no");
});

Deno.test("run: a failure is held until something differs, a request comes, or its cool-down ends", async () => {
  const world = new World();
  const no: Answer = () => failing("no");
  await world.up([asset("a")], no);
  equal((await world.up([asset("a")], no)).result, null);
  const held = (await world.up([asset("a")], no)).plan.held;
  equal(held[0]?.held.kind, "failed");
  ok((await world.up([asset("a", { codeVersion: "2" })], no)).result !== null);
  const asked = { around: { requested: new Map([["a", "asked for"]]) } };
  ok((await world.up([asset("a", { codeVersion: "2" })], no, asked)).result !== null);
  equal((await world.up([asset("a", { codeVersion: "2" })], no)).result, null);
  world.now += 31 * 60_000;
  ok((await world.up([asset("a", { codeVersion: "2" })], no)).result !== null);
});

Deno.test("run: what stands on a failed partition waits in the next run too, unless it is asked for", async () => {
  const world = new World();
  const scheme = months("2023-01", "2023-03");
  const first = [asset("m", { partitions: scheme }), asset("all", { deps: ["m"] })];
  await world.up(first);
  const edited = [
    asset("m", { partitions: scheme, codeVersion: "2" }),
    asset("all", { deps: ["m"] }),
  ];
  const answer: Answer = (order, hooks) =>
    order.definition.key === "m" && order.partition === "2023-01"
      ? failing("no")
      : made()(order, hooks);
  equal((await world.up(edited, answer)).result?.counts.blocked, 1);
  world.executed.length = 0;
  const again = await world.up(edited, answer);
  equal(again.result, null);
  ok(again.plan.held.some((each) => each.asset === "all" && each.held.kind === "upstream"));
  await world.up(edited, answer, { around: { requested: new Map([["all", "asked for"]]) } });
  deepEqual(world.executed, ["all#1"]);
});

Deno.test("run: the retry policy tries again after its delay, and success forgets the failure", async () => {
  const world = new World();
  const retry = {
    attempts: 3,
    delayMs: 2000,
    backoff: "exponential" as const,
    maxDelayMs: null,
    jitter: false,
    retryOn: null,
  };
  const started = world.now;
  const answer: Answer = (order, hooks) =>
    order.number < 3 ? failing(`try ${order.number}`) : made()(order, hooks);
  const { result } = await world.up([asset("a", { retry })], answer);
  deepEqual(world.executed, ["a#1", "a#2", "a#3"]);
  equal(world.now - started, 2000 + 4000);
  equal(result?.outcome, "succeeded");
  equal((await world.state()).heads.get(key("a"))?.get("" as PartitionKey)?.failure, null);
});

Deno.test("run: fatal failures are not tried again", async () => {
  const world = new World();
  const retry = {
    attempts: 3,
    delayMs: 1,
    backoff: "none" as const,
    maxDelayMs: null,
    jitter: false,
    retryOn: null,
  };
  await world.up([asset("a", { retry })], () => failing("no", true));
  deepEqual(world.executed, ["a#1"]);
});

Deno.test("run: a blocking check keeps the candidate back, a warning does not", async () => {
  const world = new World();
  const check = (blocking: boolean): CheckResult => ({
    name: "rows",
    severity: blocking ? "error" : "warn",
    blocking,
    outcome: blocking ? "failed" : "warned",
    failing: 1,
    text: "1 row",
    sample: [],
  });
  const answer = (blocking: boolean): Answer => (order) => ({
    kind: "made",
    seconds: 0,
    reads: [],
    candidates: order.outputs.map((output) =>
      candidate(output.asset, output.target, { checks: [check(blocking)] })
    ),
  });
  const bad = await world.up([asset("a")], answer(true));
  equal(bad.result?.outcome, "failed");
  const failed = (await world.state()).heads.get(key("a"))?.get("" as PartitionKey);
  equal(failed?.published, null);
  equal(failed?.failure?.problem.code, "check-failed");
  ok(failed?.failure?.rejected?.path.endsWith(".parquet"));
  const good = await world.up([asset("a", { codeVersion: "2" })], answer(false));
  equal(good.result?.outcome, "succeeded");
});

Deno.test("run: a skipped step skips what needs it; asked again at once nothing runs", async () => {
  const world = new World();
  const answer: Answer = () => ({ kind: "skipped", text: "not published yet", reads: [] });
  const { result } = await world.up(chain, answer);
  deepEqual([result?.counts.skipped, result?.outcome], [3, "succeeded"]);
  const again = await world.up(chain, answer);
  equal(again.result, null);
  equal(again.plan.held[0]?.held.kind, "skipped");
});

Deno.test("run: a skip under other settings withdraws what was made under the old ones, and what stands on it", async () => {
  const world = new World();
  const assets = [
    asset("m", { partitions: months("2023-01", "2023-03") }),
    asset("n", { partitions: months("2023-01", "2023-03"), deps: ["m"] }),
    asset("o", { partitions: months("2023-01", "2023-03"), deps: ["n"] }),
    asset("all", { deps: ["o"] }),
  ];
  const reading =
    (digest: string, has: (key: string) => boolean): Answer => async (order, hooks) => {
      const reads = [{ kind: "env" as const, name: "SERVICE", digest }];
      if (order.definition.key !== "m") return await made()(order, hooks);
      if (!has(order.partition)) return { kind: "skipped", text: "not published yet", reads };
      const done = await made()(order, hooks);
      return done.kind === "made" ? { ...done, reads } : done;
    };
  const settings = (digest: string) => ({ around: { currentRead: () => digest } });
  const there = async () => {
    const { heads } = await world.state();
    return [...heads].flatMap(([name, parts]) =>
      [...parts].flatMap(([part, head]) => head.published ? [stepKey(name, part)] : [])
    ).sort();
  };
  await world.up(assets, reading("green", () => true), settings("green"));
  equal((await there()).length, 7);
  // The same settings: a month that is asked for again and is not there leaves the last version standing.
  const again = {
    around: { ...settings("green").around, requested: new Map([["m[2023-02]", "asked for"]]) },
  };
  await world.up(assets, reading("green", () => false), again);
  equal((await there()).length, 7);
  await world.up(assets, reading("yellow", (part) => part === "2023-01"), settings("yellow"));
  deepEqual(await there(), ["all", "m[2023-01]", "n[2023-01]", "o[2023-01]"]);
  ok(
    !(await world.state()).heads.get(key("all"))?.get("" as PartitionKey)?.published?.inputs
      .includes("2023-02"),
  );
  // Back to the old settings everything is made again.
  await world.up(assets, reading("green", () => true), settings("green"));
  equal((await there()).length, 7);
});

Deno.test("run: a partition that failed fails only what needs it", async () => {
  const world = new World();
  const assets = [
    asset("m", { partitions: months("2023-01", "2023-04") }),
    asset("n", { partitions: months("2023-01", "2023-04"), deps: ["m"] }),
  ];
  const answer: Answer = (order, hooks) =>
    order.definition.key === "m" && order.partition === "2023-02"
      ? failing("no")
      : made()(order, hooks);
  const { result } = await world.up(assets, answer);
  deepEqual([result?.counts.succeeded, result?.counts.failed, result?.counts.blocked], [4, 1, 1]);
});

Deno.test("run: five who want the same work get each step made once", async () => {
  const world = new World();
  const wide = Array.from({ length: 40 }, (_, index) => asset(`x${index}`));
  await Promise.all(
    ["p1", "p2", "p3", "p4", "p5"].map((holder) => world.up(wide, made(), { holder })),
  );
  deepEqual([...world.executed].sort(), wide.map((each) => `${each.key}#1`).sort());
});

Deno.test("run: two who share a graph do all of it between them, each step once", async () => {
  const world = new World();
  const left = Array.from({ length: 6 }, (_, index) => asset(`l${index}`));
  const middle = left.map((each, index) =>
    asset(`m${index}`, { deps: [each.key, left[(index + 1) % left.length]?.key ?? each.key] })
  );
  const assets = [...left, ...middle, asset("z", { deps: middle.map((each) => each.key) })];
  const both = await Promise.all(
    ["p1", "p2"].map((holder) => world.up(assets, made(), { holder, concurrency: 2 })),
  );
  deepEqual([...world.executed].sort(), assets.map((each) => `${each.key}#1`).sort());
  deepEqual(both.map((each) => each.result?.left ?? []), [[], []]);
  equal((await world.up(assets)).result, null);
});

Deno.test("run: what a live process holds is left to it, and waited for when told to", async () => {
  const world = new World();
  let release: (result: void) => void = () => {};
  const gate = new Promise<void>((resolve) => release = resolve);
  let begun: () => void = () => {};
  const started = new Promise<void>((resolve) => begun = resolve);
  const slow: Answer = async (order, hooks) => {
    begun();
    await gate;
    return await made()(order, hooks);
  };
  const first = world.up([asset("a")], slow, { holder: "p1" });
  await started;
  const left = await world.up([asset("a")], made(), { holder: "p2" });
  equal(left.result?.left.length, 1);
  const asked = { around: { requested: new Map([["a", "asked for"]]) } };
  const waiting = world.up([asset("a")], made(), {
    holder: "p3",
    waitMs: 1e9,
    onEvents: () => release(),
    ...asked,
  });
  await first;
  const waited = await waiting;
  equal(waited.result?.counts.unchanged, 1);
  deepEqual(world.executed, ["a#1"]);
});

Deno.test("run: the claims of a dead process are taken over, and said to be interrupted", async () => {
  const world = new World();
  const dies: Answer = () => new Promise(() => {});
  world.up([asset("a")], dies, { holder: "dead" });
  while (world.executed.length === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  world.dead.add("dead" as never);
  const { result } = await world.up([asset("a")], made(), { holder: "alive" });
  equal(result?.outcome, "succeeded");
  const events = await world.store.events({ kinds: ["step-ended", "run-ended"] });
  deepEqual(
    events.map(({ event }) =>
      event.kind === "step-ended" || event.kind === "run-ended" ? event.outcome : ""
    ),
    ["interrupted", "interrupted", "succeeded"],
  );
});

Deno.test("run: a late attempt publishes nothing and its file is removed", async () => {
  const world = new World();
  let answerLate: () => void = () => {};
  const late = new Promise<void>((resolve) => answerLate = resolve);
  const slow: Answer = async (order, hooks) => {
    await late;
    return await made()(order, hooks);
  };
  const first = world.up([asset("a")], slow, { holder: "stopped" });
  while (world.executed.length === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  world.dead.add("stopped" as never);
  await world.up([asset("a")], made(), { holder: "alive" });
  answerLate();
  equal((await first).result?.counts.interrupted, 1);
  equal(world.discarded.length, 1);
  equal((await world.store.events({ kinds: ["materialized"] })).length, 1);
});

Deno.test("run: a pool's slots are never exceeded, over processes too", async () => {
  const world = new World();
  let now = 0, most = 0;
  const answer: Answer = async (order, hooks) => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, 0));
    now--;
    return await made()(order, hooks);
  };
  const assets = Array.from(
    { length: 12 },
    (_, index) => asset(`x${index}`, { pool: { name: "db", slots: 1 } }),
  );
  const options = { pools: { db: 2 }, concurrency: 8, waitMs: 1e9 };
  await Promise.all(["p1", "p2"].map((holder) => world.up(assets, answer, { ...options, holder })));
  equal(most, 2);
  equal(world.executed.length, 12);
});

Deno.test("run: stopping lets what runs end and cancels the rest", async () => {
  const world = new World();
  const stop = new AbortController();
  const answer: Answer = (order, hooks) => {
    stop.abort("cancel");
    return made()(order, hooks);
  };
  const { result } = await world.up(chain, answer, { stop: stop.signal });
  deepEqual([result?.counts.succeeded, result?.counts.cancelled, result?.outcome], [
    1,
    2,
    "cancelled",
  ]);
  equal((await world.up(chain)).result?.counts.succeeded, 2);
});

Deno.test("run: killing ends what runs as cancelled, and its timeout as failed", async () => {
  const world = new World();
  const hangs: Answer = (_order, hooks) =>
    new Promise((resolve) =>
      hooks.signal.addEventListener(
        "abort",
        () =>
          resolve({
            kind: "cancelled",
            by: hooks.signal.reason === "timeout" ? "timeout" : "cancel",
          }),
      )
    );
  const kill = new AbortController();
  const running = world.up([asset("a")], hangs, { kill: kill.signal });
  while (world.executed.length === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  kill.abort("cancel");
  equal((await running).result?.counts.cancelled, 1);
  const late = await world.up([asset("b", { timeoutMs: 1000 })], hangs);
  equal(late.result?.counts.failed, 1);
  const failure = (await world.state()).heads.get(key("b"))?.get("" as PartitionKey)?.failure;
  equal(failure?.problem.code, "timeout");
});

Deno.test("run: fail-fast starts nothing after the first failure", async () => {
  const world = new World();
  const assets = [asset("a"), asset("b"), asset("c")];
  const { result } = await world.up(assets, () => failing("no"), {
    failFast: true,
    concurrency: 1,
  });
  deepEqual([result?.counts.failed, result?.counts.cancelled], [1, 2]);
});

Deno.test("run: one function of several assets is one step, and may leave one out", async () => {
  const world = new World();
  const together = [key("x"), key("y")];
  const assets = [asset("x", { together }), asset("y", { together }), asset("z", { deps: ["y"] })];
  const answer: Answer = (order, hooks) => {
    if (order.definition.key !== "x") return made()(order, hooks);
    const [first] = order.outputs;
    return {
      kind: "made",
      seconds: 0,
      reads: [],
      candidates: first === undefined ? [] : [candidate(first.asset, first.target)],
    };
  };
  await world.up(assets, answer);
  const ends = await world.store.events({ kinds: ["step-ended"] });
  deepEqual(
    ends.map(({ event }) => event.kind === "step-ended" ? [event.asset, event.outcome] : []),
    [["y", "skipped"], ["z", "skipped"]],
  );
  equal(world.executed.length, 1);
});

Deno.test("run: a thousand steps in a chain and a wide thousand end", async () => {
  const world = new World();
  const long = Array.from(
    { length: 300 },
    (_, index) => asset(`l${index}`, index === 0 ? {} : { deps: [`l${index - 1}`] }),
  );
  const wide = Array.from({ length: 300 }, (_, index) => asset(`w${index}`));
  const { result } = await world.up([...long, ...wide]);
  equal(result?.counts.succeeded, 600);
});

Deno.test("run: no step starts before its upstreams ended, exactly one end an attempt", async () => {
  const world = new World();
  const assets = [
    asset("a"),
    asset("b", { deps: ["a"] }),
    asset("c", { deps: ["a"] }),
    asset("d", { deps: ["b", "c"] }),
  ];
  await world.up(assets);
  const ended = new Set<string>();
  const open = new Map<string, number>();
  for (const { event } of await world.store.events({})) {
    if (event.kind === "attempt-started") {
      for (const dep of assets.find((each) => each.key === event.asset)?.deps ?? []) {
        ok(ended.has(dep.asset));
      }
      open.set(event.attempt, 0);
    }
    if (event.kind === "materialized") {
      ended.add(event.asset);
      open.set(event.attempt, (open.get(event.attempt) ?? 0) + 1);
    }
  }
  deepEqual([...open.values()], [1, 1, 1, 1]);
  equal(stepKey(key("a"), "" as PartitionKey), "a");
});
