/**
 * What an event changes: the one reading of the log. Each kind of cell has its own pure function (`fold_head.ts`,
 * `fold_run.ts`, `fold_fact.ts`, and claims and exports here); this file says which cells an event touches and
 * whether it still counts. Whether an event may be appended is decided before (`rules.ts`).
 *
 * An attempt that does not hold the claim changes nothing, whatever it says: a late publisher is harmless even
 * where nobody refused it.
 */
import { isEventKind } from "./codec.ts";
import type { Event, Stored } from "./event.ts";
import { factOf, foldFact } from "./fold_fact.ts";
import { foldHead } from "./fold_head.ts";
import { foldRun } from "./fold_run.ts";
import type { Claim, ExportHead, Fact, Head, RunHead, State } from "./heads.ts";
import { type AssetKey, type PartitionKey, type RunId, type StepKey, stepKey } from "./key.ts";
import { unreachable } from "./result.ts";

/** The address of one cell. */
export type Cell =
  | { readonly kind: "head"; readonly asset: AssetKey; readonly partition: PartitionKey }
  | { readonly kind: "claim"; readonly asset: AssetKey; readonly partition: PartitionKey }
  | { readonly kind: "export"; readonly asset: AssetKey; readonly partition: PartitionKey }
  | { readonly kind: "run"; readonly run: RunId }
  | { readonly kind: "fact"; readonly name: string };

/** A cell's new content; null takes it away. */
export type Change =
  | {
    readonly kind: "head";
    readonly asset: AssetKey;
    readonly partition: PartitionKey;
    readonly value: Head | null;
  }
  | {
    readonly kind: "claim";
    readonly key: StepKey;
    readonly asset: AssetKey;
    readonly partition: PartitionKey;
    readonly value: Claim | null;
  }
  | { readonly kind: "export"; readonly key: StepKey; readonly value: ExportHead }
  | { readonly kind: "run"; readonly run: RunId; readonly value: RunHead }
  | { readonly kind: "fact"; readonly name: string; readonly value: Fact | null };

/** The cells as they are, wherever they are kept. */
export interface CellView {
  head(asset: AssetKey, partition: PartitionKey): Head | null;
  claim(key: StepKey): Claim | null;
  export(key: StepKey): ExportHead | null;
  /** Open runs only: one that has ended cannot change any more. */
  run(run: RunId): RunHead | null;
  fact(name: string): Fact | null;
}

/** The state before the first event. */
export function emptyState(): State {
  return {
    last: 0,
    heads: new Map(),
    claims: new Map(),
    runs: new Map(),
    exports: new Map(),
    facts: new Map(),
  };
}

/** Folds one event into `state`, in place. An event of an unknown kind only moves `state.last`. */
export function fold(state: State, stored: Stored): void {
  for (const change of changesOf(viewOf(state), stored)) applyChange(state, change);
  state.last = stored.id;
}

/** The cells of a `State`, for `changesOf`. */
export function viewOf(state: State): CellView {
  return {
    head: (asset, partition) => state.heads.get(asset)?.get(partition) ?? null,
    claim: (key) => state.claims.get(key) ?? null,
    export: (key) => state.exports.get(key) ?? null,
    run: (run) => state.runs.get(run) ?? null,
    fact: (name) => state.facts.get(name) ?? null,
  };
}

/** Puts a cell's new content into `state`. Runs that have ended leave it. */
export function applyChange(state: State, change: Change): void {
  switch (change.kind) {
    case "head": {
      const partitions = state.heads.get(change.asset);
      if (change.value !== null) {
        if (partitions === undefined) {
          state.heads.set(change.asset, new Map([[change.partition, change.value]]));
        } else partitions.set(change.partition, change.value);
      } else if (partitions?.delete(change.partition) && partitions.size === 0) {
        state.heads.delete(change.asset);
      }
      return;
    }
    case "claim":
      if (change.value === null) state.claims.delete(change.key);
      else state.claims.set(change.key, change.value);
      return;
    case "export":
      state.exports.set(change.key, change.value);
      return;
    case "run":
      if (isOpen(change.value)) state.runs.set(change.run, change.value);
      else state.runs.delete(change.run);
      return;
    case "fact":
      if (change.value === null) state.facts.delete(change.name);
      else state.facts.set(change.name, change.value);
      return;
    default:
      unreachable(change);
  }
}

/** Is a run still queued or running? */
export function isOpen(run: RunHead): boolean {
  return run.state === "queued" || run.state === "running";
}

/** The cells that an event may change. */
export function touched(event: Event): readonly Cell[] {
  if (!isEventKind(event.kind)) return [];
  const cells: Cell[] = [];
  switch (event.kind) {
    case "attempt-started":
    case "attempt-failed":
    case "materialized":
    case "checked":
    case "step-ended": {
      const { asset, partition, run } = event;
      cells.push({ kind: "head", asset, partition }, { kind: "claim", asset, partition });
      if (event.kind !== "attempt-started") cells.push({ kind: "run", run });
      break;
    }
    case "observed":
    case "version-set":
      cells.push({ kind: "head", asset: event.asset, partition: event.partition });
      break;
    case "exported":
      cells.push({ kind: "export", asset: event.asset, partition: event.partition });
      break;
    case "run-requested":
    case "run-started":
    case "run-ended":
      cells.push({ kind: "run", run: event.run });
      break;
    case "notified":
    case "ticked":
    case "switched":
    case "partition-added":
    case "forgotten":
      break;
    default:
      unreachable(event);
  }
  const name = factOf(event);
  if (name !== null) cells.push({ kind: "fact", name });
  return cells;
}

/** What an event changes, given the cells as they are; cells that stay as they were are left out. */
export function changesOf(view: CellView, stored: Stored): readonly Change[] {
  const event = stored.event;
  const cells = touched(event);
  if (cells.length === 0 || isLate(view, event)) return [];
  const changes: Change[] = [];
  for (const cell of cells) {
    switch (cell.kind) {
      case "head": {
        const { asset, partition } = cell;
        const claim = view.claim(stepKey(asset, partition));
        const before = view.head(asset, partition);
        const value = foldHead(before, asset, partition, stored, claim);
        if (value !== before) changes.push({ kind: "head", asset, partition, value });
        break;
      }
      case "claim": {
        const { asset, partition } = cell;
        const key = stepKey(asset, partition);
        const before = view.claim(key);
        const value = foldClaim(before, stored);
        if (value !== before) changes.push({ kind: "claim", key, asset, partition, value });
        break;
      }
      case "export": {
        const key = stepKey(cell.asset, cell.partition);
        const value = foldExport(view.export(key), stored);
        if (value !== null) changes.push({ kind: "export", key, value });
        break;
      }
      case "run": {
        const before = view.run(cell.run);
        const value = foldRun(before, stored);
        if (value !== null && value !== before) changes.push({ kind: "run", run: cell.run, value });
        break;
      }
      case "fact": {
        const before = view.fact(cell.name);
        const value = foldFact(before, stored);
        if (value !== before) changes.push({ kind: "fact", name: cell.name, value });
        break;
      }
      default:
        unreachable(cell);
    }
  }
  return changes;
}

/** Does the event speak for an attempt that does not hold the claim (any more)? Then it changes nothing. */
export function isLate(view: CellView, event: Event): boolean {
  switch (event.kind) {
    case "attempt-failed":
    case "materialized":
    case "checked":
    case "step-ended":
      return event.attempt !== null &&
        view.claim(stepKey(event.asset, event.partition))?.attempt !== event.attempt;
    default:
      return false;
  }
}

/** The claim of a step: begun by `attempt-started`, ended by whatever ends the attempt. */
export function foldClaim(claim: Claim | null, stored: Stored): Claim | null {
  const event = stored.event;
  switch (event.kind) {
    case "attempt-started":
      return {
        asset: event.asset,
        partition: event.partition,
        run: event.run,
        attempt: event.attempt,
        number: event.number,
        holder: event.holder,
        action: event.action,
        since: stored.at,
        code: event.code,
        inputs: event.inputs,
        pool: event.pool,
        event: stored.id,
      };
    case "attempt-failed":
    case "materialized":
    case "checked":
    case "step-ended":
      return claim !== null && claim.attempt === event.attempt ? null : claim;
    default:
      return claim;
  }
}

/** What was last written of an asset for people. */
export function foldExport(before: ExportHead | null, stored: Stored): ExportHead | null {
  const event = stored.event;
  if (event.kind !== "exported") return before;
  return {
    asset: event.asset,
    partition: event.partition,
    of: event.of,
    paths: event.paths,
    at: stored.at,
    problem: event.problem,
    event: stored.id,
  };
}
