/**
 * Sets of partition keys that cost little however many they hold: time windows as ranges of numbers,
 * pairs as a product. Decides nothing about which keys belong in a set.
 */
import { type PartitionKey, WHOLE } from "../key.ts";
import type { Grid } from "./grid.ts";

/** An ordered set of keys: time windows oldest first, static keys as declared, dynamic ones as they came. */
export interface KeySet extends Iterable<PartitionKey> {
  readonly size: number;
  has(key: string): boolean;
  /** The key at a place from 0; undefined outside. */
  at(index: number): PartitionKey | undefined;
  /** The place of a key; -1 where it is not in the set. */
  indexOf(key: string): number;
  /** The last of the order: of time windows the newest. */
  readonly newest: PartitionKey | null;
}

/** Window numbers, both ends included. */
export interface OrdinalRange {
  readonly first: number;
  readonly last: number;
}

/** Windows of one grid, as ascending ranges that do not touch. */
export interface TimeKeys extends KeySet {
  readonly grid: Grid;
  readonly ranges: readonly OrdinalRange[];
}

/** Sorts and joins ranges; empty ones fall out. */
export function joinRanges(ranges: readonly OrdinalRange[]): readonly OrdinalRange[] {
  const sorted = ranges.filter((each) => each.first <= each.last)
    .sort((a, b) => a.first - b.first);
  const joined: { first: number; last: number }[] = [];
  for (const each of sorted) {
    const before = joined.at(-1);
    if (before !== undefined && each.first <= before.last + 1) {
      before.last = Math.max(before.last, each.last);
    } else joined.push({ ...each });
  }
  return joined;
}

/** What of ranges lies between two numbers, both included. */
export function clipRanges(
  ranges: readonly OrdinalRange[],
  first: number,
  last: number,
): readonly OrdinalRange[] {
  return ranges.map((each) => ({
    first: Math.max(each.first, first),
    last: Math.min(each.last, last),
  })).filter((each) => each.first <= each.last);
}

/** Windows by number; `ranges` ascend and do not touch (`joinRanges`). */
export function timeKeys(grid: Grid, ranges: readonly OrdinalRange[]): TimeKeys {
  const size = ranges.reduce((sum, each) => sum + each.last - each.first + 1, 0);
  const at = (index: number) => {
    let rest = index;
    if (rest < 0) return undefined;
    for (const { first, last } of ranges) {
      if (rest <= last - first) return grid.keyOf(first + rest);
      rest -= last - first + 1;
    }
    return undefined;
  };
  const indexOf = (key: string) => {
    if (size === 0) return -1;
    const ordinal = grid.ordinalOfKey(key);
    if (ordinal === null) return -1;
    let before = 0;
    for (const { first, last } of ranges) {
      if (ordinal < first) return -1;
      if (ordinal <= last) return before + ordinal - first;
      before += last - first + 1;
    }
    return -1;
  };
  return {
    grid,
    ranges,
    size,
    at,
    indexOf,
    has: (key) => indexOf(key) >= 0,
    get newest() {
      return at(size - 1) ?? null;
    },
    *[Symbol.iterator]() {
      for (const { first, last } of ranges) {
        for (let ordinal = first; ordinal <= last; ordinal++) yield grid.keyOf(ordinal);
      }
    },
  };
}

/** Keys by name, doubles dropped. */
export function listedKeys(keys: Iterable<string>): KeySet {
  const list = [...new Set(keys)] as PartitionKey[];
  let places: Map<string, number> | null = null;
  const indexOf = (key: string) => {
    if (list.length <= 4) return list.indexOf(key as PartitionKey);
    places ??= new Map(list.map((each, index) => [each, index]));
    return places.get(key) ?? -1;
  };
  return {
    size: list.length,
    at: (index) => list[index],
    indexOf,
    has: (key) => indexOf(key) >= 0,
    newest: list.at(-1) ?? null,
    [Symbol.iterator]: () => list[Symbol.iterator](),
  };
}

/** A set of one key: what most steps read of an upstream. */
export function oneKey(key: PartitionKey): KeySet {
  return {
    size: 1,
    has: (each) => each === key,
    at: (index) => index === 0 ? key : undefined,
    indexOf: (each) => each === key ? 0 : -1,
    newest: key,
    *[Symbol.iterator]() {
      yield key;
    },
  };
}

/** All pairs of two dimensions. */
export interface PairedKeys extends KeySet {
  readonly pair: readonly [KeySet, KeySet];
}

/** All pairs of two dimensions, as `a|b`, the first one changing slowest. */
export function pairedKeys(first: KeySet, second: KeySet): PairedKeys {
  const size = first.size * second.size;
  const at = (index: number) => {
    if (index < 0 || index >= size) return undefined;
    const a = first.at(Math.floor(index / second.size)), b = second.at(index % second.size);
    return a === undefined || b === undefined ? undefined : pairKey(a, b);
  };
  const indexOf = (key: string) => {
    const parts = splitKey(key);
    if (parts === null) return -1;
    const a = first.indexOf(parts[0]), b = second.indexOf(parts[1]);
    return a < 0 || b < 0 ? -1 : a * second.size + b;
  };
  return {
    pair: [first, second],
    size,
    at,
    indexOf,
    has: (key) => indexOf(key) >= 0,
    newest: size === 0 ? null : at(size - 1) ?? null,
    *[Symbol.iterator]() {
      for (const a of first) for (const b of second) yield pairKey(a, b);
    },
  };
}

/** The key of a pair. */
export function pairKey(first: string, second: string): PartitionKey {
  return `${first}|${second}` as PartitionKey;
}

/** The parts of a pair's key; null where there is no `|`. */
export function splitKey(key: string): readonly [string, string] | null {
  const bar = key.indexOf("|");
  return bar < 0 ? null : [key.slice(0, bar), key.slice(bar + 1)];
}

export const NO_KEYS: KeySet = listedKeys([]);
/** The one key of what is not partitioned. */
export const WHOLE_ONLY: KeySet = listedKeys([WHOLE]);
