/**
 * Which older versions may go. Kept are what is published, what somebody reads or may still be reading, the youngest
 * of the older ones by number and by age, and of equal content one file. Deciding is all: files are the caller's.
 */
import type { VersionChange } from "./history.ts";
import type { EventId, Instant, PartitionKey, VersionId } from "./key.ts";
import type { VersionRef } from "./version.ts";

export interface KeepPolicy {
  /** Older versions with content of their own that stay, of each partition. */
  readonly versions: number;
  /** Those that were replaced within this time stay too; 0 for none. */
  readonly ageMs: number;
  /** What was replaced within this time is left alone whatever else is said: it may be being read. */
  readonly graceMs: number;
}

/** A version that was published once and is not now. */
export interface OldVersion {
  readonly version: VersionRef;
  /** When it was replaced. */
  readonly event: EventId;
  readonly at: Instant;
  /** 1 for the last content before the current one; 0 where a newer file holds the same content. */
  readonly rank: number;
}

/** All versions of one asset that are not current, of each partition newest first. */
export function oldVersions(changes: readonly VersionChange[]): readonly OldVersion[] {
  const byPartition = new Map<PartitionKey, VersionChange[]>();
  for (const change of changes) {
    const own = byPartition.get(change.partition);
    if (own === undefined) byPartition.set(change.partition, [change]);
    else own.push(change);
  }
  return [...byPartition.values()].flatMap(oldOfOne);
}

function oldOfOne(changes: readonly VersionChange[]): readonly OldVersion[] {
  const current = changes.at(-1)?.after ?? null;
  const seen = new Set<VersionId>(current === null ? [] : [current.version]);
  const contents = new Set<VersionId>(current === null ? [] : [current.dataVersion]);
  const found: OldVersion[] = [];
  let rank = 0;
  for (let at = changes.length - 1; at > 0; at--) {
    const replaced = changes[at];
    const version = replaced?.before;
    if (replaced === undefined || !version || seen.has(version.version)) continue;
    seen.add(version.version);
    const double = contents.has(version.dataVersion);
    contents.add(version.dataVersion);
    found.push({
      version,
      event: replaced.event,
      at: replaced.at,
      rank: double ? 0 : ++rank,
    });
  }
  return found;
}

/** Those that may go. `readFrom`: the first event of which somebody still reads what was published; null for nobody. */
export function cleanable(
  old: readonly OldVersion[],
  policy: KeepPolicy,
  now: Instant,
  readFrom: EventId | null,
): readonly OldVersion[] {
  return old.filter(({ event, at, rank }) => {
    if (readFrom !== null && event > readFrom) return false;
    if (now - at < policy.graceMs) return false;
    return rank === 0 || (rank > policy.versions && now - at >= policy.ageMs);
  });
}
