/**
 * Retention: which events may go. Kept are the young, the very last, everything of open runs, of each step
 * whatever came since the event on which its head or claim stands (so that the log still tells how it came to
 * be what it is), the last event of each export and fact, and kinds that this program does not know.
 */
import { EVENT_KINDS } from "../../core/codec.ts";
import type { EventId, Instant } from "../../core/key.ts";
import { sweepParts } from "./head_row.ts";
import type { Rows } from "./statements.ts";

/** Events a transaction: others wait for the write lock meanwhile, some milliseconds. */
const AT_ONCE = 5_000;

/** Drops some events from before `before`, in a transaction of the caller's; gives how many, 0 when all is done. */
export function pruneSome(rows: Rows, before: Instant): number {
  const kinds = EVENT_KINDS.map((kind) => `'${kind}'`).join(", ");
  const dropped = rows.all(
    `delete from events where id in (
       select e.id from events e
       left join heads h on h.asset = e.asset and h.partition = e.partition
       left join claims c on c.asset = e.asset and c.partition = e.partition
       left join exports x on x.asset = e.asset and x.partition = e.partition
       where e.at < ?
         and e.id < (select max(id) from events)
         and e.kind in (${kinds})
         and (h.since is null or e.id < h.since)
         and (c.event is null or e.id < c.event)
         and (x.event is null or e.id <> x.event)
         and not exists (select 1 from runs r where r.run = e.run and r.ended_at is null)
         and not exists (select 1 from facts f where f.event = e.id)
       limit ?
     ) returning id`,
    before,
    AT_ONCE,
  );
  if (dropped.length > 0) {
    const highest: EventId = dropped.reduce((most, [id]) => Math.max(most, Number(id)), 0);
    rows.run(
      `insert into meta (name, value) values ('pruned', ?)
       on conflict (name) do update set value = max(cast(value as integer), excluded.value + 0)`,
      String(highest),
    );
  }
  if (dropped.length < AT_ONCE) {
    rows.run(
      `delete from runs where ended_at < ?
       and not exists (select 1 from events e where e.run = runs.run)`,
      before,
    );
    sweepParts(rows);
  }
  return dropped.length;
}
