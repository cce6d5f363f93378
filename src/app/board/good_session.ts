/** A session for who answers questions while definitions are being edited: where they are broken, the last good ones. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ProblemError } from "../../core/problem/problem.ts";
import type { AppHost } from "../host.ts";
import { LAST_GOOD } from "../last_good.ts";
import { Session } from "../session.ts";

/** Throws the problems where no good definitions are known. */
export async function goodSession(
  host: AppHost,
  project: string,
  environment: string | null,
): Promise<Session> {
  const session = new Session(host, project, false, () => {}, environment);
  try {
    await session.load();
    return session;
  } catch (error) {
    const kept = join(project, ".nycflow", "cache", "last_good.json");
    if (!(error instanceof ProblemError) || !existsSync(kept)) return session;
    await session[Symbol.asyncDispose]();
    const old = { ...host, env: { ...host.env, [LAST_GOOD]: kept } };
    return new Session(old, project, false, () => {}, environment);
  }
}
