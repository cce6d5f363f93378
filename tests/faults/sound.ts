/**
 * The rules of ARCHITECTURE.md over a project on disk, whatever has been done to it: to be asked after every fault,
 * here and in `deno task soak`. Reads the store and the lake; starts nothing, changes nothing.
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { emptyState, fold } from "../../src/core/fold.ts";
import { isRefusal } from "../../src/core/fold_head.ts";
import type { State } from "../../src/core/heads.ts";
import { createLiveness } from "../../src/host/liveness.ts";
import { openSqliteStore } from "../../src/stores/sqlite/open.ts";
import type { Stored } from "../../src/core/event.ts";

export interface SoundOptions {
  /** Nothing works in the project any more, and somebody has looked since: nothing may be left open. */
  readonly settled?: boolean;
  /** A sweep has been through: every file of the lake is referred to. */
  readonly swept?: boolean;
  /** Slots of each pool. */
  readonly pools?: Readonly<Record<string, number>>;
  /** By asset, what must have ended well before it begins. */
  readonly deps?: Readonly<Record<string, readonly string[]>>;
}

export interface Sound {
  readonly state: State;
  readonly events: readonly Stored[];
}

/** Throws the first rule that does not hold. */
export async function assertSound(project: string, options: SoundOptions = {}): Promise<Sound> {
  const store = await openSqliteStore(join(project, ".nycflow", "state.db"), { readOnly: true });
  let state: State;
  let events: readonly Stored[];
  try {
    state = await store.load();
    events = (await store.events({})).filter(({ id }) => id <= state.last);
  } finally {
    await store.close();
  }
  equalFold(state, events);
  endsOnce(events);
  filesStand(project, state);
  if (options.pools) poolsHold(events, options.pools);
  if (options.deps) inOrder(events, options.deps);
  if (options.settled) await nothingOpen(project, state);
  if (options.swept) noOrphans(project, events);
  return { state, events };
}

/** Rule 1: cells equal the fold of the log, and its numbers have no gap. */
function equalFold(state: State, events: readonly Stored[]): void {
  const folded = emptyState();
  events.forEach((stored, index) => {
    equal(stored.id, index + 1, "the log has a gap");
    fold(folded, stored);
  });
  const heads = (of: State) =>
    [...of.heads].flatMap(([, parts]) => [...parts.values()])
      .sort((a, b) => `${a.asset} ${a.partition}` < `${b.asset} ${b.partition}` ? -1 : 1);
  deepEqual(plain(heads(state)), plain(heads(folded)), "heads differ from the fold of the log");
  deepEqual([...state.claims.keys()].sort(), [...folded.claims.keys()].sort(), "claims differ");
  deepEqual([...state.runs.keys()].sort(), [...folded.runs.keys()].sort(), "open runs differ");
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Rule 2: one end for each attempt's asset, one for each run; nothing is published that failed its checks. */
function endsOnce(events: readonly Stored[]): void {
  const begun = new Set<string>();
  const ended = new Map<string, string>();
  const runs = new Map<string, number>();
  for (const { id, event } of events) {
    if (event.kind === "run-ended") {
      runs.set(event.run, (runs.get(event.run) ?? 0) + 1);
      equal(runs.get(event.run), 1, `run ${event.run} ended twice`);
    }
    if (!("attempt" in event) || event.attempt === null) continue;
    const key = `${event.attempt} ${event.asset}`;
    if (event.kind === "attempt-started") {
      begun.add(key);
      continue;
    }
    ok(begun.has(key), `event ${id} (${event.kind}) ends an attempt that was never begun`);
    // A refused check of what is published is told twice: with its results, and as the failure that it is.
    const refusal = event.kind === "attempt-failed" && ended.get(key) === "checked";
    ok(refusal || !ended.has(key), `event ${id}: an attempt of ${event.asset} ended twice`);
    ended.set(key, event.kind);
    if (event.kind === "materialized") {
      ok(!event.checks.some(isRefusal), `event ${id} publishes what failed its checks`);
    }
  }
}

/** Rule 3: what is published is there, whole. */
function filesStand(project: string, state: State): void {
  for (const heads of state.heads.values()) {
    for (const { asset, published } of heads.values()) {
      if (!published?.file) continue;
      const found = statSync(join(project, published.file.path), { throwIfNoEntry: false });
      ok(found, `the published file of ${asset} is gone: ${published.file.path}`);
      equal(found.size, published.file.bytes, `the published file of ${asset} has another size`);
    }
  }
}

/** Rule 4: at no point of the log are more slots taken than there are. */
function poolsHold(events: readonly Stored[], pools: Readonly<Record<string, number>>): void {
  const held = new Map<string, { readonly pool: string; readonly slots: number }>();
  for (const { id, event } of events) {
    if (!("attempt" in event) || event.attempt === null) continue;
    const key = `${event.attempt} ${event.asset}`;
    if (event.kind !== "attempt-started") held.delete(key);
    else if (event.pool !== null) {
      held.set(key, { pool: event.pool.name, slots: event.pool.slots });
      const { name, slots } = event.pool;
      const used = [...held.values()].filter((each) => each.pool === name)
        .reduce((sum, each) => sum + each.slots, 0);
      const size = pools[name] ?? 1;
      ok(used <= Math.max(size, slots), `event ${id}: ${used} of ${size} slots of ${name}`);
    }
  }
}

/** Rule 2 again: nothing begins before what it stands on has been made. */
function inOrder(
  events: readonly Stored[],
  deps: Readonly<Record<string, readonly string[]>>,
): void {
  const made = new Set<string>();
  for (const { id, event } of events) {
    if (event.kind === "materialized") made.add(event.asset);
    if (event.kind !== "attempt-started") continue;
    for (const dep of deps[event.asset] ?? []) {
      ok(made.has(dep), `event ${id}: ${event.asset} began before ${dep} was made`);
    }
  }
}

async function nothingOpen(project: string, state: State): Promise<void> {
  const live = createLiveness(join(project, ".nycflow", "live"), {
    command: "a test",
    newId: () => "test",
  });
  const living = await live.living();
  deepEqual(living, [], "somebody is still alive");
  deepEqual([...state.claims.keys()], [], "claims are left open");
  const running = [...state.runs.values()].filter((run) => run.state === "running");
  deepEqual(running.map((run) => run.run), [], "runs are left open");
}

/** Files of the lake that no event refers to. */
export function orphansOf(project: string, events: readonly Stored[]): readonly string[] {
  const known = new Set<string>();
  for (const { event } of events) {
    if (event.kind === "materialized" && event.file) known.add(event.file.path);
    if (event.kind === "attempt-failed" && event.rejected) known.add(event.rejected.path);
  }
  return below(project, ".nycflow/lake").filter((path) => !known.has(path));
}

function noOrphans(project: string, events: readonly Stored[]): void {
  deepEqual(orphansOf(project, events), [], "files that no event refers to");
}

function below(project: string, folder: string): string[] {
  if (!existsSync(join(project, folder))) return [];
  return readdirSync(join(project, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? below(project, path) : [path];
  });
}

/** How often each asset was published. */
export function timesMade(events: readonly Stored[]): Readonly<Record<string, number>> {
  const times: Record<string, number> = {};
  for (const { event } of events) {
    if (event.kind === "materialized") times[event.asset] = (times[event.asset] ?? 0) + 1;
  }
  return times;
}
