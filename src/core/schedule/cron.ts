/**
 * When a schedule ticks. Decides the two days a year on which clocks change: a time that does not exist ticks at the
 * next that does, a doubled one once; where every hour is meant (`*`), each real hour counts and none is made up.
 *
 * croner was tried and left: `0,30 2 * * *` does not tick at all on the day that skips two o'clock.
 */
import type { Instant } from "../key.ts";
import { checkZone } from "../partition/check.ts";
import { dateOf, DAY_MS, daysInMonth, HOUR_MS } from "../partition/civil.ts";
import { openZone, type Zone } from "../partition/zone.ts";
import { type Problem, problem } from "../problem/problem.ts";
import { err, ok, type Result } from "../result.ts";
import { type CronFields, readFields } from "./fields.ts";

/** A schedule that can be asked; made by `parseCron`. */
export interface Cron {
  /** As written. */
  readonly text: string;
  readonly zone: Zone;
  readonly fields: CronFields;
}

/** A cron line or preset in a time zone. The problem names the field and what it may hold. */
export function parseCron(text: string, timezone: string): Result<Cron, Problem> {
  const zone = checkZone(timezone);
  if (zone !== null) return err(zone);
  const fields = readFields(text);
  if (fields.ok) return ok({ text, zone: openZone(timezone), fields: fields.value });
  const { field, why, hint } = fields.error;
  return err(problem("cron-invalid", {
    message: `Cannot read the schedule ${JSON.stringify(text)}`,
    why,
    hint,
    fields: { cron: text, field },
  }));
}

/** The first tick after an instant; null only beyond any calendar. */
export function nextTick(cron: Cron, after: Instant): Instant | null {
  for (const tick of ticksFrom(cron, after)) return tick;
  return null;
}

/** The last tick at or before an instant. */
export function previousTick(cron: Cron, at: Instant): Instant | null {
  const today = dayAt(cron, at);
  for (let day = today + 1; day > today - LONGEST_WAIT; day--) {
    const found = ticksOf(cron, day).findLast((each) => each <= at);
    if (found !== undefined) return found;
  }
  return null;
}

/** Ticks after one instant up to and with another, oldest first; of too many the newest `limit`. */
export function ticksBetween(
  cron: Cron,
  after: Instant,
  until: Instant,
  limit = 1000,
): readonly Instant[] {
  const found: Instant[] = [];
  // Backwards, so that a schedule which was away for years costs no more than what is kept.
  for (let day = dayAt(cron, until) + 1; day >= dayAt(cron, after) - 1; day--) {
    for (const tick of ticksOf(cron, day).toReversed()) {
      if (found.length >= limit) return found.reverse();
      if (tick > after && tick <= until && tick < (found.at(-1) ?? Infinity)) found.push(tick);
    }
  }
  return found.reverse();
}

/** Eight years pass between two leap days around 2100; a ninth covers the ends. */
const LONGEST_WAIT = 9 * 366;

const dayAt = (cron: Cron, at: Instant) => Math.floor(cron.zone.localAt(at) / DAY_MS);

function* ticksFrom(cron: Cron, after: Instant): Generator<Instant> {
  const today = dayAt(cron, after);
  let last = after;
  // From yesterday: where midnight is repeated or skipped, its ticks may still lie ahead.
  for (let day = today - 1; day < today + LONGEST_WAIT; day++) {
    for (const tick of ticksOf(cron, day)) {
      if (tick <= last) continue;
      last = tick;
      yield tick;
    }
  }
}

/** The ticks of one day of the calendar, ascending. */
function ticksOf({ fields, zone }: Cron, day: number): readonly Instant[] {
  if (!matchesDay(fields, day)) return [];
  const start = day * DAY_MS;
  const { from, to, offset } = zone.stretchAt(zone.instantAt(start));
  const midnight = start - offset;
  // No clock changes near this day: nothing is skipped or repeated.
  if (from <= midnight - DAY_MS && midnight + 2 * DAY_MS <= to) {
    return fields.hours.flatMap((hour) =>
      fields.minutes.map((minute) => midnight + hour * HOUR_MS + minute * 60_000)
    );
  }
  const everyHour = fields.hours.length === 24;
  const ticks = new Set<Instant>();
  for (const hour of fields.hours) {
    for (const minute of fields.minutes) {
      const local = start + hour * HOUR_MS + minute * 60_000;
      if (!everyHour) ticks.add(zone.instantAt(local));
      else for (const each of zone.instantsAt(local)) ticks.add(each);
    }
  }
  return [...ticks].sort((a, b) => a - b);
}

function matchesDay(fields: CronFields, day: number): boolean {
  const date = dateOf(day);
  if (!fields.months.has(date.month)) return false;
  const length = daysInMonth(date.year, date.month);
  const weekday = ((day + 4) % 7 + 7) % 7;
  const byDay = fields.days.has(date.day) || (fields.lastDay && date.day === length);
  const byWeekday = fields.weekdays.has(weekday) ||
    fields.nthWeekdays.some((each) =>
      each.weekday === weekday &&
      (each.nth === 0 ? date.day + 7 > length : Math.ceil(date.day / 7) === each.nth)
    );
  // As cron has always done it: two restrictions are alternatives.
  return fields.anyDay || fields.anyWeekday ? byDay && byWeekday : byDay || byWeekday;
}
