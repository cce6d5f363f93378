/** Which partition keys an asset has at an instant. Which windows exist, `resolve.ts` decides. */
import type { Instant, PartitionKey } from "../key.ts";
import { unreachable } from "../result.ts";
import { type KeySet, listedKeys, pairedKeys, timeKeys, WHOLE_ONLY } from "./keyset.ts";
import type { ResolvedScheme } from "./resolve.ts";

/** A scheme with the keys that it has now: what mapping and parsing stand on. */
export interface Partitions {
  readonly scheme: ResolvedScheme | null;
  readonly keys: KeySet;
}

/** All keys that exist; `dynamicKeys` in the order in which they came. Not partitioned: `WHOLE` alone. */
export function keysOf(
  scheme: ResolvedScheme | null,
  now: Instant,
  dynamicKeys: Iterable<string> = [],
): KeySet {
  if (scheme === null) return WHOLE_ONLY;
  switch (scheme.type) {
    case "time":
      return timeKeys(scheme.grid, scheme.existing(now));
    case "static":
      return listedKeys(scheme.keys);
    case "dynamic":
      return listedKeys(dynamicKeys);
    case "multi": {
      const [first, second] = scheme.dimensions;
      return pairedKeys(keysOf(first.scheme, now), keysOf(second.scheme, now));
    }
    default:
      return unreachable(scheme);
  }
}

export function partitionsOf(
  scheme: ResolvedScheme | null,
  now: Instant,
  dynamicKeys: Iterable<string> = [],
): Partitions {
  return { scheme, keys: keysOf(scheme, now, dynamicKeys) };
}

/**
 * What a tick or a freshness policy is about: the newest window (with every key of the other dimension),
 * the dynamic key that came last, all static keys.
 */
export function newestKeys({ scheme, keys }: Partitions): readonly PartitionKey[] {
  if (scheme === null || scheme.type === "static") return [...keys];
  const { newest } = keys;
  if (newest === null) return [];
  if (scheme.type !== "multi") return [newest];
  const time = scheme.dimensions.findIndex((each) => each.scheme.type === "time");
  if (time < 0) return [...keys];
  const window = newest.split("|")[time];
  return [...keys].filter((each) => each.split("|")[time] === window);
}
