import assert from "node:assert/strict";
import fc from "fast-check";
import { resolveAlone, type ResolvedTime } from "../../../src/core/partition/resolve.ts";
import { windowOf } from "../../../src/core/partition/window.ts";
import { keysOf } from "../../../src/core/partition/keys.ts";
import { openZone } from "../../../src/core/partition/zone.ts";
import type { TimeScheme, TimeUnit } from "../../../src/core/partition/scheme.ts";
import { time } from "../graph/definitions.ts";

const ZONES = [
  "America/New_York",
  "Europe/Berlin",
  "Australia/Lord_Howe",
  "UTC",
  "America/Havana",
  "Asia/Kathmandu",
];
const UNITS: readonly TimeUnit[] = ["hour", "day", "week", "month", "year"];
const FROM = Date.UTC(2022, 0, 1), TO = Date.UTC(2024, 0, 1);

function resolved(unit: TimeUnit, timezone: string, extra: Partial<TimeScheme> = {}): ResolvedTime {
  const found = resolveAlone(time(unit, { start: "2022-01-01", timezone, ...extra }), "UTC");
  if (!found.ok || found.value.type !== "time") throw new Error("expected a time scheme");
  return found.value;
}

for (const timezone of ZONES) {
  for (const unit of UNITS) {
    Deno.test(`${unit} windows in ${timezone} follow each other without gap or overlap`, () => {
      const scheme = resolved(unit, timezone);
      const keys = [...keysOf(scheme, TO)];
      let before = windowOf(scheme, keys[0] ?? "");
      assert.ok(before);
      for (const key of keys.slice(1)) {
        const window = windowOf(scheme, key);
        assert.ok(window && before);
        assert.equal(window.start, before.end);
        assert.ok(window.end > window.start);
        before = window;
      }
      assert.equal(new Set(keys).size, keys.length);
      assert.ok(before.end <= TO);
    });

    Deno.test(`${unit} windows in ${timezone}: any instant lies in the window that holds it`, () => {
      const { grid } = resolved(unit, timezone);
      fc.assert(
        fc.property(fc.integer({ min: FROM, max: TO }), (instant) => {
          const ordinal = grid.ordinalOf(instant);
          assert.ok(grid.startOf(ordinal) <= instant && instant < grid.startOf(ordinal + 1));
          assert.equal(grid.ordinalOfKey(grid.keyOf(ordinal)), ordinal);
          // The key is what the clock shows, cut to the unit.
          const shown = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(
            timezone,
          );
          const [year, month] = [String(shown.year), String(shown.month).padStart(2, "0")];
          const date = shown.toPlainDate();
          const expected: Record<TimeUnit, string> = {
            hour: `${date.toString()}T${String(shown.hour).padStart(2, "0")}`,
            day: date.toString(),
            week: date.subtract({ days: shown.dayOfWeek - 1 }).toString(),
            month: `${year}-${month}`,
            year,
          };
          assert.equal(grid.keyOf(ordinal).slice(0, expected[unit].length), expected[unit]);
        }),
        { numRuns: 300 },
      );
    });
  }
}

Deno.test("a zone agrees with Temporal on every clock reading, repeated and skipped ones included", () => {
  for (const name of ZONES) {
    const zone = openZone(name);
    fc.assert(
      fc.property(fc.integer({ min: FROM / 1000, max: TO / 1000 }), (second) => {
        const local = second * 1000;
        const plain = Temporal.Instant.fromEpochMilliseconds(local).toZonedDateTimeISO("UTC")
          .toPlainDateTime();
        const early = plain.toZonedDateTime(name, { disambiguation: "earlier" });
        const late = plain.toZonedDateTime(name, { disambiguation: "later" });
        const exists = early.toPlainDateTime().equals(plain);
        const expected = exists
          ? [...new Set([early.epochMilliseconds, late.epochMilliseconds])]
          : [];
        assert.deepEqual(zone.instantsAt(local), expected);
        if (exists) assert.equal(zone.instantAt(local), early.epochMilliseconds);
        assert.equal(zone.localAt(early.epochMilliseconds) === local, exists);
      }),
      { numRuns: 300 },
    );
  }
});

const utc = (text: string) => Date.parse(text);

Deno.test("hours on the day that skips one and on the day that has one twice", () => {
  const york = resolved("hour", "America/New_York");
  const spring = keysOf(york, utc("2023-03-12T08:00Z"));
  assert.deepEqual([...spring].slice(-3), ["2023-03-12T00", "2023-03-12T01", "2023-03-12T03"]);
  const autumn = [...keysOf(york, utc("2023-11-05T08:00Z"))].slice(-4);
  assert.deepEqual(autumn, [
    "2023-11-05T00",
    "2023-11-05T01",
    "2023-11-05T01-05:00",
    "2023-11-05T02",
  ]);
  assert.deepEqual(windowOf(york, "2023-11-05T01"), {
    startLocal: "2023-11-05T01:00:00",
    endLocal: "2023-11-05T02:00:00",
    start: utc("2023-11-05T05:00Z"),
    end: utc("2023-11-05T06:00Z"),
    timezone: "America/New_York",
  });
  assert.equal(windowOf(york, "2023-11-05T01-05:00")?.start, utc("2023-11-05T06:00Z"));
  assert.equal(windowOf(york, "2023-11-05T01-05:00")?.startLocal, "2023-11-05T01:00:00");
  assert.equal(windowOf(york, "2023-03-12T02"), null);
});

Deno.test("a clock that moves by half an hour makes one short and one long hour", () => {
  const howe = resolved("hour", "Australia/Lord_Howe");
  const minutes = (key: string) => {
    const window = windowOf(howe, key);
    return window === null ? null : (window.end - window.start) / 60_000;
  };
  assert.equal(minutes("2023-10-01T02"), 30);
  assert.equal(minutes("2023-04-02T01"), 90);
  assert.equal(minutes("2023-04-02T02"), 60);
  assert.equal(windowOf(howe, "2023-04-02T01")?.endLocal, "2023-04-02T02:00:00");
});

Deno.test("days have 23, 24 and 25 hours; a skipped midnight begins an hour late", () => {
  const hours = (timezone: string, key: string) => {
    const window = windowOf(resolved("day", timezone), key);
    return window === null ? null : (window.end - window.start) / 3_600_000;
  };
  assert.equal(hours("America/New_York", "2023-03-12"), 23);
  assert.equal(hours("America/New_York", "2023-11-05"), 25);
  assert.equal(hours("Australia/Lord_Howe", "2023-04-02"), 24.5);
  assert.equal(hours("America/Havana", "2023-03-12"), 23);
  const havana = windowOf(resolved("day", "America/Havana"), "2023-03-12");
  assert.equal(havana?.startLocal, "2023-03-12T00:00:00");
  assert.equal(havana?.start, utc("2023-03-12T05:00Z"));
});

Deno.test("what is no key of the scheme has no window", () => {
  const month = resolved("month", "UTC"), week = resolved("week", "UTC", { weekStart: 0 });
  for (const key of ["2023", "2023-1", "2023-13", "2023-00", "2023-01-01", "20x3-01", ""]) {
    assert.equal(windowOf(month, key), null, key);
  }
  assert.equal(windowOf(week, "2023-01-02"), null);
  assert.equal(windowOf(week, "2023-01-01")?.endLocal, "2023-01-08T00:00:00");
  assert.equal(windowOf(resolved("day", "UTC"), "2023-02-29"), null);
  assert.equal(windowOf(null, ""), null);
});
