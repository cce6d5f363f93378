/**
 * Removes the files of older versions: by `clean`, and by whoever runs something, now and then. What may go is decided
 * in `core/clean.ts`; it is unlinked inside a transaction of the state store, in which nobody can make it current
 * again, and a rollback looks there once more whether its file exists.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cleanable, type KeepPolicy, type OldVersion, oldVersions } from "../core/clean.ts";
import { changesIn, HISTORY_KINDS, movedAway } from "../core/history.ts";
import type { State } from "../core/heads.ts";
import type { EventId } from "../core/key.ts";
import type { VersionFile } from "../core/version.ts";
import type { ProjectDefinition } from "../core/definition.ts";
import { bytesBelow, environmentsOf } from "./environments.ts";
import { rootOf, type Session, type View } from "./session.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Readers that cannot say that they read (of a folder that they may not write) have so long. */
const GRACE_MS = 10 * 60_000;
/** Files unlinked in one transaction: others wait for the write lock meanwhile. */
const AT_ONCE = 200;

export interface Cleaned {
  readonly versions: readonly OldVersion[];
  readonly bytes: number;
  /** Held back because somebody reads. */
  readonly read: number;
  /** What the lake holds after it. */
  readonly left: number;
}

/** What `up` keeps by itself. */
export function policyOf({ warehouse }: ProjectDefinition): KeepPolicy {
  const { versions = 2, days = 7 } = warehouse.keep ?? {};
  return { versions, ageMs: days * DAY, graceMs: GRACE_MS };
}

/** What `clean` keeps: it was asked for, so age is no reason. */
export function policyByHand(project: ProjectDefinition, versions: number | null): KeepPolicy {
  return { versions: versions ?? policyOf(project).versions, ageMs: 0, graceMs: 0 };
}

/** Removes what the policy does not keep, then, over a budget, the longest replaced. With `dry` nothing is removed. */
export async function clean(
  session: Session,
  view: View,
  policy: KeepPolicy,
  dry: boolean,
): Promise<Cleaned> {
  const store = await session.store();
  await store.sync(view.state);
  const now = session.host.clock.now();
  const [first] = await store.events({ limit: 1 });
  // Nothing that was replaced is old enough: a long history need not be read to see that.
  const young = first === undefined || now - first.at < policy.graceMs;
  const events = young ? [] : await store.events({ kinds: HISTORY_KINDS });
  const byAsset = new Map<string, typeof events[number][]>();
  for (const stored of events) {
    if (!("asset" in stored.event)) continue;
    const own = byAsset.get(stored.event.asset);
    if (own === undefined) byAsset.set(stored.event.asset, [stored]);
    else own.push(stored);
  }
  const old = [...byAsset.values()]
    .flatMap((each) => [
      ...oldVersions(changesIn(each)),
      ...movedAway(each).map((moved): OldVersion => ({ ...moved, rank: 0 })),
    ])
    .filter(({ version }) => isOwn(session, version.file?.path));
  const readFrom = await firstRead(session, view);
  const without = cleanable(old, policy, now, null);
  const may = cleanable(old, policy, now, readFrom);
  const chosen = new Set(may);
  const budget = view.loaded.project.warehouse.budgetBytes ?? null;
  const lake = join(session.project, session.lake);
  const before = bytesBelow(lake);
  let left = before - sizeOf(chosen);
  if (budget !== null && left > budget) {
    const more = cleanable(old, { versions: 0, ageMs: 0, graceMs: policy.graceMs }, now, readFrom);
    for (const each of [...more].sort((a, b) => a.at - b.at)) {
      if (left <= budget) break;
      if (chosen.has(each)) continue;
      chosen.add(each);
      left -= each.version.file?.bytes ?? 0;
    }
  }
  const elsewhere = await keptElsewhere(session);
  const kept = (state: State) => {
    const paths = new Set(elsewhere);
    for (const heads of state.heads.values()) {
      for (const { published, failure } of heads.values()) {
        for (const file of [published?.file, failure?.rejected]) addPaths(paths, file);
      }
    }
    for (const each of old) {
      if (!chosen.has(each)) addPaths(paths, each.version.file);
    }
    return paths;
  };
  const removed: OldVersion[] = [];
  const all = [...chosen];
  if (dry) {
    const paths = kept(view.state);
    removed.push(...all.filter(({ version }) => !paths.has(version.file?.path ?? "")));
  }
  for (let from = 0; !dry && from < all.length; from += AT_ONCE) {
    const some = all.slice(from, from + AT_ONCE);
    await store.commit(view.state, now, (state) => {
      const paths = kept(state);
      for (const each of some) {
        const path = each.version.file?.path;
        if (path === undefined || paths.has(path) || removed.includes(each)) continue;
        if (remove(join(session.project, path))) removed.push(each);
      }
      return [];
    });
  }
  return {
    versions: removed,
    bytes: sizeOf(removed),
    read: without.length - may.length,
    left: removed.length === 0 ? before : bytesBelow(lake),
  };
}

/** A version of several files stands on all of them. */
function addPaths(paths: Set<string>, file: VersionFile | null | undefined): void {
  if (!file) return;
  paths.add(file.path);
  for (const part of file.parts ?? []) paths.add(part.path);
}

/** Files of this environment that are still there. */
function isOwn({ project, lake }: Session, path: string | undefined): boolean {
  return path !== undefined && path.startsWith(`${lake}/`) && existsSync(join(project, path));
}

function sizeOf(versions: Iterable<OldVersion>): number {
  let sum = 0;
  for (const { version } of versions) if (!version.file?.range) sum += version.file?.bytes ?? 0;
  return sum;
}

/** The first event of which readers and open attempts may still read what was published. */
async function firstRead(session: Session, view: View): Promise<EventId | null> {
  const readers = await (await session.liveness()).readers();
  const claims = [...view.state.claims.values()].filter((each) => !view.dead.has(each.holder))
    .map((each) => each.event);
  const all = [...readers, ...claims];
  return all.length === 0 ? null : Math.min(...all);
}

/** Environments may have gone back to a version of production's. */
async function keptElsewhere(session: Session): Promise<ReadonlySet<string>> {
  const paths = new Set<string>();
  if (session.environmentName !== null) return paths;
  const { openSqliteStore } = await import("../stores/sqlite/open.ts");
  for (const name of environmentsOf(session.project)) {
    const file = join(session.project, rootOf(name), "state.db");
    const store = await openSqliteStore(file, { readOnly: true });
    try {
      for (const heads of (await store.load()).heads.values()) {
        for (const { published } of heads.values()) {
          addPaths(paths, published?.file);
        }
      }
    } finally {
      await store.close();
    }
  }
  return paths;
}

function remove(path: string): boolean {
  try {
    rmSync(path, { force: true });
    return true;
  } catch {
    return false;
  }
}

/** By `up` and its like: once an hour, more often where a budget is set. Never makes a command fail. */
export async function cleanIfDue(session: Session, view: View): Promise<void> {
  const { project } = view.loaded;
  const mark = join(session.project, session.root, "cache", "cleaned");
  const found = statSync(mark, { throwIfNoEntry: false });
  const every = project.warehouse.budgetBytes ? HOUR / 6 : HOUR;
  if (found !== undefined && Math.abs(Date.now() - found.mtimeMs) < every) return;
  try {
    mkdirSync(dirname(mark), { recursive: true });
    writeFileSync(mark, readMark(mark) ?? "");
    const { left } = await clean(session, view, policyOf(project), false);
    writeFileSync(mark, String(left));
  } catch {
    // The next one who comes by cleans.
  }
}

function readMark(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

export interface DiskUse {
  /** All versions, older ones included; null where it has not been measured. */
  readonly bytes: number | null;
  readonly budget: number | null;
}

/** What the lake holds: looked at where that is quick, else as the last cleaning measured it. */
export function diskUse(session: Session, view: View): DiskUse {
  const budget = view.loaded.project.warehouse.budgetBytes ?? null;
  let partitions = 0;
  for (const heads of view.state.heads.values()) partitions += heads.size;
  if (partitions <= 1000) {
    return { bytes: bytesBelow(join(session.project, session.lake)), budget };
  }
  const marked = Number(readMark(join(session.project, session.root, "cache", "cleaned")) || NaN);
  return { bytes: Number.isFinite(marked) ? marked : null, budget };
}
