/** The events of steps that ended without an attempt of this run, and the words for why. */
import type { StepEnded } from "../core/event.ts";
import type { RunId } from "../core/key.ts";
import type { PlannedStep } from "../core/plan.ts";
import type { Consequence } from "../core/run/machine.ts";

/** A step that ended before it began. */
export function endedEvent(
  run: RunId,
  step: PlannedStep,
  outcome: "unchanged" | "blocked" | "skipped" | "cancelled",
  text: string,
): StepEnded {
  return {
    kind: "step-ended",
    run,
    asset: step.asset,
    partition: step.partition,
    attempt: null,
    outcome,
    text,
    code: "",
    inputs: "",
  };
}

/** An end that followed from another one, or (`because` null) from the run's own. */
export function consequenceEvent(
  run: RunId,
  { step, outcome, because }: Consequence,
  stopped: string,
): StepEnded {
  const text = because === null
    ? stopped
    : outcome === "skipped"
    ? `${because} was skipped`
    : outcome === "cancelled"
    ? `${because} was cancelled`
    : `${because} did not succeed`;
  return endedEvent(run, step, outcome, text);
}
