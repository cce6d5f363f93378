/** Which events of a memory log retention must keep: the same rule as `sqlite/prune.ts` writes in SQL. */
import type { Stored } from "../../core/event.ts";
import { factOf } from "../../core/fold_fact.ts";
import { type EventId, type Instant, stepKey } from "../../core/key.ts";
import type { MemoryLog } from "./log.ts";

/**
 * The young, the very last, everything of open runs, of steps from the event on which their head or claim
 * stands, and the last of each export and fact.
 */
export function keptEvents(
  log: MemoryLog,
  events: readonly Stored[],
  before: Instant,
): ReadonlySet<EventId> {
  const kept = new Set<EventId>([log.last]);
  const known = new Set(events.map(({ id }) => id));
  // What this program does not understand it does not throw away either.
  for (const line of log.lines) if (line.at >= before || !known.has(line.id)) kept.add(line.id);
  for (const { id, event } of events) {
    if ("run" in event && event.run !== null && log.cells.runs.has(event.run)) kept.add(id);
    const name = factOf(event);
    if (name !== null && log.cells.facts.get(name)?.event === id) kept.add(id);
    if (!("asset" in event)) continue;
    const key = stepKey(event.asset, event.partition);
    const head = log.cells.heads.get(event.asset)?.get(event.partition);
    const from = Math.min(
      head?.since ?? Infinity,
      log.cells.claims.get(key)?.event ?? Infinity,
    );
    if (id >= from) kept.add(id);
    if (log.cells.exports.get(key)?.event === id) kept.add(id);
  }
  return kept;
}
