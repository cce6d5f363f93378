import assert from "node:assert/strict";
import fc from "fast-check";
import type { AssetDefinition } from "../../../src/core/definition.ts";
import { keysOf, newestKeys, partitionsOf } from "../../../src/core/partition/keys.ts";
import { clipRanges, joinRanges, type KeySet } from "../../../src/core/partition/keyset.ts";
import { formatRanges, ranges } from "../../../src/core/partition/ranges.ts";
import {
  resolveAlone,
  type ResolvedScheme,
  resolveSchemes,
} from "../../../src/core/partition/resolve.ts";
import type { PartitionScheme, TimeScheme } from "../../../src/core/partition/scheme.ts";
import { asset, graphOf, key, reads, time } from "../graph/definitions.ts";

const utc = (text: string) => Date.parse(text);
const NOW = utc("2024-06-15T12:00Z");

function alone(scheme: PartitionScheme): ResolvedScheme {
  const found = resolveAlone(scheme, "UTC");
  if (!found.ok) throw new Error(found.error.map((each) => each.message).join("; "));
  return found.value;
}

function keysIn(scheme: PartitionScheme, now = NOW): readonly string[] {
  return [...keysOf(alone(scheme), now)];
}

Deno.test("the first window starts at or after start, end is exclusive", () => {
  assert.deepEqual(keysIn(time("month", { start: "2023-01-02", end: "2023-04" })), [
    "2023-02",
    "2023-03",
  ]);
  assert.deepEqual(keysIn(time("month", { start: "2023-01", end: "2023-03-02" })), [
    "2023-01",
    "2023-02",
    "2023-03",
  ]);
  assert.deepEqual(keysIn(time("week", { start: "2023-01-01", end: "2023-01-17" })), [
    "2023-01-02",
    "2023-01-09",
    "2023-01-16",
  ]);
  assert.deepEqual(keysIn(time("week", { start: "2023-01-01", end: "2023-01-09", weekStart: 0 })), [
    "2023-01-01",
    "2023-01-08",
  ]);
  assert.deepEqual(keysIn(time("year", { start: "2021" })), ["2021", "2022", "2023"]);
});

Deno.test("a window exists when it has ended and its data is to be expected", () => {
  const daily = (extra: Partial<TimeScheme>) =>
    time("day", { start: "2023-03-01", timezone: "America/New_York", ...extra });
  const newest = (scheme: TimeScheme, now: string) => keysOf(alone(scheme), utc(now)).newest;
  assert.equal(newest(daily({}), "2023-03-03T04:59:59Z"), "2023-03-01");
  assert.equal(newest(daily({}), "2023-03-03T05:00:00Z"), "2023-03-02");
  assert.equal(newest(daily({ includeCurrent: true }), "2023-03-03T05:00:00Z"), "2023-03-03");
  assert.equal(newest(daily({ availableMs: 86_400_000 }), "2023-03-03T05:00:00Z"), "2023-03-01");
  assert.equal(newest(daily({}), "2023-03-02T00:00:00Z"), null);
  assert.equal(newest(daily({}), "2020-01-01T00:00:00Z"), null);
});

const york = { timezone: "America/New_York" };
const months = asset("taxi_trips", [], {
  partitions: time("month", { start: "2023-01", end: "2023-04", ...york }),
});

function schemesOf(...assets: readonly AssetDefinition[]) {
  const { schemes, problems } = resolveSchemes(graphOf(...assets), "UTC");
  return {
    problems,
    keys: (name: string, now = NOW) => [...keysOf(schemes.get(key(name)) ?? null, now)],
  };
}

Deno.test("weeks without start or end take the months': thirteen from 2023-01-01", () => {
  const { keys } = schemesOf(
    months,
    asset("trips_by_week", [reads("taxi_trips", { lookahead: 1 })], {
      partitions: time("week", { weekStart: 0 }),
    }),
  );
  const weeks = keys("trips_by_week");
  assert.equal(weeks.length, 13);
  assert.equal(weeks[0], "2023-01-01");
  assert.equal(weeks.at(-1), "2023-03-26");
  // The week of March 26 begins inside the months but is over only in April.
  assert.equal(keys("trips_by_week", utc("2023-04-01T12:00Z")).at(-1), "2023-03-19");
  // Before March is over its weeks have nothing to be made from.
  assert.equal(keys("trips_by_week", utc("2023-03-15T12:00Z")).at(-1), "2023-02-26");
});

Deno.test("windows follow the union of several upstreams, gaps included", () => {
  const { keys } = schemesOf(
    asset("old", [], { partitions: time("month", { start: "2022-01", end: "2022-03" }) }),
    asset("new", [], { partitions: time("day", { start: "2022-05-10", end: "2022-05-20" }) }),
    asset("lookup", [], { partitions: time("year", { start: "2000" }) }),
    asset("weeks", ["old", "new", reads("lookup", { mapping: { type: "latest" } })], {
      partitions: time("week"),
    }),
    asset("bounded", ["old", "new"], { partitions: time("month", { start: "2022-02" }) }),
  );
  assert.deepEqual(keys("weeks"), [
    ...["2022-01-03", "2022-01-10", "2022-01-17", "2022-01-24", "2022-01-31"],
    ...["2022-02-07", "2022-02-14", "2022-02-21", "2022-02-28", "2022-05-16"],
  ]);
  assert.deepEqual(keys("bounded"), ["2022-02", "2022-03", "2022-04", "2022-05"]);
});

Deno.test("a start that cannot be known is a problem, told once", () => {
  const { problems } = schemesOf(
    asset("a", [], { partitions: time("day") }),
    asset("b", ["a"], { partitions: time("week") }),
  );
  assert.deepEqual(problems.map((each) => [each.code, each.where?.file]), [
    ["partition-scheme", "assets/a.sql"],
  ]);
});

Deno.test("a long chain of inherited schemes, and a wide diamond, answer at once", () => {
  const units = ["day", "week", "month"] as const;
  const chain = Array.from(
    { length: 3000 },
    (_, index) =>
      asset(`a${index}`, index === 0 ? [] : [`a${index - 1}`, `a${Math.max(0, index - 2)}`], {
        partitions: index === 0
          ? time("day", { start: "2020-01-01" })
          : time(index < 60 ? units[index % 3] ?? "day" : "day"),
      }),
  );
  const { keys } = schemesOf(...chain);
  assert.ok(keys("a2999").length > 1000);
});

Deno.test("static, dynamic and two dimensions", () => {
  const regions: PartitionScheme = { type: "static", keys: ["north", "south"] };
  assert.deepEqual(keysIn(regions), ["north", "south"]);
  const dynamic = partitionsOf(alone({ type: "dynamic" }), NOW, ["x", "y", "x"]);
  assert.deepEqual([...dynamic.keys], ["x", "y"]);
  assert.deepEqual(newestKeys(dynamic), ["y"]);
  const both = partitionsOf(
    alone({
      type: "multi",
      dimensions: [
        { name: "month", scheme: time("month", { start: "2023-01", end: "2023-03" }) },
        { name: "region", scheme: { type: "static", keys: ["n", "s"] } },
      ],
    }),
    NOW,
  );
  assert.deepEqual([...both.keys], ["2023-01|n", "2023-01|s", "2023-02|n", "2023-02|s"]);
  assert.deepEqual(newestKeys(both), ["2023-02|n", "2023-02|s"]);
  assert.deepEqual(
    formatRanges(ranges(both.scheme, both.keys)),
    "2023-01|n, 2023-02|n, 2023-01|s, 2023-02|s",
  );
});

function behavesAsList(set: KeySet, list: readonly string[]) {
  assert.deepEqual([...set], list);
  assert.equal(set.size, list.length);
  assert.equal(set.newest, list.at(-1) ?? null);
  for (const [index, each] of list.entries()) {
    assert.equal(set.at(index), each);
    assert.equal(set.indexOf(each), index);
    assert.equal(set.has(each), true);
  }
  assert.equal(set.at(-1), undefined);
  assert.equal(set.at(list.length), undefined);
  assert.equal(set.has("no key"), false);
}

Deno.test("key sets behave as the lists that they stand for", () => {
  behavesAsList(
    keysOf(alone(time("hour", { start: "2023-11-04", end: "2023-11-07", ...york })), NOW),
    keysIn(time("hour", { start: "2023-11-04", end: "2023-11-07", ...york })),
  );
  const scheme: PartitionScheme = {
    type: "multi",
    dimensions: [
      { name: "region", scheme: { type: "static", keys: ["a", "b", "c", "d", "e", "f"] } },
      { name: "week", scheme: time("week", { start: "2023-01-01", end: "2023-03-01" }) },
    ],
  };
  behavesAsList(keysOf(alone(scheme), NOW), keysIn(scheme));
});

Deno.test("ranges joined and clipped equal plain sets", () => {
  const range = fc.tuple(fc.integer({ min: -20, max: 20 }), fc.nat(6))
    .map(([first, length]) => ({ first, last: first + length - 1 }));
  const plain = (list: readonly { first: number; last: number }[]) =>
    new Set(
      list.flatMap(({ first, last }) =>
        Array.from({ length: last - first + 1 }, (_, index) => first + index)
      ),
    );
  const sorted = (set: ReadonlySet<number>) => [...set].sort((a, b) => a - b);
  fc.assert(fc.property(fc.array(range), range, (list, window) => {
    const joined = joinRanges(list);
    assert.deepEqual([...plain(joined)], sorted(plain(list)));
    for (const [index, each] of joined.entries()) {
      assert.ok(index === 0 || each.first > (joined[index - 1]?.last ?? 0) + 1);
    }
    assert.deepEqual(
      [...plain(clipRanges(joined, window.first, window.last))],
      sorted(plain(list).intersection(plain([window]))),
    );
  }));
});

Deno.test("a hundred thousand keys are a few numbers", () => {
  const set = keysOf(alone(time("hour", { start: "2012-01-01", ...york })), NOW);
  assert.ok(set.size > 100_000);
  assert.equal(set.indexOf(set.at(99_999) ?? ""), 99_999);
  assert.equal(set.has("2020-02-30T01"), false);
});

Deno.test("keys fold into readable ranges", () => {
  const monthly = alone(time("month", { start: "2023-01" }));
  const fold = (...keys: string[]) => formatRanges(ranges(monthly, keys));
  assert.equal(fold("2023-03", "2023-01", "2023-02", "2023-07"), "2023-01..2023-03, 2023-07");
  assert.equal(fold("2022-12", "2023-01"), "2022-12, 2023-01");
  assert.equal(fold("2023-01", "gone", "2023-03"), "2023-01, 2023-03, gone");
  assert.equal(fold(), "");
  const many = ranges(monthly, ["2020-01", "2020-03", "2020-05", "2020-07", "2020-08"]);
  assert.equal(formatRanges(many, 2), "2020-01, 2020-03, and 3 more");
});
