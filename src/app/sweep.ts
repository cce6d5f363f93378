/**
 * What processes that died have left: claims and runs without an end, files that no event refers to, scratch, old logs.
 * Done by whoever runs something, once an hour, or at once where somebody was found dead; a project in which nothing
 * happens is not searched at every tick of cron.
 *
 * Files are listed first and the state is read after: whatever was listed is either referred to by then, or belongs to
 * a claim that is open by then, or is nobody's. So no time has to be waited out, and a stopped process loses nothing.
 */
import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { State } from "../core/heads.ts";
import type { AssetKey, HolderId, PartitionKey } from "../core/key.ts";
import { deadOf, holdersOf, interruptions } from "../core/rules.ts";
import { pathPart } from "../engine/order.ts";
import type { StateStore } from "../ports/store.ts";
import { LOGS } from "./logs.ts";
import type { Session, View } from "./session.ts";

const MARK = ".nycflow/cache/swept";
const TMP = ".nycflow/tmp";
const ENVIRONMENTS = ".nycflow/env";
const HOUR = 3_600_000;
/** Refused candidates are kept so long after they were replaced, logs so long after they were written. */
const REJECTED_MS = 24 * HOUR;
const LOGS_MS = 30 * 24 * HOUR;
/** What spills belongs to a process that nobody can tell any more. */
const SCRATCH_MS = 6 * HOUR;
const HISTORY_MS = 90 * 24 * HOUR;

export interface Swept {
  readonly orphans: number;
  readonly scratch: number;
  readonly logs: number;
  /** Claims and runs that were ended for the dead. */
  readonly interrupted: number;
}

/** Sweeps where it is time to. What it cannot remove it leaves; it never makes a command fail. */
export async function sweepIfDue(session: Session, view: View): Promise<Swept | null> {
  if (view.dead.size === 0 && !isDue(session)) return null;
  try {
    return await sweep(session, view.state);
  } catch {
    return null;
  }
}

/**
 * Somebody was found dead, and a run comes before the sweep: should that run be killed too, after it has ended what the
 * dead had begun, whoever comes next knows all the same that there is something to sweep.
 */
export function sweepSoon(session: Session, view: View): void {
  if (view.dead.size === 0) return;
  try {
    mark(session.project);
    utimesSync(join(session.project, MARK), 0, 0);
  } catch {
    // Then it is done within the hour.
  }
}

/** Sweeps now; `state` is brought up to date. */
export async function sweep(session: Session, state: State): Promise<Swept> {
  const { project } = session;
  const now = Date.now();
  const found = filesBelow(join(project, session.lake), 3);
  const store = await session.store();
  const liveness = await session.liveness();
  await store.sync(state);
  const holders = holdersOf(state);
  const dead = deadOf(holders, await liveness.alive(holders));
  const { own } = await store.commit(
    state,
    session.host.clock.now(),
    (current) => interruptions(current, dead),
  );
  const orphans = await removeOrphans(session, store, state, dead, found);
  const scratch = session.environmentName === null ? removeScratch(project, state, now) : 0;
  const logs = removeOld(join(project, LOGS), now - LOGS_MS);
  await store.prune(session.host.clock.now() - HISTORY_MS);
  mark(project);
  return { orphans, scratch, logs, interrupted: own.length };
}

function isDue({ project, lake }: Session): boolean {
  const marked = statSync(join(project, MARK), { throwIfNoEntry: false });
  if (marked !== undefined) return Math.abs(Date.now() - marked.mtimeMs) > HOUR;
  // A project in which nothing was ever made has nothing to sweep.
  if (statSync(join(project, lake), { throwIfNoEntry: false }) !== undefined) mark(project);
  return false;
}

function mark(project: string): void {
  const file = join(project, MARK);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "");
}

/** Files at most `depth` folders down, relative to `folder`; none where it cannot be read. */
function filesBelow(folder: string, depth: number, prefix = ""): string[] {
  try {
    return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
      const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
      if (!entry.isDirectory()) return [path];
      return depth > 1 ? filesBelow(folder, depth - 1, path) : [];
    });
  } catch {
    return [];
  }
}

async function removeOrphans(
  { project, lake }: Session,
  store: StateStore,
  state: State,
  dead: ReadonlySet<HolderId>,
  found: readonly string[],
): Promise<number> {
  const kept = new Set<string>();
  const steps = new Map<string, { readonly asset: AssetKey; readonly partition: PartitionKey }>();
  for (const [asset, heads] of state.heads) {
    for (const [partition, head] of heads) {
      steps.set(`${pathPart(asset)}/${pathPart(partition)}`, { asset, partition });
      for (const file of [head.published?.file, head.failure?.rejected]) {
        for (const each of file ? [file, ...file.parts ?? []] : []) kept.add(each.path);
      }
    }
  }
  const claimed = new Set<string>();
  for (const claim of state.claims.values()) {
    if (!dead.has(claim.holder)) {
      claimed.add(`${pathPart(claim.asset)}/${pathPart(claim.partition)}`);
    }
  }
  const loose = new Map<string, string[]>();
  for (const path of found) {
    const step = path.split("/").slice(0, 2).join("/");
    if (kept.has(`${lake}/${path}`) || claimed.has(step)) continue;
    loose.set(step, [...loose.get(step) ?? [], path]);
  }
  let removed = 0;
  for (const [step, paths] of loose) {
    const of = steps.get(step) ?? stepOf(step);
    if (of === null) continue;
    const known = await referredTo(store, of, state);
    for (const path of paths) {
      if (known.has(`${lake}/${path}`) || isPacked(path)) continue;
      if (remove(join(project, lake, path))) removed++;
    }
  }
  return removed;
}

/** The step of a folder that no head belongs to; null where its name was cut. */
function stepOf(folder: string) {
  const [asset = "", partition = ""] = folder.split("/");
  try {
    return {
      asset: decodeURIComponent(asset) as AssetKey,
      partition: (partition === "_" ? "" : decodeURIComponent(partition)) as PartitionKey,
    };
  } catch {
    return null;
  }
}

/** Older versions, which others clean by their own rules, and what was refused of late. */
async function referredTo(
  store: StateStore,
  { asset, partition }: { readonly asset: AssetKey; readonly partition: PartitionKey },
  state: State,
): Promise<ReadonlySet<string>> {
  const events = await store.events({
    asset,
    partition,
    kinds: ["materialized", "attempt-failed", "version-set"],
  });
  const newest = events.at(-1)?.at ?? 0;
  const known = new Set<string>();
  for (const { at, event } of events) {
    if (event.kind === "materialized" && event.file) known.add(event.file.path);
    if (event.kind === "attempt-failed" && event.rejected && at > newest - REJECTED_MS) {
      known.add(event.rejected.path);
    }
    if (event.kind === "version-set" && event.restored?.event.file) {
      known.add(event.restored.event.file.path);
    }
  }
  const head = state.heads.get(asset)?.get(partition);
  if (head?.published?.file) known.add(head.published.file.path);
  return known;
}

/** A file of many partitions stands beside their folders, not in one. */
function isPacked(path: string): boolean {
  return path.split("/").length < 3;
}

/** The folders of attempts that are over, and spilled rows that nobody has touched for long. */
function removeScratch(project: string, state: State, now: number): number {
  const folder = join(project, TMP);
  const attempts = new Set<string>([...state.claims.values()].map((claim) => claim.attempt));
  // Attempts of other environments are no claims of ours: theirs are told by their age alone.
  const alone = entriesOf(join(project, ENVIRONMENTS)).length === 0;
  let removed = 0;
  for (const name of entriesOf(folder)) {
    if ([...attempts].some((attempt) => name.startsWith(attempt))) continue;
    const path = join(folder, name);
    const age = now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now);
    const isAttempt = /^[0-9a-hjkmnp-tv-z]{26}(-|$)/.test(name);
    // The folder of an attempt is made after its claim, but a check's has no claim of its own.
    if (age > (isAttempt && alone ? HOUR / 60 : SCRATCH_MS) && remove(path)) removed++;
  }
  return removed;
}

function removeOld(folder: string, before: number): number {
  let removed = 0;
  for (const name of entriesOf(folder)) {
    const path = join(folder, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined && found.mtimeMs < before && remove(path)) removed++;
  }
  return removed;
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function remove(path: string): boolean {
  try {
    rmSync(path, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}
