/** What `up` and `run` have in common: carry a plan out, say what happens, show results, give the exit code. */
import type { JsonObject } from "../core/json.ts";
import type { RunRequested } from "../core/event.ts";
import type { AssetKey } from "../core/key.ts";
import { exitCode } from "../core/run/outcome.ts";
import type { Chosen } from "../app/choose.ts";
import type { Session, View } from "../app/session.ts";
import type { CommandContext } from "./context.ts";
import { chartRows } from "./pager.ts";
import { createReport } from "./report.ts";
import { watchStops } from "./stops.ts";
import { problemsText } from "../views/problem.ts";

export interface GoOptions {
  readonly trigger: RunRequested["trigger"];
  readonly selection: string;
  readonly settings: JsonObject;
  readonly failFast: boolean;
  readonly waitMs: number;
  /** Work that a live process holds is an error for `run`, nothing for `up`. */
  readonly heldIsBusy: boolean;
  readonly results: boolean;
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
  const { project } = view.loaded;
  const { compileBeforeRun } = await import("../app/before_run.ts");
  await compileBeforeRun(session, view, chosen, options.settings);
  const env = await session.environment();
  using logs = openLogs(session.project, project.secrets.map((name) => env[name] ?? ""));
  const report = await createReport(context, {
    plan: chosen.plan,
    timezone: project.timezone,
    now: () => session.host.clock.now(),
  });
  using stops = watchStops((signal) => {
    if (signal === "SIGINT" && !common.json) {
      report.say(["stopping: what runs is waited for; Ctrl-C again ends it at once"]);
    }
  });
  let performed;
  try {
    performed = await perform(session, view, chosen, options, {
      onEvents: (events) => report.onEvents(events),
      onProgress: (step, progress) => report.onProgress(step, progress),
      onWaiting: (step, text) => report.onWaiting(step, text),
      onLog: (run, step, number, line) => {
        logs.write(run, step, number, line);
        report.onLog(step, line);
      },
      stop: stops.stop,
      kill: stops.kill,
    });
  } finally {
    report.end();
  }
  const { result, warnings } = performed;
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
  return exitCode(result.outcome, stops.signal());
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
