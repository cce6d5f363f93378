/** Runs that were asked for ahead: who may begin one, or go on with it. */
import type { RunHead } from "../core/heads.ts";
import type { HolderId } from "../core/key.ts";

/** Another process began the run that was asked for ahead. */
export class RunTaken extends Error {
  override readonly name = "RunTaken";
}

/** Not begun yet, or by one who died over it. */
export function isFree(run: RunHead | undefined, dead: ReadonlySet<HolderId>): boolean {
  return run !== undefined && (run.holder === null || dead.has(run.holder));
}
