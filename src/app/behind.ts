/**
 * What follows from publishing: files for people, the mirror, telling somebody. Asked of heads alone, so that it may
 * come late, after a kill in between too. Cheap where nothing is behind: no DuckDB is loaded then.
 */
import type { Problem } from "../core/problem/problem.ts";
import { exportAssets } from "./exports.ts";
import { bringMirror } from "./mirror.ts";
import { notifyChanges } from "./notify.ts";
import type { Session, View } from "./session.ts";

/** Brings exports, mirror and notifications in line with what is published; gives what did not work. */
export async function afterPublishing(session: Session, view: View): Promise<readonly Problem[]> {
  return [
    ...await exportAssets(session, view),
    ...await bringMirror(session, view),
    ...await notifyChanges(session, view),
  ];
}
