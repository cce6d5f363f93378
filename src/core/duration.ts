/** Lengths of time as written in definitions: `35d`, `1h30m`, `45d after end`. Decides the units; knows no clock. */
import { err, ok, type Result } from "./result.ts";

const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ["w", 604_800_000],
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
];

/**
 * Milliseconds of `35d`, `2h`, `10m`, `1.5s`, `250ms`, `1w` or `1h30m`; a number counts seconds.
 * The error is a sentence that says what was expected.
 */
export function parseDuration(value: string | number): Result<number, string> {
  if (typeof value === "number") {
    return Number.isFinite(value) && value >= 0
      ? checked(value * 1000, String(value))
      : err(`a length of time is not ${value}`);
  }
  const text = value.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(text)) {
    return err(`${value} has no unit: write ${text}s, ${text}m or ${text}h`);
  }
  if (!/^(\d+(\.\d+)?\s*[a-z]+\s*)+$/.test(text)) {
    return err(
      `${JSON.stringify(value)} is no length of time: write it like 35d, 2h, 10m, 1.5s, 250ms`,
    );
  }
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const known = UNITS.find(([name]) => name === unit);
    if (known === undefined) {
      const long = LONG.test(unit ?? "");
      if (long) {
        return err(`${JSON.stringify(value)} writes its unit out: write ${count}${unit?.[0]}`);
      }
      return err(
        /^(mo|mon|month|months|y|yr|year|years)$/.test(unit ?? "")
          ? `a ${unit?.startsWith("y") ? "year" : "month"} has no fixed length: write days, e.g. ${
            unit?.startsWith("y") ? "365d" : "30d"
          }`
          : `there is no unit ${JSON.stringify(unit)}: there is w, d, h, m, s, ms`,
      );
    }
    total += Number(count) * known[1];
  }
  return checked(total, value);
}

/** Units written out, which people try: told how they are written, so that there is one spelling in all files. */
const LONG = /^(?:weeks?|days?|h(?:ou)?rs?|min(?:ute)?s?|sec(?:ond)?s?)$/;

function checked(ms: number, written: string): Result<number, string> {
  // Beyond this (285 years) an instant that it is added to is no longer a date that `Temporal` takes exactly.
  return ms <= 9e12 ? ok(Math.round(ms)) : err(`${written} is too long`);
}

/** Milliseconds of `45d after end`, as `available` says it; `after end` may be left out. */
export function parseAvailable(value: string | number): Result<number, string> {
  return parseDuration(
    typeof value === "number" ? value : value.replace(/\s+after(\s+the)?\s+end\s*$/i, ""),
  );
}

/** Milliseconds of `90d back`, as `refresh` says it; `back` may be left out. */
export function parseBack(value: string | number): Result<number, string> {
  return parseDuration(typeof value === "number" ? value : value.replace(/\s+back\s*$/i, ""));
}

/** `35d`, `1h 30m`, `1.5s`, `250ms`: what `parseDuration` reads back, to the two largest units. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms < 1000) return `${Math.round(ms)}ms`;
  if (ms < 60_000) return `${Math.round(ms / 100) / 10}s`.replace(/^60s$/, "1m");
  // Weeks are written, but read more easily as days.
  const units = UNITS.filter(([name]) => name !== "w" && name !== "ms");
  let index = units.findIndex(([, size]) => ms >= size);
  const smaller = units[index + 1];
  const rounded = smaller === undefined ? ms : Math.round(ms / smaller[1]) * smaller[1];
  index = units.findIndex(([, size]) => rounded >= size);
  const [name, size] = units[index] ?? ["s", 1000];
  const count = Math.floor(rounded / size);
  const rest = rounded - count * size;
  const next = units[index + 1];
  return rest === 0 || next === undefined
    ? `${count}${name}`
    : `${count}${name} ${Math.round(rest / next[1])}${next[0]}`;
}
