/** The events by which a run begins: what is left of the dead, its request, what comes along with it, its plan. Pure. */
import type { Event } from "../core/event.ts";
import type { State } from "../core/heads.ts";
import type { HolderId, RunId } from "../core/key.ts";
import { interruptions } from "../core/rules.ts";
import type { RunRequest } from "./context.ts";
import { isFree } from "./resume.ts";

/** Events keep at most so many planned steps. */
const STEPS_LOGGED = 10_000;

/** Null where the run that is to be resumed has been taken by another process meanwhile. */
export function beginEvents(
  state: State,
  request: RunRequest,
  run: RunId,
  holder: HolderId,
  dead: ReadonlySet<HolderId>,
): readonly Event[] | null {
  const { plan, trigger, selection, requestKey, settings, command, resumes, backfill } = request;
  if (resumes !== undefined && !isFree(state.runs.get(run), dead)) return null;
  const steps = plan.steps.slice(0, STEPS_LOGGED);
  const asked: Event = {
    kind: "run-requested",
    run,
    trigger,
    selection,
    requestKey,
    settings,
    ...(backfill === undefined ? {} : { backfill }),
  };
  return [
    ...interruptions(state, dead),
    ...(resumes !== undefined ? [] : [asked]),
    ...request.along?.(state, run) ?? [],
    {
      kind: "run-started",
      run,
      holder,
      command,
      steps: steps.map(({ asset, partition, reasons, certain }) => ({
        asset,
        partition,
        reasons,
        certain,
      })),
      total: plan.steps.length,
    },
  ];
}
