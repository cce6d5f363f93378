import { equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { duration, relativeTime, shortDuration } from "../../src/term/duration.ts";
import { bytes, compact, counted, grouped, percent, rate } from "../../src/term/number.ts";

Deno.test("numbers are grouped, with the digits that they have", () => {
  const cases: [number | bigint | string, number | undefined, string][] = [
    [0, undefined, "0"],
    [-0, undefined, "0"],
    [999, undefined, "999"],
    [1000, undefined, "1,000"],
    [-1234567.5, undefined, "-1,234,567.5"],
    [316813.42, undefined, "316,813.42"],
    [0.1 + 0.2, undefined, "0.3"],
    [2, 2, "2.00"],
    [-0.001, 2, "0.00"],
    [12345678901234567890n, undefined, "12,345,678,901,234,567,890"],
    ["1234567.50", undefined, "1,234,567.50"],
    [1e21, undefined, "1e21"],
    [1.5e-9, undefined, "1.5e-9"],
    [NaN, undefined, "NaN"],
    [-Infinity, undefined, "-Infinity"],
  ];
  for (const [value, decimals, text] of cases) equal(grouped(value, decimals), text);
});

Deno.test("short numbers, bytes, rates, parts, counts", () => {
  const short: [number, string][] = [
    [0, "0"],
    [7, "7"],
    [999, "999"],
    [999.7, "1k"],
    [1000, "1k"],
    [1234, "1.2k"],
    [99950, "100k"],
    [1234567, "1.2M"],
    [999999, "1M"],
    [-2.5e9, "-2.5B"],
    [3.14159, "3.14"],
    [1e15, "1e15"],
    [0.00012, "1.2e-4"],
  ];
  for (const [value, text] of short) equal(compact(value), text);
  equal(bytes(0), "0 B");
  equal(bytes(1536), "1.5 kB");
  equal(bytes(1_427_002), "1.4 MB");
  equal(rate(1_200_000, "rows"), "1.2M rows/s");
  equal(rate(3_400_000, "B"), "3.4 MB/s");
  equal(percent(0.999), "99%");
  equal(percent(0.0001), "<1%");
  equal(percent(1), "100%");
  equal(counted(1, "row"), "1 row");
  equal(counted(12345, "row"), "12,345 rows");
  equal(counted(2n, "entry", "entries"), "2 entries");
});

Deno.test("lengths of time", () => {
  const cases: [number, string][] = [
    [0, "0 ms"],
    [0.2, "<1 ms"],
    [40, "40 ms"],
    [999.6, "1 s"],
    [1234, "1.2 s"],
    [9960, "10 s"],
    [59_600, "1 min"],
    [95_000, "1 min 35 s"],
    [180_000, "3 min"],
    [3_600_000, "1 h"],
    [5_400_000, "1 h 30 min"],
    [90_000_000, "1 d 1 h"],
    [-1500, "-1.5 s"],
    [NaN, "?"],
  ];
  for (const [ms, text] of cases) equal(duration(ms), text);
  equal(shortDuration(95_000), "2 min");
  equal(shortDuration(400_000_000), "5 d");
});

Deno.test("a moment seen from now", () => {
  const now = 1e12,
    cases: [number, string][] = [
      [0, "just now"],
      [-45_000, "45 s ago"],
      [-119_000, "1 min ago"],
      [-180_000, "3 min ago"],
      [7_200_000, "in 2 h"],
      [-86_400_000 * 5, "5 d ago"],
      [-86_400_000 * 70, "2 months ago"],
      [-86_400_000 * 800, "2 years ago"],
    ];
  for (const [offset, text] of cases) equal(relativeTime(now + offset, now), text);
  equal(relativeTime(NaN, now), "never");
});

Deno.test("a longer time never reads as a shorter one of the same unit", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 1e9 }), (ms) => {
    const seconds = (text: string) => {
      const factor = { ms: 0.001, s: 1, min: 60, h: 3600, d: 86400 } as const;
      return [...text.matchAll(/([\d.]+) (ms|s|min|h|d)\b/g)]
        .reduce((sum, [, n, unit]) => sum + Number(n) * factor[unit as keyof typeof factor], 0);
    };
    ok(Math.abs(seconds(duration(ms)) - ms / 1000) <= Math.max(0.05, ms / 1000 * 0.05));
  }));
});
