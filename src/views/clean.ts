/** What `clean` removed, or would. */
import type { JsonObject } from "../core/json.ts";
import type { OldVersion } from "../core/clean.ts";
import { foldRanges } from "../core/partition/fold_ranges.ts";
import type { AssetKey, PartitionKey } from "../core/key.ts";
import { bytes, counted } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import type { Style } from "../term/style.ts";
import { truncate } from "../term/width.ts";
import { timesIn } from "./times.ts";

export interface ShownCleaning {
  readonly versions: readonly OldVersion[];
  readonly bytes: number;
  readonly read: number;
  readonly left: number;
}

export function cleanLines(
  shown: ShownCleaning,
  dry: boolean,
  style: Style,
  columns: number,
): string[] {
  const byAsset = new Map<AssetKey, { keys: Set<PartitionKey>; count: number; size: number }>();
  for (const { version } of shown.versions) {
    const own = byAsset.get(version.asset) ?? { keys: new Set(), count: 0, size: 0 };
    byAsset.set(version.asset, own);
    own.keys.add(version.partition);
    own.count++;
    own.size += version.file?.bytes ?? 0;
  }
  const lines = [...byAsset].map(([asset, { keys, count, size }]) => {
    const parts = [...keys].filter((each) => each !== "").sort();
    const where = parts.length === 0 ? "" : `  ${foldRanges(parts)}`;
    return truncate(
      sanitize(`  ${asset}${where}  ${counted(count, "version")}, ${bytes(size)}`, style),
      columns,
      style,
    );
  });
  const what = `${counted(shown.versions.length, "older version")}, ${bytes(shown.bytes)}`;
  return [
    ...lines,
    shown.versions.length === 0
      ? `nothing to clean: ${bytes(shown.left)} in versions that are kept`
      : dry
      ? `would remove ${what}`
      : `removed ${what}; ${bytes(shown.left)} left`,
    ...(shown.read > 0 ? [`${counted(shown.read, "version")} kept, since somebody reads`] : []),
  ];
}

export function cleanDocument(shown: ShownCleaning, dry: boolean, timezone: string): JsonObject {
  const iso = timesIn(timezone).iso;
  return {
    nycflow: 1,
    dryRun: dry,
    bytes: shown.bytes,
    left: shown.left,
    keptForReaders: shown.read,
    versions: shown.versions.map(({ version, at }) => ({
      asset: version.asset,
      partition: version.partition === "" ? null : version.partition,
      version: version.version,
      bytes: version.file?.bytes ?? 0,
      replacedAt: iso(at),
    })),
  };
}
