/**
 * Windows of days, weeks, months and years: they begin at local midnight, or at the first instant of a
 * day whose midnight is skipped. A day that a zone left out (Apia's 2011-12-30) has an empty window.
 */
import type { PartitionKey } from "../key.ts";
import { unreachable } from "../result.ts";
import { dateOf, dateText, DAY_MS, dayOf, daysInMonth, digitsAt } from "./civil.ts";
import type { Grid } from "./grid.ts";
import type { TimeUnit } from "./scheme.ts";
import type { Zone } from "./zone.ts";

type CalendarUnit = Exclude<TimeUnit, "hour">;

/** The windows of a unit longer than an hour; `weekStart` (0 is Sunday) counts for weeks only. */
export function openCalendar(unit: CalendarUnit, zone: Zone, weekStart: number): Grid {
  // 1970-01-01 was a Thursday (4).
  const anchor = ((weekStart - 4) % 7 + 7) % 7;
  const localOf = (ordinal: number) => firstDay(unit, ordinal, anchor) * DAY_MS;
  const ordinalOfLocal = (local: number) => ordinalOfDay(unit, Math.floor(local / DAY_MS), anchor);
  const startOf = (ordinal: number) => zone.instantAt(localOf(ordinal));
  const keyOf = (ordinal: number) =>
    dateText(localOf(ordinal)).slice(0, KEY_LENGTH[unit]) as PartitionKey;
  return {
    unit,
    zone,
    id: `${unit} ${zone.name}${unit === "week" ? ` ${weekStart}` : ""}`,
    startOf,
    localOf,
    localEndOf: (ordinal) => localOf(ordinal + 1),
    keyOf,
    ordinalOf(instant) {
      let ordinal = ordinalOfLocal(zone.localAt(instant));
      // Where a clock goes back over midnight the date alone names the window before (or none at all).
      while (startOf(ordinal + 1) <= instant) ordinal++;
      while (startOf(ordinal) > instant) ordinal--;
      return ordinal;
    },
    ordinalOfKey(key) {
      const day = dayOfKey(key, KEY_LENGTH[unit]);
      if (day === null) return null;
      const ordinal = ordinalOfDay(unit, day, anchor);
      return firstDay(unit, ordinal, anchor) === day ? ordinal : null;
    },
  };
}

const KEY_LENGTH: Record<CalendarUnit, number> = { day: 10, week: 10, month: 7, year: 4 };

/** Reads `2023-01-01` cut to a length, character by character: lookups by key come by the million. */
function dayOfKey(key: string, length: number): number | null {
  if (key.length !== length) return null;
  const year = digitsAt(key, 0, 4);
  const month = length >= 7 && key[4] === "-" ? digitsAt(key, 5, 2) : length === 4 ? 1 : NaN;
  const day = length === 10 && key[7] === "-" ? digitsAt(key, 8, 2) : length < 10 ? 1 : NaN;
  const exists = year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
    day <= daysInMonth(year, month);
  return exists ? dayOf(year, month, day) : null;
}

function firstDay(unit: CalendarUnit, ordinal: number, anchor: number): number {
  switch (unit) {
    case "day":
      return ordinal;
    case "week":
      return ordinal * 7 + anchor;
    case "month":
      return dayOf(Math.floor(ordinal / 12), ordinal - Math.floor(ordinal / 12) * 12 + 1, 1);
    case "year":
      return dayOf(ordinal, 1, 1);
    default:
      return unreachable(unit);
  }
}

function ordinalOfDay(unit: CalendarUnit, day: number, anchor: number): number {
  switch (unit) {
    case "day":
      return day;
    case "week":
      return Math.floor((day - anchor) / 7);
    case "month": {
      const { year, month } = dateOf(day);
      return year * 12 + month - 1;
    }
    case "year":
      return dateOf(day).year;
    default:
      return unreachable(unit);
  }
}
