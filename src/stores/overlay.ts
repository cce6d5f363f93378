/**
 * What a commit is about to change, laid over the cells as they are: later events of one commit see what the
 * earlier ones changed, while the caller's state stays as it is until the commit is certain.
 */
import type { Stored } from "../core/event.ts";
import { applyChange, type CellView, type Change, changesOf } from "../core/fold.ts";
import type { State } from "../core/heads.ts";
import type { AssetKey } from "../core/key.ts";

/** The assets whose heads a state holds; null for all. */
export type Scope = ReadonlySet<AssetKey> | null;

export interface Overlay {
  /** Folds one event. */
  add(stored: Stored): void;
  /** The last content of each cell that changed. */
  changes(): readonly Change[];
}

export function createOverlay(base: CellView): Overlay {
  const changed = new Map<string, Change>();
  const view: CellView = {
    head(asset, partition) {
      const change = changed.get(`head ${asset} ${partition}`);
      return change?.kind === "head" ? change.value : base.head(asset, partition);
    },
    claim(key) {
      const change = changed.get(`claim ${key}`);
      return change?.kind === "claim" ? change.value : base.claim(key);
    },
    export(key) {
      const change = changed.get(`export ${key}`);
      return change?.kind === "export" ? change.value : base.export(key);
    },
    run(run) {
      const change = changed.get(`run ${run}`);
      if (change?.kind !== "run") return base.run(run);
      return change.value.endedAt === null ? change.value : null;
    },
    fact(name) {
      const change = changed.get(`fact ${name}`);
      return change?.kind === "fact" ? change.value : base.fact(name);
    },
  };
  return {
    add(stored) {
      for (const change of changesOf(view, stored)) changed.set(addressOf(change), change);
    },
    changes: () => [...changed.values()],
  };
}

function addressOf(change: Change): string {
  switch (change.kind) {
    case "head":
      return `head ${change.asset} ${change.partition}`;
    case "claim":
    case "export":
      return `${change.kind} ${change.key}`;
    case "run":
      return `run ${change.run}`;
    case "fact":
      return `fact ${change.name}`;
  }
}

/** Is this change one that a state of this scope shows? Heads of assets that it was not asked for are none. */
export function inScope(scope: Scope, change: Change): boolean {
  return scope === null || change.kind !== "head" || scope.has(change.asset);
}

/** Folds what was appended by others, or by this commit once it is certain. */
export function follow(state: State, scope: Scope, changes: readonly Change[]): void {
  for (const change of changes) if (inScope(scope, change)) applyChange(state, change);
}

/** Puts everything that `fresh` holds into `state`, which belongs to a caller and must stay the same object. */
export function replaceState(state: State, fresh: State): void {
  state.last = fresh.last;
  refill(state.heads, fresh.heads);
  refill(state.claims, fresh.claims);
  refill(state.runs, fresh.runs);
  refill(state.exports, fresh.exports);
  refill(state.facts, fresh.facts);
}

function refill<K, V>(target: Map<K, V>, source: ReadonlyMap<K, V>): void {
  target.clear();
  for (const [key, value] of source) target.set(key, value);
}
