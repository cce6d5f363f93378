/**
 * What was published when: the versions of one asset as the log tells them, one change after another, and the asset
 * as it stood at any of them. Decides what counts as "the version before": changes of one run belong together, and a
 * rebuild that came to the same content is none.
 */
import type { Event, EventKind, Materialized, Stored, VersionSet } from "./event.ts";
import type { EventId, Instant, PartitionKey, RunId, VersionId } from "./key.ts";
import type { VersionFile, VersionRef } from "./version.ts";

/** The kinds of events that `changesIn` reads. */
export const HISTORY_KINDS: readonly EventKind[] = ["materialized", "version-set", "observed"];

/** One partition was published, rolled back or forgotten. */
export interface VersionChange {
  readonly event: EventId;
  readonly at: Instant;
  /** Null for what was done by hand. */
  readonly run: RunId | null;
  readonly partition: PartitionKey;
  readonly before: VersionRef | null;
  readonly after: VersionRef | null;
  /** How `after` was published first: what a rollback to it carries. */
  readonly source: { readonly at: Instant; readonly event: Materialized } | null;
}

/** Changes that belong together: those of one run, or one done by hand. */
export interface AssetChange {
  readonly event: EventId;
  /** Of the last of them. */
  readonly at: Instant;
  readonly run: RunId | null;
  readonly changes: readonly VersionChange[];
  /** The content of at least one partition became another one. */
  readonly differs: boolean;
}

/** A version as its publishing event tells it. */
export function versionOf(event: Materialized, at: Instant): VersionRef {
  const { asset, partition, version, dataVersion, output, file, rows, schema, ordered } = event;
  return { asset, partition, version, dataVersion, output, file, rows, schema, ordered, at };
}

/** The changes of one asset (or of one partition of it) in order; `events` as the log has them, oldest first. */
export function changesIn(events: readonly Stored[]): readonly VersionChange[] {
  const current = new Map<PartitionKey, VersionChange>();
  const moved = filesMoved(events);
  const changes: VersionChange[] = [];
  for (const { id, at, event } of events) {
    if (event.kind !== "materialized" && event.kind !== "version-set") continue;
    const last = current.get(event.partition) ?? null;
    const next = nextOf(event, at, last);
    if (next === null) continue;
    const change: VersionChange = {
      event: id,
      at,
      run: event.kind === "materialized" ? event.run : null,
      partition: event.partition,
      before: last?.after ?? null,
      after: next.after === null ? null : inPlace(next.after, moved),
      source: next.source,
    };
    current.set(event.partition, change);
    changes.push(change);
  }
  return changes;
}

function nextOf(
  event: Materialized | VersionSet,
  at: Instant,
  last: VersionChange | null,
): Pick<VersionChange, "after" | "source"> | null {
  if (event.kind === "materialized") {
    return { after: versionOf(event, at), source: { at, event } };
  }
  switch (event.action) {
    case "rollback": {
      const source = event.restored;
      if (source === undefined) return null;
      return { after: versionOf(source.event, source.at), source };
    }
    case "wipe":
      return last === null ? null : { after: null, source: null };
    case "mark":
    case "unpin":
    case "packed":
      return null;
  }
}

/** Where the bytes of a version are now, where they were moved (packed) since it was published. */
function filesMoved(events: readonly { readonly event: Event }[]): Map<VersionId, VersionFile> {
  const moved = new Map<VersionId, VersionFile>();
  for (const { event } of events) {
    if (event.kind !== "version-set" || event.action !== "packed") continue;
    if (event.version !== null && event.file !== undefined) moved.set(event.version, event.file);
  }
  return moved;
}

function inPlace(version: VersionRef, moved: ReadonlyMap<VersionId, VersionFile>): VersionRef {
  const file = moved.get(version.version);
  return file === undefined ? version : { ...version, file };
}

/** Neighbouring changes of one run as one change of the asset. */
export function assetChanges(changes: readonly VersionChange[]): readonly AssetChange[] {
  const grouped: { -readonly [K in keyof AssetChange]: AssetChange[K] }[] = [];
  for (const change of changes) {
    const last = grouped.at(-1);
    const differs = change.before?.dataVersion !== change.after?.dataVersion;
    if (last !== undefined && belongs(last, change)) {
      last.changes = [...last.changes, change];
      last.event = change.event;
      last.at = change.at;
      last.differs ||= differs;
    } else {
      const { event, at, run } = change;
      grouped.push({ event, at, run, changes: [change], differs });
    }
  }
  return grouped;
}

/** Of one run, or done by hand at once. */
function belongs(last: AssetChange, change: VersionChange): boolean {
  if (last.run !== change.run) return false;
  return last.run !== null || (last.at === change.at && last.event + 1 === change.event);
}

/** The partitions as they were published after everything up to and with an event. */
export function stateAt(
  changes: readonly VersionChange[],
  event: EventId,
): ReadonlyMap<PartitionKey, VersionRef> {
  const state = new Map<PartitionKey, VersionRef>();
  for (const change of changes) {
    if (change.event > event) break;
    if (change.after === null) state.delete(change.partition);
    else state.set(change.partition, change.after);
  }
  return state;
}

/** The last `back` changes of content, newest first. */
export function lastDifferences(
  changes: readonly VersionChange[],
  back: number,
): readonly AssetChange[] {
  return assetChanges(changes).filter((each) => each.differs).reverse().slice(0, back);
}

/**
 * The event up to which the asset is to be read: `back` changes of content ago (0: now). Null where it does not go
 * back so far.
 */
export function eventBack(changes: readonly VersionChange[], back: number): EventId | null {
  if (back === 0) return changes.at(-1)?.event ?? null;
  const found = lastDifferences(changes, back);
  const first = found[back - 1]?.changes[0];
  if (first === undefined) return null;
  return first.event - 1;
}

/** The event at which a version (by its id or the end of it) was published last; null where none is. */
export function eventOfVersion(changes: readonly VersionChange[], id: string): EventId | null {
  const named = changes.filter(({ after }) =>
    after !== null && (after.version === id || (id.length >= 4 && after.version.endsWith(id)))
  );
  return named.at(-1)?.event ?? null;
}

/** The last event at or before an instant; null where nothing was published then. */
export function eventBefore(changes: readonly VersionChange[], at: Instant): EventId | null {
  return changes.filter((each) => each.at <= at).at(-1)?.event ?? null;
}

/** Versions whose bytes were moved into another file, as they were before: what is left there may go. */
export function movedAway(
  events: readonly Stored[],
): readonly { readonly version: VersionRef; readonly event: EventId; readonly at: Instant }[] {
  const made = new Map<VersionId, VersionRef>();
  const found: { version: VersionRef; event: EventId; at: Instant }[] = [];
  for (const { id, at, event } of events) {
    if (event.kind === "materialized") made.set(event.version, versionOf(event, at));
    if (event.kind !== "version-set" || event.action !== "packed" || event.version === null) {
      continue;
    }
    const version = made.get(event.version);
    if (version === undefined || event.file === undefined) continue;
    found.push({ version, event: id, at });
    made.set(event.version, { ...version, file: event.file });
  }
  return found;
}
