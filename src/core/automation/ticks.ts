/**
 * Which ticks have come since they were last looked at, and what becomes of them: caught up, skipped, queued. Pure
 * over one state and one instant, so that asking twice, late, or in five processes gives one answer: a tick counts
 * only where it is later than the last one that is in the log.
 */
import type { Event } from "../event.ts";
import type { State } from "../heads.ts";
import type { HolderId, Instant, RunId } from "../key.ts";
import { nextTick, ticksBetween } from "../schedule/cron.ts";
import { type Clocked, isOff, tickFact } from "./source.ts";

export interface Tick {
  readonly source: Clocked;
  readonly due: Instant;
  readonly outcome: "requested" | "skipped" | "seen";
  readonly text: string;
  /** What is made up for, each by a run of its own, this one as the last; oldest first. */
  readonly missed: readonly Instant[];
}

/** A tick is late, and with `skip` missed, when nobody looked for half the time to the next, within these bounds. */
const PUNCTUAL_MS = { least: 5 * 60_000, most: 3_600_000 };

/** What each source has to say at `now`; sources with nothing new say nothing. */
export function ticksDue(
  state: State,
  sources: readonly Clocked[],
  now: Instant,
  dead: ReadonlySet<HolderId>,
): readonly Tick[] {
  return sources.flatMap((source) => {
    const tick = isOff(state, source.id) ? null : tickOf(state, source, now, dead);
    return tick === null ? [] : [tick];
  });
}

function tickOf(
  state: State,
  source: Clocked,
  now: Instant,
  dead: ReadonlySet<HolderId>,
): Tick | null {
  const fact = tickFact(state, source.id);
  const said = (due: Instant, outcome: Tick["outcome"], text: string, missed: Instant[] = []) => ({
    source,
    due,
    outcome,
    text,
    missed,
  });
  if (fact === null) return said(now, "seen", `counts from now: ${source.fingerprint}`);
  if (fact.cursor !== source.fingerprint) {
    return said(Math.max(now, fact.due), "seen", `counts from now: ${source.fingerprint}`);
  }
  // One more than is made up for is enough to know that there were too many.
  const limit = source.catchUp === "all" ? source.catchUpLimit + 1 : 1000;
  const found = [...ticksBetween(source.cron, fact.due, now, limit)];
  const newest = found.pop();
  if (newest === undefined) return null;
  if (fact.runs.some((run) => goesOn(state, run, dead))) {
    return source.overlap === "queue"
      ? null
      : said(newest, "skipped", "the run of the tick before still goes on");
  }
  switch (source.catchUp) {
    case "latest":
      return said(newest, "requested", missedText(found.length, "made up for"));
    case "skip": {
      const next = nextTick(source.cron, newest) ?? newest;
      const { least, most } = PUNCTUAL_MS;
      const grace = Math.min(most, Math.max(least, (next - newest) / 2));
      return now - newest > grace
        ? said(newest, "skipped", missedText(found.length + 1, "skipped"))
        : said(newest, "requested", missedText(found.length, "skipped"));
    }
    case "all": {
      const kept = found.slice(-Math.max(0, source.catchUpLimit - 1));
      return said(
        newest,
        "requested",
        missedText(kept.length, "made up for") +
          (kept.length < found.length ? `, at most ${source.catchUpLimit} at once` : ""),
        // The newest too, so that none of the runs before it is taken for its answer.
        source.catchUpLimit === 1 || kept.length === 0 ? [] : [...kept, newest],
      );
    }
  }
}

function missedText(count: number, how: string): string {
  if (count === 0) return "";
  return `${count === 1000 ? "1,000 or more" : count} missed tick${count === 1 ? "" : "s"} ${how}`;
}

function goesOn(state: State, run: RunId, dead: ReadonlySet<HolderId>): boolean {
  const head = state.runs.get(run);
  return head !== undefined && (head.holder === null || !dead.has(head.holder));
}

/** The ticks that are still news in this state, for the log. `run` is what they ask for; null where that is nothing. */
export function tickEvents(
  state: State,
  ticks: readonly Tick[],
  run: RunId | null,
  queued: (tick: Tick, at: Instant) => { readonly event: Event; readonly run: RunId } | null,
): readonly Event[] {
  return ticks.flatMap((tick): Event[] => {
    const { source, due, outcome, text } = tick;
    const fact = tickFact(state, source.id);
    const edited = fact !== null && fact.cursor !== source.fingerprint;
    if (
      outcome === "seen" ? fact !== null && !edited : fact === null || edited || fact.due >= due
    ) {
      return [];
    }
    const before = tick.missed.filter((at) => fact === null || at > fact.due)
      .flatMap((at) => queued(tick, at) ?? []);
    const runs = outcome === "requested"
      ? [...before.map((each) => each.run), ...(run === null ? [] : [run])]
      : [];
    return [...before.map((each) => each.event), {
      kind: "ticked",
      source: source.id,
      due,
      outcome,
      text,
      runs,
      cursor: source.fingerprint,
      problem: null,
    }];
  });
}

/** When the next of all ticks comes; null where nothing ticks. */
export function nextDue(state: State, sources: readonly Clocked[], now: Instant): Instant | null {
  let next: Instant | null = null;
  for (const source of sources) {
    if (isOff(state, source.id)) continue;
    const at = nextTick(source.cron, Math.max(now, tickFact(state, source.id)?.due ?? now));
    if (at !== null && (next === null || at < next)) next = at;
  }
  return next;
}
