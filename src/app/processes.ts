/** Which live processes work on a project: the one that stays, and those that hold runs. */
import type { Session } from "./session.ts";
import { findResident } from "./resident.ts";

export interface ListedProcess {
  readonly kind: "up" | "run";
  readonly pid: number;
  readonly since: number;
  readonly command: string;
  /** The run that it works on. */
  readonly run: string | null;
  readonly log: string | null;
}

export async function listProcesses(session: Session): Promise<readonly ListedProcess[]> {
  const found: ListedProcess[] = [];
  const resident = findResident(session.project, session.environmentName);
  if (resident !== null) found.push({ kind: "up", run: null, ...resident });
  const state = await (await session.store()).load([]);
  const liveness = await session.liveness();
  for (const run of state.runs.values()) {
    if (run.holder === null) continue;
    const about = await liveness.describe(run.holder);
    if (about !== null) {
      const { pid, since, command } = about;
      found.push({ kind: "run", pid, since, command, run: run.run, log: null });
    }
  }
  return found;
}
