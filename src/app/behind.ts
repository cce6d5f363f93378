/**
 * What follows from publishing: files for people, the mirror, telling somebody, and
 * now and then what the dead have left. Asked of heads alone, so that it may
 * come late, after a kill in between too. Cheap where nothing is behind: no DuckDB is loaded then.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../core/problem/problem.ts";
import { cleanIfDue } from "./clean.ts";
import { exportAssets } from "./exports.ts";
import { bringMirror } from "./mirror.ts";
import { notifyChanges, pingAll } from "./notify.ts";
import { packIfDue } from "./pack.ts";
import { sweepIfDue } from "./sweep.ts";
import type { Session, View } from "./session.ts";

/** Where editors find the tables' types; written by `init` and `types`. */
const TYPED = ".nycflow/types/tables.d.ts";

/** Brings exports, mirror and notifications in line with what is published; gives what did not work. */
export async function afterPublishing(session: Session, view: View): Promise<readonly Problem[]> {
  const problems = [
    ...await exportAssets(session, view),
    ...await bringMirror(session, view),
    ...await notifyChanges(session, view, { rows: true }),
    ...await pingAll(session, view),
  ];
  await sweepIfDue(session, view);
  await packIfDue(session, view);
  await cleanIfDue(session, view);
  if (existsSync(join(session.project, TYPED))) {
    const { refreshTypes } = await import("./editor_types.ts");
    refreshTypes(session.project, view);
  }
  return problems;
}

/** What follows from publishing makes no good run bad; but for a full disk there is an exit code of its own. */
export function exitCodeBehind(warnings: readonly Problem[]): number {
  return warnings.some((each) => each.code === "disk-full") ? 3 : 0;
}
