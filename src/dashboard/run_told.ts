/** A run as its events tell it, and the lines of its list: steps, of very many the assets first, with tries below. */
import type { Stored } from "../core/event.ts";
import type { RunHead } from "../core/heads.ts";
import { type AssetKey, type StepKey, stepKey } from "../core/key.ts";
import { criticalPath, type CriticalStep } from "../core/run/critical.ts";
import { emptyRun, foldRunEvent, isOver, type RunStep, type RunTry } from "../views/run_state.ts";
import type { RunState as RunFold } from "../views/run_state.ts";
import type { Answer } from "./board.ts";

export interface Told {
  /** What it was made of. */
  readonly answer: Answer;
  readonly events: readonly Stored[];
  readonly head: RunHead;
  /** Changed by nobody. */
  readonly run: RunFold;
  readonly path: readonly CriticalStep[];
  readonly critical: ReadonlySet<StepKey>;
  readonly failed: readonly RunStep[];
}

/** Null for answers that are none of this run. */
export function toldOf(answer: Answer | null, run: string, before: Told | null): Told | null {
  if (answer?.kind !== "run" || answer.head.run !== run) return null;
  if (before?.answer === answer) return before;
  if (before !== null && before.events === answer.events) {
    return { ...before, answer, head: answer.head };
  }
  const fold = foldedOn(answer.events, before);
  const path = fold.endedAt === null ? [] : criticalPath(answer.events);
  const steps = [...fold.steps.values()];
  const critical = new Set(path.map(({ step }) => step));
  return {
    answer,
    events: answer.events,
    head: answer.head,
    run: fold,
    path,
    // Where all of it decides nothing is marked.
    critical: steps.every(({ key }) => critical.has(key)) ? new Set() : critical,
    failed: steps.filter((each) => each.tries.some((own) => own.problem !== null)).sort(worstFirst),
  };
}

/** The events folded; where they go on from those before, only what is new, in copies of the steps that it touches. */
function foldedOn(events: readonly Stored[], before: Told | null): RunFold {
  const known = before?.events.length ?? 0;
  const more = events.slice(known);
  if (
    before === null || known === 0 || events[known - 1] !== before.events[known - 1] ||
    // A plan touches any of its steps.
    more.some(({ event }) => event.kind === "run-started")
  ) {
    const fold = emptyRun();
    for (const stored of events) foldRunEvent(fold, stored);
    return fold;
  }
  const fold: RunFold = {
    ...before.run,
    steps: new Map(before.run.steps),
    assets: new Map(before.run.assets),
  };
  const copied = new Map<StepKey, RunStep>();
  for (const { event } of more) {
    if (!("asset" in event) || !("partition" in event)) continue;
    const key = stepKey(event.asset, event.partition);
    const step = fold.steps.get(key);
    if (step === undefined || copied.has(key)) continue;
    const copy = { ...step, tries: step.tries.map((each) => ({ ...each })) };
    copied.set(key, copy);
    fold.steps.set(key, copy);
  }
  for (const asset of new Set([...copied.values()].map((step) => step.asset))) {
    const own = fold.assets.get(asset) ?? [];
    fold.assets.set(asset, own.map((step) => copied.get(step.key) ?? step));
  }
  for (const asset of newIn(more, fold)) {
    // What is made besides joins a list that others hold.
    const own = fold.assets.get(asset);
    if (own !== undefined) fold.assets.set(asset, [...own]);
  }
  for (const stored of more) foldRunEvent(fold, stored);
  return fold;
}

/** The assets of steps that are not known yet. */
function newIn(events: readonly Stored[], { steps }: RunFold): readonly AssetKey[] {
  return events.flatMap(({ event }) =>
    "asset" in event && "partition" in event && !steps.has(stepKey(event.asset, event.partition))
      ? event.asset
      : []
  );
}

/** What failed for good before what was tried again. */
function worstFirst(a: RunStep, b: RunStep): number {
  const rank = ({ state }: RunStep) => state === "failed" ? 0 : state === "retrying" ? 1 : 2;
  return rank(a) - rank(b);
}

export type RunItem =
  | {
    readonly kind: "asset";
    readonly id: string;
    readonly steps: readonly RunStep[];
    readonly depth: 0;
  }
  | { readonly kind: "step"; readonly id: string; readonly step: RunStep; readonly depth: 0 | 1 }
  | {
    readonly kind: "try";
    readonly id: string;
    readonly step: RunStep;
    readonly of: RunTry;
    readonly depth: 1 | 2;
  };

/** More steps than these are gathered by asset. */
const MOST_STEPS = 60;

export interface Listed {
  readonly of: Told;
  readonly unfolded: readonly string[];
  readonly items: readonly RunItem[];
}

/** The list of a run; the one that was made before where that is of the same. */
export function listedOf(
  { told, unfolded, listed }: {
    readonly told: Told | null;
    readonly unfolded: readonly string[];
    readonly listed: Listed | null;
  },
): Listed | null {
  if (told === null) return null;
  return listed?.of === told && listed.unfolded === unfolded
    ? listed
    : { of: told, unfolded, items: runItems(told, unfolded) };
}

/** What began first stands first, what waits last. */
function runItems({ run }: Told, unfolded: readonly string[]): readonly RunItem[] {
  const open = new Set(unfolded);
  if (run.steps.size <= MOST_STEPS) {
    return byStart([...run.steps.values()], (step) => step.startedAt)
      .flatMap((step) => stepItems(step, 0, open));
  }
  return byStart([...run.assets], ([, steps]) => firstStart(steps)).flatMap(
    ([asset, steps]): readonly RunItem[] => {
      const [only] = steps;
      if (steps.length === 1 && only !== undefined) return stepItems(only, 0, open);
      const head: RunItem = { kind: "asset", id: asset, steps, depth: 0 };
      return open.has(asset)
        ? [head, ...steps.flatMap((step) => stepItems(step, 1, open))]
        : [head];
    },
  );
}

/** Of what is at work the line that began last; -1 for none. */
export function lastBegun(items: readonly RunItem[]): number {
  return items.findLastIndex((each) =>
    each.kind === "step" && (each.step.state === "running" || each.step.state === "retrying") ||
    each.kind === "asset" && gathered(each.steps).state === "running"
  );
}

function stepItems(step: RunStep, depth: 0 | 1, open: ReadonlySet<string>): readonly RunItem[] {
  const item: RunItem = { kind: "step", id: step.key, step, depth };
  // An asset without partitions is named as its step is.
  if (!open.has(step.key)) return [item];
  return [
    item,
    ...step.tries.map((of): RunItem => ({
      kind: "try",
      id: `${step.key} ${of.number}`,
      step,
      of,
      depth: depth === 0 ? 1 : 2,
    })),
  ];
}

export function firstStart(steps: readonly RunStep[]): number | null {
  let first: number | null = null;
  for (const { startedAt } of steps) {
    if (startedAt !== null && (first === null || startedAt < first)) first = startedAt;
  }
  return first;
}

/** The state of several steps as one word: what runs before what failed, and so on; and how many are over. */
export function gathered(steps: readonly RunStep[]): {
  readonly state: RunStep["state"];
  readonly over: number;
  readonly failed: number;
  readonly endedAt: number | null;
} {
  let over = 0, failed = 0, running = false, last = -Infinity;
  for (const step of steps) {
    if (isOver(step)) over++;
    if (step.state === "failed") failed++;
    if (step.state === "running" || step.state === "retrying") running = true;
    if (step.endedAt !== null && step.endedAt > last) last = step.endedAt;
  }
  const state = running
    ? "running"
    : failed > 0
    ? "failed"
    : over < steps.length
    ? over > 0 ? "running" : "waiting"
    : steps.find((each) => each.state === "blocked")?.state ??
      steps.find((each) => each.state === "succeeded")?.state ?? steps[0]?.state ?? "waiting";
  return { state, over, failed, endedAt: over === steps.length && last > -Infinity ? last : null };
}

/** Sorted by start, those without one as they were behind. */
function byStart<T>(all: readonly T[], startOf: (each: T) => number | null): readonly T[] {
  return all.map((each, at) => ({ each, at, start: startOf(each) ?? Infinity }))
    .sort((a, b) => a.start === b.start ? a.at - b.at : a.start - b.start)
    .map(({ each }) => each);
}
