/**
 * An environment's store: one of its own over production's, of which it only reads. A caller's state shows both; what
 * is committed goes into its own alone, and `decide` sees both. Production is looked at when a state is loaded, and
 * stays as it then was for as long as that state lives.
 */
import { earlier, follow, lay } from "../core/environment.ts";
import type { Event, Stored } from "../core/event.ts";
import { emptyState } from "../core/fold.ts";
import type { State } from "../core/heads.ts";
import type { AssetKey } from "../core/key.ts";
import type { EventQuery, StateStore } from "../ports/store.ts";

interface Layers {
  readonly base: State;
  readonly own: State;
}

/** `own` is written, `base` only read; closing closes both. */
export function layeredStore(base: StateStore, own: StateStore): StateStore {
  const layers = new WeakMap<State, Layers>();

  function layersOf(state: State): Layers {
    const found = layers.get(state);
    if (found === undefined) throw new Error("a state that this store has not loaded");
    return found;
  }

  /** An attempt says how far production was when it began: by that one knows later whether it has moved. */
  const withBase = (events: readonly Event[], last: number): readonly Event[] =>
    events.map((event) => event.kind === "attempt-started" ? { ...event, base: last } : event);

  return {
    async load(assets?: readonly AssetKey[]) {
      const parts = { base: await base.load(assets), own: await own.load(assets) };
      const state = emptyState();
      lay(state, parts.base, parts.own);
      layers.set(state, parts);
      return state;
    },
    async sync(state) {
      const parts = layersOf(state);
      const news = await own.sync(parts.own);
      follow(state, parts.base, parts.own, news);
      return news;
    },
    async commit(state, at, decide, options) {
      const parts = layersOf(state);
      await this.sync(state);
      const done = await own.commit(parts.own, at, (current) => {
        // Somebody was faster by just that much: then all of it is laid anew.
        if (current.last !== state.last) lay(state, parts.base, current);
        return withBase(decide(state), parts.base.last);
      }, options);
      follow(state, parts.base, parts.own, done.own);
      return done;
    },
    last: () => own.last(),
    async head(asset, partition) {
      return await own.head(asset, partition) ?? await base.head(asset, partition);
    },
    async events(query: EventQuery) {
      const ours = await own.events(query);
      if (query.run !== undefined && ours.length > 0) return ours;
      if (query.after !== undefined && query.after >= 0) return ours;
      const last = await base.last();
      const shifted = (each: number | undefined) => each === undefined ? undefined : each + last;
      const after = shifted(query.after);
      const before = query.before === undefined || query.before > 0
        ? undefined
        : shifted(query.before);
      const { after: _after, before: _before, ...rest } = query;
      const theirs = (await base.events({
        ...rest,
        ...(after === undefined ? {} : { after }),
        ...(before === undefined ? {} : { before }),
      })).map((stored): Stored => ({ ...stored, id: earlier(stored.id, last) }));
      const all = query.reverse === true ? [...ours, ...theirs] : [...theirs, ...ours];
      return query.limit === undefined ? all : all.slice(0, query.limit);
    },
    runs: (query) => own.runs(query),
    prune: (before) => own.prune(before),
    async close() {
      await own.close();
      await base.close();
    },
  };
}
