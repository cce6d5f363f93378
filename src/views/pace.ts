/** How far a run is and how long it will still take, by the pace of the steps that have ended. */
import type { Instant } from "../core/key.ts";
import { shortDuration } from "../term/duration.ts";
import { grouped } from "../term/number.ts";
import { isOver, type RunState } from "./run_state.ts";

/** Fewer ended steps than these tell nothing about the others. */
const LEAST_DONE = 3;
const LEAST_MS = 2_000;

/** Milliseconds that the rest will take; null where nobody can know yet. Pure: `since` is when the work began. */
export function timeLeft(done: number, total: number, since: Instant, now: Instant): number | null {
  const took = now - since;
  if (done < LEAST_DONE || took < LEAST_MS || done >= total) return null;
  return Math.max(1000, Math.ceil((took / done) * (total - done) / 1000) * 1000);
}

/** `12/36 steps, 1 failed, about 40 s left`. */
export function paceText(run: RunState, now: Instant): string {
  const steps = [...run.steps.values()];
  const done = steps.filter(isOver).length;
  const failed = steps.filter((each) => each.state === "failed").length;
  const total = Math.max(run.planned, steps.length);
  const left = run.startedAt === null ? null : timeLeft(done, total, run.startedAt, now);
  return [
    `${grouped(done)}/${grouped(total)} steps`,
    ...(failed > 0 ? [`${grouped(failed)} failed`] : []),
    ...(left === null ? [] : [`about ${shortDuration(left)} left`]),
  ].join(", ");
}
