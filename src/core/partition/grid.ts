/**
 * What a row of windows is: endless, numbered, of one unit in one time zone. Where they begin and what
 * they are called, `calendar.ts` and `hours.ts` decide; which of them exist, `resolve.ts`.
 */
import type { Instant, PartitionKey } from "../key.ts";
import type { TimeUnit } from "./scheme.ts";
import type { Zone } from "./zone.ts";

export interface Grid {
  readonly unit: TimeUnit;
  readonly zone: Zone;
  /** Grids with equal ids have the same windows under the same numbers. */
  readonly id: string;
  /** The number of the window that holds this instant. */
  ordinalOf(instant: Instant): number;
  /** Where a window begins; it ends where the next begins. */
  startOf(ordinal: number): Instant;
  /** The naive start and end that SQL compares a TIMESTAMP with. */
  localOf(ordinal: number): number;
  localEndOf(ordinal: number): number;
  keyOf(ordinal: number): PartitionKey;
  /** The number of a key in exactly its own spelling; null for every other text. */
  ordinalOfKey(key: string): number | null;
}

/** The first window that begins at or after an instant. */
export function ordinalFrom(grid: Grid, instant: Instant): number {
  const holding = grid.ordinalOf(instant);
  return grid.startOf(holding) < instant ? holding + 1 : holding;
}
