/** Runs that a tick or a sensor asked for ahead: which is next, and what it is to do. */
import type { RunHead } from "../core/heads.ts";
import type { PartitionKey } from "../core/key.ts";
import { stepKey } from "../core/key.ts";
import { newestKeys, partitionsOf } from "../core/partition/keys.ts";
import { plan, reach, type Scope } from "../core/plan.ts";
import { type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import { RunTaken } from "../engine/resume.ts";
import { type Chosen, chosenAssets } from "./choose.ts";
import type { Session, View } from "./session.ts";

/** The oldest that nobody works on, of those that were not tried yet. */
export function nextQueued(view: View, tried: ReadonlySet<string>): RunHead | null {
  return queued(view, tried)[0] ?? null;
}

/** Those that nobody works on and that were not tried yet, oldest first. */
export function queued(view: View, tried: ReadonlySet<string>): readonly RunHead[] {
  const open = [...view.state.runs.values()].filter((run) =>
    run.queued !== undefined && !tried.has(run.run) &&
    (run.holder === null || view.dead.has(run.holder))
  );
  const order = (run: RunHead) => [run.queued?.at ?? 0, run.requestedAt] as const;
  return open.sort((a, b) => {
    const [atA, askedA] = order(a), [atB, askedB] = order(b);
    return atA - atB || askedA - askedB || (a.run < b.run ? -1 : 1);
  });
}

/** Another process was quicker to begin it. */
export function isTaken(error: unknown): boolean {
  return error instanceof RunTaken;
}

/** What a run that was asked for ahead does: its targets, though they be fresh, and first what they stand on. */
export function chooseQueued(view: View, run: RunHead): Chosen {
  const { layout } = view;
  const targets = chosenAssets(view, [run.selection], []);
  const wanted = new Map<Parameters<typeof layout.keys>[0], ReadonlySet<PartitionKey> | null>();
  const requested = new Map<string, string>();
  const words = run.trigger.replace(":", " ");
  for (const asset of targets) {
    if (layout.def(asset).kind === "source") continue;
    const { scheme, keys } = layout.partitions(asset);
    const said = run.queued?.partition ?? null;
    const chosen: readonly PartitionKey[] = scheme === null
      ? [...keys]
      : said !== null
      ? [...keys].filter((key) => key === said)
      : newestKeys(
        scheme.type === "dynamic" ? { scheme, keys } : partitionsOf(scheme, run.queued?.at ?? 0),
      ).filter((key) => keys.has(key));
    wanted.set(asset, scheme === null ? null : new Set(chosen));
    for (const key of chosen) requested.set(stepKey(asset, key), `asked for by ${words}`);
  }
  const scope: Scope = reach(layout, wanted, false);
  const around = view.around({ requested });
  return { plan: plan(layout, view.state, scope, around), scope, targets, around };
}

/** Ends a run that has nothing to do, or cannot be understood any more. */
export async function endQueued(
  session: Session,
  view: View,
  run: RunHead,
  why: unknown,
): Promise<Problem | null> {
  const liveness = await session.liveness();
  const holder = await liveness.hold();
  const failed = why instanceof ProblemError
    ? why.problems[0] ?? null
    : why === null
    ? null
    : problem("bug", { message: "Cannot do what was asked for", why: String(why) });
  await (await session.store()).commit(view.state, session.host.clock.now(), (state) => {
    if (!state.runs.has(run.run)) return [];
    return [
      {
        kind: "run-started",
        run: run.run,
        holder,
        command: session.host.command,
        steps: [],
        total: 0,
      },
      {
        kind: "run-ended",
        run: run.run,
        outcome: failed === null ? "succeeded" : "failed",
        steps: NO_STEPS,
        seconds: 0,
      },
    ];
  });
  return failed;
}

const NO_STEPS = {
  succeeded: 0,
  unchanged: 0,
  failed: 0,
  skipped: 0,
  blocked: 0,
  cancelled: 0,
  interrupted: 0,
};
