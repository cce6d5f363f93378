/** `runs`: the history of runs, newest first. A run whose process has died without a word was interrupted. */
import type { HolderId } from "../core/key.ts";
import type { RunHead } from "../core/heads.ts";
import type { Session } from "./session.ts";

/** What counts as having gone wrong. */
const BAD: ReadonlySet<RunHead["state"]> = new Set(["failed", "interrupted"]);

export interface RunsAsked {
  readonly limit: number;
  readonly failed: boolean;
}

export interface RunsFound {
  readonly runs: readonly RunHead[];
  /** There are older ones. */
  readonly more: boolean;
}

/** Reads heads of runs alone: neither definitions nor events. */
export async function lookRuns(session: Session, asked: RunsAsked): Promise<RunsFound> {
  const store = await session.store();
  const found = await store.runs({
    limit: asked.limit + 1,
    ...(asked.failed ? { states: ["failed", "interrupted", "running"] } : {}),
  });
  const holders = [
    ...new Set(found.flatMap((run) => isOpen(run) && run.holder ? [run.holder] : [])),
  ];
  const alive = holders.length === 0
    ? new Set<HolderId>()
    : await (await session.liveness()).alive(holders);
  const runs = found.map((run): RunHead =>
    isOpen(run) && run.holder !== null && !alive.has(run.holder)
      ? { ...run, state: "interrupted" }
      : run
  ).filter((run) => !asked.failed || BAD.has(run.state));
  return { runs: runs.slice(0, asked.limit), more: runs.length > asked.limit };
}

function isOpen(run: RunHead): boolean {
  return run.state === "running";
}
