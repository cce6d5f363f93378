import assert from "node:assert/strict";
import fc from "fast-check";
import {
  batchesOf,
  countWanted,
  defaultOrder,
  firstOf,
  inOrder,
  type Wanted,
  wantedOf,
} from "../../src/core/backfill.ts";
import { emptyState } from "../../src/core/fold.ts";
import type { PartitionKey } from "../../src/core/key.ts";
import { plan, reach } from "../../src/core/plan.ts";
import { around, asset, key, layout, months, weeks } from "../kit/definitions.ts";
import { failure, head, published } from "../kit/heads.ts";

const part = (text: string) => text as PartitionKey;
const TRIPS = asset("trips", { partitions: months("2023-01", "2024-01") });
const WEEKS = asset("by_week", {
  partitions: weeks(),
  deps: [{ asset: key("trips"), lookahead: 1 }],
});

function wanted(of: Record<string, string[]>): Wanted {
  return new Map(Object.entries(of).map(([name, keys]) => [key(name), keys.map(part)]));
}

Deno.test("backfill: missing, failed and what came since a backfill began", () => {
  const state = emptyState();
  state.heads.set(
    key("trips"),
    new Map([
      [part("2023-01"), published("trips", "2023-01", { event: 5 })],
      [part("2023-02"), published("trips", "2023-02", { event: 50 })],
      [part("2023-03"), head("trips", "2023-03", { failure: failure("trips") })],
      [
        part("2023-04"),
        published("trips", "2023-04", { event: 60 }, { failure: failure("trips") }),
      ],
    ]),
  );
  const all = wanted({ trips: ["2023-01", "2023-02", "2023-03", "2023-04", "2023-05"] });
  const of = (...args: Parameters<typeof wantedOf>) => wantedOf(...args).get(key("trips"));
  assert.deepEqual(of(state, all, "missing", null), ["2023-03", "2023-05"]);
  assert.deepEqual(of(state, all, "failed", null), ["2023-03", "2023-04"]);
  assert.deepEqual(of(state, all, "all", null), all.get(key("trips")));
  assert.deepEqual(of(state, all, "all", 49), ["2023-01", "2023-03", "2023-05"]);
});

Deno.test("backfill: newest first, unless a partition is made from the one before it", () => {
  const own = asset("own", {
    partitions: months("2023-01", "2024-01"),
    deps: [{ asset: key("own"), mapping: { type: "offset", by: -1 } }],
  });
  const merged = asset("merged", {
    partitions: months("2023-01", "2024-01"),
    materialized: "incremental",
    strategy: "merge",
  });
  const laid = layout([TRIPS, own, merged]);
  assert.equal(defaultOrder(laid, [key("trips")]), "newest");
  assert.equal(defaultOrder(laid, [key("own")]), "oldest");
  assert.equal(defaultOrder(laid, [key("trips"), key("merged")]), "oldest");
});

Deno.test("backfill: as many keys to a run as are asked for, in order", () => {
  const laid = layout([TRIPS]);
  const all = wanted({ trips: ["2023-01", "2023-02", "2023-03"] });
  const keys = (batches: readonly Wanted[]) => batches.map((each) => each.get(key("trips")));
  assert.deepEqual(keys(batchesOf(laid, all, "newest", 2)), [["2023-02", "2023-03"], ["2023-01"]]);
  assert.deepEqual(keys(batchesOf(laid, all, "oldest", 1)), [
    ["2023-01"],
    ["2023-02"],
    ["2023-03"],
  ]);
  assert.deepEqual(keys(batchesOf(laid, all, "oldest", null)), [all.get(key("trips"))]);
  assert.deepEqual(firstOf(laid, all, "newest", 2).get(key("trips")), ["2023-02", "2023-03"]);
});

Deno.test("backfill: every key is in one batch, and none before what it is made from", () => {
  const laid = layout([TRIPS, WEEKS]);
  const all = new Map([key("trips"), key("by_week")].map((each) => [each, laid.keys(each)]));
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 30 }),
    fc.constantFrom("newest" as const, "oldest" as const),
    (perRun, order) => {
      const batches = batchesOf(laid, all, order, perRun);
      assert.equal(batches.reduce((sum, each) => sum + countWanted(each), 0), countWanted(all));
      const month = new Map<PartitionKey, number>();
      batches.forEach((batch, at) =>
        batch.get(key("trips"))?.forEach((each) => {
          assert.ok(!month.has(each));
          month.set(each, at);
        })
      );
      batches.forEach((batch, at) =>
        batch.get(key("by_week"))?.forEach((week) => {
          for (const { required, optional } of laid.mapped(key("by_week"), week)) {
            for (const up of [...required, ...optional]) assert.ok((month.get(up) ?? 0) <= at);
          }
        })
      );
    },
  ));
});

Deno.test("backfill: the newest keys are whole before others are begun", () => {
  const laid = layout([TRIPS, WEEKS]);
  const scope = reach(laid, new Map([[key("by_week"), null]]), false);
  const made = plan(laid, emptyState(), scope, around());
  const all = new Map([[key("by_week"), laid.keys(key("by_week"))]]);
  const { steps } = inOrder(made, laid, all, "newest");
  assert.equal(steps.length, made.steps.length);
  assert.deepEqual(steps.slice(0, 3).map((each) => each.key), [
    "trips[2023-12]",
    "by_week[2023-12-31]",
    "by_week[2023-12-24]",
  ]);
  const at = new Map(steps.map((each, index) => [each.key, index]));
  for (const step of steps) {
    for (const up of [...step.after, ...step.afterAny]) {
      assert.ok((at.get(up) ?? Infinity) < (at.get(step.key) ?? -1));
    }
  }
});

Deno.test("backfill: a partition waits for the one before it that it is made from", () => {
  const own = asset("own", {
    partitions: months("2023-01", "2023-04"),
    deps: [{ asset: key("own"), mapping: { type: "offset", by: -1 } }],
  });
  const laid = layout([own]);
  const scope = new Map([[key("own"), null]]);
  const { steps } = plan(laid, emptyState(), scope, around());
  assert.deepEqual(steps.map((each) => each.afterAny), [[], ["own[2023-01]"], ["own[2023-02]"]]);
});
