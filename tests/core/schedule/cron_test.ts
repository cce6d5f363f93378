import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Cron,
  nextTick,
  parseCron,
  previousTick,
  ticksBetween,
} from "../../../src/core/schedule/cron.ts";

const utc = (text: string) => Date.parse(text);

function cron(text: string, timezone = "UTC"): Cron {
  const found = parseCron(text, timezone);
  if (!found.ok) throw new Error(found.error.why);
  return found.value;
}

/** The next ticks as the clock of the zone shows them. */
function shown(text: string, timezone: string, after: string, count: number): string {
  const schedule = cron(text, timezone);
  const ticks: string[] = [];
  for (let at = utc(after); ticks.length < count;) {
    const tick = nextTick(schedule, at);
    assert.ok(tick !== null && tick > at);
    ticks.push(
      Temporal.Instant.fromEpochMilliseconds(tick).toZonedDateTimeISO(timezone).toString()
        .slice(5, 22).replace(":00-", "-").replace(":00+", "+"),
    );
    at = tick;
  }
  return ticks.join(" ");
}

const YORK = "America/New_York";
for (
  const [text, timezone, after, expected] of [
    ["30 6 * * *", "UTC", "2023-01-01T06:30Z", "01-02T06:30+00 01-03T06:30+00"],
    ["@daily", "Europe/Berlin", "2023-01-01T00:00Z", "01-02T00:00+01 01-03T00:00+01"],
    ["@weekly", "UTC", "2023-01-01T00:00Z", "01-08T00:00+00 01-15T00:00+00"],
    ["0 9 * * mon-fri", "UTC", "2023-01-06T10:00Z", "01-09T09:00+00 01-10T09:00+00"],
    ["0 0 * * sat-sun", "UTC", "2023-01-06T10:00Z", "01-07T00:00+00 01-08T00:00+00"],
    ["0 0 * * 7", "UTC", "2023-01-06T10:00Z", "01-08T00:00+00 01-15T00:00+00"],
    ["0 0 l * *", "UTC", "2023-01-06T10:00Z", "01-31T00:00+00 02-28T00:00+00"],
    ["0 0 * * fri#2", "UTC", "2023-01-01T10:00Z", "01-13T00:00+00 02-10T00:00+00"],
    ["0 0 * * 5l", "UTC", "2023-01-01T10:00Z", "01-27T00:00+00 02-24T00:00+00"],
    ["0 0 13 * fri", "UTC", "2023-01-06T10:00Z", "01-13T00:00+00 01-20T00:00+00"],
    ["0 0 29 2 *", "UTC", "2096-03-01T00:00Z", "02-29T00:00+00 02-29T00:00+00"],
    ["10-59/25,5 0 1 jan *", "UTC", "2022-06-01T00:00Z", "01-01T00:05+00 01-01T00:10+00"],
    // A time that does not exist runs at the next that does, once.
    ["30 2 * * *", YORK, "2023-03-11T12:00Z", "03-12T03:00-04 03-13T02:30-04"],
    ["0,30 2 * * *", YORK, "2023-03-11T12:00Z", "03-12T03:00-04 03-13T02:00-04"],
    ["0 2,3 * * *", YORK, "2023-03-11T12:00Z", "03-12T03:00-04 03-13T02:00-04"],
    ["15 2 * * *", "Australia/Lord_Howe", "2023-09-30T12:00Z", "10-01T02:30+11 10-02T02:15+11"],
    // A doubled time runs once.
    ["30 1 * * *", YORK, "2023-11-04T12:00Z", "11-05T01:30-04 11-06T01:30-05"],
    ["0 1-2 * * *", YORK, "2023-11-04T12:00Z", "11-05T01:00-04 11-05T02:00-05"],
    // Hourly runs every real hour.
    ["0 * * * *", YORK, "2023-11-05T04:30Z", "11-05T01:00-04 11-05T01:00-05 11-05T02:00-05"],
    ["0 * * * *", YORK, "2023-03-12T05:30Z", "03-12T01:00-05 03-12T03:00-04"],
    ["30 * * * *", YORK, "2023-03-12T06:00Z", "03-12T01:30-05 03-12T03:30-04"],
    ["0 0 * * *", "America/Havana", "2023-03-11T12:00Z", "03-12T01:00-04 03-13T00:00-04"],
  ] as const
) {
  Deno.test(`${text} in ${timezone} after ${after}`, () =>
    assert.equal(shown(text, timezone, after, expected.split(" ").length), expected));
}

for (
  const [text, why, hint] of [
    ["0 25 * * *", /hour: 25 is not within 0 to 23/, /0 to 23/],
    ["60 * * * *", /minute: 60/, /0 to 59/],
    ["0 0 0 * *", /day of month: 0/, /1 to 31/],
    ["0 0 * 13 *", /month: 13/, /jan to dec/],
    ["0 0 * * 8", /weekday: 8/, /sun to sat/],
    ["* * * *", /4 fields/, /30 6/],
    ["", /0 fields/, /30 6/],
    ["0 0 6 * * *", /6 fields/, /0 6 \* \* \*/],
    ["*/0 * * * *", /steps by 0/, /\*\/2/],
    ["5-3 * * * *", /backwards/, /5-59,0-3/],
    ["a * * * *", /minute: a/, /0 to 59/],
    ["1,,2 * * * *", /empty item/, /lists/],
    ["@dialy", /no preset/, /@daily/],
    ["@reboot", /no time/, /@hourly/],
    ["0 0 31 2 *", /never comes/, /last day/],
    ["0 0 31 4,6 *", /never comes/, /last day/],
    ["0 0 15W * *", /working day/, /1 to 31/],
    ["0 0 * * 1#6", /counts to 6/, /mon#1/],
  ] as const
) {
  Deno.test(`the schedule ${JSON.stringify(text)} is refused`, () => {
    const found = parseCron(text, "UTC");
    assert.ok(!found.ok);
    assert.equal(found.error.code, "cron-invalid");
    assert.match(found.error.why ?? "", why);
    assert.match(found.error.hint ?? "", hint);
  });
}

Deno.test("an unknown time zone is told as such", () => {
  const found = parseCron("@daily", "Europe/Berlyn");
  assert.ok(!found.ok && found.error.code === "timezone-unknown");
  assert.match(found.error.hint ?? "", /Europe\/Berlin/);
});

const aField = (min: number, max: number) =>
  fc.oneof(
    fc.constant("*"),
    fc.integer({ min: 2, max: 9 }).map((step) => `*/${step}`),
    fc.integer({ min, max }).map(String),
    fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }))
      .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
  );

Deno.test("ticks equal a look at every minute, around both changes of the clock", () => {
  const matches = (field: string, value: number, min: number) => {
    if (field === "*") return true;
    if (field.startsWith("*/")) return (value - min) % Number(field.slice(2)) === 0;
    const [from, to] = field.split("-").map(Number);
    return to === undefined ? value === from : from !== undefined && value >= from && value <= to;
  };
  fc.assert(
    fc.property(
      aField(0, 59),
      aField(0, 23),
      fc.constantFrom("America/New_York", "Europe/Berlin", "Australia/Lord_Howe"),
      fc.constantFrom(...[
        "2023-03-12",
        "2023-11-05",
        "2023-03-26",
        "2023-10-29",
        "2023-04-02",
        "2023-10-01",
      ]),
      (minute, hour, timezone, date) => {
        const schedule = cron(`${minute} ${hour} * * *`, timezone);
        const everyHour = schedule.fields.hours.length === 24;
        const from = utc(`${date}T00:00Z`) - 30 * 3_600_000, until = from + 72 * 3_600_000;
        const expected = new Set<number>();
        const seen = new Set<string>();
        let before: Temporal.PlainDateTime | null = null;
        for (let at = from - 3_600_000 * 3; at <= until; at += 60_000) {
          const clock = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone)
            .toPlainDateTime();
          const hit = matches(hour, clock.hour, 0) && matches(minute, clock.minute, 0);
          const again = seen.has(clock.toString());
          seen.add(clock.toString());
          if (hit && (everyHour || !again)) expected.add(at);
          // What the clock jumped over is due now.
          let skipped: Temporal.PlainDateTime | undefined = before?.add({ minutes: 1 });
          while (!everyHour && skipped && Temporal.PlainDateTime.compare(skipped, clock) < 0) {
            if (matches(hour, skipped.hour, 0) && matches(minute, skipped.minute, 0)) {
              expected.add(
                at,
              );
            }
            skipped = skipped.add({ minutes: 1 });
          }
          before = clock;
        }
        const wanted = [...expected].filter((each) => each > from && each <= until).sort((a, b) =>
          a - b
        );
        assert.deepEqual(ticksBetween(schedule, from, until, 1e6), wanted);
        let at = from;
        for (const tick of wanted.slice(0, 40)) {
          assert.equal(nextTick(schedule, at), tick);
          assert.equal(previousTick(schedule, tick), tick);
          assert.equal(previousTick(schedule, tick + 59_999), tick);
          at = tick;
        }
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("of too many missed ticks the newest are kept", () => {
  const hourly = cron("@hourly");
  const ticks = ticksBetween(hourly, 0, utc("2023-01-01T00:00Z"), 3);
  assert.deepEqual(ticks.map((each) => new Date(each).toISOString().slice(0, 13)), [
    "2022-12-31T22",
    "2022-12-31T23",
    "2023-01-01T00",
  ]);
  assert.deepEqual(ticksBetween(hourly, utc("2023-01-01T00:00Z"), utc("2023-01-01T00:59Z")), []);
});
