/**
 * The state store in one SQLite file: the log, and beside it the cells folded from it, written in the same
 * transaction. Any number of processes may have it open; writers queue, readers never wait.
 *
 * A caller's `State` is changed only by what is certain: others' events when they have been read, this commit's
 * when COMMIT has returned. Where COMMIT fails without telling whether it happened, the next `sync` finds out.
 */
import type { Event, Stored } from "../../core/event.ts";
import { emptyState, viewOf } from "../../core/fold.ts";
import type { State } from "../../core/heads.ts";
import { type EventId, type Instant, stepKey } from "../../core/key.ts";
import { ProblemError } from "../../core/problem/problem.ts";
import type { Committed, EventQuery, RunQuery, StateStore } from "../../ports/store.ts";
import { createOverlay, follow, replaceState, type Scope } from "../overlay.ts";
import { connect, type OpenOptions, waiting } from "./connection.ts";
import { newerProblem, permissionProblem, told } from "./errors.ts";
import { AssetHeads, readHeads } from "./asset_heads.ts";
import { createParts, readHead } from "./head_row.ts";
import { pruneSome } from "./prune.ts";
import { eventsWhere, runsWhere } from "./queries.ts";
import { claimOf, eventsOf, exportOf, factOfRow, insertEvent, runOf, writeCell } from "./rows.ts";
import { MIGRATIONS } from "./schema.ts";
import { createRows } from "./statements.ts";

/**
 * Opens the store in `file`. Throws `ProblemError`: `store-newer`, `store-damaged`, `no-permission`,
 * `disk-full`, `busy`. Where the file may only be read everything but `commit` and `prune` works.
 */
export async function openSqliteStore(
  file: string,
  options: OpenOptions = {},
): Promise<StateStore> {
  const { db, writable, close } = await connect(file, options);
  const schema = (options.migrations ?? MIGRATIONS).length;
  const rows = createRows(db);
  const parts = createParts(rows);
  const scopes = new WeakMap<State, Scope>();
  let flushing = false;

  /** Where the log stands; throws where the schema has gone beyond this program since it was opened. */
  function position(): { last: EventId; pruned: EventId } {
    const [row] = rows.all(
      `select coalesce((select max(id) from events), 0),
              coalesce((select value from meta where name = 'pruned'), 0),
              (select value from meta where name = 'schema')`,
    );
    const [last, pruned, version] = row ?? [];
    if (Number(version) > schema) {
      throw new ProblemError(newerProblem(file, Number(version), schema, "a later version"));
    }
    return { last: Number(last), pruned: Number(pruned) };
  }

  /** Everything at one event; inside a transaction. */
  function readState(scope: Scope): State {
    const heads = new AssetHeads(parts);
    const state: State = { ...emptyState(), heads };
    state.last = position().last;
    for (const asset of scope ?? [null]) readHeads(rows, parts, asset, heads);
    for (const [body] of rows.all("select body from claims order by event")) {
      const claim = claimOf(body ?? null);
      state.claims.set(stepKey(claim.asset, claim.partition), claim);
    }
    for (
      const [body] of rows.all("select body from runs where ended_at is null order by requested_at")
    ) {
      const run = runOf(body ?? null);
      state.runs.set(run.run, run);
    }
    for (const [body] of rows.all("select body from exports")) {
      const found = exportOf(body ?? null);
      state.exports.set(stepKey(found.asset, found.partition), found);
    }
    for (const row of rows.all("select name, event, at, value from facts")) {
      const fact = factOfRow(row);
      state.facts.set(fact.name, fact);
    }
    return state;
  }

  /** Brings `state` to the end of the log; inside a transaction, or as one statement's view of it. */
  function catchUp(state: State): readonly Stored[] {
    const scope = scopes.get(state) ?? null;
    const { last, pruned } = position();
    if (state.last === last) return [];
    const replaced = state.last > last;
    const news = eventsOf(
      rows.all(
        "select id, at, body from events where id > ? order by id",
        replaced ? 0 : state.last,
      ),
    );
    if (replaced || state.last < pruned) replaceState(state, readState(scope));
    else {
      const overlay = createOverlay(viewOf(state));
      for (const stored of news) overlay.add(stored);
      follow(state, scope, overlay.changes());
      state.last = last;
    }
    return news;
  }

  /** Reads at one event. */
  function reading<T>(work: () => T): Promise<T> {
    return guarded("read", () => {
      db.exec("begin");
      try {
        return work();
      } finally {
        db.exec("commit");
      }
    });
  }

  async function guarded<T>(doing: "read" | "write", work: () => T): Promise<T> {
    try {
      return await waiting(work);
    } catch (error) {
      throw told(error, file, doing);
    }
  }

  function writing<T>(durable: boolean, work: () => T): Promise<T> {
    if (!writable) throw new ProblemError(permissionProblem(file, "write"));
    return guarded("write", () => {
      if (durable !== flushing) {
        db.exec(durable ? "pragma synchronous = full" : "pragma synchronous = normal");
        flushing = durable;
      }
      db.exec("begin immediate");
      try {
        const result = work();
        db.exec("commit");
        return result;
      } catch (error) {
        if (db.isTransaction) db.exec("rollback");
        throw error;
      }
    });
  }

  async function commit(
    state: State,
    at: Instant,
    decide: (state: State) => readonly Event[],
    options?: { readonly durable?: boolean },
  ): Promise<Committed> {
    const scope = scopes.get(state) ?? null;
    const done = await writing(options?.durable ?? true, () => {
      catchUp(state);
      // What `decide` throws is its caller's own affair, and must not be taken for an error of SQLite's.
      let events: readonly Event[];
      try {
        events = decide(state);
      } catch (error) {
        return { thrown: { error }, own: [], changes: [] };
      }
      if (events.length === 0) return { thrown: null, own: [], changes: [] };
      const seen = viewOf(state);
      const overlay = createOverlay({
        ...seen,
        head: (asset, partition) =>
          scope === null || scope.has(asset)
            ? seen.head(asset, partition)
            : readHead(rows, parts, asset, partition),
      });
      const own = events.map((event, index): Stored => ({
        id: state.last + 1 + index,
        at: Math.round(at),
        event,
      }));
      for (const stored of own) {
        insertEvent(rows, stored);
        overlay.add(stored);
      }
      const changes = overlay.changes();
      for (const change of changes) writeCell(rows, change);
      return { thrown: null, own, changes };
    });
    if (done.thrown !== null) throw done.thrown.error;
    follow(state, scope, done.changes);
    state.last = done.own.at(-1)?.id ?? state.last;
    return { own: done.own };
  }

  return {
    load(assets) {
      const scope = assets === undefined ? null : new Set(assets);
      return reading(() => {
        const state = readState(scope);
        scopes.set(state, scope);
        return state;
      });
    },
    sync: (state) => reading(() => catchUp(state)),
    commit,
    last: () => guarded("read", () => position().last),
    head: (asset, partition) => reading(() => readHead(rows, parts, asset, partition)),
    events: (query: EventQuery) => guarded("read", () => eventsWhere(rows, query)),
    runs: (query: RunQuery) => guarded("read", () => runsWhere(rows, query)),
    async prune(before) {
      let sum = 0;
      for (;;) {
        const dropped = await writing(false, () => pruneSome(rows, before));
        sum += dropped;
        if (dropped === 0) return sum;
      }
    },
    close() {
      close();
      return Promise.resolve();
    },
  };
}
