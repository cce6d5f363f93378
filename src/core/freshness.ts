/**
 * Whether an asset is as new as its policy asks, by the clock alone (`late`); whether its inputs differ (`stale`) is
 * decided in `reasons.ts`. Of a partitioned asset the caller asks about its newest window.
 */
import type { FreshnessPolicy } from "./definition.ts";
import type { Instant } from "./key.ts";
import type { Problem } from "./problem/problem.ts";
import { err, ok, type Result } from "./result.ts";
import { nextTick, parseCron, previousTick } from "./schedule/cron.ts";

export type FreshnessState = "on time" | "soon late" | "late" | "never";

export interface Freshness {
  readonly state: FreshnessState;
  /** From here on a new materialization is wanted; null where there has been none: it is wanted now. */
  readonly dueAt: Instant | null;
  /** From here on it is late; null where there has been none. */
  readonly lateAt: Instant | null;
}

const HOUR = 3_600_000;

/**
 * `within`: wanted and late when that long has passed; soon late from `warn` on. `by`: each deadline wants one made
 * since the deadline before it, so it is wanted from one on and late at the next; soon late in the last hour
 * (the last quarter of shorter periods).
 */
export function freshness(
  policy: FreshnessPolicy,
  lastAt: Instant | null,
  now: Instant,
  timezone: string,
): Result<Freshness, Problem> {
  if (policy.kind === "within") {
    if (lastAt === null) return ok(NEVER);
    const lateAt = lastAt + policy.withinMs;
    return ok(judge(lateAt, lateAt, lastAt + (policy.warnMs ?? policy.withinMs), now));
  }
  const cron = parseCron(policy.cron, policy.timezone ?? timezone);
  if (!cron.ok) return cron;
  if (lastAt === null) return ok(NEVER);
  const met = previousTick(cron.value, lastAt) === lastAt ? lastAt : nextTick(cron.value, lastAt);
  const lateAt = met === null ? null : nextTick(cron.value, met);
  if (met === null || lateAt === null) {
    return err({
      code: "cron-invalid",
      message: `Cannot tell when ${policy.cron} comes again`,
      hint: "write a schedule that ticks at least once in eight years",
    });
  }
  return ok(judge(met, lateAt, lateAt - Math.min(HOUR, (lateAt - met) / 4), now));
}

const NEVER: Freshness = { state: "never", dueAt: null, lateAt: null };

function judge(dueAt: Instant, lateAt: Instant, warnAt: Instant, now: Instant): Freshness {
  const state = now >= lateAt ? "late" : now >= warnAt ? "soon late" : "on time";
  return { state, dueAt, lateAt };
}
