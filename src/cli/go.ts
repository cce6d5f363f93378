/** What `up` and `run` have in common: carry a plan out, say what happens, show results, give the exit code. */
import type { Backfill } from "../core/backfill_request.ts";
import type { JsonObject } from "../core/json.ts";
import type { Event, RunRequested, Stored } from "../core/event.ts";
import type { State } from "../core/heads.ts";
import { secretValues } from "../core/mask.ts";
import type { AssetKey, RunId } from "../core/key.ts";
import { exitCodeOf, type Problem } from "../core/problem/problem.ts";
import { exitCode } from "../core/run/outcome.ts";
import type { Chosen } from "../app/choose.ts";
import type { Session, View } from "../app/session.ts";
import type { CommandContext } from "./context.ts";
import { chartRows } from "./pager.ts";
import { PipeClosed } from "./output.ts";
import { createReport } from "./report.ts";
import { watchStops } from "./stops.ts";
import { problemsText } from "../views/problem.ts";

export interface GoOptions {
  readonly trigger: RunRequested["trigger"];
  readonly selection: string;
  readonly settings: JsonObject;
  readonly failFast: boolean;
  readonly waitMs: number;
  /** The run's own time limit, in milliseconds. */
  readonly timeoutMs?: number | null;
  /** Work that a live process holds is an error for `run`, nothing for `up`. */
  readonly heldIsBusy: boolean;
  readonly results: boolean;
  readonly backfill?: Backfill;
  /** A run that was asked for ahead. */
  readonly resumes?: RunId;
  /** Runs that this process will perform after this one. */
  readonly later?: number;
  /** The ticks that the run answers. */
  readonly along?: (state: State, run: RunId) => readonly Event[];
}

/** Runs a plan that has steps; gives the exit code. */
export async function go(
  session: Session,
  view: View,
  chosen: Chosen,
  options: GoOptions,
  context: CommandContext,
): Promise<number> {
  const { output, common } = context;
  const { perform } = await import("../app/perform.ts");
  const { openLogs } = await import("../app/logs.ts");
  const { eventsWithSource } = await import("../app/source_line.ts");
  const { project } = view.loaded;
  const { compileBeforeRun } = await import("../app/before_run.ts");
  await compileBeforeRun(session, view, chosen, options.settings);
  const env = await session.environment();
  using logs = openLogs(session.project, secretValues(project.secrets, env));
  const report = await createReport(context, {
    plan: chosen.plan,
    timezone: project.timezone,
    now: () => session.host.clock.now(),
    told: options.trigger.kind === "backfill",
  });
  const failures: Problem[] = [];
  let closed: PipeClosed | null = null;
  // Nobody reads any more: the run is ended like by a signal, so that its state is told in the log, and then we go.
  const unread = new AbortController();
  const tell = (events: readonly Stored[]) => {
    for (const { event } of events) {
      if (event.kind === "attempt-failed" && event.retryAt === null) failures.push(event.problem);
    }
    if (closed !== null) return;
    try {
      report.onEvents(eventsWithSource(session.project, events));
    } catch (error) {
      if (!(error instanceof PipeClosed)) throw error;
      closed = error;
      unread.abort("cancel");
    }
  };
  using stops = watchStops((signal) => {
    if (signal === "SIGINT" && !common.json) {
      report.say(["stopping: what runs is waited for; Ctrl-C again ends it at once"]);
    }
  });
  let performed;
  try {
    performed = await perform(session, view, chosen, options, {
      onEvents: tell,
      onProgress: (step, progress) => report.onProgress(step, progress),
      onWaiting: (step, text) => report.onWaiting(step, text),
      onLog: (run, step, number, line) => {
        logs.write(run, step, number, line);
        report.onLog(step, line);
      },
      stop: AbortSignal.any([stops.stop, unread.signal]),
      kill: AbortSignal.any([stops.kill, unread.signal]),
    });
  } finally {
    report.end();
  }
  if (closed !== null && stops.signal() === null) throw closed;
  const { result } = performed;
  const lost = logs.problem();
  const warnings = lost === null ? performed.warnings : [lost, ...performed.warnings];
  if (warnings.length > 0 && !common.json) {
    output.err(problemsText(warnings, output.errStyle, output.columns));
  }
  if (
    options.heldIsBusy && result.left.length > 0 && stops.signal() === null &&
    result.outcome === "succeeded"
  ) {
    const { ProblemError } = await import("../core/problem/problem.ts");
    const { leftProblem } = await import("../app/held.ts");
    throw new ProblemError(leftProblem(result.left, session.host.clock.now()));
  }
  if (
    options.results && !common.json && !common.quiet && stops.signal() === null &&
    report.made.size > 0
  ) {
    await showResults(session, view, report.made, context);
  }
  // A machine that cannot work is no failure of the project's.
  if (stops.signal() === null && result.outcome === "failed" && failures.length > 0) {
    return Math.min(...failures.map((each) => exitCodeOf([each]) === 3 ? 3 : 1));
  }
  const { exitCodeBehind } = await import("../app/behind.ts");
  return exitCode(result.outcome, stops.signal()) || exitCodeBehind(warnings);
}

async function showResults(
  session: Session,
  view: View,
  made: ReadonlySet<AssetKey>,
  { output }: CommandContext,
): Promise<void> {
  const { resultsOf } = await import("../app/results.ts");
  const { resultsLines } = await import("../views/results.ts");
  const around = { now: view.now, timezone: view.loaded.project.timezone };
  const results = await resultsOf(session, view, made);
  const lines = resultsLines(
    results,
    around,
    output.style,
    output.columns,
    chartRows(output),
  );
  if (lines.length > 0) output.out(lines.map((line) => line.trimEnd()).join("\n"));
}
