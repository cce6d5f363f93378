/**
 * `backfill`: from what was typed, or from the log of one that was cut off, to runs over batches of partitions. Each
 * run is chosen against the state as it then is, so that what others made meanwhile is not made again.
 */
import type { Backfill, BackfillOrder } from "../core/backfill_request.ts";
import {
  batchesOf,
  countWanted,
  defaultOrder,
  firstOf,
  inOrder,
  type Wanted,
  wantedOf,
} from "../core/backfill.ts";
import type { RunRequested, Stored } from "../core/event.ts";
import { type AssetKey, type EventId, type PartitionKey, stepKey } from "../core/key.ts";
import { plan, reach } from "../core/plan.ts";
import { type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import { type Chosen, chosenAssets, partitionsAsked } from "./choose.ts";
import type { Session, View } from "./session.ts";

/** A backfill that is about to begin, or to go on. */
export interface Prepared {
  readonly backfill: Backfill;
  /** Its first event; null where nothing of it has run. */
  readonly since: EventId | null;
  readonly order: BackfillOrder;
  readonly batches: readonly Wanted[];
  /** Asset partitions in all batches. */
  readonly total: number;
  /** Those that `max` leaves for later. */
  readonly later: number;
}

/** Which partitions, in which batches. Throws where nothing partitioned is meant, or a key lies outside. */
export function prepareBackfill(
  view: View,
  backfill: Backfill,
  since: EventId | null,
  max: number | null,
): Prepared {
  const keys = keysAsked(view, backfill);
  const order = backfill.order ?? defaultOrder(view.layout, keys.keys());
  const all = wantedOf(view.state, keys, backfill.filter, since);
  const wanted = max === null ? all : firstOf(view.layout, all, order, max);
  return {
    backfill,
    since,
    order,
    batches: batchesOf(view.layout, wanted, order, backfill.perRun),
    total: countWanted(wanted),
    later: countWanted(all) - countWanted(wanted),
  };
}

/** The plan of one batch; what others have made since is left out. */
export function chooseBatch(view: View, prepared: Prepared, batch: Wanted): Chosen {
  const { backfill, since, order } = prepared;
  const wanted = backfill.filter === "all" && since === null
    ? batch
    : wantedOf(view.state, batch, backfill.filter, since);
  const targets = new Map([...wanted].map(([asset, keys]) => [asset, new Set(keys)]));
  const scope = reach(view.layout, targets, false);
  const requested = new Map<string, string>();
  for (const [asset, keys] of wanted) {
    for (const key of keys) requested.set(stepKey(asset, key), "asked for by a backfill");
  }
  const around = view.around({ requested });
  const planned = plan(view.layout, view.state, scope, around);
  return {
    plan: inOrder(planned, view.layout, wanted, order),
    scope,
    targets: new Set(targets.keys()),
    around,
  };
}

function keysAsked(view: View, backfill: Backfill): Wanted {
  const chosen = chosenAssets(view, backfill.select, backfill.exclude);
  const keys = new Map<AssetKey, readonly PartitionKey[]>();
  const problems: Problem[] = [];
  const ranged = backfill.from !== null || backfill.to !== null || backfill.partitions.length > 0;
  for (const asset of view.layout.graph.keys) {
    const def = view.layout.def(asset);
    if (!chosen.has(asset) || def.partitions === null || def.kind === "source") continue;
    // Of what one function makes the first asset stands for all.
    if (def.together.length > 1 && def.together[0] !== asset) continue;
    try {
      keys.set(asset, ranged ? partitionsAsked(view, asset, backfill) : view.layout.keys(asset));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (keys.size > 0) return keys;
  if (problems.length > 0) throw new ProblemError(problems);
  throw new ProblemError(problem("usage", {
    message: "Cannot backfill: nothing that was selected is partitioned",
    why: `selected: ${[...chosen].slice(0, 5).join(", ")}${chosen.size > 5 ? ", …" : ""}`,
    hint: `to materialize it, write: nycflow run ${backfill.select.join(" ")}`,
  }));
}

/** The last backfill (of this selection, where one is named), and the event with which it began. */
export async function lastBackfill(
  session: Session,
  select: readonly string[],
): Promise<{ readonly backfill: Backfill; readonly since: EventId }> {
  const store = await session.store();
  const found = (await store.events({ kinds: ["run-requested"], reverse: true, limit: 100_000 }))
    .flatMap((stored) =>
      stored.event.kind === "run-requested" ? [stored as Stored<RunRequested>] : []
    )
    .filter(({ event }) => event.backfill !== undefined);
  const wanted = select.join(" ");
  const last = found.find(({ event }) =>
    wanted === "" || event.backfill?.select.join(" ") === wanted
  );
  const backfill = last?.event.backfill;
  if (backfill === undefined) {
    throw new ProblemError(problem("usage", {
      message: `Cannot go on with a backfill${wanted === "" ? "" : ` of ${wanted}`}`,
      why: "the log knows of none",
      hint: "begin one, e.g. nycflow backfill trips_by_week --from 2023-01 --to 2023-03",
    }));
  }
  const own = found.filter(({ event }) => event.backfill?.id === backfill.id);
  return { backfill, since: own.at(-1)?.id ?? 0 };
}
