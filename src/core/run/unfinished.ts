/**
 * What a run left undone, read off its own events: the steps that failed, and those that never came to an end because
 * of that, of a cancel, or of its process's death. Says nothing about what was done since.
 */
import type { Reason, Stored } from "../event.ts";
import { type AssetKey, type EventId, type PartitionKey, type StepKey, stepKey } from "../key.ts";

export interface Unfinished {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  /** `open`: begun or planned, and the run is over. */
  readonly outcome: "failed" | "blocked" | "cancelled" | "interrupted" | "open";
  /** It had a reason of its own, not only "if an upstream changes". */
  readonly certain: boolean;
  readonly reasons: readonly Reason[];
  /** The event that ended it, or the last one known of it. */
  readonly event: EventId;
}

/** By step, in plan order. `events` are the run's own, oldest first. */
export function unfinishedOf(events: readonly Stored[]): ReadonlyMap<StepKey, Unfinished> {
  const left = new Map<StepKey, Unfinished>();
  const certain = new Map<StepKey, boolean>();
  const reasons = new Map<StepKey, readonly Reason[]>();
  for (const { id, event } of events) {
    if (event.kind === "run-started") {
      for (const step of event.steps) {
        const key = stepKey(step.asset, step.partition);
        certain.set(key, step.certain);
        reasons.set(key, step.reasons);
        left.set(key, { ...step, outcome: "open", event: id });
      }
      continue;
    }
    if (!("asset" in event) || !("attempt" in event)) continue;
    const { asset, partition } = event;
    const key = stepKey(asset, partition);
    const put = (outcome: Unfinished["outcome"]) =>
      left.set(key, {
        asset,
        partition,
        outcome,
        // What was begun had a reason by then.
        certain: outcome !== "blocked" && outcome !== "cancelled" || (certain.get(key) ?? true),
        reasons: reasons.get(key) ?? [],
        event: id,
      });
    switch (event.kind) {
      case "attempt-started":
        reasons.set(key, event.reasons);
        certain.set(key, true);
        put("open");
        break;
      case "attempt-failed":
        put(event.retryAt === null ? "failed" : "open");
        break;
      case "step-ended":
        if (event.outcome === "unchanged" || event.outcome === "skipped") left.delete(key);
        else put(event.outcome);
        break;
      case "materialized":
      case "checked":
        left.delete(key);
        break;
    }
  }
  return left;
}
