import assert from "node:assert/strict";
import fc from "fast-check";
import { type PartitionKey, WHOLE } from "../../../src/core/key.ts";
import { checkMapping } from "../../../src/core/partition/fit.ts";
import { type Partitions, partitionsOf } from "../../../src/core/partition/keys.ts";
import {
  dependents,
  isSameForAll,
  mapKeys,
  type Reading,
} from "../../../src/core/partition/mapping.ts";
import { resolveAlone } from "../../../src/core/partition/resolve.ts";
import type {
  PartitionMapping,
  PartitionScheme,
  TimeUnit,
} from "../../../src/core/partition/scheme.ts";
import { windowOf } from "../../../src/core/partition/window.ts";
import { asset, reads, time } from "../graph/definitions.ts";

const NOW = Date.parse("2024-06-15T12:00Z");
const WHOLE_ASSET: Partitions = partitionsOf(null, NOW);

function partitions(scheme: PartitionScheme): Partitions {
  const found = resolveAlone(scheme, "UTC");
  if (!found.ok) throw new Error(found.error.map((each) => each.message).join("; "));
  return partitionsOf(found.value, NOW, ["x", "y"]);
}

const reading = (
  mapping: PartitionMapping = { type: "default" },
  lookback = 0,
  lookahead = 0,
): Reading => ({
  mapping,
  lookback,
  lookahead,
});

const mapped = (down: Partitions, key: string, up: Partitions, how = reading()) =>
  [...mapKeys(down.scheme, key as PartitionKey, up, how)].join(" ");

/** Windows of a set of partitions are made once: an hourly set of two years has 17,520. */
function windowsOf(up: Partitions) {
  return [...up.keys].map((each) => ({ key: each, window: windowOf(up.scheme, each) }));
}

/** By its definition: every pair is looked at. */
function bruteForce(
  down: Partitions,
  key: string,
  all: ReturnType<typeof windowsOf>,
  { mapping, lookback, lookahead }: Reading,
) {
  const window = windowOf(down.scheme, key);
  const by = mapping.type === "offset" ? mapping.by : 0;
  const hits = all.flatMap(({ window: each }, index) =>
    window && each && each.start < window.end && window.start < each.end ? [index] : []
  );
  const first = hits[0], last = hits.at(-1);
  if (first === undefined || last === undefined) return null;
  return all.filter((_, index) => index >= first + by - lookback && index <= last + by + lookahead)
    .map((each) => each.key).join(" ");
}

const ZONES = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe"] as const;
const UNITS: readonly TimeUnit[] = ["hour", "day", "week", "month", "year"];
const aScheme = fc.record({
  unit: fc.constantFrom(...UNITS),
  timezone: fc.constantFrom(...ZONES),
  weekStart: fc.nat(6),
});

Deno.test("mapping equals interval overlap over two years in three zones, in both directions", () => {
  fc.assert(
    fc.property(
      aScheme,
      aScheme,
      fc.nat(2),
      fc.nat(2),
      fc.integer({ min: -1, max: 1 }),
      fc.array(fc.nat(), { minLength: 3, maxLength: 3 }),
      (downScheme, upScheme, lookback, lookahead, by, picks) => {
        const bounds = { start: "2022-01-01", end: "2024-01-01" };
        const down = partitions(time(downScheme.unit, { ...downScheme, ...bounds }));
        const up = partitions(time(upScheme.unit, { ...upScheme, ...bounds }));
        const how = reading(
          by === 0 ? { type: "default" } : { type: "offset", by },
          lookback,
          lookahead,
        );
        const windows = windowsOf(up);
        for (const pick of picks) {
          const key = down.keys.at(pick % down.keys.size) ?? WHOLE;
          const window = windowOf(down.scheme, key);
          const first = windowOf(up.scheme, up.keys.at(0) ?? ""),
            last = windowOf(up.scheme, up.keys.newest ?? "");
          const expected = bruteForce(down, key, windows, how);
          const found = mapKeys(down.scheme, key, up, how);
          // Where a window hangs over the edge of the upstream, plain overlap cannot count what is not there.
          const inside = window && first && last && window.start >= first.start &&
            window.end <= last.end;
          if (inside && expected !== null) assert.equal([...found].join(" "), expected);
          for (const upKey of [found.at(0), found.newest]) {
            if (upKey === undefined || upKey === null) continue;
            assert.ok(dependents(down, up, upKey, how).has(key), `${upKey} -> ${key}`);
          }
        }
        const upKey = up.keys.at((picks[0] ?? 0) % up.keys.size) ?? WHOLE;
        const back = dependents(down, up, upKey, how);
        for (const at of [0, Math.floor(back.size / 2), back.size - 1]) {
          const key = back.at(at);
          if (key !== undefined) assert.ok(mapKeys(down.scheme, key, up, how).has(upKey));
        }
        // Just beyond what depends on it nothing reads it.
        for (
          const place of [
            down.keys.indexOf(back.at(0) ?? "") - 1,
            down.keys.indexOf(back.newest ?? "") + 1,
          ]
        ) {
          const key = back.size === 0 ? undefined : down.keys.at(place);
          if (key !== undefined) assert.equal(mapKeys(down.scheme, key, up, how).has(upKey), false);
        }
      },
    ),
    { numRuns: 120 },
  );
});

const york = { timezone: "America/New_York" };
const months = partitions(time("month", { start: "2023-01", end: "2023-04", ...york }));
const weeks = partitions(
  time("week", { start: "2023-01-01", end: "2023-04-01", weekStart: 0, ...york }),
);

Deno.test("weeks read the months that they overlap and the next", () => {
  const ahead = reading({ type: "default" }, 0, 1);
  assert.equal(mapped(weeks, "2023-01-01", months, ahead), "2023-01 2023-02");
  assert.equal(mapped(weeks, "2023-01-29", months, ahead), "2023-01 2023-02 2023-03");
  assert.equal(mapped(weeks, "2023-03-26", months, ahead), "2023-03");
  assert.equal(
    [...dependents(weeks, months, "2023-03" as PartitionKey, ahead)].join(" "),
    "2023-01-29 2023-02-05 2023-02-12 2023-02-19 2023-02-26 2023-03-05 2023-03-12 2023-03-19 2023-03-26",
  );
  assert.equal(dependents(weeks, months, "2023-04" as PartitionKey, ahead).size, 0);
});

Deno.test("without partitions on one side: all, or the whole", () => {
  assert.equal(mapped(WHOLE_ASSET, WHOLE, months), "2023-01 2023-02 2023-03");
  assert.deepEqual([...mapKeys(months.scheme, "2023-01" as PartitionKey, WHOLE_ASSET, reading())], [
    WHOLE,
  ]);
  assert.deepEqual([...dependents(WHOLE_ASSET, months, "2023-02" as PartitionKey, reading())], [
    WHOLE,
  ]);
  assert.equal(dependents(months, WHOLE_ASSET, WHOLE, reading()).size, 3);
});

Deno.test("all, latest, same, keys", () => {
  assert.equal(
    mapped(weeks, "2023-01-01", months, reading({ type: "all" })),
    "2023-01 2023-02 2023-03",
  );
  assert.equal(mapped(weeks, "2023-01-01", months, reading({ type: "latest" })), "2023-03");
  assert.equal(
    dependents(weeks, months, "2023-02" as PartitionKey, reading({ type: "latest" })).size,
    0,
  );
  assert.equal(
    dependents(weeks, months, "2023-03" as PartitionKey, reading({ type: "latest" })).size,
    13,
  );
  const letters = partitions({ type: "static", keys: ["a", "b"] });
  const others = partitions({ type: "static", keys: ["b", "c"] });
  assert.equal(mapped(letters, "b", others, reading({ type: "same" })), "b");
  assert.equal(mapped(letters, "a", others, reading({ type: "same" })), "");
  assert.equal(mapped(letters, "a", others, reading({ type: "keys", keys: ["c"] })), "c");
  assert.equal(mapped(letters, "a", letters), "a");
  const requests = partitions({ type: "dynamic" });
  assert.equal(mapped(requests, "y", requests), "y");
});

Deno.test("two dimensions: same, one of them, and the other whole", () => {
  const regions = { type: "static", keys: ["n", "s"] } as const;
  const both = partitions({
    type: "multi",
    dimensions: [
      { name: "month", scheme: time("month", { start: "2023-01", end: "2023-04", ...york }) },
      { name: "region", scheme: regions },
    ],
  });
  const region = partitions(regions);
  assert.equal(mapped(both, "2023-02|n", both), "2023-02|n");
  assert.equal(
    mapped(both, "2023-02|n", both, reading({ type: "default" }, 1)),
    "2023-01|n 2023-02|n",
  );
  assert.equal(mapped(both, "2023-02|n", months), "2023-02");
  assert.equal(mapped(both, "2023-02|n", region), "n");
  assert.equal(mapped(region, "s", both), "2023-01|s 2023-02|s 2023-03|s");
  assert.equal(mapped(weeks, "2023-01-01", both), "2023-01|n 2023-01|s");
  const byRegion = reading({ type: "dimension", name: "region" });
  assert.equal(mapped(both, "2023-02|n", both, byRegion), "2023-01|n 2023-02|n 2023-03|n");
  assert.equal(
    [...dependents(both, both, "2023-02|n" as PartitionKey, byRegion)].join(" "),
    "2023-01|n 2023-02|n 2023-03|n",
  );
  assert.equal(
    [...dependents(region, both, "2023-02|n" as PartitionKey, reading())].join(" "),
    "n",
  );
});

Deno.test("schemes that do not fit must be told how", () => {
  const letters = partitions({ type: "static", keys: ["a", "b"] });
  const check = (down: Partitions, up: Partitions, mapping: PartitionMapping) =>
    checkMapping(asset("down", ["up"]), down.scheme, up.scheme, reads("up", { mapping }));
  assert.match(
    check(months, letters, { type: "default" })?.why ?? "",
    /monthly.*partitioned by 2 keys/,
  );
  assert.match(check(months, WHOLE_ASSET, { type: "latest" })?.why ?? "", /not partitioned/);
  assert.match(check(WHOLE_ASSET, months, { type: "offset", by: 1 })?.why ?? "", /not partitioned/);
  assert.match(check(letters, letters, { type: "offset", by: 1 })?.why ?? "", /time windows/);
  assert.match(check(months, letters, { type: "keys", keys: ["aa"] })?.hint ?? "", /write a/);
  assert.match(check(months, weeks, { type: "dimension", name: "x" })?.why ?? "", /dimensions/);
  for (const type of ["all", "latest"] as const) {
    assert.equal(check(months, letters, { type }), null);
  }
  assert.equal(check(weeks, months, { type: "default" }), null);
});

Deno.test("the same key for all is said where it is so, in one dimension and in two", () => {
  const months = (start: string, end: string, timezone = "UTC") =>
    time("month", { start, end, timezone });
  const keys = (...list: string[]): PartitionScheme => ({ type: "static", keys: list });
  const pair = (
    a: readonly [string, PartitionScheme],
    b: readonly [string, PartitionScheme],
  ): PartitionScheme => ({
    type: "multi",
    dimensions: [a, b].map(([name, scheme]) => ({ name, scheme })),
  } as PartitionScheme);
  const wide = months("2023-01", "2023-07"), late = months("2023-03", "2023-06");
  const colours = keys("green", "red"), turned = keys("red", "green");
  const both = pair(["month", wide], ["colour", colours]);
  const schemes: Readonly<Record<string, PartitionScheme>> = {
    wide,
    late,
    zoned: months("2023-01", "2023-07", "Asia/Tokyo"),
    years: time("year", { start: "2023", end: "2024" }),
    colours,
    turned,
    more: keys("red", "green", "blue"),
    both,
    lateBoth: pair(["month", late], ["colour", turned]),
    swapped: pair(["colour", colours], ["month", wide]),
    doubled: pair(["one", colours], ["two", colours]),
    crossed: pair(["two", colours], ["one", colours]),
    dynamic: { type: "dynamic" },
  };
  const readings = [
    reading(),
    reading({ type: "same" }),
    reading({ type: "all" }),
    reading({ type: "latest" }),
    reading(undefined, 1),
    reading(undefined, 0, 1),
    reading({ type: "offset", by: -1 }),
  ];
  let same = 0;
  for (const [one, down] of Object.entries(schemes).map(([n, s]) => [n, partitions(s)] as const)) {
    for (
      const [other, up] of Object.entries(schemes).map(([n, s]) => [n, partitions(s)] as const)
    ) {
      for (const how of readings) {
        const dep = reads("up", how);
        if (checkMapping(asset("down"), down.scheme, up.scheme, dep) !== null) continue;
        const found = isSameForAll(down, up, how);
        if (found) same++;
        const is = [...down.keys].every((key) => mapped(down, key, up, how) === key);
        assert.ok(!found || is, `${one} on ${other}, ${JSON.stringify(how)}`);
      }
    }
  }
  assert.ok(same >= 16, String(same));
  const by = (down: PartitionScheme, up: PartitionScheme) =>
    isSameForAll(partitions(down), partitions(up), reading());
  assert.deepEqual(
    [by(late, wide), by(wide, late), by(colours, turned), by(schemes["lateBoth"]!, both)],
    [true, false, true, true],
  );
});
