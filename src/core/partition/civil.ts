/**
 * Calendar arithmetic on plain numbers, and the texts that dates take. A local time is counted in
 * milliseconds as if its clock were UTC's; which instant it is, `zone.ts` knows.
 * Integers rather than `Temporal.PlainDate`: a plan over 100,000 partitions does this millions of times.
 */
import type { TimeUnit } from "./scheme.ts";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Days since 1970-01-01 of a date in the proleptic Gregorian calendar; month from 1. */
export function dayOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) +
    dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The date of a day counted from 1970-01-01. */
export function dateOf(day: number): { year: number; month: number; day: number } {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra -
    (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const m = Math.floor((5 * dayOfYear + 2) / 153);
  const month = m < 10 ? m + 3 : m - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * m + 2) / 5) + 1,
  };
}

export function daysInMonth(year: number, month: number): number {
  return month === 12 ? 31 : dayOf(year, month + 1, 1) - dayOf(year, month, 1);
}

/** A time as a person writes it, with the unit that its precision stands for. */
export interface WrittenTime {
  readonly local: number;
  /** The coarsest unit that the text fixes; minutes and seconds count as `hour`, see `exact`. */
  readonly unit: Exclude<TimeUnit, "week">;
  /** False where minutes, seconds or fractions other than zero are written. */
  readonly wholeHour: boolean;
  /** Milliseconds east of UTC, where an offset or Z is written. */
  readonly offset: number | null;
}

const WRITTEN =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?)?)?$/i;

/** Reads `2023`, `2023-01`, `2023-01-01`, `2023-01-01T05[:30[:00]][-05:00|Z]`; null for what is no such time. */
export function readTime(text: string): WrittenTime | null {
  const found = WRITTEN.exec(text.trim());
  if (found === null) return null;
  const part = (index: number, otherwise: number) =>
    found[index] === undefined ? otherwise : Number(found[index]);
  const year = part(1, 1), month = part(2, 1), day = part(3, 1);
  const hour = part(4, 0), minute = part(5, 0), second = part(6, 0);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const fraction = found[7] === undefined ? 0 : Math.floor(Number(`0.${found[7]}`) * 1000);
  const offset = found[8] === undefined ? null : readOffset(found[8]);
  return {
    local: dayOf(year, month, day) * DAY_MS + hour * HOUR_MS + minute * 60_000 + second * 1000 +
      fraction,
    unit: found[4] !== undefined
      ? "hour"
      : found[3] !== undefined
      ? "day"
      : found[2] !== undefined
      ? "month"
      : "year",
    wholeHour: minute === 0 && second === 0 && fraction === 0,
    offset,
  };
}

function readOffset(text: string): number {
  if (text.toUpperCase() === "Z") return 0;
  const hours = Number(text.slice(1, 3)), minutes = Number(text.slice(3).replace(":", "") || "0");
  return (text.startsWith("-") ? -1 : 1) * (hours * HOUR_MS + minutes * 60_000);
}

/** The local time at which the year, month, day or hour after this one begins. */
export function nextLocal(local: number, unit: Exclude<TimeUnit, "week">): number {
  if (unit === "hour") return local + HOUR_MS;
  if (unit === "day") return local + DAY_MS;
  const { year, month } = dateOf(Math.floor(local / DAY_MS));
  const next = unit === "year" ? dayOf(year + 1, 1, 1) : dayOf(
    month === 12 ? year + 1 : year,
    month === 12 ? 1 : month + 1,
    1,
  );
  return next * DAY_MS;
}

function pad(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}

/** The number that digits at a place of a text stand for; NaN where another character is among them. */
export function digitsAt(text: string, from: number, count: number): number {
  let value = 0;
  for (let place = from; place < from + count; place++) {
    const digit = text.charCodeAt(place) - 48;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** `2023-01-01` of a local time. */
export function dateText(local: number): string {
  const { year, month, day } = dateOf(Math.floor(local / DAY_MS));
  return `${year < 1000 ? String(year).padStart(4, "0") : year}-${pad(month)}-${pad(day)}`;
}

/** `05` of a local time. */
export function hourText(local: number): string {
  return pad(Math.floor((local - Math.floor(local / DAY_MS) * DAY_MS) / HOUR_MS));
}

/** `2023-01-01T05:00:00` of a local time, as SQL takes a TIMESTAMP. */
export function timeText(local: number): string {
  const rest = local - Math.floor(local / DAY_MS) * DAY_MS;
  const clock = [
    Math.floor(rest / HOUR_MS),
    Math.floor(rest / 60_000) % 60,
    Math.floor(rest / 1000) % 60,
  ];
  return `${dateText(local)}T${clock.map((each) => pad(each)).join(":")}`;
}

/** `-05:00` of milliseconds east of UTC. */
export function offsetText(offset: number): string {
  const minutes = Math.round(Math.abs(offset) / 60_000);
  return `${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}
