/**
 * Which steps the ticks make due: of each selected asset the newest window that existed when the tick came. Stands on
 * what the log remembers of the last tick, not on the moment in which it was noticed, so that a kill in between loses
 * nothing; whether a step has used its tick up already, `reasons.ts` decides.
 */
import type { State } from "../heads.ts";
import { type AssetKey, type Instant, type PartitionKey, type StepKey, stepKey } from "../key.ts";
import type { FullLayout } from "../layout_make.ts";
import { newestKeys, partitionsOf } from "../partition/keys.ts";
import { type DueName, dueName } from "./due_name.ts";
import { type Clocked, isOff, tickFact } from "./source.ts";
import type { Tick } from "./ticks.ts";

/** The tick's name (`due_name.ts`) by step; of several sources the one that came last. `choose` answers a selection. */
export function dueSteps(
  layout: FullLayout,
  state: State,
  sources: readonly Clocked[],
  ticks: readonly Tick[],
  choose: (selection: string) => Iterable<AssetKey>,
): ReadonlyMap<StepKey, string> {
  const due = new Map<StepKey, DueName>();
  for (const source of sources) {
    if (isOff(state, source.id)) continue;
    const tick = lastTick(state, source, ticks);
    if (tick === null) continue;
    const { select } = source;
    for (const asset of "asset" in select ? [select.asset] : choose(select.text)) {
      for (const partition of concerned(layout, state, asset, tick.at)) {
        const key = stepKey(asset, partition);
        if ((due.get(key)?.at ?? -Infinity) < tick.at) due.set(key, tick);
      }
    }
  }
  return new Map([...due].map(([key, tick]) => [key, dueName(tick)]));
}

function lastTick(state: State, source: Clocked, ticks: readonly Tick[]): DueName | null {
  const now = ticks.find((each) => each.source.id === source.id);
  if (now?.outcome === "requested") return { source: source.id, at: now.due, event: null };
  const fact = tickFact(state, source.id);
  // One that was edited counts from now on: what it asked for before stands no more.
  if (fact === null || fact.requested === null || fact.cursor !== source.fingerprint) return null;
  return { source: source.id, at: fact.requested, event: fact.event };
}

/** The newest window of then; and, of what runs at ticks alone, those that were never made. */
function concerned(
  layout: FullLayout,
  state: State,
  asset: AssetKey,
  at: Instant,
): readonly PartitionKey[] {
  const def = layout.def(asset);
  if (def.kind === "source") return [];
  const now = layout.partitions(asset);
  if (now.scheme === null || now.scheme.type === "static") return [...now.keys];
  const then = now.scheme.type === "dynamic" ? now : partitionsOf(now.scheme, at);
  const newest = newestKeys(then).filter((key) => now.keys.has(key));
  if (def.automation !== "cron") return newest;
  const heads = state.heads.get(asset);
  const missing = [...then.keys].filter((key) => now.keys.has(key) && !heads?.get(key)?.published);
  return [...new Set([...newest, ...missing])];
}
