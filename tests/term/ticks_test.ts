import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { extent, fraction, widened } from "../../src/term/scale.ts";
import { niceDomain, numberTicks } from "../../src/term/ticks.ts";
import { timeTicks } from "../../src/term/timeticks.ts";

const labels = (min: number, max: number, count: number, whole = false) =>
  numberTicks({ min, max }, count, whole).map((tick) => tick.label);

Deno.test("ticks are numbers that people count in, all labels alike", () => {
  deepEqual(labels(0, 100, 5), ["0", "20", "40", "60", "80", "100"]);
  deepEqual(labels(0, 1, 4), ["0", "0.25", "0.50", "0.75", "1.00"]);
  deepEqual(labels(-3, 3, 3), ["-2", "0", "2"]);
  deepEqual(labels(14_652, 16_383, 4), ["15,000", "15,500", "16,000"]);
  deepEqual(labels(0, 2_500_000, 5), ["0", "0.5M", "1.0M", "1.5M", "2.0M", "2.5M"]);
  deepEqual(labels(0, 4e-9, 2), ["0", "2e-9", "4e-9"]);
  equal(new Set(labels(1e15, 1e15 + 4, 4, true)).size, 5);
  deepEqual(labels(0, 2e20, 2), ["0", "1e20", "2e20"]);
  deepEqual(labels(0, 2, 8, true), ["0", "1", "2"]);
  deepEqual(labels(5, 5, 8), ["5"]);
});

Deno.test("ticks of any finite domain are ascending, distinct, within it, and end", () => {
  const value = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(fc.property(value, value, fc.integer({ min: 1, max: 12 }), (a, b, count) => {
    const domain = { min: Math.min(a, b), max: Math.max(a, b) };
    const ticks = numberTicks(domain, count);
    ok(ticks.length <= 101);
    ticks.forEach((tick, i) => {
      ok(Number.isFinite(tick.value));
      if (i > 0) ok(tick.value > (ticks[i - 1] as { value: number }).value);
    });
    const nice = niceDomain(domain, count);
    // A thousandth of the range: what a chart's rows cannot show.
    const slack = domain.max / 1000 - domain.min / 1000;
    ok(nice.min <= domain.min + slack && nice.max >= domain.max - slack);
    const at = fraction((domain.min / 2) + domain.max / 2, domain);
    ok(at >= 0 && at <= 1);
  }));
});

const times = (min: string, max: string, count: number) =>
  timeTicks({ min: Date.parse(min), max: Date.parse(max) }, count).map((tick) => tick.label);

Deno.test("time ticks follow the calendar", () => {
  deepEqual(times("2023-01-01", "2023-03-26", 4), ["Jan 2023", "Feb", "Mar"]);
  deepEqual(times("2023-01-01", "2023-01-29", 5), [
    "Jan 1 2023",
    "Jan 8",
    "Jan 15",
    "Jan 22",
    "Jan 29",
  ]);
  deepEqual(times("2022-11-15", "2023-02-15", 3), ["Dec 2022", "Jan 2023", "Feb"]);
  deepEqual(times("2023-01-01", "2023-01-02T12:00Z", 3), ["Jan 1 2023", "12:00", "Jan 2", "12:00"]);
  deepEqual(times("2023-01-01T05:10Z", "2023-01-01T05:12Z", 2), ["Jan 1 05:10", "05:11", "05:12"]);
  deepEqual(times("1995-06-01", "2025-06-01", 3), ["2000", "2010", "2020"]);
  deepEqual(times("0050-01-01", "0950-01-01", 5), ["200", "400", "600", "800"]);
});

Deno.test("weekly data has its ticks on its own weekday", () => {
  const ticks = timeTicks({ min: Date.parse("2023-01-01"), max: Date.parse("2023-03-26") }, 7);
  ok(ticks.length > 3 && ticks.every((tick) => new Date(tick.value).getUTCDay() === 0));
});

Deno.test("time ticks of any span are few, ascending and within", () => {
  const moment = fc.integer({ min: -6e13, max: 2e14 });
  fc.assert(fc.property(moment, moment, fc.integer({ min: 1, max: 12 }), (a, b, count) => {
    const domain = { min: Math.min(a, b), max: Math.max(a, b) };
    const ticks = timeTicks(domain, count);
    ok(ticks.length <= count * 2 + 2, `${ticks.length} for ${count}`);
    ticks.forEach((tick, i) => {
      ok(tick.value >= domain.min && tick.value <= domain.max);
      if (i > 0) ok(tick.value > (ticks[i - 1] as { value: number }).value);
    });
  }));
});

Deno.test("extents pass over what is no number, one value gets room", () => {
  deepEqual(extent([null, NaN, Infinity, 3, -1, undefined]), { min: -1, max: 3 });
  equal(extent([null, NaN]), undefined);
  deepEqual(widened({ min: 0, max: 0 }), { min: 0, max: 1 });
  deepEqual(widened({ min: 4, max: 4 }), { min: 2, max: 6 });
  ok(widened({ min: Number.MAX_VALUE, max: Number.MAX_VALUE }).min === 0);
});
