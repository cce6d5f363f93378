/**
 * Partition keys as a short readable text for those who have keys but no scheme (reasons, reports): neighbours are
 * told by the form of the keys, days apart from weeks by their distance. Where a scheme is at hand, use `ranges.ts`.
 */
import type { PartitionKey } from "../key.ts";
import { readTime } from "./civil.ts";
import { formatRanges, type KeyRange } from "./ranges.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** `2023-01..2023-03, 2023-07`; at most six ranges, then how many keys more. */
export function foldRanges(keys: readonly PartitionKey[]): string {
  return formatRanges(rangesByForm(keys), 6);
}

function rangesByForm(keys: readonly PartitionKey[]): readonly KeyRange[] {
  const places = keys.map(placeOf);
  const step = stepOf(places);
  const found: { from: string; to: string; count: number }[] = [];
  let before: number | null = null;
  keys.forEach((key, index) => {
    const place = places[index] ?? null;
    const last = found.at(-1);
    if (last !== undefined && before !== null && place !== null && place - before === step) {
      last.to = key;
      last.count++;
    } else found.push({ from: key, to: key, count: 1 });
    before = place;
  });
  return found;
}

/** Where a key stands among its like: years, months, milliseconds; null where it is no time. */
function placeOf(key: PartitionKey): number | null {
  const month = /^(\d{4})-(\d{2})$/.exec(key);
  if (month) return Number(month[1]) * 12 + Number(month[2]);
  if (/^\d{4}$/.test(key)) return Number(key);
  if (!/^\d{4}-\d{2}-\d{2}/.test(key)) return null;
  return readTime(key)?.local ?? null;
}

/** The smallest distance between two that follow each other, where it is one that schemes have. */
function stepOf(places: readonly (number | null)[]): number {
  let least = Infinity;
  for (let index = 1; index < places.length; index++) {
    const a = places[index - 1], b = places[index];
    if (a !== null && a !== undefined && b !== null && b !== undefined && b > a) {
      least = Math.min(least, b - a);
    }
  }
  return [1, HOUR, DAY, 7 * DAY].includes(least) ? least : 1;
}
