import assert from "node:assert/strict";
import { checkScheme, warnHourly } from "../../../src/core/partition/check.ts";
import { partitionsOf } from "../../../src/core/partition/keys.ts";
import type { PartitionKey } from "../../../src/core/key.ts";
import { notComeYet, parsePartition } from "../../../src/core/partition/parse.ts";
import { rangeOf } from "../../../src/core/partition/range.ts";
import { resolveAlone, type ResolvedScheme } from "../../../src/core/partition/resolve.ts";
import type { PartitionScheme } from "../../../src/core/partition/scheme.ts";
import { asset, time } from "../graph/definitions.ts";

const NOW = Date.parse("2024-06-15T12:00Z");
const york = { timezone: "America/New_York" };

function alone(scheme: PartitionScheme): ResolvedScheme {
  const found = resolveAlone(scheme, "UTC");
  if (!found.ok) throw new Error(found.error.map((each) => each.message).join("; "));
  return found.value;
}

const months = alone(time("month", { start: "2023-01", end: "2023-04", ...york }));
const open = alone(time("month", { start: "2023-01" }));
const weeks = alone(
  time("week", { start: "2023-01-01", end: "2023-04-01", weekStart: 0, ...york }),
);
const hours = alone(time("hour", { start: "2023-01-01", end: "2024-01-01", ...york }));
const letters = alone({ type: "static", keys: ["alpha", "beta", "gamma", "delta"] });
const pairs = alone({
  type: "multi",
  dimensions: [
    { name: "month", scheme: time("month", { start: "2023-01", end: "2023-04" }) },
    { name: "letter", scheme: { type: "static", keys: ["alpha", "beta"] } },
  ],
});

for (
  const [scheme, typed, expected] of [
    [months, "2023-01", "2023-01"],
    [months, " 2023-01-01 ", "2023-01"],
    [months, "2023-01-01T00:00:00", "2023-01"],
    [weeks, "2023-01-08", "2023-01-08"],
    [hours, "2023-11-05T01", "2023-11-05T01"],
    [hours, "2023-11-05T01-04:00", "2023-11-05T01"],
    [hours, "2023-11-05T01-05:00", "2023-11-05T01-05:00"],
    [hours, "2023-11-05T06:00Z", "2023-11-05T01-05:00"],
    [hours, "2023-06-01 05:00", "2023-06-01T05"],
    [letters, "beta", "beta"],
    [pairs, "2023-02-01|beta", "2023-02|beta"],
    [null, "", ""],
  ] as const
) {
  Deno.test(`the partition ${JSON.stringify(typed)} is ${expected}`, () =>
    assert.deepEqual(parsePartition(scheme, typed, NOW), { ok: true, value: expected }));
}

for (
  const [scheme, typed, why, near] of [
    [months, "2024-01", /from 2023-01 to 2023-03/, "2023-03"],
    [months, "2022-01", /from 2023-01 to 2023-03/, "2023-01"],
    [months, "2023-01-15", /first day/, "2023-01"],
    [months, "2023", /monthly.*whole year/, null],
    [months, "2023-02-30", /no date/, null],
    [open, "2024-06", /not over/, "2024-05"],
    [weeks, "2023-01-03", /none begins then/, "2023-01-01"],
    [hours, "2023-03-12T02", /skips/, "2023-03-12T03"],
    [letters, "betta", /alpha, beta/, "beta"],
    [pairs, "2023-02", /both month and letter/, null],
    [pairs, "2023-02|betta", /alpha, beta/, "beta"],
    [null, "2023-01", /not partitioned/, null],
  ] as const
) {
  Deno.test(`the partition ${JSON.stringify(typed)} is refused with ${why}`, () => {
    const found = parsePartition(scheme, typed, NOW);
    assert.ok(!found.ok);
    assert.equal(found.error.code, "partition-unknown");
    assert.match(found.error.why ?? "", why);
    assert.equal(found.error.fields?.["nearest"], near);
    if (near !== null) assert.ok(found.error.hint?.includes(near));
  });
}

for (
  const [scheme, from, to, expected] of [
    [weeks, "2023-01-01", "2023-01-21", "2023-01-01 2023-01-08 2023-01-15"],
    [weeks, "2023-01-02", "2023-01-22", "2023-01-08 2023-01-15 2023-01-22"],
    [weeks, "2023-03", "2023", "2023-03-05 2023-03-12 2023-03-19 2023-03-26"],
    [months, "2023-01-01", "2023-02-01", "2023-01 2023-02"],
    [months, "2023-01-02", "2023-02-01", "2023-02"],
    [months, "2023", "2023", "2023-01 2023-02 2023-03"],
    [months, null, "2023-02", "2023-01 2023-02"],
    [months, "2023-02", null, "2023-02 2023-03"],
    [months, "2025", null, ""],
    [hours, "2023-11-05T01", "2023-11-05T01", "2023-11-05T01 2023-11-05T01-05:00"],
    [hours, "2023-11-05T01-05:00", "2023-11-05T02", "2023-11-05T01-05:00 2023-11-05T02"],
    [hours, "2023-03-12T01", "2023-03-12T03", "2023-03-12T01 2023-03-12T03"],
    [letters, "beta", "gamma", "beta gamma"],
    [letters, "2023-01", "2023-02", "alpha beta gamma delta"],
    [pairs, "2023-02", "2023-02", "2023-02|alpha 2023-02|beta"],
    [null, "2023-01", "2023-02", ""],
  ] as const
) {
  Deno.test(`from ${from} to ${to} means ${expected}`, () => {
    const found = rangeOf(scheme, from, to, NOW);
    assert.equal(found.ok ? [...found.value].join(" ") : found.error.message, expected);
  });
}

for (
  const [scheme, from, to, message] of [
    [months, "2023-03", "2023-01", /Cannot go from 2023-03 to 2023-01/],
    [months, "2023-01-32", null, /as the --from/],
    [months, null, "soon", /as the --to/],
    [letters, "gamma", "alpha", /Cannot go/],
    [letters, "gama", "delta", /no partition "gama"/],
  ] as const
) {
  Deno.test(`from ${from} to ${to} is refused`, () => {
    const found = rangeOf(scheme, from, to, NOW);
    assert.ok(!found.ok);
    assert.match(found.error.message, message);
  });
}

for (
  const [name, scheme, message] of [
    [
      "an unknown zone",
      time("day", { start: "2023", timezone: "America/NewYork" }),
      /no time zone/,
    ],
    ["a start that is no date", time("day", { start: "2023-02-30" }), /"2023-02-30" as the start/],
    [
      "an end before the start",
      time("day", { start: "2023-02", end: "2023-01" }),
      /from 2023-02 to 2023-01/,
    ],
    ["an end at the start", time("day", { start: "2023", end: "2023-01-01" }), /from 2023 to/],
    ["an eighth weekday", time("week", { start: "2023", weekStart: 7 }), /day 7/],
    ["hours before 1970", time("hour", { start: "1969" }), /hourly/],
    ["no keys", { type: "static", keys: [] }, /no keys/],
    ["a key twice", { type: "static", keys: ["a", "b", "a"] }, /"a" is listed twice/],
    ["an empty key", { type: "static", keys: [" "] }, /" "/],
    ["one dimension", {
      type: "multi",
      dimensions: [{ name: "a", scheme: { type: "static", keys: ["x"] } }],
    }, /1 dimensions/],
    [
      "two times",
      {
        type: "multi",
        dimensions: [{ name: "a", scheme: time("day", { start: "2023" }) }, {
          name: "b",
          scheme: time("week", { start: "2023" }),
        }],
      },
      /two times/,
    ],
    [
      "a bar in a key",
      {
        type: "multi",
        dimensions: [{ name: "a", scheme: time("day", { start: "2023" }) }, {
          name: "b",
          scheme: { type: "static", keys: ["x|y"] },
        }],
      },
      /x\|y/,
    ],
  ] as readonly (readonly [string, PartitionScheme, RegExp])[]
) {
  Deno.test(`a scheme with ${name} is refused`, () => {
    const problems = checkScheme(scheme);
    assert.equal(problems.length, 1);
    assert.match(problems[0]?.message ?? "", message);
    assert.ok(problems[0]?.hint);
  });
}

Deno.test("an unknown zone names the nearest", () => {
  const [found] = checkScheme(time("day", { start: "2023", timezone: "America/New York" }));
  assert.match(found?.hint ?? "", /America\/New_York/);
});

Deno.test("hourly SQL over naive times is warned about where an hour comes twice", () => {
  const def = (parameter: string) =>
    asset("a", [], {
      partitions: time("hour", { start: "2023" }),
      sql: {
        text: "",
        line: 4,
        ordered: false,
        parameters: [parameter],
        files: [],
        volatile: false,
      },
    });
  assert.match(
    warnHourly(def("partition_start"), "Europe/Berlin")?.hint ?? "",
    /partition_start_tz/,
  );
  assert.equal(warnHourly(def("partition_start"), "UTC"), null);
  assert.equal(warnHourly(def("partition_start_tz"), "Europe/Berlin"), null);
});

Deno.test("half of a pair is shown as a whole one", () => {
  const hint = (typed: string) => {
    const found = parsePartition(pairs, typed, NOW);
    return found.ok ? null : found.error.hint;
  };
  assert.equal(hint("2023-02"), "write it as 2023-02|beta");
  assert.equal(hint("alpha"), "write it as 2023-03|alpha");
  assert.equal(hint("nothing"), "write it as 2023-03|beta");
});

Deno.test("a dynamic key that has not come is told, with the nearest", () => {
  const dynamic = (...keys: string[]) => partitionsOf({ type: "dynamic" }, NOW, keys);
  const told = (typed: string, ...keys: string[]) => {
    const found = notComeYet(dynamic(...keys), typed as PartitionKey);
    return found === null ? null : [found.why, found.hint];
  };
  assert.equal(told("a", "a", "b"), null);
  assert.deepEqual(told("oders", "orders", "b"), [
    "no such key has come; it has 2, the last: b, orders",
    "the nearest is orders",
  ]);
  assert.deepEqual(told("a"), [
    "its keys come while running, and none has come yet",
    "a sensor or a watched folder brings keys: nycflow sensors",
  ]);
  assert.equal(notComeYet(partitionsOf(null, NOW), "x" as PartitionKey), null);
});
