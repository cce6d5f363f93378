/**
 * `up`, once: one evaluation of what makes work come by itself, then the runs that were asked for ahead, then whatever
 * has a reason. Safe to call twice, late, or from five crontabs.
 */
import type { Automated } from "../app/automate.ts";
import type { Late } from "../app/automate_once.ts";
import type { Asked, Chosen } from "../app/choose.ts";
import type { Session, View } from "../app/session.ts";
import { formatDuration } from "../core/duration.ts";
import type { EventId } from "../core/key.ts";
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
  const { retain } = await import("../app/retention.ts");
  const view = await session.view();
  await retain(session, view);
  const { last } = view.state;
  const { automateOnce } = await import("../app/automate_once.ts");
  const { found, late } = await automateOnce(session, view, options.outside);
  await tellSensed(found, context);
  // Sensors that are late write to the state that they were asked over.
  const now = late === null ? { view, last } : { view: await session.view(), last: null };
  const first = await doAll(session, now, options, context);
  const code = Math.max(found.problems.length > 0 ? 1 : 0, first.code);
  if (first.code > 128) return first.code;
  if (late === null) return Math.max(code, await sayIdle(session, first, context));
  tellWaiting(late, first, context);
  const rest = await late.rest;
  await tellSensed(rest, context);
  const again = rest.sensed.some(({ asked }) => asked > 0)
    ? await doAll(session, { view: await session.view(), last: null }, options, context)
    : first;
  if (again.code > 128) return again.code;
  return Math.max(
    code,
    rest.problems.length > 0 ? 1 : 0,
    again.code,
    first.idle === null ? 0 : await sayIdle(session, again, context),
  );
}

interface Done {
  readonly code: number;
  /** Where there was nothing to do. */
  readonly idle: { readonly view: View; readonly plan: Chosen["plan"] } | null;
}

/** `last`: the event before anything was asked; null where nothing has been since the view was taken. */
async function doAll(
  session: Session,
  from: { readonly view: View; readonly last: EventId | null },
  options: UpOptions,
  context: CommandContext,
): Promise<Done> {
  const { noteTicks, ticksAlong } = await import("../app/automate.ts");
  const { select } = options.asked;
  let { view } = from;
  const last = from.last ?? view.state.last;
  await noteTicks(session, view, view.clock().ticks.filter((each) => each.missed.length > 0));
  // What was asked for ahead is everybody's; who names assets wants these alone.
  const code = select.length > 0 ? 0 : await runQueued(session, options, context);
  if (code > 128) return { code, idle: null };
  if (view.state.last !== last || code !== 0) view = await session.view();
  const { chooseUp } = await import("../app/choose.ts");
  const chosen = chooseUp(view, options.asked);
  const ticks = view.clock().ticks.filter((each) => each.outcome === "requested");
  const { heldElsewhere } = await import("../app/elsewhere.ts");
  if (chosen.plan.steps.length === 0 || heldElsewhere(view, chosen.plan)) {
    await noteTicks(session, view, ticks);
    return { code, idle: { view, plan: chosen.plan } };
  }
  const { go } = await import("./go.ts");
  const ran = await go(session, view, chosen, {
    trigger: { kind: "up", of: null },
    selection: select.join(" "),
    settings: {},
    failFast: options.failFast,
    waitMs: 0,
    timeoutMs: options.timeoutMs,
    heldIsBusy: false,
    results: options.results,
    ...(ticks.length === 0 ? {} : { along: ticksAlong(session, view, ticks) }),
  }, context);
  return { code: Math.max(code, ran), idle: null };
}

/** A person who waits is told for whom. */
function tellWaiting({ sensors, limitMs }: Late, { idle }: Done, context: CommandContext): void {
  const { common, output } = context;
  if (common.quiet || common.json) return;
  const who = `sensor${sensors.length === 1 ? "" : "s"} ${sensors.join(", ")}`;
  output.err(
    `${idle === null ? "all else is done; " : ""}waiting up to ${
      formatDuration(limitMs)
    } for ${who}`,
  );
}

/** One after the other, oldest first; what a live process holds is left for the next time. */
async function runQueued(
  session: Session,
  options: UpOptions,
  context: CommandContext,
): Promise<number> {
  const { chooseQueued, endQueued, isTaken, queued } = await import("../app/queue.ts");
  const { heldElsewhere } = await import("../app/elsewhere.ts");
  const { ProblemError } = await import("../core/problem/problem.ts");
  const tried = new Set<string>();
  let worst = 0;
  for (;;) {
    const view = await session.view();
    const [run, ...later] = queued(view, tried);
    if (run === undefined) return worst;
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
        later: later.length,
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
  { idle }: Done,
  context: CommandContext,
): Promise<number> {
  if (idle === null) return 0;
  const { view, plan } = idle;
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
