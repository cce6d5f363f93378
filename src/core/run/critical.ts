/**
 * The chain of steps that decided how long a run took, read off its own events: from the step that ended last back to
 * what let each of them begin, be it an upstream that it reads, a step that held its pool, or one whose end made room.
 * Whatever is not in the chain could have been slower by a little without the run taking longer.
 */
import type { Stored } from "../event.ts";
import { upstreamsIn } from "../inputs.ts";
import { type Instant, readStepKey, type StepKey, stepKey } from "../key.ts";

/** Why a step of the chain began no earlier. */
export type Because = "start" | "upstream" | "pool" | "room";

export interface CriticalStep {
  readonly step: StepKey;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly because: Because;
  /** Between the end of the step before it in the chain (or the run's start) and its own start. */
  readonly waitedMs: number;
  /** The pool that it waited for. */
  readonly pool: string | null;
}

interface Span {
  readonly key: StepKey;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly inputs: string;
  readonly pool: string | null;
}

/** The chain, first step first; empty while the run goes on, and where nothing began. `events` are the run's own. */
export function criticalPath(events: readonly Stored[]): readonly CriticalStep[] {
  const { spans, began, over } = spansOf(events);
  if (!over || spans.length === 0) return [];
  // By end, so that "the latest that ended by then" is found by halving.
  const ended = spans.sort((a, b) => a.endedAt - b.endedAt);
  const run: Ran = {
    ended,
    byAsset: groupedBy(ended, ({ key }) => readStepKey(key).asset),
    byPool: groupedBy(ended, ({ pool }) => pool),
    byKey: new Map(ended.map((each) => [each.key, each])),
    began: began ?? Math.min(...ended.map(({ startedAt }) => startedAt)),
    room: roomLeft(ended),
  };
  const path: CriticalStep[] = [];
  const seen = new Set<Span>();
  for (let at = ended.at(-1); at !== undefined;) {
    seen.add(at);
    const found = causeOf(at, run, seen);
    path.push({
      step: at.key,
      startedAt: at.startedAt,
      endedAt: at.endedAt,
      because: found?.because ?? "start",
      waitedMs: Math.max(0, at.startedAt - (found?.span.endedAt ?? run.began)),
      pool: found?.because === "pool" ? at.pool : null,
    });
    at = found?.span;
  }
  return path.reverse();
}

interface Ran {
  readonly ended: readonly Span[];
  readonly byAsset: ReadonlyMap<string, readonly Span[]>;
  readonly byPool: ReadonlyMap<string, readonly Span[]>;
  readonly byKey: ReadonlyMap<StepKey, Span>;
  readonly began: Instant;
  /** When fewer ran than ever ran at once, in order. */
  readonly room: readonly (readonly [Instant, Instant])[];
}

/** Between one step's end and the next one's start there is always a moment. */
const HANDOVER_MS = 25;

function causeOf(
  step: Span,
  run: Ran,
  seen: ReadonlySet<Span>,
): { readonly span: Span; readonly because: Because } | null {
  const last = (spans: readonly Span[]) => lastBy(spans, step.startedAt, seen);
  const upstream = last(upstreamsOf(step, run));
  const since = upstream?.endedAt ?? run.began;
  const own = upstream === null ? null : { span: upstream, because: "upstream" } as const;
  if (step.startedAt - since <= HANDOVER_MS) return own;
  const pooled = step.pool === null ? null : last(run.byPool.get(step.pool) ?? []);
  if (pooled !== null && pooled.endedAt > since) return { span: pooled, because: "pool" };
  const before = last(run.ended);
  // All that it reads was there, and all along as many ran as ever ran at once.
  return before !== null && before.endedAt > since && !hadRoom(run.room, since, step.startedAt)
    ? { span: before, because: "room" }
    : own;
}

/** The steps of the run that it reads, by end. */
function upstreamsOf({ inputs }: Span, { byAsset, byKey }: Ran): readonly Span[] {
  const found = [...upstreamsIn(inputs)].flatMap(([asset, keys]) =>
    // Of very many partitions only a digest is known.
    keys === null
      ? byAsset.get(asset) ?? []
      : keys.flatMap((partition) => byKey.get(stepKey(asset, partition)) ?? [])
  );
  return found.sort((a, b) => a.endedAt - b.endedAt);
}

/** The last span that ended by then, of those that are not in the chain yet. */
function lastBy(
  spans: readonly Span[],
  at: Instant,
  seen: ReadonlySet<Span>,
): Span | null {
  let low = 0, high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle] as Span).endedAt <= at) low = middle + 1;
    else high = middle;
  }
  for (let i = low - 1; i >= 0; i--) {
    const span = spans[i] as Span;
    if (!seen.has(span)) return span;
  }
  return null;
}

/** The stretches, longer than a handing over, in which fewer steps ran than ever ran at once. */
function roomLeft(spans: readonly Span[]): readonly (readonly [Instant, Instant])[] {
  const edges = spans.flatMap(({ startedAt, endedAt }) => [[startedAt, 1], [endedAt, -1]] as const)
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const most = mostAtOnce(edges);
  const left: [Instant, Instant][] = [];
  let now = 0;
  edges.forEach(([at, by], i) => {
    now += by;
    const next = edges[i + 1]?.[0] ?? at;
    if (now >= most || next === at) return;
    const open = left.at(-1);
    if (open !== undefined && open[1] === at) open[1] = next;
    else left.push([at, next]);
  });
  return left.filter(([from, to]) => to - from > HANDOVER_MS);
}

/**
 * How many ran side by side for longer than a handing over: what a step has done is told a moment after its place was
 * given to the next one.
 */
function mostAtOnce(edges: readonly (readonly [Instant, number])[]): number {
  /** Since when at least so many run. */
  const since: Instant[] = [];
  let now = 0, most = 1;
  for (const [at, by] of edges) {
    if (by > 0) since[now] = at;
    else if (at - (since[now - 1] ?? at) > HANDOVER_MS) most = Math.max(most, now);
    now += by;
  }
  return most;
}

function hadRoom(room: Ran["room"], from: Instant, to: Instant): boolean {
  return room.some(([a, b]) => Math.min(b, to) - Math.max(a, from) > HANDOVER_MS);
}

function groupedBy(
  spans: readonly Span[],
  of: (span: Span) => string | null,
): ReadonlyMap<string, readonly Span[]> {
  const groups = new Map<string, Span[]>();
  for (const span of spans) {
    const name = of(span);
    if (name === null) continue;
    const own = groups.get(name);
    if (own === undefined) groups.set(name, [span]);
    else own.push(span);
  }
  return groups;
}

/** From each step's first start to its last end; what never ended is in no chain. */
function spansOf(events: readonly Stored[]): {
  readonly spans: Span[];
  readonly began: Instant | null;
  readonly over: boolean;
} {
  const spans = new Map<StepKey, { span: Span; open: boolean }>();
  let began: Instant | null = null, over = false;
  for (const { at, event } of events) {
    if (event.kind === "run-started") began ??= at;
    if (event.kind === "run-ended") over = true;
    if (event.kind === "attempt-started") {
      const key = stepKey(event.asset, event.partition);
      const known = spans.get(key);
      const { inputs } = event, pool = event.pool?.name ?? null;
      if (known !== undefined) known.open = true;
      else {
        const span = { key, startedAt: at, endedAt: at, inputs, pool };
        spans.set(key, { span, open: true });
      }
    }
    const ends = event.kind === "materialized" || event.kind === "checked" ||
      event.kind === "step-ended" || (event.kind === "attempt-failed" && event.retryAt === null);
    if (!ends) continue;
    const known = spans.get(stepKey(event.asset, event.partition));
    if (known?.open !== true) continue;
    known.open = false;
    known.span = { ...known.span, endedAt: at };
  }
  return {
    spans: [...spans.values()].flatMap(({ span, open }) => open ? [] : [span]),
    began,
    over,
  };
}
