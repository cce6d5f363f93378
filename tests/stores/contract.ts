/** What every state store must do, run against each adapter. Two stores over one log stand for two processes. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Stored } from "../../src/core/event.ts";
import { emptyState, fold } from "../../src/core/fold.ts";
import type { State } from "../../src/core/heads.ts";
import { ProblemError } from "../../src/core/problem/problem.ts";
import { holdsClaim, mayClaim } from "../../src/core/rules.ts";
import type { StateStore } from "../../src/ports/store.ts";
import { anyEvent } from "./any_event.ts";
import {
  asset,
  attemptId,
  ended,
  exported,
  failed,
  holderId,
  made,
  part,
  requested,
  runEnded,
  runId,
  runStarted,
  started,
} from "../kit/events.ts";
import { plain } from "../kit/state.ts";

export interface Log {
  /** Another store over the same log. */
  open(): Promise<StateStore>;
  /** Puts text at the end of the log, as another version of the program might have. */
  plant(kind: string, text: string): Promise<void>;
  close(): Promise<void>;
}

/** Registers the suite; `make` gives a fresh, empty log. */
export function storeContract(name: string, make: () => Promise<Log>): void {
  function test(title: string, body: (log: Log) => Promise<void>): void {
    Deno.test(`${name}: ${title}`, async () => {
      const log = await make();
      try {
        await body(log);
      } finally {
        await log.close();
      }
    });
  }

  test("a new log is empty", async (log) => {
    const store = await log.open();
    assert.deepEqual(plain(await store.load()), plain(emptyState()));
    assert.equal(await store.last(), 0);
    assert.deepEqual(await store.events({}), []);
    assert.deepEqual(await store.runs({}), []);
    assert.equal(await store.head(asset("trips"), part("")), null);
  });

  test("what is committed is numbered without gaps and visible to others at once", async (log) => {
    const [one, two] = [await log.open(), await log.open()];
    const state = await one.load();
    const { own } = await one.commit(state, 1000.4, () => [requested(), runStarted(), started()]);
    assert.deepEqual(own.map(({ id, at }) => [id, at]), [[1, 1000], [2, 1000], [3, 1000]]);
    await one.commit(state, 1001, () => [made()], { durable: false });
    assert.equal(await two.last(), 4);
    assert.equal((await two.head(asset("trips"), part("")))?.published?.version, "v1");
    assert.deepEqual(await two.load(), state);
  });

  test("where decide throws nothing is written, and its own error comes back", async (log) => {
    const [one, two] = [await log.open(), await log.open()];
    const state = await one.load();
    await two.commit(await two.load(), 1, () => [requested("r0")]);
    // A text that could be taken for SQLite's own: it must be neither retried nor translated.
    const mine = new Error("database is locked");
    let calls = 0;
    await assert.rejects(
      one.commit(state, 2, () => {
        calls++;
        throw mine;
      }),
      (error) => error === mine,
    );
    assert.equal(calls, 1);
    assert.equal(await two.last(), 1);
    assert.deepEqual(state, await two.load());
    await one.commit(state, 3, () => [requested("r1")]);
    assert.deepEqual(state, await two.load());
  });

  test("where decide gives nothing, nothing is written", async (log) => {
    const store = await log.open();
    const state = await store.load();
    assert.deepEqual(await store.commit(state, 1, () => []), { own: [] });
    assert.equal(await store.last(), 0);
    assert.deepEqual(plain(state), plain(emptyState()));
  });

  test("decide sees what others appended since", async (log) => {
    const [one, two] = [await log.open(), await log.open()];
    const state = await one.load();
    await two.commit(await two.load(), 1, () => [started(), made()]);
    let seen: string | undefined;
    await one.commit(state, 2, (now) => {
      seen = now.heads.get(asset("trips"))?.get(part(""))?.published?.version;
      return [];
    });
    assert.equal(seen, "v1");
    assert.deepEqual(await one.sync(state), []);
  });

  test("sync gives what others appended, in order, and leaves the state as a fresh load", async (log) => {
    const [one, two] = [await log.open(), await log.open()];
    const state = await one.load();
    const theirs = await two.load();
    await two.commit(theirs, 1, () => [requested(), started()]);
    await two.commit(theirs, 2, () => [made(), runEnded()]);
    const news = await one.sync(state);
    assert.deepEqual(news.map(({ id, event }) => [id, event.kind]), [
      [1, "run-requested"],
      [2, "attempt-started"],
      [3, "materialized"],
      [4, "run-ended"],
    ]);
    assert.deepEqual(state, theirs);
    assert.deepEqual(state, await one.load());
  });

  test("of two who want one step exactly one gets it", async (log) => {
    const stores = [await log.open(), await log.open(), await log.open()];
    const states = await Promise.all(stores.map((store) => store.load()));
    for (let round = 0; round < 20; round++) {
      const partition = `p${round}`;
      const won = await Promise.all(stores.map(async (store, index) => {
        const state = states[index];
        assert.ok(state);
        const { own } = await store.commit(
          state,
          round,
          (now) =>
            mayClaim(now, asset("trips"), part(partition), new Set()).ok
              ? [started({ partition, attempt: `t${round}-${index}` })]
              : [],
          { durable: false },
        );
        return own.length;
      }));
      assert.deepEqual(won.toSorted(), [0, 0, 1]);
    }
  });

  test("a superseded attempt cannot publish, be it asked or not", async (log) => {
    const [slow, quick] = [await log.open(), await log.open()];
    const slowState = await slow.load();
    await slow.commit(slowState, 1, () => [started({ attempt: "slow" })]);
    const quickState = await quick.load();
    await quick.commit(quickState, 2, () => [
      ended("interrupted", { attempt: "slow" }),
      started({ attempt: "quick" }, { holder: holderId("h2") }),
    ]);
    const publish = (ask: boolean) =>
      slow.commit(
        slowState,
        3,
        (now) =>
          !ask || holdsClaim(now, asset("trips"), part(""), attemptId("slow"))
            ? [made({ attempt: "slow" }, "late")]
            : [],
      );
    assert.deepEqual((await publish(true)).own, []);
    await publish(false);
    assert.equal((await slow.head(asset("trips"), part("")))?.published, null);
    await quick.commit(quickState, 4, () => [made({ attempt: "quick" }, "good")]);
    assert.equal((await slow.head(asset("trips"), part("")))?.published?.version, "good");
    await slow.sync(slowState);
    assert.deepEqual(slowState, quickState);
  });

  test("a state of some assets holds their heads, and all claims, runs, exports and facts", async (log) => {
    const [one, two] = [await log.open(), await log.open()];
    const some = await one.load([asset("a"), asset("new")]);
    const all = await two.load();
    await two.commit(all, 1, () => [
      requested(),
      started({ asset: "a" }),
      made({ asset: "a" }),
      started({ asset: "b", attempt: "t2" }),
      failed({ asset: "b", attempt: "t2" }),
      started({ asset: "c", attempt: "t3" }),
      exported({ asset: "b" }),
      { kind: "switched", source: "s", on: false },
    ]);
    await one.sync(some);
    assert.deepEqual(some, await one.load([asset("a"), asset("new")]));
    assert.deepEqual([...some.heads.keys()], ["a"]);
    assert.deepEqual([some.claims, some.runs, some.exports, some.facts], [
      all.claims,
      all.runs,
      all.exports,
      all.facts,
    ]);
    // A head that it does not hold is still folded from what it was: this is the second failure in a row.
    await one.commit(some, 2, () => [
      started({ asset: "b", attempt: "t4" }),
      failed({ asset: "b", attempt: "t4" }),
    ]);
    assert.equal((await two.head(asset("b"), part("")))?.failure?.inARow, 2);
    assert.deepEqual([...some.heads.keys()], ["a"]);
  });

  test("readers see a commit whole or not at all", async (log) => {
    const [writer, reader] = [await log.open(), await log.open()];
    const state = await writer.load();
    let done = false;
    const writing = (async () => {
      for (let round = 0; round < 30; round++) {
        const attempt = `t${round}`;
        await writer.commit(state, round, () => [
          started({ asset: "a", attempt }),
          made({ asset: "a", attempt }, `v${round}`),
          started({ asset: "b", attempt }),
          made({ asset: "b", attempt }, `v${round}`),
        ], { durable: round % 2 === 0 });
      }
      done = true;
    })();
    const followed = await reader.load();
    const versions = (seen: State) =>
      [...seen.heads.values()].map((each) => each.get(part(""))?.published?.version);
    while (!done) {
      const loaded = versions(await reader.load());
      assert.equal(loaded[0], loaded[1]);
      await reader.sync(followed);
      assert.equal(versions(followed)[0], versions(followed)[1]);
    }
    await writing;
  });

  test("events and runs are found by what one asks for", async (log) => {
    const store = await log.open();
    const state = await store.load();
    await store.commit(state, 10, () => [
      requested("r1"),
      runStarted("r1"),
      started({ partition: "x" }),
      made({ partition: "x" }),
      runEnded("r1"),
    ]);
    await store.commit(state, 20, () => [
      requested("r2"),
      runStarted("r2"),
      started({ asset: "zones", run: "r2", attempt: "t2" }),
    ]);
    const ids = async (query: Parameters<StateStore["events"]>[0]) =>
      (await store.events(query)).map(({ id }) => id);
    assert.deepEqual(await ids({}), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert.deepEqual(await ids({ after: 2, before: 5 }), [3, 4]);
    assert.deepEqual(await ids({ run: runId("r2") }), [6, 7, 8]);
    assert.deepEqual(await ids({ asset: asset("trips"), partition: part("x") }), [3, 4]);
    assert.deepEqual(await ids({ asset: asset("trips"), partition: part("y") }), []);
    assert.deepEqual(await ids({ kinds: ["run-requested", "run-ended"] }), [1, 5, 6]);
    assert.deepEqual(await ids({ kinds: [] }), []);
    assert.deepEqual(await ids({ reverse: true, limit: 2 }), [8, 7]);

    const runs = async (query: Parameters<StateStore["runs"]>[0]) =>
      (await store.runs(query)).map(({ run, state }) => `${run} ${state}`);
    assert.deepEqual(await runs({}), ["r2 running", "r1 succeeded"]);
    assert.deepEqual(await runs({ limit: 1 }), ["r2 running"]);
    assert.deepEqual(await runs({ states: ["succeeded", "failed"] }), ["r1 succeeded"]);
    assert.deepEqual(await runs({ run: runId("r1") }), ["r1 succeeded"]);
    assert.deepEqual(await runs({ before: 20 }), ["r1 succeeded"]);
  });

  test("events of kinds from the future stay in the log and are passed over", async (log) => {
    const store = await log.open();
    const state = await store.load();
    await store.commit(state, 1, () => [started()]);
    await log.plant("teleported", '{"kind":"teleported","asset":"trips","partition":""}');
    assert.deepEqual(await store.sync(state), []);
    assert.equal(state.last, 2);
    const { own } = await store.commit(state, 2, () => [made()]);
    assert.equal(own[0]?.id, 3);
    assert.deepEqual((await store.events({})).map(({ id }) => id), [1, 3]);
    await store.prune(1e15);
    assert.deepEqual(await store.load(), state);
  });

  test("text in the log that is no event is told with its place", async (log) => {
    const store = await log.open();
    const state = await store.load();
    await store.commit(state, 1, () => [started()]);
    await log.plant("materialized", '{"kind":"mater');
    const isTold = (error: unknown) =>
      error instanceof ProblemError && error.problems[0]?.code === "store-damaged" &&
      /event 2/.test(error.message);
    await assert.rejects(store.sync(state), isTold);
    await assert.rejects(store.events({}), isTold);
    assert.equal(state.last, 1);
  });

  test("pruning keeps what heads, claims and open runs stand on", async (log) => {
    const [store, sleeper] = [await log.open(), await log.open()];
    const asleep = await sleeper.load();
    const state = await store.load();
    await store.commit(state, 5, () => [requested("r0"), runStarted("r0"), runEnded("r0")]);
    await store.commit(state, 10, () => [
      requested("r1", { requestKey: "k@1" }),
      runStarted("r1"),
      started(),
      made(),
      exported({}, "d1"),
      exported({}, "d2"),
      runEnded("r1"),
    ]);
    await store.commit(state, 20, () => [
      requested("r2"),
      started({ run: "r2", attempt: "t2" }),
      made({ run: "r2", attempt: "t2" }, "v2"),
      runEnded("r2"),
      requested("r3"),
      started({ run: "r3", attempt: "t3", partition: "p" }),
      failed({ run: "r3", attempt: "t3", partition: "p" }),
      started({ run: "r3", attempt: "t4", partition: "p" }),
    ]);
    const before = structuredClone(plain(state));
    const dropped = await store.prune(15);
    assert.equal(dropped, 8);
    assert.deepEqual((await store.events({})).map(({ id }) => id).slice(0, 3), [4, 9, 11]);
    assert.equal(await store.prune(1e15), 2);
    assert.deepEqual(plain(await store.load()), before);
    const again = emptyState();
    for (const stored of await store.events({})) fold(again, stored);
    assert.deepEqual(plain(again).heads, before.heads);
    assert.deepEqual(plain(again).claims, before.claims);
    // What is published names r2, an export r1; nothing tells of r0 any more.
    assert.deepEqual((await store.runs({})).map(({ run }) => run), ["r3", "r2", "r1"]);
    // Who slept through the pruning cannot fold what is gone, and must not miss it.
    await sleeper.sync(asleep);
    assert.deepEqual(plain(asleep), before);
    await store.commit(state, 30, () => [started({ partition: "q", attempt: "t9" })]);
    assert.equal(state.last, 19);
  });

  Deno.test(`${name}: property: cells equal the fold of the log, from any checkpoint`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyEvent, { minLength: 1, maxLength: 4 }), { maxLength: 12 }),
        fc.nat(12),
        async (commits, checkpoint) => {
          const log = await make();
          try {
            const [one, two] = [await log.open(), await log.open()];
            const states = [await one.load(), await two.load()] as const;
            let from = await two.load();
            const all: Stored[] = [];
            for (const [index, events] of commits.entries()) {
              const turn = index % 2;
              if (index === checkpoint) from = await two.load();
              const state = states[turn] ?? states[0];
              const done = await (turn === 0 ? one : two).commit(
                state,
                index,
                () => events,
                { durable: false },
              );
              all.push(...done.own);
            }
            const whole = emptyState();
            for (const stored of all) fold(whole, stored);
            const stored = await one.load();
            assert.deepEqual(plain(stored), plain(whole));
            for (const state of [...states, from]) {
              await one.sync(state);
              assert.deepEqual(plain(state), plain(whole));
            }
            const again = await two.events({});
            assert.deepEqual(again, all);
          } finally {
            await log.close();
          }
        },
      ),
      { numRuns: 60 },
    );
  });
}
