/**
 * What `--from A --to B` means: both included, each a year, month, day or hour whatever the scheme; every window
 * that begins between the start of A and the end of B. Keys without time follow the order of their list.
 */
import { nearest } from "../graph/nearest.ts";
import type { Instant } from "../key.ts";
import { type Problem, problem } from "../problem/problem.ts";
import { err, ok, type Result } from "../result.ts";
import { nextLocal, readTime } from "./civil.ts";
import { type Grid, ordinalFrom } from "./grid.ts";
import { keysOf } from "./keys.ts";
import { clipRanges, type KeySet, listedKeys, pairedKeys, timeKeys } from "./keyset.ts";
import type { ResolvedScheme } from "./resolve.ts";

/**
 * The keys that exist within a range; null leaves a side open. Empty where none begins in it. A list of keys is
 * cut between two of its keys, and kept whole when the range is of times: it has nothing to do with them.
 */
export function rangeOf(
  scheme: ResolvedScheme | null,
  from: string | null,
  to: string | null,
  now: Instant,
  dynamicKeys: Iterable<string> = [],
): Result<KeySet, Problem> {
  const keys = keysOf(scheme, now, dynamicKeys);
  if (scheme === null) return ok(keys);
  if (scheme.type === "time") {
    const bounds = boundsOf(scheme.grid, from, to);
    if (!bounds.ok) return bounds;
    const { grid } = scheme;
    const first = from === null ? -Infinity : ordinalFrom(grid, bounds.value.from);
    const last = to === null ? Infinity : ordinalFrom(grid, bounds.value.to) - 1;
    return ok(timeKeys(grid, clipRanges(scheme.existing(now), first, last)));
  }
  if (scheme.type === "multi") {
    const sets: KeySet[] = [];
    const hasTime = scheme.dimensions.some((each) => each.scheme.type === "time");
    for (const { scheme: inner } of scheme.dimensions) {
      const set = hasTime && inner.type !== "time"
        ? ok(keysOf(inner, now))
        : rangeOf(inner, from, to, now);
      if (!set.ok) return set;
      sets.push(set.value);
    }
    const [first, second] = sets;
    return ok(first === undefined || second === undefined ? keys : pairedKeys(first, second));
  }
  return cutList(keys, from, to);
}

function cutList(keys: KeySet, from: string | null, to: string | null): Result<KeySet, Problem> {
  const sides = [from, to].filter((each) => each !== null);
  const known = sides.filter((each) => keys.has(each));
  if (known.length < sides.length) {
    const strange = sides.find((each) => !keys.has(each) && readTime(each) === null);
    if (strange === undefined) return ok(keys);
    const near = nearest(strange, keys);
    return err(problem("partition-unknown", {
      message: `There is no partition ${JSON.stringify(strange)}`,
      why: "a range of keys goes from one key of the list to another",
      hint: near === null ? "nycflow partitions lists the keys" : `the nearest is ${near}`,
      fields: { partition: strange, nearest: near },
    }));
  }
  const first = from === null ? 0 : keys.indexOf(from);
  const last = to === null ? keys.size - 1 : keys.indexOf(to);
  if (last < first && from !== null && to !== null) return err(reversed(from, to));
  return ok(listedKeys([...keys].slice(first, last + 1)));
}

/** What `--from` and `--to` mean in one grid: the start of the one, the end of the other. */
function boundsOf(
  grid: Grid,
  from: string | null,
  to: string | null,
): Result<{ readonly from: Instant; readonly to: Instant }, Problem> {
  const start = from === null ? ok(-Infinity) : boundOf(grid, from, "from");
  if (!start.ok) return start;
  const end = to === null ? ok(Infinity) : boundOf(grid, to, "to");
  if (!end.ok) return end;
  return end.value > start.value
    ? ok({ from: start.value, to: end.value })
    : err(reversed(from ?? "", to ?? ""));
}

function reversed(from: string, to: string): Problem {
  return problem("partition-unknown", {
    message: `Cannot go from ${from} to ${to}`,
    why: `${to} lies before ${from}`,
    hint: `write --from ${to} --to ${from}`,
    fields: { from, to },
  });
}

function boundOf(grid: Grid, text: string, side: "from" | "to"): Result<Instant, Problem> {
  const written = readTime(text);
  if (written === null || !written.wholeHour) {
    return err(problem("partition-unknown", {
      message: `Cannot read ${JSON.stringify(text)} as the --${side} of a range`,
      why: "it is no year, month, day or hour that exists",
      hint: "write it like 2023, 2023-01, 2023-01-31 or 2023-01-31T05",
      fields: { [side]: text },
    }));
  }
  const { local, offset, unit } = written;
  const instantOf = (each: number) => offset === null ? grid.zone.instantAt(each) : each - offset;
  // The next local hour ends a doubled hour too: both of it are meant where no offset says which.
  return ok(instantOf(side === "from" ? local : nextLocal(local, unit)));
}
