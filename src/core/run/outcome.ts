/** What the steps of a run add up to, and the exit code that a command gives for it. */
import type { RunOutcome, StepOutcome } from "../event.ts";

/** A run is as bad as its worst step; blocked alone comes only with a failure elsewhere. */
export function runOutcome(counts: Readonly<Record<StepOutcome, number>>): RunOutcome {
  if (counts.failed > 0) return "failed";
  if (counts.cancelled > 0) return "cancelled";
  if (counts.interrupted > 0) return "interrupted";
  return counts.blocked > 0 ? "failed" : "succeeded";
}

/** `signal` is the number of the signal that ended it, where one did: 1, 2 or 15. */
export function exitCode(outcome: RunOutcome, signal: number | null): number {
  if (signal !== null) return 128 + signal;
  return outcome === "succeeded" ? 0 : outcome === "cancelled" ? 130 : 1;
}
