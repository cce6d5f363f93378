// Decides at which moments a time axis has ticks and how they read, by the calendar from seconds
// to centuries. Moments are milliseconds of a wall clock without a zone, held as if it were UTC:
// who has instants moves them to their zone first.

import type { Domain } from "./scale.ts";
import type { Tick } from "./ticks.ts";

const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

type Unit = "fixed" | "day" | "month" | "year";

interface Step {
  readonly unit: Unit;
  /** Milliseconds for fixed, else days, months or years. */
  readonly size: number;
  readonly about: number;
}

function step(unit: Unit, size: number): Step {
  const one = unit === "fixed"
    ? 1
    : unit === "day"
    ? DAY
    : unit === "month"
    ? 30.44 * DAY
    : 365.25 * DAY;
  return { unit, size, about: size * one };
}

const STEPS: readonly Step[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((n) => step("fixed", n)),
  ...[1, 2, 5, 15, 30].map((n) => step("fixed", n * SECOND)),
  ...[1, 2, 5, 15, 30].map((n) => step("fixed", n * MINUTE)),
  ...[1, 2, 3, 6, 12].map((n) => step("fixed", n * HOUR)),
  ...[1, 2, 7, 14].map((n) => step("day", n)),
  ...[1, 2, 3, 6].map((n) => step("month", n)),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((n) => step("year", n)),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((n) => step("year", n * 1000)),
];

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * About `count` ticks, or fewer. Steps of days and weeks count from the domain's start, so that
 * weekly data has its ticks on its own weekday.
 */
export function timeTicks(domain: Domain, count: number): Tick[] {
  const wanted = (domain.max - domain.min) / Math.max(1, count);
  const chosen = STEPS.find((s) => s.about >= wanted * 0.9) ?? STEPS.at(-1) as Step;
  const values = momentsOf(chosen, domain);
  return values.map((value, i) => ({ value, label: label(value, values[i - 1], chosen) }));
}

function momentsOf(chosen: Step, { min, max }: Domain): number[] {
  const out: number[] = [];
  const most = 500;
  if (chosen.unit === "fixed" || chosen.unit === "day") {
    const size = chosen.unit === "day" ? chosen.size * DAY : chosen.size;
    // One day and less is counted from midnight, several days from where the data begins.
    const origin = chosen.unit === "day" && chosen.size > 1 ? Math.ceil(min / DAY) * DAY : 0;
    const first = origin + Math.ceil((min - origin) / size) * size;
    for (let at = first; at <= max && out.length < most; at += size) out.push(at);
    return out;
  }
  const start = new Date(min);
  const months = chosen.unit === "year" ? chosen.size * 12 : chosen.size;
  let index = start.getUTCFullYear() * 12 + start.getUTCMonth();
  index = Math.ceil(index / months) * months;
  for (;; index += months) {
    const at = monthStart(index);
    if (!(at <= max) || out.length >= most) return out;
    if (at >= min) out.push(at);
  }
}

function monthStart(index: number): number {
  // Not Date.UTC(year, …): it takes the years 0 to 99 for 1900 to 1999.
  return new Date(0).setUTCFullYear(Math.floor(index / 12), ((index % 12) + 12) % 12, 1);
}

/** What changed since the tick before, and enough to place the first one. */
function label(value: number, before: number | undefined, chosen: Step): string {
  const at = new Date(value), last = before === undefined ? undefined : new Date(before);
  const year = at.getUTCFullYear(), month = MONTHS[at.getUTCMonth()] as string;
  const newYear = last === undefined || last.getUTCFullYear() !== year;
  if (chosen.unit === "year") return String(year);
  if (chosen.unit === "month") return newYear ? `${month} ${year}` : month;
  const day = `${month} ${at.getUTCDate()}`;
  if (chosen.unit === "day") return newYear ? `${day} ${year}` : day;
  const newDay = last === undefined || last.getUTCDate() !== at.getUTCDate() || newYear;
  if (value % DAY === 0) return last === undefined ? `${day} ${year}` : day;
  const clock = at.toISOString();
  const time = chosen.size >= MINUTE
    ? clock.slice(11, 16)
    : chosen.size >= SECOND
    ? clock.slice(11, 19)
    : clock.slice(14, 23);
  return newDay && chosen.size >= MINUTE ? `${day} ${time}` : time;
}
