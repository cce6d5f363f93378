/**
 * What is kept of history and logs, and for how long: `up` itself takes the rest away, once a day. What a head stands
 * on is never taken, and nothing here fails a run.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LOGS } from "./logs.ts";
import type { Session, View } from "./session.ts";

const DAY_MS = 86_400_000;
const KEEP = { historyMs: 365 * DAY_MS, logsMs: 60 * DAY_MS, logBytes: 500_000_000 } as const;
/** Holds when it was last done. */
const MARK = ".nycflow/cache/retention";

/** Prunes where the last time was a day ago. */
export async function retain(session: Session, view: View): Promise<void> {
  const now = session.host.clock.now();
  const mark = join(session.project, MARK);
  const last = lastTime(mark);
  if (last !== null && now < last + DAY_MS && now >= last) return;
  try {
    mkdirSync(dirname(mark), { recursive: true });
    writeFileSync(mark, String(now));
    // The first time there is nothing old.
    if (last === null) return;
    await (await session.store()).prune(now - KEEP.historyMs);
    const open = new Set([...view.state.runs.keys()].map(String));
    pruneLogs(join(session.project, LOGS), open, now);
  } catch {
    // Tomorrow is another day.
  }
}

function lastTime(mark: string): number | null {
  try {
    const at = Number(readFileSync(mark, "utf8"));
    return Number.isFinite(at) ? at : null;
  } catch {
    return null;
  }
}

/** Logs of runs, oldest first: those that are too old, and those that are too much. */
export function pruneLogs(
  folder: string,
  open: ReadonlySet<string>,
  now: number,
  keep: { readonly ageMs: number; readonly bytes: number } = {
    ageMs: KEEP.logsMs,
    bytes: KEEP.logBytes,
  },
): number {
  const runs = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !open.has(entry.name))
    .map((entry) => ({ path: join(folder, entry.name), ...weigh(join(folder, entry.name)) }))
    .sort((a, b) => a.at - b.at);
  let bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
  let gone = 0;
  for (const run of runs) {
    if (run.at > now - keep.ageMs && bytes <= keep.bytes) break;
    rmSync(run.path, { recursive: true, force: true });
    bytes -= run.bytes;
    gone++;
  }
  return gone;
}

function weigh(folder: string): { readonly bytes: number; readonly at: number } {
  let bytes = 0;
  let at = 0;
  for (const entry of readdirSync(folder, { recursive: true })) {
    const { size, mtimeMs } = statSync(join(folder, String(entry)));
    bytes += size;
    at = Math.max(at, mtimeMs);
  }
  return { bytes, at };
}
