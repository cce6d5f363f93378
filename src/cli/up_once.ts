/**
 * `up`, once: one evaluation of what makes work come by itself, then the runs that were asked for ahead, then whatever
 * has a reason. Safe to call twice, late, or from five crontabs.
 */
import type { Automated } from "../app/automate.ts";
import type { Asked } from "../app/choose.ts";
import type { Session, View } from "../app/session.ts";
import type { Problem } from "../core/problem/problem.ts";
import type { CommandContext } from "./context.ts";

export interface UpOptions {
  readonly asked: Asked;
  readonly failFast: boolean;
  readonly timeoutMs: number | null;
  readonly results: boolean;
  /** Sensors and sources are asked first; an `up` that stays has done so itself. */
  readonly outside: boolean;
}

/** Gives the exit code. */
export async function upOnce(
  session: Session,
  options: UpOptions,
  context: CommandContext,
): Promise<number> {
  const { ALL, automate, NONE, noteTicks, ticksAlong } = await import("../app/automate.ts");
  const { select } = options.asked;
  const { retain } = await import("../app/retention.ts");
  let view = await session.view();
  await retain(session, view);
  let { last } = view.state;
  const automated = await automate(session, view, options.outside ? ALL : NONE);
  const { problems } = automated;
  await tellSensed(automated, context);
  await noteTicks(session, view, view.clock().ticks.filter((each) => each.missed.length > 0));
  // What was asked for ahead is everybody's; who names assets wants these alone.
  const code = select.length > 0 ? 0 : await runQueued(session, options, context);
  if (code > 128) return code;
  if (view.state.last !== last || code !== 0) view = await session.view();
  ({ last } = view.state);
  const worse = (other: number) => Math.max(problems.length > 0 ? 1 : 0, code, other);
  const { chooseUp } = await import("../app/choose.ts");
  const chosen = chooseUp(view, options.asked);
  const ticks = view.clock().ticks.filter((each) => each.outcome === "requested");
  const { heldElsewhere } = await import("../app/elsewhere.ts");
  if (chosen.plan.steps.length === 0 || heldElsewhere(view, chosen.plan)) {
    await noteTicks(session, view, ticks);
    return worse(await sayIdle(session, view, chosen.plan, context));
  }
  const { go } = await import("./go.ts");
  return worse(
    await go(session, view, chosen, {
      trigger: { kind: "up", of: null },
      selection: select.join(" "),
      settings: {},
      failFast: options.failFast,
      waitMs: 0,
      timeoutMs: options.timeoutMs,
      heldIsBusy: false,
      results: options.results,
      ...(ticks.length === 0 ? {} : { along: ticksAlong(session, view, ticks) }),
    }, context),
  );
}

/** One after the other, oldest first; what a live process holds is left for the next time. */
async function runQueued(
  session: Session,
  options: UpOptions,
  context: CommandContext,
): Promise<number> {
  const { chooseQueued, endQueued, isTaken, nextQueued } = await import("../app/queue.ts");
  const { heldElsewhere } = await import("../app/elsewhere.ts");
  const { ProblemError } = await import("../core/problem/problem.ts");
  const tried = new Set<string>();
  let worst = 0;
  for (;;) {
    const view = await session.view();
    const run = nextQueued(view, tried);
    if (run === null) return worst;
    tried.add(run.run);
    try {
      const chosen = chooseQueued(view, run);
      if (chosen.plan.steps.length === 0) {
        await endQueued(session, view, run, null);
        continue;
      }
      if (heldElsewhere(view, chosen.plan)) continue;
      const { go } = await import("./go.ts");
      const [kind, ...of] = run.trigger.split(":");
      const code = await go(session, view, chosen, {
        trigger: { kind: kind === "sensor" ? "sensor" : "schedule", of: of.join(":") },
        selection: run.selection,
        settings: run.queued?.settings ?? {},
        failFast: options.failFast,
        waitMs: 0,
        timeoutMs: options.timeoutMs,
        heldIsBusy: false,
        results: false,
        resumes: run.run,
      }, context);
      if (code > 128) return code;
      worst = Math.max(worst, code);
    } catch (error) {
      if (isTaken(error)) continue;
      if (!(error instanceof ProblemError)) throw error;
      await endQueued(session, view, run, error);
      await tellProblems(error.problems, context);
      worst = Math.max(worst, 1);
    }
  }
}

async function tellSensed(
  { sensed, problems }: Automated,
  context: CommandContext,
): Promise<void> {
  for (const { rejected } of sensed) {
    for (const { file, why, to } of rejected) {
      context.output.err(`warning: ${file} was not accepted: ${why} (it is now ${to})`);
    }
  }
  // A mail every five minutes about what was in the first one helps nobody; the exit code says it each time.
  const known = new Set(
    context.common.quiet
      ? sensed.flatMap((each) => each.known && each.problem !== null ? [each.problem] : [])
      : [],
  );
  await tellProblems(problems.filter((each) => !known.has(each)), context);
}

async function tellProblems(
  problems: readonly Problem[],
  { output }: CommandContext,
): Promise<void> {
  if (problems.length === 0) return;
  const { problemsText } = await import("../views/problem.ts");
  output.err(problemsText(problems, output.errStyle, output.columns));
}

async function sayIdle(
  session: Session,
  view: View,
  plan: Parameters<typeof import("../views/plan.ts").planLines>[0],
  context: CommandContext,
): Promise<number> {
  const { output, common } = context;
  const around = { now: view.now, timezone: view.loaded.project.timezone };
  const { afterPublishing, exitCodeBehind } = await import("../app/behind.ts");
  const warnings = await afterPublishing(session, view);
  if (common.json) {
    const { idleDocument } = await import("../views/documents.ts");
    output.out(JSON.stringify(idleDocument(around)));
  } else if (warnings.length > 0) await tellProblems(warnings, context);
  else if (!common.quiet) {
    const { planLines } = await import("../views/plan.ts");
    output.out(planLines(plan, around, output.style, output.columns).at(-1) ?? "");
  }
  return exitCodeBehind(warnings);
}
