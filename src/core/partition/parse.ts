/**
 * From what a person types to a partition key. Decides which spellings are understood and
 * what is said when a key lies outside; ranges are `range.ts`, existence is `keys.ts`.
 */
import type { Instant, PartitionKey } from "../key.ts";
import { WHOLE } from "../key.ts";
import { nearest } from "../graph/nearest.ts";
import { type Problem, problem } from "../problem/problem.ts";
import { err, ok, type Result } from "../result.ts";
import { readTime } from "./civil.ts";
import { describe } from "./fit.ts";
import { keysOf, type Partitions } from "./keys.ts";
import { type KeySet, pairKey, splitKey } from "./keyset.ts";
import type { ResolvedMulti, ResolvedScheme, ResolvedTime } from "./resolve.ts";
import type { TimeUnit } from "./scheme.ts";

/**
 * A partition key as typed. Longer spellings of a window's start are understood (`2023-01-01` for a month).
 * Of dynamic keys every visible text is one. The problem names the range and the nearest key.
 */
export function parsePartition(
  scheme: ResolvedScheme | null,
  text: string,
  now: Instant,
): Result<PartitionKey, Problem> {
  const typed = text.trim();
  if (scheme === null) {
    if (typed === "") return ok(WHOLE);
    return err(unknownKey(text, "the asset is not partitioned", "leave --partition out", null));
  }
  switch (scheme.type) {
    case "time":
      return parseTime(scheme, typed, now);
    case "static":
      return parseListed(scheme.keys, typed);
    case "dynamic":
      return typed !== "" && typed.length <= 300 && !/\p{Cc}/u.test(typed)
        ? ok(typed as PartitionKey)
        : err(unknownKey(
          text,
          "a key has 1 to 300 characters and no control characters",
          "shorten it",
          null,
        ));
    case "multi": {
      const parts = splitKey(typed);
      const [first, second] = scheme.dimensions;
      if (parts === null) {
        return err(unknownKey(
          text,
          `a key names both ${first.name} and ${second.name}`,
          `write it as ${example(scheme, typed, now)}`,
          null,
        ));
      }
      const a = parsePartition(first.scheme, parts[0], now);
      if (!a.ok) return a;
      const b = parsePartition(second.scheme, parts[1], now);
      return b.ok ? ok(pairKey(a.value, b.value)) : b;
    }
  }
}

/** A key of two dimensions, with what was typed of it where that is one of them. */
function example(scheme: ResolvedMulti, typed: string, now: Instant): string {
  const { dimensions: [first, second] } = scheme;
  const [a, b] = [first, second].map((each) => parsePartition(each.scheme, typed, now));
  const newest = splitKey(keysOf(scheme, now).newest ?? "");
  if (newest === null) return `${first.name}|${second.name}`;
  return pairKey(a?.ok ? a.value : newest[0], b?.ok && !a?.ok ? b.value : newest[1]);
}

/** Says that a dynamic key has not come; null where it has, and for all other schemes, whose keys are known by form. */
export function notComeYet({ scheme, keys }: Partitions, key: PartitionKey): Problem | null {
  if (scheme?.type !== "dynamic" || keys.has(key)) return null;
  const near = nearest(key, keys);
  const some = [...keys].slice(-3).reverse();
  return unknownKey(
    key,
    keys.size === 0
      ? "its keys come while running, and none has come yet"
      : `no such key has come; it has ${keys.size}, the last: ${some.join(", ")}`,
    near === null
      ? "a sensor or a watched folder brings keys: nycflow sensors"
      : `the nearest is ${near}`,
    near,
  );
}

function unknownKey(text: string, why: string, hint: string, near: string | null): Problem {
  return problem("partition-unknown", {
    message: `There is no partition ${JSON.stringify(text)}`,
    why,
    hint,
    fields: { partition: text, nearest: near },
  });
}

const FINENESS: Record<TimeUnit, number> = { year: 0, month: 1, week: 2, day: 2, hour: 3 };

function parseTime(
  scheme: ResolvedTime,
  text: string,
  now: Instant,
): Result<PartitionKey, Problem> {
  const { grid } = scheme;
  const kind = describe(scheme);
  const written = readTime(text);
  if (written === null) {
    const example = keysOf(scheme, now).newest ?? grid.keyOf(grid.ordinalOf(now));
    return err(unknownKey(
      text,
      `it is no date; ${kind} partitions are named like ${example}`,
      `write it like ${example}`,
      null,
    ));
  }
  if (FINENESS[written.unit] < FINENESS[grid.unit]) {
    return err(unknownKey(
      text,
      `the partitions are ${kind}, and this is a whole ${written.unit}`,
      `to mean all of it, write --from ${text} --to ${text}`,
      null,
    ));
  }
  const instant = written.offset === null
    ? grid.zone.instantAt(written.local)
    : written.local - written.offset;
  const ordinal = grid.ordinalOf(instant);
  const starts = written.offset === null
    ? grid.localOf(ordinal) === written.local
    : grid.startOf(ordinal) === instant;
  if (!starts) {
    const near = nearestWindow(scheme, ordinal, now);
    const skipped = written.offset === null && grid.zone.localAt(instant) !== written.local;
    return err(unknownKey(
      text,
      skipped
        ? `the clock in ${grid.zone.name} skips this time`
        : `${kind} partitions are named by their first ${
          grid.unit === "hour" ? "minute" : "day"
        }, and none begins then`,
      `write ${near ?? grid.keyOf(ordinal)}`,
      near,
    ));
  }
  const keys = keysOf(scheme, now);
  const key = grid.keyOf(ordinal);
  if (keys.has(key)) return ok(key);
  return err(outside(scheme, key, ordinal, keys, now));
}

function outside(
  scheme: ResolvedTime,
  key: PartitionKey,
  ordinal: number,
  keys: KeySet,
  now: Instant,
): Problem {
  const { grid } = scheme;
  const near = nearestWindow(scheme, ordinal, now);
  const range = keys.size === 0
    ? "no partition exists yet"
    : `${describe(scheme)} partitions exist from ${keys.at(0)} to ${keys.newest}`;
  const ready = grid.startOf(ordinal + 1) + scheme.scheme.availableMs;
  const pending = ready > now && keys.size > 0 && ordinal > grid.ordinalOf(now - 1) - 2 &&
    grid.startOf(ordinal) <= now;
  return unknownKey(
    key,
    pending ? `${range}; this one is not over, or its data is not to be expected yet` : range,
    near === null ? "nycflow partitions shows which exist and when" : `the nearest is ${near}`,
    near,
  );
}

function nearestWindow(scheme: ResolvedTime, ordinal: number, now: Instant): PartitionKey | null {
  let best: number | null = null;
  for (const { first, last } of scheme.existing(now)) {
    const here = Math.min(Math.max(ordinal, first), last);
    if (best === null || Math.abs(here - ordinal) < Math.abs(best - ordinal)) best = here;
  }
  return best === null ? null : scheme.grid.keyOf(best);
}

function parseListed(keys: readonly string[], text: string): Result<PartitionKey, Problem> {
  if (keys.includes(text)) return ok(text as PartitionKey);
  const near = nearest(text, keys);
  const shown = keys.slice(0, 8).join(", ") +
    (keys.length > 8 ? `, and ${keys.length - 8} more` : "");
  return err(unknownKey(
    text,
    `the keys are ${shown}`,
    near === null ? "write one of these" : `the nearest is ${near}`,
    near,
  ));
}
