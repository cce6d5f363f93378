/**
 * What an asset's numbers did over its last materializations: how long they took, how many rows they held, and every
 * number that its metadata told. Of an asset without partitions the course goes along its materializations; of a
 * partitioned one along its newest partitions as they are published, since rebuilding May after June is no trend.
 */
import type { Stored } from "./event.ts";
import type { JsonObject } from "./json.ts";
import { type Instant, type PartitionKey, WHOLE } from "./key.ts";
import type { AssetStatus } from "./status.ts";

export interface TrendPoint {
  readonly at: Instant;
  readonly partition: PartitionKey;
  /** Null: that materialization told no such number. */
  readonly value: number | null;
}

export interface Trend {
  readonly of: "seconds" | "rows" | "metadata";
  /** The metadata's key; `seconds` and `rows` for those. */
  readonly name: string;
  readonly along: "materializations" | "partitions";
  /** Oldest first, two at least. */
  readonly points: readonly TrendPoint[];
  /** The newest number that there is. */
  readonly last: number;
  /** Since the number before it; null where there is none. */
  readonly change: number | null;
  readonly min: number;
  readonly max: number;
}

/** So many materializations, or partitions, back. */
export const TREND_POINTS = 30;
/** More numbers than these in the metadata are no course that anybody follows. */
const MOST_NUMBERS = 12;

interface Made {
  readonly at: Instant;
  readonly partition: PartitionKey;
  readonly rows: number;
  readonly seconds: number;
  readonly metadata: JsonObject;
}

/** The trends of one asset; `history` are its last `materialized` events, in any order. A single value is no trend. */
export function trendsOf(
  partitioned: boolean,
  status: Pick<AssetStatus, "partitions">,
  history: readonly Stored[],
): readonly Trend[] {
  const made = (partitioned ? byPartition(status) : byTime(history)).slice(-TREND_POINTS);
  if (made.length < 2) return [];
  const along = partitioned ? "partitions" : "materializations";
  const names = new Set<string>();
  for (const { metadata } of made.toReversed()) {
    for (const [name, value] of Object.entries(metadata)) {
      if (typeof value === "number" && names.size < MOST_NUMBERS) names.add(name);
    }
  }
  // A view, or a step that only acts, holds no rows: a flat nought says nothing.
  const held = made.some(({ rows }) => rows > 0);
  return [
    trend("seconds", "seconds", along, made, ({ seconds }) => seconds),
    ...(held ? [trend("rows", "rows", along, made, ({ rows }) => rows)] : []),
    ...[...names].map((name) =>
      trend("metadata", name, along, made, ({ metadata }) => metadata[name])
    ),
  ].filter((each) => each !== null);
}

function byTime(history: readonly Stored[]): readonly Made[] {
  return history
    .flatMap(({ id, at, event }) =>
      event.kind === "materialized" && event.partition === WHOLE ? [{ ...event, id, at }] : []
    )
    .sort((a, b) => a.id - b.id);
}

function byPartition({ partitions }: Pick<AssetStatus, "partitions">): readonly Made[] {
  return partitions.flatMap(({ partition, head }) =>
    head?.published ? [{ ...head.published, partition }] : []
  );
}

function trend(
  of: Trend["of"],
  name: string,
  along: Trend["along"],
  made: readonly Made[],
  read: (each: Made) => unknown,
): Trend | null {
  const points = made.map((each): TrendPoint => {
    const value = read(each);
    return {
      at: each.at,
      partition: each.partition,
      value: typeof value === "number" && Number.isFinite(value) ? value : null,
    };
  });
  const values = points.flatMap(({ value }) => value === null ? [] : [value]);
  const last = values.at(-1);
  if (last === undefined || values.length < 2) return null;
  const before = values.at(-2);
  return {
    of,
    name,
    along,
    points,
    last,
    change: before === undefined ? null : last - before,
    min: Math.min(...values),
    max: Math.max(...values),
  };
}
