/** `env ls`, `promote`, and `diff --env` over all assets: what an environment has that production has not. */
import type { JsonObject } from "../core/json.ts";
import type { AssetKey, Instant, PartitionKey } from "../core/key.ts";
import { foldRanges } from "../core/partition/fold_ranges.ts";
import { relativeTime } from "../term/duration.ts";
import { bytes, counted } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import type { Style } from "../term/style.ts";
import { table } from "../term/table.ts";
import { truncate } from "../term/width.ts";
import { type Around, timesIn } from "./times.ts";

export interface ShownEnvironment {
  readonly name: string;
  readonly own: number;
  readonly bytes: number;
  readonly lastRun: Instant | null;
}

export function environmentLines(
  found: readonly ShownEnvironment[],
  { now }: Around,
  style: Style,
  columns: number,
): string[] {
  return table(
    [
      { title: "environment", kind: "text" },
      { title: "own versions", kind: "number" },
      { title: "disk", kind: "text", align: "right" },
      { title: "last run", kind: "text" },
    ],
    found.map((each) => [
      { text: each.name },
      each.own,
      { text: bytes(each.bytes) },
      { text: each.lastRun === null ? "" : relativeTime(each.lastRun, now), role: "dim" },
    ]),
    { width: columns, style, layout: "grid" },
  );
}

export function environmentsDocument(
  found: readonly ShownEnvironment[],
  timezone: string,
): JsonObject {
  const iso = timesIn(timezone).iso;
  return {
    nycflow: 1,
    environments: found.map((each) => ({
      ...each,
      lastRun: each.lastRun === null ? null : iso(each.lastRun),
    })),
  };
}

export interface ShownPromotion {
  readonly environment: string;
  readonly promotions: readonly { readonly asset: AssetKey; readonly partition: PartitionKey }[];
}

function byAsset(promotions: ShownPromotion["promotions"]): Map<AssetKey, PartitionKey[]> {
  const found = new Map<AssetKey, PartitionKey[]>();
  for (const { asset, partition } of promotions) {
    found.set(asset, [...found.get(asset) ?? [], partition]);
  }
  return found;
}

export function promotedLines(
  { environment, promotions }: ShownPromotion,
  style: Style,
  columns: number,
): string[] {
  if (promotions.length === 0) {
    return [`nothing to promote: ${environment} has no version that production has not`];
  }
  return [
    ...[...byAsset(promotions)].map(([asset, keys]) => {
      const parts = keys.filter((each) => each !== "").sort();
      const text = `  ${asset}${parts.length > 0 ? `  ${foldRanges(parts)}` : ""}`;
      return truncate(sanitize(text, style), columns, style);
    }),
    `promoted ${counted(promotions.length, "version")} from ${environment}`,
  ];
}

export function promotedDocument({ environment, promotions }: ShownPromotion): JsonObject {
  return {
    nycflow: 1,
    environment,
    promoted: promotions.map(({ asset, partition }) => ({
      asset,
      partition: partition === "" ? null : partition,
    })),
  };
}

export interface ShownDifference {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  /** Rows on both sides; null where there is nothing. */
  readonly production: number | null;
  readonly own: number;
  readonly same: boolean;
}

export function differenceLines(
  environment: string,
  found: readonly ShownDifference[],
  style: Style,
  columns: number,
): string[] {
  if (found.length === 0) {
    return [`${environment} has no version of its own: it shows production's`];
  }
  return [
    ...table(
      [
        { title: "asset", kind: "text" },
        { title: "partition", kind: "text" },
        { title: "prod", kind: "number" },
        { title: environment, kind: "number" },
        { title: "content", kind: "text" },
      ],
      found.map((each) => [
        { text: each.asset },
        { text: each.partition },
        each.production,
        each.own,
        each.same
          ? { text: "same", role: "dim" }
          : { text: each.production === null ? "new" : "differs", role: "warn" },
      ]),
      { width: columns, style, layout: "grid" },
    ),
    "",
    `rows of one: nycflow diff ASSET --env ${environment}`,
  ];
}

export function differenceDocument(
  environment: string,
  found: readonly ShownDifference[],
): JsonObject {
  return {
    nycflow: 1,
    environment,
    versions: found.map((each) => ({
      ...each,
      partition: each.partition === "" ? null : each.partition,
    })),
  };
}
