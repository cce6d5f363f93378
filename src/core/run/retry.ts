/**
 * When a failed try is followed by another, and how long a step that failed for good is left alone.
 * Randomness (jitter) is handed in.
 */
import type { RetryPolicy } from "../definition.ts";
import type { Failure } from "../heads.ts";
import type { Instant } from "../key.ts";

const MINUTE = 60_000;
/** Of `semantics.md`: 1, 5, 30 min, 2 h, 6 h, then every 6 h. */
const COOLDOWNS = [MINUTE, 5 * MINUTE, 30 * MINUTE, 120 * MINUTE, 360 * MINUTE] as const;

/** The instant from which a step that failed `inARow` times may be tried again by the clock alone. */
export function cooldownEnd(failure: Pick<Failure, "at" | "inARow">): Instant {
  const index = Math.min(Math.max(failure.inARow, 1), COOLDOWNS.length) - 1;
  return failure.at + (COOLDOWNS[index] ?? 360 * MINUTE);
}

/**
 * Milliseconds until the next try after try `number` (from 1) failed; null where the policy is spent.
 * `random` in [0, 1): jitter takes between half and all of the delay, so that two that failed together part.
 */
export function retryDelay(
  policy: RetryPolicy | null,
  number: number,
  random: number,
): number | null {
  if (policy === null || number >= policy.attempts) return null;
  const factor = policy.backoff === "none"
    ? 1
    : policy.backoff === "linear"
    ? number
    : 2 ** (number - 1);
  const capped = Math.min(policy.delayMs * factor, policy.maxDelayMs ?? Number.POSITIVE_INFINITY);
  return Math.round(policy.jitter ? capped * (0.5 + random / 2) : capped);
}

/** Does the policy retry this kind of error? `names` are the problem's code and the error's own name. */
export function retries(policy: RetryPolicy | null, names: readonly string[]): boolean {
  if (policy === null) return false;
  return policy.retryOn === null || policy.retryOn.some((each) => names.includes(each));
}
