/** From a partition key to the stretch of time that it stands for. */
import type { Window } from "../order.ts";
import { timeText } from "./civil.ts";
import type { Grid } from "./grid.ts";
import { splitKey } from "./keyset.ts";
import type { ResolvedScheme } from "./resolve.ts";

/**
 * The window of a key, `end` exclusive; of a pair, that of its time. Null for a key without time, and for a
 * text that is no key of the scheme. Whether it exists yet does not matter.
 */
export function windowOf(scheme: ResolvedScheme | null, key: string): Window | null {
  if (scheme === null) return null;
  if (scheme.type === "time") {
    const ordinal = scheme.grid.ordinalOfKey(key);
    return ordinal === null ? null : windowAt(scheme.grid, ordinal);
  }
  if (scheme.type !== "multi") return null;
  const parts = splitKey(key);
  const index = scheme.dimensions[0].scheme.type === "time" ? 0 : 1;
  return parts === null ? null : windowOf(scheme.dimensions[index].scheme, parts[index]);
}

export function windowAt(grid: Grid, ordinal: number): Window {
  return {
    startLocal: timeText(grid.localOf(ordinal)),
    endLocal: timeText(grid.localEndOf(ordinal)),
    start: grid.startOf(ordinal),
    end: grid.startOf(ordinal + 1),
    timezone: grid.zone.name,
  };
}
