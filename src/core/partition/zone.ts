/**
 * One time zone as a table of the stretches during which its offset stays the same, found once from
 * `Temporal` and kept by whoever made the zone. Decides what a local time means where the clock skips
 * or repeats: the first instant that reads it, or else the first one after the gap.
 */
import type { Instant } from "../key.ts";

/** A stretch of one offset; `to` is exclusive. */
export interface Stretch {
  readonly from: Instant;
  readonly to: Instant;
  /** Milliseconds east of UTC. */
  readonly offset: number;
}

export interface Zone {
  readonly name: string;
  stretchAt(instant: Instant): Stretch;
  /** What the clock shows, in milliseconds as if it were UTC's. */
  localAt(instant: Instant): number;
  /** The first instant at which the clock shows this; where it is skipped, the first after the gap. */
  instantAt(local: number): Instant;
  /** Every instant at which the clock shows this: none where it is skipped, two where it is repeated. */
  instantsAt(local: number): readonly Instant[];
}

/** No clock is more than this ahead of UTC. */
const FARTHEST_EAST = 15 * 3_600_000;

/** Whether this runtime knows an IANA zone (or `+05:30`). */
export function zoneExists(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** A zone by its name; throws a RangeError where `zoneExists` says no. */
export function openZone(name: string): Zone {
  const known: Stretch[] = [];

  function find(instant: Instant): Stretch {
    const zoned = Temporal.Instant.fromEpochMilliseconds(Math.floor(instant))
      .toZonedDateTimeISO(name);
    // "previous" is strictly before, so that a transition exactly here is asked for from just after.
    const previous = zoned.add({ milliseconds: 1 }).getTimeZoneTransition("previous");
    const next = zoned.getTimeZoneTransition("next");
    return {
      from: previous?.epochMilliseconds ?? -Infinity,
      to: next?.epochMilliseconds ?? Infinity,
      offset: Math.round(zoned.offsetNanoseconds / 1e6),
    };
  }

  function stretchAt(instant: Instant): Stretch {
    let low = 0, high = known.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((known[middle] as Stretch).to <= instant) low = middle + 1;
      else high = middle;
    }
    const held = known[low];
    if (held !== undefined && held.from <= instant) return held;
    const found = find(instant);
    known.splice(low, 0, found);
    return found;
  }

  function instantAt(local: number): Instant {
    let stretch = stretchAt(local - FARTHEST_EAST);
    while (true) {
      const instant = local - stretch.offset;
      if (instant < stretch.from) return stretch.from;
      if (instant < stretch.to) return instant;
      stretch = stretchAt(stretch.to);
    }
  }

  function instantsAt(local: number): readonly Instant[] {
    const found: Instant[] = [];
    let stretch = stretchAt(local - FARTHEST_EAST);
    while (true) {
      const instant = local - stretch.offset;
      if (instant >= stretch.from && instant < stretch.to) found.push(instant);
      // Further away than any clock goes back, it cannot show this again.
      if (stretch.to > local + FARTHEST_EAST) return found;
      stretch = stretchAt(stretch.to);
    }
  }

  return {
    // As the database of zones spells it: `utc` and `UTC` are one grid, and SQL is given the known name.
    name: Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId,
    stretchAt,
    instantsAt,
    localAt: (instant) => instant + stretchAt(instant).offset,
    instantAt,
  };
}
