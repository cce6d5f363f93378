/**
 * `retry`: what a run left undone and what depends on it, with the code as it is now, partition by partition. What was
 * made since, by whomever, is not made once more.
 */
import type { RunHead } from "../core/heads.ts";
import type { JsonObject } from "../core/json.ts";
import type { AssetKey, PartitionKey } from "../core/key.ts";
import { plan } from "../core/plan.ts";
import { type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import { unfinishedOf } from "../core/run/unfinished.ts";
import type { Chosen } from "./choose.ts";
import { runNamed } from "./runs_named.ts";
import type { Session, View } from "./session.ts";

export interface Retried {
  readonly run: RunHead;
  readonly chosen: Chosen;
  /** Those of the run that was retried: its `--set` and `--config`. */
  readonly settings: JsonObject;
  readonly selection: string;
}

/** `name`: a run's id or its last letters; null for the last run that did not succeed. Null where none is left. */
export async function chooseRetry(
  session: Session,
  view: View,
  name: string | null,
): Promise<Retried | null> {
  const run = name === null ? await lastBad(session, view) : await runNamed(session, name);
  if (run === null) return null;
  if (run.state === "running" && run.holder !== null && !view.dead.has(run.holder)) {
    throw new ProblemError(await stillRuns(session, run));
  }
  const store = await session.store();
  const events = await store.events({ run: run.run });
  const wanted = new Map<AssetKey, Set<PartitionKey>>();
  const requested = new Map<string, string>();
  for (const [key, left] of unfinishedOf(events)) {
    const { asset, partition } = left;
    if (!view.layout.graph.has(asset) || !view.layout.keys(asset).includes(partition)) continue;
    const head = view.state.heads.get(asset)?.get(partition);
    const since = head?.published && head.published.event > left.event && head.failure === null;
    if (since) continue;
    add(wanted, asset, partition);
    if (left.certain) requested.set(key, `retry of what ${WORDS[left.outcome]}`);
  }
  const scope = downstream(view, wanted);
  const around = view.around({ requested });
  const found = events.find(({ event }) => event.kind === "run-requested")?.event;
  const asked = found?.kind === "run-requested" ? found : null;
  return {
    run,
    chosen: {
      plan: plan(view.layout, view.state, scope, around),
      scope,
      targets: new Set(wanted.keys()),
      around,
    },
    settings: asked?.settings ?? {},
    selection: asked?.selection ?? "",
  };
}

const WORDS = {
  failed: "failed",
  blocked: "was blocked",
  cancelled: "was cancelled",
  interrupted: "was interrupted",
  open: "did not come to its end",
} as const;

function add(scope: Map<AssetKey, Set<PartitionKey>>, asset: AssetKey, key: PartitionKey): void {
  const known = scope.get(asset);
  if (known === undefined) scope.set(asset, new Set([key]));
  else known.add(key);
}

/** These steps and every one that stands on them, however far. */
function downstream(
  view: View,
  steps: ReadonlyMap<AssetKey, ReadonlySet<PartitionKey>>,
): ReadonlyMap<AssetKey, ReadonlySet<PartitionKey>> {
  const scope = new Map<AssetKey, Set<PartitionKey>>();
  for (const [asset, keys] of steps) scope.set(asset, new Set(keys));
  for (const asset of view.layout.graph.keys) {
    if (!view.layout.def(asset).deps.some((each) => scope.has(each.asset))) continue;
    for (const key of view.layout.keys(asset)) {
      const reached = view.layout.mapped(asset, key).some(({ dependency, required, optional }) => {
        const of = dependency.asset === asset ? undefined : scope.get(dependency.asset);
        return of !== undefined && [...required, ...optional].some((each) => of.has(each));
      });
      if (reached) add(scope, asset, key);
    }
  }
  return scope;
}

/** The newest run that failed, was cancelled or was cut off, and has something left to do. */
async function lastBad(session: Session, view: View): Promise<RunHead | null> {
  const store = await session.store();
  const runs = await store.runs({
    states: ["failed", "cancelled", "interrupted", "running"],
    limit: 50,
  });
  return runs.find((run) =>
    run.state !== "running" || (run.holder !== null && view.dead.has(run.holder))
  ) ?? null;
}

async function stillRuns(session: Session, run: RunHead): Promise<Problem> {
  const who = run.holder === null ? null : await (await session.liveness()).describe(run.holder);
  return problem("busy", {
    message: `Cannot retry run ${run.run}: it has not ended`,
    why: who === null ? "another process works on it" : `process ${who.pid} works on it`,
    hint: `wait for it, or end it with: nycflow cancel ${run.run}`,
  });
}
