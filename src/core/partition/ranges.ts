/** Folds many partition keys into a few readable ranges. Decides which keys are neighbours. */
import type { Grid } from "./grid.ts";
import { joinRanges, splitKey } from "./keyset.ts";
import type { ResolvedScheme } from "./resolve.ts";

/** Neighbouring keys; one key where `from` equals `to`. */
export interface KeyRange {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

/**
 * The keys as ranges, time windows oldest first. Of a pair the windows of each other key are folded; static and
 * dynamic keys stay single, since a reader does not know their order.
 */
export function ranges(scheme: ResolvedScheme | null, keys: Iterable<string>): readonly KeyRange[] {
  if (scheme?.type === "time") return foldTime(scheme.grid, keys, (key) => key);
  if (scheme?.type !== "multi") return [...keys].map(single);
  const time = scheme.dimensions[0].scheme.type === "time" ? 0 : 1;
  const inner = scheme.dimensions[time].scheme;
  if (inner.type !== "time") return [...keys].map(single);
  const groups = new Map<string, string[]>();
  for (const key of keys) {
    const parts = splitKey(key);
    if (parts === null) continue;
    const group = groups.get(parts[1 - time] ?? "") ?? [];
    groups.set(parts[1 - time] ?? "", group);
    group.push(parts[time] ?? "");
  }
  return [...groups].flatMap(([other, windows]) =>
    foldTime(inner.grid, windows, (key) => time === 0 ? `${key}|${other}` : `${other}|${key}`)
  );
}

const single = (key: string): KeyRange => ({ from: key, to: key, count: 1 });

function foldTime(
  grid: Grid,
  keys: Iterable<string>,
  write: (key: string) => string,
): readonly KeyRange[] {
  const ordinals: { first: number; last: number }[] = [];
  const strange: KeyRange[] = [];
  for (const key of keys) {
    const ordinal = grid.ordinalOfKey(key);
    // Keys that are left over from another scheme are told as they are.
    if (ordinal === null) strange.push(single(write(key)));
    else ordinals.push({ first: ordinal, last: ordinal });
  }
  return [
    ...joinRanges(ordinals).map(({ first, last }) => ({
      from: write(grid.keyOf(first)),
      to: write(grid.keyOf(last)),
      count: last - first + 1,
    })),
    ...strange,
  ];
}

/** `2023-01..2023-03, 2023-07`; `limit` ranges at the most, then how many keys more. */
export function formatRanges(found: readonly KeyRange[], limit = Infinity): string {
  const shown = found.slice(0, limit).map(({ from, to, count }) =>
    count === 1 ? from : count === 2 ? `${from}, ${to}` : `${from}..${to}`
  );
  const more = found.slice(limit).reduce((sum, each) => sum + each.count, 0);
  return shown.join(", ") + (more > 0 ? `, and ${more} more` : "");
}
