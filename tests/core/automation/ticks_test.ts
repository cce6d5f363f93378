// Two years of ticks, evaluated one after the other as `up` does it, against a table that is made in another way; and
// what becomes of ticks that were missed, edited, overlapping, switched off, or seen by a clock that goes back.

import assert from "node:assert/strict";
import { clockedOf, isOff, tickFact } from "../../../src/core/automation/source.ts";
import { nextDue, type Tick, tickEvents, ticksDue } from "../../../src/core/automation/ticks.ts";
import type { ScheduleDefinition } from "../../../src/core/definition.ts";
import type { Event } from "../../../src/core/event.ts";
import { emptyState, fold } from "../../../src/core/fold.ts";
import type { State } from "../../../src/core/heads.ts";
import type { HolderId, RunId } from "../../../src/core/key.ts";
import { project } from "../../kit/definitions.ts";

const NOBODY: ReadonlySet<HolderId> = new Set();
const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const at = (text: string) => Date.parse(text);
const text = (instant: number) => new Date(instant).toISOString().slice(0, 16);

function schedule(parts: Partial<ScheduleDefinition> = {}): ScheduleDefinition {
  return {
    name: "s",
    cron: "0 6 * * *",
    timezone: "UTC",
    select: "a",
    catchUp: "latest",
    catchUpLimit: 10,
    overlap: "skip",
    origin: { file: "assets/s.ts", line: 1, exportName: "s" },
    ...parts,
  };
}

const sourcesOf = (one: ScheduleDefinition) => clockedOf(project([], { schedules: [one] })).sources;

/** A log that is folded as it grows. */
class Log {
  readonly state: State = emptyState();
  readonly events: Event[] = [];
  add(events: readonly Event[], now: number): void {
    for (const event of events) {
      this.events.push(event);
      fold(this.state, { id: this.state.last + 1, at: now, event });
    }
  }
}

let runs = 0;

/** One evaluation: what came of it is in the log. */
function evaluate(
  log: Log,
  one: ScheduleDefinition,
  now: number,
  sources = sourcesOf(one),
): readonly Tick[] {
  const ticks = ticksDue(log.state, sources, now, NOBODY);
  const run = `run${++runs}` as RunId;
  log.add(
    tickEvents(log.state, ticks, run, (_tick, due) => {
      const queued = `queued${due}` as RunId;
      return {
        run: queued,
        event: {
          kind: "run-requested",
          run: queued,
          trigger: { kind: "schedule", of: "s" },
          selection: "a",
          requestKey: null,
          settings: {},
          queued: { partition: null, at: due },
        },
      };
    }),
    now,
  );
  return ticks;
}

const requested = (log: Log) =>
  log.events.flatMap((event) =>
    event.kind === "ticked" && event.outcome === "requested" ? [text(event.due)] : []
  );

/** Local wall time by the platform's own calendar, for the table. */
function walls(zone: string) {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    weekday: "short",
  });
  return (instant: number) => {
    const parts = Object.fromEntries(
      format.formatToParts(instant).map(({ type, value }) => [type, value]),
    );
    return {
      date: `${parts["year"]}-${parts["month"]}-${parts["day"]}`,
      day: Number(parts["day"]),
      weekday: parts["weekday"],
      minutes: Number(parts["hour"]) * 60 + Number(parts["minute"]),
    };
  };
}

const QUARTER = 15 * MINUTE;

const CASES: readonly {
  readonly cron: string;
  /** Minutes after midnight; null for each real hour. */
  readonly minutes: number | null;
  readonly on: (wall: { day: number; weekday: string | undefined }) => boolean;
}[] = [
  { cron: "30 2 * * *", minutes: 150, on: () => true },
  { cron: "0 2 * * *", minutes: 120, on: () => true },
  { cron: "15 1 * * *", minutes: 75, on: () => true },
  { cron: "0 0 5 * *", minutes: 0, on: ({ day }) => day === 5 },
  { cron: "0 0 * * 1", minutes: 0, on: ({ weekday }) => weekday === "Mon" },
  { cron: "0 * * * *", minutes: null, on: () => true },
];

for (const zone of ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]) {
  Deno.test(`two years of ticks in ${zone} are those of the table`, () => {
    const from = at("2023-01-01T00:00:00Z"), to = at("2025-01-01T00:00:00Z");
    const wall = walls(zone);
    const quarters = Array.from(
      { length: (to - from) / QUARTER },
      (_, index) => ({ instant: from + (index + 1) * QUARTER }),
    ).map(({ instant }) => ({ instant, ...wall(instant) }));
    for (const { cron, minutes, on } of CASES) {
      const table: number[] = [];
      const done = new Set<string>();
      for (const quarter of quarters) {
        if (minutes === null) {
          if (quarter.minutes % 60 === 0) table.push(quarter.instant);
          continue;
        }
        // The first moment of the day at or after the time: once, and the next that exists where it does not.
        if (!on(quarter) || quarter.minutes < minutes || done.has(quarter.date)) continue;
        done.add(quarter.date);
        if (quarter.minutes - minutes <= 60) table.push(quarter.instant);
      }
      const one = schedule({ cron, timezone: zone });
      // Opened once: a zone is a table that is filled as it is asked.
      const sources = sourcesOf(one);
      const log = new Log();
      evaluate(log, one, from, sources);
      for (let now = from;;) {
        const next = nextDue(log.state, sources, now);
        assert.ok(next !== null);
        if (next > to) break;
        now = next;
        evaluate(log, one, now, sources);
        evaluate(log, one, now, sources); // a second time asks for nothing
      }
      assert.deepEqual(requested(log), table.map(text), `${cron} in ${zone}`);
    }
  });
}

Deno.test("a schedule counts from when it was first seen", () => {
  const log = new Log();
  const [tick] = evaluate(log, schedule(), at("2024-01-10T12:00Z"));
  assert.equal(tick?.outcome, "seen");
  assert.deepEqual(evaluate(log, schedule(), at("2024-01-11T05:59Z")), []);
  assert.equal(evaluate(log, schedule(), at("2024-01-11T06:00Z"))[0]?.outcome, "requested");
  assert.deepEqual(requested(log), ["2024-01-11T06:00"]);
});

Deno.test("an edited cron fires nothing, and counts from then on", () => {
  const log = new Log();
  evaluate(log, schedule(), at("2024-01-10T12:00Z"));
  // 13:00 of the day before, and every day since, would have come under the new line.
  const edited = schedule({ cron: "0 13 * * *" });
  assert.equal(evaluate(log, edited, at("2024-01-12T14:00Z"))[0]?.outcome, "seen");
  assert.deepEqual(requested(log), []);
  evaluate(log, edited, at("2024-01-13T13:00Z"));
  assert.deepEqual(requested(log), ["2024-01-13T13:00"]);
  const zone = schedule({ cron: "0 13 * * *", timezone: "Asia/Tokyo" });
  assert.equal(evaluate(log, zone, at("2024-01-13T14:00Z"))[0]?.outcome, "seen");
  assert.deepEqual(requested(log), ["2024-01-13T13:00"]);
});

Deno.test("a week of downtime is caught up by each policy", () => {
  const away = (parts: Partial<ScheduleDefinition>, back = at("2024-01-17T12:00Z")) => {
    const log = new Log();
    evaluate(log, schedule(parts), at("2024-01-10T12:00Z"));
    evaluate(log, schedule(parts), back);
    const queued = log.events.flatMap((event) =>
      event.kind === "run-requested" && event.queued ? [text(event.queued.at)] : []
    );
    const { outcome, text: said } = tickFact(log.state, "schedule:s") ?? {};
    return { queued, requested: requested(log), outcome, said };
  };
  assert.deepEqual(away({ catchUp: "latest" }), {
    queued: [],
    requested: ["2024-01-17T06:00"],
    outcome: "requested",
    said: "6 missed ticks made up for",
  });
  assert.deepEqual(away({ catchUp: "all", catchUpLimit: 100 }), {
    queued: [11, 12, 13, 14, 15, 16, 17].map((day) => `2024-01-${day}T06:00`),
    requested: ["2024-01-17T06:00"],
    outcome: "requested",
    said: "6 missed ticks made up for",
  });
  assert.deepEqual(away({ catchUp: "all", catchUpLimit: 3 }), {
    queued: ["2024-01-15T06:00", "2024-01-16T06:00", "2024-01-17T06:00"],
    requested: ["2024-01-17T06:00"],
    outcome: "requested",
    said: "2 missed ticks made up for, at most 3 at once",
  });
  const skipped = away({ catchUp: "skip" });
  assert.deepEqual([skipped.queued, skipped.requested, skipped.outcome], [[], [], "skipped"]);
  // Who is back in time for a tick answers it.
  assert.deepEqual(away({ catchUp: "skip" }, at("2024-01-17T06:04Z")).requested, [
    "2024-01-17T06:00",
  ]);
});

Deno.test("a tick while the run of the one before goes on is skipped, or waits for its end", () => {
  for (const overlap of ["skip", "queue"] as const) {
    const one = schedule({ cron: "0 * * * *", overlap });
    const log = new Log();
    evaluate(log, one, at("2024-01-10T11:30Z"));
    evaluate(log, one, at("2024-01-10T12:00Z"));
    const run = tickFact(log.state, "schedule:s")?.runs[0] as RunId;
    const requestedRun: Event = {
      kind: "run-requested",
      run,
      trigger: { kind: "up", of: null },
      selection: "",
      requestKey: null,
      settings: {},
    };
    const started: Event = {
      kind: "run-started",
      run,
      holder: "h" as HolderId,
      command: "",
      steps: [],
      total: 1,
    };
    log.add([requestedRun, started], at("2024-01-10T12:00Z"));
    const [tick] = evaluate(log, one, at("2024-01-10T13:00Z"));
    assert.equal(tick?.outcome, overlap === "skip" ? "skipped" : undefined);
    // Its process died: that is no run that goes on.
    const sources = sourcesOf(one);
    const dead = ticksDue(log.state, sources, at("2024-01-10T14:00Z"), new Set(["h" as HolderId]));
    assert.equal(dead[0]?.outcome, "requested");
    const ended: Event = {
      kind: "run-ended",
      run,
      outcome: "succeeded",
      steps: {
        succeeded: 1,
        unchanged: 0,
        failed: 0,
        skipped: 0,
        blocked: 0,
        cancelled: 0,
        interrupted: 0,
      },
      seconds: 5000,
    };
    log.add([ended], at("2024-01-10T13:20Z"));
    evaluate(log, one, at("2024-01-10T13:20Z"));
    assert.deepEqual(
      requested(log),
      overlap === "skip" ? ["2024-01-10T12:00"] : ["2024-01-10T12:00", "2024-01-10T13:00"],
    );
  }
});

Deno.test("a clock that goes back ticks nothing twice", () => {
  const log = new Log();
  const one = schedule({ cron: "0 * * * *" });
  evaluate(log, one, at("2024-01-10T11:30Z"));
  evaluate(log, one, at("2024-01-10T12:00Z"));
  for (let now = at("2024-01-10T09:00Z"); now <= at("2024-01-10T13:00Z"); now += 10 * MINUTE) {
    evaluate(log, one, now);
  }
  assert.deepEqual(requested(log), ["2024-01-10T12:00", "2024-01-10T13:00"]);
  const next = nextDue(log.state, sourcesOf(one), at("2024-01-10T09:00Z"));
  assert.equal(text(next ?? 0), "2024-01-10T14:00");
});

Deno.test("what is switched off ticks nothing, and makes up for nothing when it is on again", () => {
  const log = new Log();
  evaluate(log, schedule(), at("2024-01-10T12:00Z"));
  log.add([{ kind: "switched", source: "schedule:s", on: false }], at("2024-01-10T13:00Z"));
  assert.ok(isOff(log.state, "schedule:s"));
  assert.deepEqual(evaluate(log, schedule(), at("2024-01-15T12:00Z")), []);
  assert.equal(nextDue(log.state, sourcesOf(schedule()), at("2024-01-15T12:00Z")), null);
});

Deno.test("a month of minutes costs what its ticks cost, and years of absence no more", () => {
  const log = new Log();
  const one = schedule({ cron: "* * * * *" });
  const start = at("2020-01-01T00:00Z");
  evaluate(log, one, start);
  evaluate(log, one, start + 5 * 365 * DAY);
  assert.equal(requested(log).length, 1);
  assert.match(tickFact(log.state, "schedule:s")?.text ?? "", /missed ticks/);
  assert.ok((tickFact(log.state, "schedule:s")?.last.length ?? 0) <= 5);
  assert.ok(log.state.facts.size === 1, "one cell for a source, however often it ticks");
  assert.ok(HOUR > MINUTE);
});
