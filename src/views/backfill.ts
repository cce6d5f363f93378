/** What a backfill says besides its runs: which batch, how long still, what is left and how to go on. */
import type { Backfill } from "../core/backfill_request.ts";
import type { Wanted } from "../core/backfill.ts";
import type { Instant } from "../core/key.ts";
import { foldRanges } from "../core/partition/fold_ranges.ts";
import { shortDuration } from "../term/duration.ts";
import { counted, grouped } from "../term/number.ts";

/** `trips_by_week --from 2023-01 --to 2023-03 --missing`: for the history. */
function selection(backfill: Backfill): string {
  const { select, exclude, partitions, from, to, filter } = backfill;
  return [
    ...select,
    ...(exclude.length > 0 ? ["--exclude", ...exclude] : []),
    ...partitions.map((each) => `--partition ${each}`),
    ...(from === null ? [] : [`--from ${from}`]),
    ...(to === null ? [] : [`--to ${to}`]),
    ...(filter === "all" ? [] : [`--${filter}`]),
  ].join(" ");
}

function nothing(backfill: Backfill, resumed: boolean): string {
  if (resumed) return `nothing to do: the backfill of ${selection(backfill)} is complete`;
  if (backfill.filter === "missing") return "nothing to do: no partition in range is missing";
  if (backfill.filter === "failed") return "nothing to do: no partition in range has failed";
  return "nothing to do: no partition lies in range";
}

/** `run 3 of 12: 2023-03, about 40 s left`. */
function batch(keys: Wanted, at: number, count: number, began: Instant, now: Instant): string {
  const all = [...new Set([...keys.values()].flat())].sort();
  const left = at === 0 ? null : ((now - began) / at) * (count - at);
  const time = left === null ? "" : `, about ${shortDuration(Math.max(1000, left))} left`;
  return `run ${grouped(at + 1)} of ${grouped(count)}: ${foldRanges(all)}${time}`;
}

/** Why it is not whole, and what to type. `runs` were not begun, `later` keys were cut off by `--max`. */
function left(code: number, runs: number, later: number): string {
  const what = [
    ...(code > 1 ? ["it was stopped"] : code === 1 ? ["some failed"] : []),
    ...(runs > 0 ? [`${counted(runs, "run")} not begun`] : []),
    ...(later > 0 ? [`${counted(later, "partition")} left for later`] : []),
  ].join(", ");
  return `${what}; go on with: nycflow backfill --resume`;
}

export const backfillLines = { selection, nothing, batch, left } as const;
