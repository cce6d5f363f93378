/**
 * The state store without a disk: an asynchronous twin of the SQLite one, under the same contract suite. Several
 * stores over one log stand for several processes; each waits a turn of the event loop before it touches the
 * log, so that code which forgets to await, or to expect others' events, is found out.
 */
import { decodeEvent, encodeEvent } from "../../core/codec.ts";
import type { Event, Stored } from "../../core/event.ts";
import { applyChange, emptyState, viewOf } from "../../core/fold.ts";
import type { State } from "../../core/heads.ts";
import type { AssetKey, EventId, Instant } from "../../core/key.ts";
import { ProblemError } from "../../core/problem/problem.ts";
import type { Committed, EventQuery, RunQuery, StateStore } from "../../ports/store.ts";
import { createOverlay, follow, replaceState, type Scope } from "../overlay.ts";
import { createMemoryLog, type Line, type MemoryLog } from "./log.ts";
import { keptEvents } from "./prune.ts";

export { createMemoryLog };

/** A store over a log that others may share. `pause` is awaited before every access; a macrotask by default. */
export function openMemoryStore(
  log: MemoryLog = createMemoryLog(),
  pause: () => Promise<void> = () => new Promise((resolve) => setTimeout(resolve, 0)),
): StateStore {
  const scopes = new WeakMap<State, Scope>();

  function snapshot(scope: Scope): State {
    const state = emptyState();
    state.last = log.last;
    for (const [asset, partitions] of log.cells.heads) {
      if (scope === null || scope.has(asset)) state.heads.set(asset, new Map(partitions));
    }
    for (const [key, claim] of log.cells.claims) state.claims.set(key, claim);
    for (const [run, head] of log.cells.runs) state.runs.set(run, head);
    for (const [key, head] of log.cells.exports) state.exports.set(key, head);
    for (const [name, fact] of log.cells.facts) state.facts.set(name, fact);
    return state;
  }

  function catchUp(state: State): readonly Stored[] {
    const scope = scopes.get(state) ?? null;
    if (state.last > log.last || state.last < log.pruned) {
      const after = state.last > log.last ? 0 : state.last;
      replaceState(state, snapshot(scope));
      return known(log.lines.filter((line) => line.id > after));
    }
    if (state.last === log.last) return [];
    const news = known(log.lines.slice(firstAfter(log.lines, state.last)));
    const overlay = createOverlay(viewOf(state));
    for (const stored of news) overlay.add(stored);
    follow(state, scope, overlay.changes());
    state.last = log.last;
    return news;
  }

  return {
    async load(assets?: readonly AssetKey[]) {
      await pause();
      const scope = assets === undefined ? null : new Set(assets);
      const state = snapshot(scope);
      scopes.set(state, scope);
      return state;
    },
    async sync(state) {
      await pause();
      return catchUp(state);
    },
    async commit(
      state: State,
      at: Instant,
      decide: (state: State) => readonly Event[],
    ): Promise<Committed> {
      await pause();
      catchUp(state);
      const events = decide(state);
      if (events.length === 0) return { own: [] };
      const lines = events.map((event, index) => ({
        id: log.last + 1 + index,
        at: Math.round(at),
        text: encodeEvent(event),
      }));
      const own = known(lines);
      const overlay = createOverlay(viewOf(log.cells));
      for (const stored of own) overlay.add(stored);
      const changes = overlay.changes();
      for (const change of changes) {
        applyChange(log.cells, change);
        if (change.kind === "run") log.runs.set(change.run, change.value);
      }
      log.lines.push(...lines);
      log.last += lines.length;
      log.cells.last = log.last;
      follow(state, scopes.get(state) ?? null, changes);
      state.last = log.last;
      return { own };
    },
    async last() {
      await pause();
      return log.last;
    },
    async head(asset, partition) {
      await pause();
      return log.cells.heads.get(asset)?.get(partition) ?? null;
    },
    async events(query) {
      await pause();
      const found = known(log.lines).filter((stored) => matches(stored, query));
      if (query.reverse) found.reverse();
      return query.limit === undefined ? found : found.slice(0, Math.max(0, query.limit));
    },
    async runs(query: RunQuery) {
      await pause();
      const found = [...log.runs.values()].reverse().filter((run) =>
        (query.run === undefined || run.run === query.run) &&
        (query.states === undefined || query.states.includes(run.state)) &&
        (query.before === undefined || run.requestedAt < query.before)
      ).sort((a, b) => b.requestedAt - a.requestedAt);
      return query.limit === undefined ? found : found.slice(0, Math.max(0, query.limit));
    },
    async prune(before) {
      await pause();
      const kept = keptEvents(log, known(log.lines), before);
      const dropped = log.lines.filter((line) => !kept.has(line.id));
      if (dropped.length === 0) return 0;
      log.pruned = Math.max(log.pruned, ...dropped.map((line) => line.id));
      log.lines = log.lines.filter((line) => kept.has(line.id));
      const runs = new Set(known(log.lines).map(({ event }) => "run" in event ? event.run : null));
      for (const [run, head] of log.runs) {
        if (head.endedAt !== null && head.endedAt < before && !runs.has(run)) log.runs.delete(run);
      }
      return dropped.length;
    },
    close: () => Promise.resolve(),
  };
}

/** Kinds that this program does not know are left out; text that is no event is told. */
function known(lines: readonly Line[]): Stored[] {
  const found: Stored[] = [];
  for (const line of lines) {
    const decoded = decodeEvent(line.id, line.at, line.text);
    if (decoded.kind === "damaged") throw new ProblemError(decoded.problem);
    if (decoded.kind === "known") found.push(decoded.stored);
  }
  return found;
}

/** Index of the first line after `id`: the log is long and sorted. */
function firstAfter(lines: readonly Line[], id: EventId): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle]?.id ?? Infinity) <= id) low = middle + 1;
    else high = middle;
  }
  return low;
}

function matches({ id, event }: Stored, query: EventQuery): boolean {
  if (query.after !== undefined && id <= query.after) return false;
  if (query.before !== undefined && id >= query.before) return false;
  if (query.kinds !== undefined && !query.kinds.includes(event.kind)) return false;
  if (query.run !== undefined && !("run" in event && event.run === query.run)) return false;
  if (query.asset !== undefined && !("asset" in event && event.asset === query.asset)) return false;
  return query.partition === undefined ||
    ("partition" in event && event.partition === query.partition);
}
