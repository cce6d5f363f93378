/**
 * Which partitions of an upstream a partition is made from, and which are made from one: the same rule read
 * in both directions. What does not exist is left out. Whether two schemes fit at all, `fit.ts` says.
 */
import type { Dependency } from "../definition.ts";
import type { PartitionKey } from "../key.ts";
import { pairDimensions } from "./fit.ts";
import type { Grid } from "./grid.ts";
import { newestKeys, type Partitions } from "./keys.ts";
import {
  clipRanges,
  type KeySet,
  listedKeys,
  NO_KEYS,
  oneKey,
  type OrdinalRange,
  type PairedKeys,
  pairedKeys,
  splitKey,
  type TimeKeys,
  timeKeys,
  WHOLE_ONLY,
} from "./keyset.ts";
import type { ResolvedScheme } from "./resolve.ts";

/** How a dependency reads; of `Dependency` only what matters here. */
export type Reading = Pick<Dependency, "mapping" | "lookback" | "lookahead">;

/**
 * The upstream keys that one downstream key (`WHOLE` where there is no scheme) is made from, in the
 * upstream's order. Throws where `checkMapping` has a problem.
 */
export function mapKeys(
  down: ResolvedScheme | null,
  key: PartitionKey,
  up: Partitions,
  reading: Reading,
): KeySet {
  if (up.scheme === null) return WHOLE_ONLY;
  const { mapping } = reading;
  switch (mapping.type) {
    case "all":
      return up.keys;
    case "latest":
      return listedKeys(newestKeys(up));
    case "keys":
      return listedKeys(mapping.keys.filter((each) => up.keys.has(each)));
    case "same":
      if (!sameGrid(down, up.scheme)) return oneOf(up.keys, key);
      break;
    case "default":
    case "offset":
    case "dimension":
  }
  if (down === null) return up.keys;
  if (isIdentity(down, up.scheme, reading)) return oneOf(up.keys, key);
  const pairs = needPairs(down, up.scheme, reading);
  const downParts = partsOf(down, key), downDims = dimensionsOf(down);
  if (downParts === null) return NO_KEYS;
  const sets = dimensionsOf(up.scheme).map((scheme, index) => {
    const keys = keysIn(up, index);
    const from = pairs[index];
    if (from === undefined || from === null) return keys;
    const part = downParts[from] ?? "", downScheme = downDims[from];
    if (scheme.type !== "time" || downScheme?.type !== "time") return oneOf(keys, part);
    const ordinal = downScheme.grid.ordinalOfKey(part);
    if (ordinal === null) return NO_KEYS;
    const { first, last } = upstreamWindows(downScheme.grid, ordinal, scheme.grid, reading);
    return clipped(keys, first, last);
  });
  return joined(sets);
}

/** The downstream keys that are made from one upstream key; none where the upstream key does not exist. */
export function dependents(
  down: Partitions,
  up: Partitions,
  upKey: PartitionKey,
  reading: Reading,
): KeySet {
  if (up.scheme === null) return down.keys;
  if (!up.keys.has(upKey)) return NO_KEYS;
  const { mapping } = reading;
  switch (mapping.type) {
    case "all":
      return down.keys;
    case "latest":
      return newestKeys(up).includes(upKey) ? down.keys : NO_KEYS;
    case "keys":
      return mapping.keys.includes(upKey) ? down.keys : NO_KEYS;
    case "same":
      if (!sameGrid(down.scheme, up.scheme)) return oneOf(down.keys, upKey);
      break;
    case "default":
    case "offset":
    case "dimension":
  }
  if (down.scheme === null) return down.keys;
  const pairs = needPairs(down.scheme, up.scheme, reading);
  const upParts = partsOf(up.scheme, upKey), upDims = dimensionsOf(up.scheme);
  if (upParts === null) return NO_KEYS;
  const sets = dimensionsOf(down.scheme).map((scheme, index) => {
    const keys = keysIn(down, index);
    const from = pairs.indexOf(index);
    if (from < 0) return keys;
    const part = upParts[from] ?? "", upScheme = upDims[from];
    if (scheme.type !== "time" || upScheme?.type !== "time") return oneOf(keys, part);
    const ordinal = upScheme.grid.ordinalOfKey(part);
    if (ordinal === null) return NO_KEYS;
    const { first, last } = downstreamWindows(upScheme.grid, ordinal, scheme.grid, reading);
    return clipped(keys, first, last);
  });
  return joined(sets);
}

/** Same windows, nothing around them: by far the commonest case, answered without any arithmetic. */
function isIdentity(down: ResolvedScheme, up: ResolvedScheme, reading: Reading): boolean {
  return reading.lookback === 0 && reading.lookahead === 0 && shiftOf(reading) === 0 &&
    sameGrid(down, up);
}

/**
 * Does every key of the one stand on the very same key of the other? Asked once for a whole asset, so that a hundred
 * thousand partitions need no arithmetic of their own.
 */
export function isSameForAll(down: Partitions, up: Partitions, reading: Reading): boolean {
  const { type } = reading.mapping;
  if (type !== "default" && type !== "same") return false;
  if (down.scheme === null || up.scheme === null) return false;
  if (reading.lookback !== 0 || reading.lookahead !== 0) return false;
  const own = dimensionsOf(down.scheme), theirs = dimensionsOf(up.scheme);
  const pairs = pairDimensions(down.scheme, up.scheme, reading.mapping);
  if (pairs === null || own.length !== theirs.length) return false;
  return pairs.every((from, at) => {
    const [one, other] = [own[at], theirs[at]];
    return from === at && one !== undefined && other !== undefined &&
      isWithin(one, keysIn(down, at), other, keysIn(up, at));
  });
}

/** Are all keys of one dimension, windows by window, keys of another? */
function isWithin(down: Simple, own: KeySet, up: Simple, theirs: KeySet): boolean {
  if (down.type === "static" && up.type === "static") {
    return [...own].every((key) => theirs.has(key));
  }
  if (!sameGrid(down, up)) return false;
  const ranges = (theirs as TimeKeys).ranges;
  return (own as TimeKeys).ranges.every(({ first, last }) =>
    ranges.some((each) => each.first <= first && last <= each.last)
  );
}

const shiftOf = ({ mapping }: Reading) => mapping.type === "offset" ? mapping.by : 0;

/** Windows that overlap, moved and widened as the reading says; of one grid that is the same window. */
function upstreamWindows(down: Grid, ordinal: number, up: Grid, reading: Reading): OrdinalRange {
  const { first, last } = overlap(down, ordinal, ordinal, up);
  const by = shiftOf(reading);
  return { first: first + by - reading.lookback, last: last + by + reading.lookahead };
}

/** The inverse: what overlaps any window from which the reading reaches this one. */
function downstreamWindows(up: Grid, ordinal: number, down: Grid, reading: Reading): OrdinalRange {
  const by = shiftOf(reading);
  return overlap(up, ordinal - by - reading.lookahead, ordinal - by + reading.lookback, down);
}

function overlap(from: Grid, first: number, last: number, to: Grid): OrdinalRange {
  if (from.id === to.id) return { first, last };
  return {
    first: to.ordinalOf(from.startOf(first)),
    last: to.ordinalOf(from.startOf(last + 1) - 1),
  };
}

function sameGrid(down: ResolvedScheme | null, up: ResolvedScheme): boolean {
  return down?.type === "time" && up.type === "time" && down.grid.id === up.grid.id;
}

function needPairs(down: ResolvedScheme, up: ResolvedScheme, reading: Reading) {
  const pairs = pairDimensions(down, up, reading.mapping);
  if (pairs === null) throw new Error("checkMapping would have refused this dependency");
  return pairs;
}

type Simple = Exclude<ResolvedScheme, { readonly type: "multi" }>;

function dimensionsOf(scheme: ResolvedScheme): readonly Simple[] {
  return scheme.type === "multi" ? scheme.dimensions.map((each) => each.scheme) : [scheme];
}

function partsOf(scheme: ResolvedScheme, key: string): readonly string[] | null {
  return scheme.type === "multi" ? splitKey(key) : [key];
}

function keysIn({ scheme, keys }: Partitions, index: number): KeySet {
  return scheme?.type === "multi" ? (keys as PairedKeys).pair[index] ?? NO_KEYS : keys;
}

function oneOf(keys: KeySet, key: string): KeySet {
  return keys.has(key) ? oneKey(key as PartitionKey) : NO_KEYS;
}

function clipped(keys: KeySet, first: number, last: number): KeySet {
  const { grid, ranges } = keys as TimeKeys;
  return timeKeys(grid, clipRanges(ranges, first, last));
}

function joined(sets: readonly KeySet[]): KeySet {
  const [first, second] = sets;
  if (first === undefined) return NO_KEYS;
  return second === undefined ? first : pairedKeys(first, second);
}
