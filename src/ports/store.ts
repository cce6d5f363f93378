/**
 * The state store: an append-only log, and the cells folded from it in the same transaction.
 *
 * Invariants
 * - `commit` is the only write: all or nothing, and its `decide` sees every event that others appended since
 *   `state.last`, inside the transaction; so a rule checked in `decide` holds over all processes.
 * - `decide` is synchronous and pure; it may be called again after a busy lock.
 * - Cells equal the fold of the log.
 */
import type { Event, EventKind, Stored } from "../core/event.ts";
import type { Head, RunHead, State } from "../core/heads.ts";
import type { AssetKey, EventId, Instant, PartitionKey, RunId } from "../core/key.ts";

export interface EventQuery {
  readonly after?: EventId;
  readonly before?: EventId;
  readonly run?: RunId;
  readonly asset?: AssetKey;
  readonly partition?: PartitionKey;
  readonly kinds?: readonly EventKind[];
  readonly limit?: number;
  /** Newest first. */
  readonly reverse?: boolean;
}

export interface RunQuery {
  readonly run?: RunId;
  readonly limit?: number;
  readonly states?: readonly RunHead["state"][];
  readonly before?: Instant;
}

export interface Committed {
  /** What this commit appended. */
  readonly own: readonly Stored[];
}

export interface StateStore {
  /**
   * Heads of the named assets (all where absent), and all claims, open runs, exports and facts, at one event.
   * The state belongs to the caller, who keeps it current through `commit` and `sync`.
   */
  load(assets?: readonly AssetKey[]): Promise<State>;
  /** Folds into `state` what others appended since `state.last`; gives those events. */
  sync(state: State): Promise<readonly Stored[]>;
  /**
   * Syncs `state` inside a write transaction, asks `decide` what to append, appends and folds it.
   * Where `decide` gives nothing, nothing is written. `durable: false` need not survive a power cut (a claim
   * dies with its holder anyway), but is visible to others at once.
   */
  commit(
    state: State,
    at: Instant,
    decide: (state: State) => readonly Event[],
    options?: { readonly durable?: boolean },
  ): Promise<Committed>;
  /** The last event's id, cheaply: for those who look whether anything happened. */
  last(): Promise<EventId>;
  head(asset: AssetKey, partition: PartitionKey): Promise<Head | null>;
  events(query: EventQuery): Promise<readonly Stored[]>;
  runs(query: RunQuery): Promise<readonly RunHead[]>;
  /** Drops events before `before` on which no head stands; gives how many. */
  prune(before: Instant): Promise<number>;
  close(): Promise<void>;
}
