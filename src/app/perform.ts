/**
 * Carries out a chosen plan: the run itself, then what follows from publishing: files for people, the mirror,
 * and telling somebody of failures. What follows never makes a good run bad, and is said where it fails.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Backfill } from "../core/backfill_request.ts";
import type { RunRequested } from "../core/event.ts";
import type { JsonObject } from "../core/json.ts";
import { type RunId, stepKey } from "../core/key.ts";
import { secretSettings } from "../core/mask.ts";
import { Telling } from "./board/progress.ts";
import type { Problem } from "../core/problem/problem.ts";
import type { CrashPoint, Engine, RunHooks, RunRequest, RunResult } from "../engine/context.ts";
import { run } from "../engine/run.ts";
import { afterPublishing } from "./behind.ts";
import type { Chosen } from "./choose.ts";
import { isOwn } from "./executor.ts";
import { crashPoint } from "./crash.ts";
import { prepareLake } from "./lake_folders.ts";
import { sweepSoon } from "./sweep.ts";
import type { Session, View } from "./session.ts";

export interface PerformOptions {
  readonly trigger: RunRequested["trigger"];
  readonly selection: string;
  readonly settings: JsonObject;
  readonly failFast: boolean;
  readonly waitMs: number;
  /** The run's own time limit. */
  readonly timeoutMs?: number | null;
  readonly requestKey?: string | null;
  readonly resumes?: RunId;
  readonly backfill?: Backfill;
  readonly along?: NonNullable<RunRequest["along"]>;
  /** Runs that this process will perform after this one, and for which its runners are kept. */
  readonly later?: number;
}

export interface Performed {
  readonly result: RunResult;
  /** Exports, mirror and notifications that did not work: told, not fatal. */
  readonly warnings: readonly Problem[];
}

/** Runs a plan with at least one step. */
export async function perform(
  session: Session,
  view: View,
  chosen: Chosen,
  options: PerformOptions,
  hooks: RunHooks,
): Promise<Performed> {
  const { project } = view.loaded;
  const { host } = session;
  // A runner takes as long to start as a small step to work: it starts beside what else has to be opened.
  const own = chosen.plan.steps.filter((step) => isOwn(view.layout.def(step.asset))).length;
  const both = own > 0 && own < chosen.plan.steps.length;
  if (own < chosen.plan.steps.length) {
    (await session.runner()).expect(chosen.plan.steps.length - own + (options.later ?? 0));
    await session.warmRunner(project);
  }
  session.hide(secretSettings({ ...project.settings, ...options.settings }));
  const liveness = await session.liveness();
  // Its claims are the environment's own: who cleans production could not see what it reads.
  if (session.environmentName !== null) await session.reads(true);
  const shares = session.shares(project);
  const engine: Engine = {
    store: await session.store(),
    liveness,
    holder: await liveness.hold(),
    executor: await session.executor(both),
    clock: host.clock,
    ids: host.ids,
    random: host.random,
    project: session.project,
    lake: session.lake,
    discard: async (path) => {
      await rm(join(session.project, path), { force: true }).catch(() => undefined);
    },
    point: crashPoint(host.env) satisfies (name: CrashPoint) => void,
  };
  sweepSoon(session, view);
  prepareLake(session, view, chosen.plan);
  const telling = new Telling(liveness, () => host.clock.elapsed());
  const result = await run(engine, {
    layout: view.layout,
    state: view.state,
    plan: chosen.plan,
    around: chosen.around,
    trigger: options.trigger,
    selection: options.selection,
    requestKey: options.requestKey ?? null,
    ...(options.backfill === undefined ? {} : { backfill: options.backfill }),
    ...(options.resumes === undefined ? {} : { resumes: options.resumes }),
    ...(options.along === undefined ? {} : { along: options.along }),
    command: host.command,
    settings: options.settings,
    projectSettings: project.settings,
    timezone: project.timezone,
    pools: project.pools,
    limits: session.scratch(shares.runner),
    concurrency: shares.concurrency,
    failFast: options.failFast,
    waitMs: options.waitMs,
    joins: options.trigger.kind === "up",
    timeoutMs: options.timeoutMs ?? null,
  }, {
    ...hooks,
    onProgress(step, progress) {
      telling.progress(step.key, progress);
      hooks.onProgress(step, progress);
    },
    onEvents(events) {
      for (const { event } of events) {
        if ("partition" in event) telling.ended(stepKey(event.asset, event.partition));
      }
      hooks.onEvents(events);
    },
  });
  return { result, warnings: await afterPublishing(session, view) };
}
