/**
 * A run as it goes on, for a terminal: what runs, with bars, rates and time left; what waits and for what; how much is
 * done. The frame is drawn over itself; assets that have ended scroll above it as `run_lines.ts` tells them.
 */
import type { Stored } from "../core/event.ts";
import type { AssetKey, Instant, PartitionKey, StepKey } from "../core/key.ts";
import type { Progress } from "../core/order.ts";
import type { Plan } from "../core/plan.ts";
import { duration, shortDuration } from "../term/duration.ts";
import { counted, grouped, percent } from "../term/number.ts";
import { progressBar, spinner } from "../term/progress.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { fit, pad, truncate, width } from "../term/width.ts";
import { createRunLines, type RunLinesOptions } from "./run_lines.ts";
import { isOver, type RunState, type RunStep } from "./run_state.ts";
import { timeLeft } from "./pace.ts";
import { markOf } from "./words.ts";
import { keysText } from "./asset_line.ts";
import { beginsAnew, fractionOf, progressWords, type Told } from "./progress_words.ts";

export interface LiveState {
  readonly run: RunState;
  readonly progress: Map<StepKey, Told>;
  /** What a step waits for besides its upstreams: a pool, another process. */
  readonly waiting: Map<StepKey, string>;
  /** The steps that each waits for, where the plan is known. */
  readonly after: ReadonlyMap<StepKey, readonly StepKey[]>;
}

type OfStep = {
  readonly key: StepKey;
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
};

export interface RunLive {
  readonly state: LiveState;
  /** Takes up events; gives the lines that scroll above the frame. */
  onEvents(stored: readonly Stored[]): string[];
  onProgress(step: OfStep, progress: Progress, at: Instant): void;
  onWaiting(step: OfStep, text: string): void;
}

/** A live view of one run; `liveFrame` draws its state. With the plan it can say what waits for what. */
export function createRunLive(options: RunLinesOptions & { readonly plan?: Plan }): RunLive {
  const lines = createRunLines(options);
  const after = new Map(
    options.plan?.steps.map((step) => [step.key, [...step.after, ...step.afterAny]]),
  );
  const state: LiveState = { run: lines.state, progress: new Map(), waiting: new Map(), after };
  return {
    state,
    onEvents(stored) {
      const out = lines.onEvents(stored);
      for (const { event } of stored) {
        if (!("asset" in event)) continue;
        const key =
          (event.partition === "" ? event.asset : `${event.asset}[${event.partition}]`) as StepKey;
        state.waiting.delete(key);
        // The next try begins anew.
        state.progress.delete(key);
      }
      return out;
    },
    onProgress(step, progress, at) {
      const known = state.progress.get(step.key);
      if (known === undefined || beginsAnew(progress, known.last)) {
        state.progress.set(step.key, { first: progress, firstAt: at, last: progress, lastAt: at });
      } else {
        known.last = progress;
        known.lastAt = at;
      }
    },
    onWaiting: (step, text) => state.waiting.set(step.key, text),
  };
}

const FRAME_MS = 100;
const LEAST_ROWS = 6;

/** The frame: at most `rows - 1` lines of at most `columns - 1` cells, so that nothing scrolls by itself. */
export function liveFrame(
  state: LiveState,
  now: Instant,
  style: Style,
  columns: number,
  rows: number,
): string[] {
  const { run } = state;
  if (run.startedAt === null || run.endedAt !== null) return [];
  const room = Math.max(LEAST_ROWS, rows) - 1;
  const across = Math.max(20, columns - 1);
  const steps = [...run.steps.values()];
  const active = steps.filter((step) => step.state === "running" || step.state === "retrying");
  const queues = waitingQueues(state, steps, style);
  const lines = [headLine(run, steps, now, style, across)];
  const names = Math.min(
    Math.max(
      0,
      ...active.map((step) => width(nameOf(step, style))),
      ...queues.map((each) => width(each.name)),
    ),
    Math.max(12, Math.floor(across * 0.4)),
  );
  const body = [
    ...active.map((step) => activeLine(state, step, now, names, style, across)),
    ...queues.map((queue) =>
      truncate(
        paint(
          style,
          "dim",
          `  ${style.unicode ? "·" : "."} ${fit(queue.name, names, style)}  ${queue.text}`
            .trimEnd(),
        ),
        across,
        style,
      )
    ),
  ];
  if (body.length <= room - 1) return [...lines, ...body];
  const kept = body.slice(0, Math.max(0, room - 2));
  const more = body.length - kept.length;
  return [
    ...lines,
    ...kept,
    truncate(
      paint(style, "dim", `  ${style.unicode ? "…" : "..."} ${grouped(more)} more`),
      across,
      style,
    ),
  ];
}

/** `⠹ 12/25  ██████······  48%  3.2 s  1 failed`. */
function headLine(
  run: RunState,
  steps: readonly RunStep[],
  now: Instant,
  style: Style,
  columns: number,
): string {
  const done = steps.filter(isOver).length;
  const total = Math.max(run.planned, steps.length);
  const failed = steps.filter((step) => step.state === "failed").length;
  const since = now - (run.startedAt ?? now);
  const share = total === 0 ? 0 : done / total;
  const count = `${grouped(done)}/${grouped(total)} steps`;
  const left = timeLeft(done, total, now - since, now);
  const rest = left === null ? "" : `  ${shortDuration(left)} left`;
  const tail = `${percent(share).padStart(4)}  ${elapsedText(since)}${rest}`;
  const bad = failed === 0 ? "" : `  ${paint(style, "bad", `${failed} failed`)}`;
  const size = Math.max(6, Math.min(30, columns - count.length - tail.length - 22));
  const bar = progressBar(share, { width: size, style });
  const sign = paint(style, "accent", spinner(style, Math.floor(now / FRAME_MS)));
  return truncate(`${sign} ${count}  ${bar} ${tail}${bad}`, columns, style);
}

/** Tenths while it is short, so that it is seen to move; never jumping in width. */
function elapsedText(ms: number): string {
  return ms < 60_000 ? `${(Math.max(0, ms) / 1000).toFixed(1)} s` : duration(ms);
}

function nameOf(step: RunStep, style: Style): string {
  return sanitize(step.partition === "" ? step.asset : `${step.asset} ${step.partition}`, style);
}

function activeLine(
  state: LiveState,
  step: RunStep,
  now: Instant,
  names: number,
  style: Style,
  columns: number,
): string {
  const name = fit(nameOf(step, style), names, style);
  const mark = markOf(step.state, style);
  if (step.state === "retrying") {
    const wait = Math.max(0, (step.retryAt ?? now) - now);
    const text = `try ${step.tries.length + 1} in ${duration(Math.ceil(wait / 1000) * 1000)}: ${
      step.problem?.message ?? ""
    }`;
    return truncate(
      `  ${mark} ${name}  ${paint(style, "warn", sanitize(text, style))}`,
      columns,
      style,
    );
  }
  const told = state.progress.get(step.key);
  const began = step.tries.at(-1)?.startedAt ?? now;
  const fraction = told === undefined ? null : fractionOf(told.last);
  const left = 4 + names + 2;
  const size = Math.max(8, Math.min(24, Math.floor((columns - left) * 0.35)));
  const bar = progressBar(fraction, {
    width: size,
    style,
    frame: Math.floor((now - began) / FRAME_MS),
  });
  const share = pad(fraction === null ? "" : percent(fraction), 4, "right");
  const words = told === undefined ? [] : progressWords(told, fraction, now);
  const text = [elapsedText(now - began), ...words].join("  ");
  return truncate(
    `  ${mark} ${name}  ${bar} ${share}  ${paint(style, "dim", sanitize(text, style))}`,
    columns,
    style,
  );
}

interface Queue {
  readonly name: string;
  readonly text: string;
}

/** Waiting steps, those of one asset with one cause in one line. */
function waitingQueues(
  state: LiveState,
  steps: readonly RunStep[],
  style: Style,
): readonly Queue[] {
  const byCause = new Map<string, { asset: AssetKey; text: string; keys: PartitionKey[] }>();
  for (const step of steps) {
    if (step.state !== "waiting") continue;
    const text = state.waiting.get(step.key) ?? upstreamText(state, step);
    const id = `${step.asset}\n${text}`;
    const known = byCause.get(id);
    if (known === undefined) byCause.set(id, { asset: step.asset, text, keys: [step.partition] });
    else known.keys.push(step.partition);
  }
  return [...byCause.values()].map(({ asset, text, keys }) => {
    const where = keys.length > 3 ? counted(keys.length, "partition") : keysText(keys);
    const words = [where, text].filter((part) => part !== "").join("  ");
    return { name: sanitize(asset, style), text: sanitize(words, style) };
  });
}

/** The upstream assets that have not ended yet; without a plan those that its reasons name. */
function upstreamText({ run, after }: LiveState, { key, reasons }: RunStep): string {
  const steps = after.get(key);
  const assets = steps === undefined
    ? reasons.filter((each) => each.kind === "upstream" && each.of !== null).map((each) => each.of)
    : steps.flatMap((upstream) => {
      const step = run.steps.get(upstream);
      return step === undefined || isOver(step) ? [] : [step.asset];
    });
  const names = [...new Set(assets)];
  if (names.length === 0) return "waits its turn";
  const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
  return `waits for ${names.slice(0, 3).join(", ")}${more}`;
}
