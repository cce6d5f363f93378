/**
 * `cancel`: a clean stop of a run that another process works on. That process is asked by a signal, as Ctrl-C would;
 * it is known from its lock to be alive, and by what it wrote beside the lock which one it is. What it had begun ends
 * as cancelled and says so in the log; here one only waits until that stands there.
 */
import process from "node:process";
import type { RunHead } from "../core/heads.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { runNamed } from "./runs_named.ts";
import type { Session } from "./session.ts";

export interface CancelOptions {
  /** Steps that run may end by themselves; nothing more is started. */
  readonly finish: boolean;
  /** How long one waits for the run to end, in milliseconds. */
  readonly waitMs: number;
}

export interface CancelDone {
  readonly run: RunHead;
  /** `over`: it had ended before. `asked`: it was asked, and has not ended yet. */
  readonly outcome: "ended" | "asked" | "over";
  readonly pid: number | null;
}

const LOOK_MS = 20;

/** `name` null: the one that runs; throws where there is none, or more than one. */
export async function cancelRun(
  session: Session,
  name: string | null,
  options: CancelOptions,
): Promise<CancelDone> {
  const liveness = await session.liveness();
  const run = name === null ? await onlyRun(session) : await runNamed(session, name);
  const who = run.state === "running" && run.holder !== null
    ? await liveness.describe(run.holder)
    : null;
  if (who === null || run.holder === null) return { run, outcome: "over", pid: null };
  try {
    process.kill(who.pid, options.finish ? "SIGINT" : "SIGTERM");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "ESRCH") return { run: await again(session, run), outcome: "ended", pid: who.pid };
    throw new ProblemError(problem("no-permission", {
      message: `Cannot end run ${run.run}`,
      why: `process ${who.pid} belongs to another user`,
      hint: `as that user: nycflow cancel ${run.run}`,
    }));
  }
  const { clock } = session.host;
  for (let left = options.waitMs; left > 0; left -= LOOK_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const now = await again(session, run);
    if (now.endedAt !== null) return { run: now, outcome: "ended", pid: who.pid };
    if (!(await liveness.alive([run.holder])).has(run.holder)) {
      return {
        run: { ...now, state: "interrupted", endedAt: clock.now() },
        outcome: "ended",
        pid: who.pid,
      };
    }
  }
  return { run, outcome: "asked", pid: who.pid };
}

async function again(session: Session, run: RunHead): Promise<RunHead> {
  const [found] = await (await session.store()).runs({ run: run.run });
  return found ?? run;
}

async function onlyRun(session: Session): Promise<RunHead> {
  const store = await session.store();
  const liveness = await session.liveness();
  const open = await store.runs({ states: ["running"], limit: 1000 });
  const holders = open.flatMap((run) => run.holder ?? []);
  const alive = await liveness.alive(holders);
  const live = open.filter((run) => run.holder !== null && alive.has(run.holder));
  const [first] = live;
  if (first !== undefined && live.length === 1) return first;
  throw new ProblemError(problem("run-unknown", {
    message: "Cannot cancel: no run was named",
    why: live.length === 0
      ? "no run is running"
      : `${live.length} are running: ${live.map((run) => run.run).join(", ")}`,
    hint: live.length === 0 ? "see what ran with: nycflow runs" : `nycflow cancel ${first?.run}`,
  }));
}
