import assert from "node:assert/strict";
import fc from "fast-check";
import type { PartitionKey } from "../../src/core/key.ts";
import type { PartitionScheme, TimeUnit } from "../../src/core/partition/scheme.ts";
import { resolveAlone } from "../../src/core/partition/resolve.ts";
import { keysOf } from "../../src/core/partition/keys.ts";
import type { PartitionStatus, StepState } from "../../src/core/status.ts";
import { width } from "../../src/term/width.ts";
import { fieldLine, keyAt, neighbour } from "../../src/views/partition_field.ts";
import { partitionField, partitionMap } from "../../src/views/partition_map.ts";
import { plainStyle as PLAIN } from "../../src/term/style.ts";

const NOW = Date.parse("2024-06-15T12:00:00Z");

function time(unit: TimeUnit, start: string, end: string): PartitionScheme & { type: "time" } {
  const rest = { timezone: "UTC", weekStart: 1, includeCurrent: false, availableMs: 0 };
  return { type: "time", unit, start, end, ...rest };
}

function keysFor(scheme: PartitionScheme): PartitionKey[] {
  const found = resolveAlone(scheme, "UTC");
  assert.ok(found.ok);
  return [...keysOf(found.value, NOW)];
}

const STATES: readonly StepState[] = ["fresh", "stale", "missing", "failed", "running"];

function statuses(
  keys: readonly PartitionKey[],
  state: (at: number) => StepState = (at) => STATES[at % 5] ?? "fresh",
): PartitionStatus[] {
  return keys.map((partition, at) => ({
    partition,
    state: state(at),
    reasons: [],
    held: null,
    head: null,
    claim: null,
  }));
}

const cells = (lines: readonly string[]) =>
  (lines.slice(0, -1).join("").match(/[■▨·✗●]/gu) ?? []).length;

Deno.test("map: months are a line a year, the newest below", () => {
  const keys = keysFor(time("month", "2022-11", "2024-03"));
  const lines = partitionMap(
    time("month", "2022-11", "2024-03"),
    statuses(keys, (at) => at < 4 ? "fresh" : "missing"),
    PLAIN,
    60,
  );
  assert.deepEqual(lines, [
    "      J F M A M J J A S O N D",
    "2022                      ■ ■",
    "2023  ■ ■ · · · · · · · · · ·",
    "2024  · ·",
    "■ 4 fresh  · 12 missing",
  ]);
});

Deno.test("map: days are a calendar, weekdays down", () => {
  const scheme = time("day", "2023-01-01", "2023-02-01");
  const lines = partitionMap(scheme, statuses(keysFor(scheme), () => "fresh"), PLAIN, 60);
  assert.deepEqual(lines, [
    "     Jan 2023  Feb",
    "Mon    ■ ■ ■ ■ ■",
    "       ■ ■ ■ ■ ■",
    "Wed    ■ ■ ■ ■",
    "       ■ ■ ■ ■",
    "Fri    ■ ■ ■ ■",
    "       ■ ■ ■ ■",
    "Sun  ■ ■ ■ ■ ■",
    "■ 31 fresh",
  ]);
});

Deno.test("map: every partition has its cell, and no line is too long, at any width", () => {
  const schemes: PartitionScheme[] = [
    time("year", "1998", "2024"),
    time("month", "2020-01", "2024-01"),
    time("week", "2022-01-01", "2024-01-01"),
    time("day", "2022-12-20", "2023-06-01"),
    time("hour", "2023-01-01T05", "2023-01-09"),
    { type: "static", keys: ["yellow", "green", "fhv", "fhvhv"] },
    {
      type: "multi",
      dimensions: [
        { name: "month", scheme: time("month", "2021-01", "2024-01") },
        { name: "service", scheme: { type: "static", keys: ["yellow", "green"] } },
      ],
    },
  ];
  fc.assert(fc.property(
    fc.constantFrom(...schemes),
    fc.integer({ min: 24, max: 160 }),
    fc.integer({ min: 0, max: 4 }),
    (scheme, columns, shift) => {
      const keys = keysFor(scheme);
      const all = statuses(keys, (at) => STATES[(at + shift) % 5] ?? "fresh");
      const lines = partitionMap(scheme, all, PLAIN, columns, 1000);
      for (const line of lines) assert.ok(width(line) <= columns, `${columns}: ${line}`);
      assert.equal(cells(lines), keys.length);
    },
  ));
});

Deno.test("map: where there is no room the oldest are left out, and that is said", () => {
  const scheme = time("day", "2019-01-01", "2024-01-01");
  const lines = partitionMap(scheme, statuses(keysFor(scheme)), PLAIN, 60, 16);
  // What is not well among them is counted, since nobody sees it.
  assert.match(lines[0] ?? "", /^… 1,056 days before: 211 failed, 211 missing, /);
  assert.ok(lines.length <= 18);
  const well = partitionMap(scheme, statuses(keysFor(scheme), () => "fresh"), PLAIN, 60, 16);
  assert.equal(well[0], "… 1,056 days before");
  const years = partitionMap(
    time("month", "1990", "2024"),
    statuses(keysFor(time("month", "1990", "2024"))),
    PLAIN,
    60,
    10,
  );
  assert.match(years[0] ?? "", /^… \d+ lines above: \d+ failed, /);
  assert.ok(years.some((line) => line.startsWith("2023")));
});

Deno.test("field: every key has its place, each of its own, and the walk reaches all from any", () => {
  const schemes: readonly PartitionScheme[] = [
    time("month", "2020-01", "2023-01"),
    time("week", "2022-01-01", "2024-01-01"),
    time("day", "2022-12-20", "2023-03-01"),
    time("hour", "2023-01-01T05", "2023-01-03"),
    { type: "static", keys: ["yellow", "green", "fhv", "fhvhv"] },
    {
      type: "multi",
      dimensions: [
        { name: "month", scheme: time("month", "2021-01", "2022-01") },
        { name: "service", scheme: { type: "static", keys: ["yellow", "green"] } },
      ],
    },
  ];
  for (const scheme of schemes) {
    for (const columns of [24, 40, 80, 140]) {
      const keys = statuses(keysFor(scheme));
      const field = partitionField(scheme, keys, PLAIN, columns);
      assert.equal(field.places.size, keys.length);
      for (const [key, { line, x }] of field.places) {
        assert.equal(keyAt(field, line, x), key);
        assert.equal(
          cellsOf(fieldLine(field.lines[line]!, keys, PLAIN))[x],
          SIGNS[keys[key]!.state],
        );
      }
      const reached = new Set([0]);
      for (const key of reached) {
        for (const way of ["left", "right", "up", "down"] as const) {
          reached.add(neighbour(field, key, way, keys.length));
        }
      }
      assert.equal(reached.size, keys.length, `${scheme.type} at ${columns}`);
    }
  }
});

const SIGNS = { fresh: "■", stale: "▨", missing: "·", failed: "✗", running: "●" } as const;
const cellsOf = (line: string) => [...line];

Deno.test("field: a day is below the one before, a month beside it; the other way goes by week and year", () => {
  const at = (scheme: PartitionScheme, from: string) => {
    const keys = statuses(keysFor(scheme));
    const field = partitionField(scheme, keys, PLAIN, 100);
    const key = keys.findIndex((each) => each.partition === from);
    return (["left", "right", "up", "down"] as const).map((way) =>
      keys[neighbour(field, key, way, keys.length)]?.partition
    );
  };
  assert.deepEqual(at(time("day", "2023-01-01", "2023-03-01"), "2023-01-18"), [
    "2023-01-11",
    "2023-01-25",
    "2023-01-17",
    "2023-01-19",
  ]);
  assert.deepEqual(at(time("month", "2021-01", "2024-01"), "2022-01"), [
    "2021-12",
    "2022-02",
    "2021-01",
    "2023-01",
  ]);
});
