/**
 * How a run's line in the history follows from events. A run exists once it has been requested, ends once, and
 * changes no more after that; how its steps ended is counted on the way, so that what a killed process had
 * done is known without reading the log again.
 */
import type { StepOutcome, Stored } from "./event.ts";
import { isRefusal } from "./fold_head.ts";
import type { RunHead } from "./heads.ts";
import { unreachable } from "./result.ts";

/** The run after `stored`; the same object where nothing changed. `run` is null where none is open. */
export function foldRun(run: RunHead | null, stored: Stored): RunHead | null {
  const event = stored.event;
  switch (event.kind) {
    case "run-requested":
      if (run !== null) return run;
      return {
        run: event.run,
        state: "queued",
        trigger: event.trigger.of === null
          ? event.trigger.kind
          : `${event.trigger.kind}:${event.trigger.of}`,
        selection: event.selection,
        holder: null,
        command: "",
        requestedAt: stored.at,
        startedAt: null,
        endedAt: null,
        planned: 0,
        steps: {},
        ...(event.queued === undefined
          ? {}
          : { queued: { ...event.queued, settings: event.settings } }),
      };
    case "run-started":
      if (run === null) return null;
      return {
        ...run,
        state: "running",
        holder: event.holder,
        command: event.command,
        startedAt: run.startedAt ?? stored.at,
        planned: event.total,
      };
    case "run-ended":
      if (run === null) return null;
      return { ...run, state: event.outcome, endedAt: stored.at, steps: event.steps };
    case "materialized":
      return counted(run, "succeeded");
    case "checked":
      return counted(run, event.checks.some(isRefusal) ? "failed" : "succeeded");
    case "attempt-failed":
      return event.retryAt === null ? counted(run, "failed") : run;
    case "step-ended":
      return counted(run, event.outcome);
    case "attempt-started":
    case "exported":
    case "observed":
    case "notified":
    case "version-set":
    case "ticked":
    case "switched":
    case "partition-added":
    case "forgotten":
      return run;
    default:
      return unreachable(event);
  }
}

function counted(run: RunHead | null, outcome: StepOutcome): RunHead | null {
  if (run === null) return null;
  const before = run.steps[outcome];
  const count = typeof before === "number" ? before + 1 : 1;
  return { ...run, steps: { ...run.steps, [outcome]: count } };
}
