/**
 * Carries out a chosen plan: the run itself, then what follows from publishing: files for people, the mirror,
 * and telling somebody of failures. What follows never makes a good run bad, and is said where it fails.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { RunRequested } from "../core/event.ts";
import type { JsonObject } from "../core/json.ts";
import type { Problem } from "../core/problem/problem.ts";
import type { CrashPoint, Engine, RunHooks, RunResult } from "../engine/context.ts";
import { run } from "../engine/run.ts";
import { afterPublishing } from "./behind.ts";
import type { Chosen } from "./choose.ts";
import { crashPoint } from "./crash.ts";
import type { Session, View } from "./session.ts";

export interface PerformOptions {
  readonly trigger: RunRequested["trigger"];
  readonly selection: string;
  readonly settings: JsonObject;
  readonly failFast: boolean;
  readonly waitMs: number;
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
  const liveness = await session.liveness();
  const shares = session.shares(project);
  const engine: Engine = {
    store: await session.store(),
    liveness,
    holder: await liveness.hold(),
    executor: await session.executor(),
    clock: host.clock,
    ids: host.ids,
    random: host.random,
    project: session.project,
    discard: async (path) => {
      await rm(join(session.project, path), { force: true }).catch(() => undefined);
    },
    point: crashPoint(host.env) satisfies (name: CrashPoint) => void,
  };
  const result = await run(engine, {
    layout: view.layout,
    state: view.state,
    plan: chosen.plan,
    around: chosen.around,
    trigger: options.trigger,
    selection: options.selection,
    requestKey: null,
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
    timeoutMs: null,
  }, hooks);
  return { result, warnings: await afterPublishing(session, view) };
}
