/** The events of steps that ended without an attempt of this run, and the words for why. */
import type { StepEnded } from "../core/event.ts";
import type { State } from "../core/heads.ts";
import { readStepKey, type RunId, type StepKey, stepKey } from "../core/key.ts";
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

/**
 * The ends that followed from others, in their order. What is skipped because what it was made from has been withdrawn
 * is withdrawn with it (`core/withdraw.ts`), however long the chain.
 */
export function consequenceEvents(
  run: RunId,
  state: State,
  consequences: readonly Consequence[],
  stopped: string,
): readonly StepEnded[] {
  const withdrawn = new Set<StepKey>();
  const isThere = (key: StepKey) => {
    const { asset, partition } = readStepKey(key);
    return !withdrawn.has(key) && Boolean(state.heads.get(asset)?.get(partition)?.published);
  };
  return consequences.flatMap((each) => {
    const { step, outcome, because } = each;
    const event = consequenceEvent(run, each, stopped);
    if (outcome !== "skipped" || because === null || isThere(because)) return [event];
    return step.together.flatMap((asset) => {
      const key = stepKey(asset, step.partition);
      if (!isThere(key)) return asset === step.asset ? [event] : [];
      withdrawn.add(key);
      const text = `${event.text}, and what was made from it is withdrawn`;
      return [{ ...event, asset, text, withdrawn: true }];
    });
  });
}

/** An end that followed from another one, or (`because` null) from the run's own. */
function consequenceEvent(
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
