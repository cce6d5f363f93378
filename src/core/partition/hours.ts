/**
 * The windows of hourly partitions. One begins whenever the clock shows a full hour, twice where it
 * shows it twice, and where a jump skips the full hour, at the jump; so every instant lies in one
 * window, in zones too whose clocks move by half an hour (Lord Howe's autumn has one of 90 minutes).
 */
import type { Instant, PartitionKey } from "../key.ts";
import { dateText, HOUR_MS, hourText, offsetText, readTime } from "./civil.ts";
import type { Grid } from "./grid.ts";
import type { Zone } from "./zone.ts";

/** Windows that follow each other hour by hour under one offset. */
interface Train {
  readonly first: Instant;
  readonly offset: number;
  readonly ordinal: number;
  readonly count: number;
  /** Local times before this one have been shown before: their keys carry the offset. */
  readonly shownUntil: number;
}

const floorHour = (local: number) => Math.floor(local / HOUR_MS) * HOUR_MS;
const ceilHour = (local: number) => Math.ceil(local / HOUR_MS) * HOUR_MS;

/**
 * Numbers count from the first full hour of 1970, because a sum over the changes of the clock needs
 * a beginning; `checkScheme` refuses hourly schemes that start earlier.
 */
export function openHours(zone: Zone): Grid {
  const trains: Train[] = [];
  /** Everything before this instant is in `trains`. */
  let known: Instant = -Infinity;
  let count = 0;
  let shownUntil = -Infinity;

  function push(train: Omit<Train, "ordinal">) {
    trains.push({ ...train, ordinal: count });
    count += train.count;
  }

  function grow() {
    const begin = known === -Infinity ? 0 : known;
    const stretch = zone.stretchAt(begin);
    const { offset, to } = stretch;
    const local = begin + offset;
    const jumped = trains.length > 0 && local > shownUntil;
    if (jumped && local !== ceilHour(local) && floorHour(local) >= shownUntil) {
      push({ first: begin, offset, count: 1, shownUntil });
    }
    const first = ceilHour(local) - offset;
    const hours = to === Infinity ? Infinity : Math.ceil((to - first) / HOUR_MS);
    if (hours > 0) push({ first, offset, count: hours, shownUntil });
    known = to;
    shownUntil = to + offset;
  }

  function search(before: (train: Train) => boolean): Train {
    let low = 0, high = trains.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (before(trains[middle] as Train)) low = middle + 1;
      else high = middle;
    }
    return trains[Math.max(0, low - 1)] as Train;
  }

  function trainOf(ordinal: number): Train {
    while (count <= ordinal || trains.length === 0) grow();
    return search((train) => train.ordinal <= ordinal);
  }

  function ordinalOf(instant: Instant): number {
    // The window that holds the instant may have begun before a change of the clock.
    while (known <= instant || trains.length === 0) grow();
    const train = search((each) => each.first <= instant);
    return train.ordinal + Math.min(train.count - 1, Math.floor((instant - train.first) / HOUR_MS));
  }

  const startIn = (train: Train, ordinal: number) =>
    train.first + (ordinal - train.ordinal) * HOUR_MS;
  const localOf = (ordinal: number) => {
    const train = trainOf(ordinal);
    return floorHour(startIn(train, ordinal) + train.offset);
  };

  function keyOf(ordinal: number): PartitionKey {
    const train = trainOf(ordinal);
    const shown = startIn(train, ordinal) + train.offset;
    const label = `${dateText(shown)}T${hourText(shown)}`;
    return (shown < train.shownUntil ? label + offsetText(train.offset) : label) as PartitionKey;
  }

  return {
    unit: "hour",
    zone,
    id: `hour ${zone.name}`,
    ordinalOf,
    startOf: (ordinal) => startIn(trainOf(ordinal), ordinal),
    localOf,
    localEndOf(ordinal) {
      // A doubled hour would end where it began; both of it hold the naive hour whole.
      const next = localOf(ordinal + 1), own = localOf(ordinal);
      return next > own ? next : own + HOUR_MS;
    },
    keyOf,
    ordinalOfKey(key) {
      if (key.length < 13) return null;
      const written = readTime(key);
      if (written === null || written.unit !== "hour") return null;
      const ordinal = ordinalOf(
        written.offset === null ? zone.instantAt(written.local) : written.local - written.offset,
      );
      return keyOf(ordinal) === key ? ordinal : null;
    },
  };
}
