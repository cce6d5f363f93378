/**
 * Has one claimed step executed: describes it, watches its time limit, and turns whatever the executor throws into a
 * result. Publishes nothing.
 */
import type { JsonObject } from "../core/json.ts";
import type { AssetKey, PartitionKey, RunId } from "../core/key.ts";
import type { State } from "../core/heads.ts";
import type { StepResult } from "../core/order.ts";
import type { Clock } from "../ports/clock.ts";
import { toProblem } from "./bug.ts";
import type { Engine, RunHooks, RunRequest } from "./context.ts";
import { type Claimed, orderOf } from "./order.ts";

/** Where versions live, relative to the project. */
export const LAKE = ".nycflow/lake";
/** After a cancel or timeout, how long a step may take to end by itself. */
const GRACE_MS = 500;

export interface Finished {
  readonly claimed: Claimed;
  readonly result: StepResult;
  readonly seconds: number;
}

/** `controller` ends it, by `"cancel"` from outside or by `"timeout"` from here. Never rejects. */
export async function executeStep(
  engine: Engine,
  request: RunRequest,
  hooks: Pick<RunHooks, "onProgress" | "onLog">,
  run: RunId,
  claimed: Claimed,
  controller: AbortController,
): Promise<Finished> {
  const { step, number } = claimed;
  const { clock } = engine;
  const began = clock.now();
  const timer = clock.elapsed();
  const limit = request.layout.def(step.asset).timeoutMs;
  const over = limitTime(clock, limit, () => controller.abort("timeout"));
  const finish = (result: StepResult): Finished => {
    over.abort();
    return { claimed, result, seconds: (clock.elapsed() - timer) / 1000 };
  };
  try {
    const order = orderOf(request.layout, request.state, claimed, {
      run,
      project: engine.project,
      projectSettings: request.projectSettings,
      settings: request.settings,
      timezone: request.timezone,
      limits: request.limits,
      lake: engine.lake ?? LAKE,
      now: began,
      payload: (asset, partition) => payloadOf(request.state, asset, partition),
    });
    return finish(
      await engine.executor.execute(order, {
        signal: controller.signal,
        graceMs: GRACE_MS,
        progress: (progress) => hooks.onProgress(step, progress),
        log: (line) => hooks.onLog(run, step, number, line),
      }),
    );
  } catch (error) {
    return finish({
      kind: "failed",
      problem: toProblem(error),
      fatal: true,
      reads: [],
      seconds: 0,
    });
  }
}

/** What a dynamic partition came with. */
function payloadOf(state: State, asset: AssetKey, partition: PartitionKey): JsonObject {
  const value = state.facts.get(`partition:${asset}:${partition}`)?.value;
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as JsonObject
    : {};
}

/** Waits, or until `signal` fires; never rejects. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(ms, signal).catch(() => undefined);
}

/** Calls `over` once so many milliseconds have passed, unless what it gives is aborted before; null: never. */
export function limitTime(
  clock: Clock,
  ms: number | null,
  over: () => void,
): Pick<AbortController, "abort"> {
  // To abort costs as much as a small query: an error is made for it, with its stack.
  if (ms === null) return { abort: () => {} };
  const done = new AbortController();
  pause(clock, ms, done.signal).then(() => {
    if (!done.signal.aborted) over();
  });
  return done;
}

/** Waits so long, or until `wake` (handed to `begin`) is called; true where it was. */
export async function waitFor(
  clock: Clock,
  ms: number,
  begin: (wake: () => void) => void,
): Promise<boolean> {
  const over = new AbortController();
  const woken = await new Promise<boolean>((resolve) => {
    begin(() => resolve(true));
    if (ms !== Infinity) pause(clock, ms, over.signal).then(() => resolve(false));
  });
  begin(() => {});
  if (ms !== Infinity) over.abort();
  return woken;
}
