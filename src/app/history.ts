/** The versions of an asset read off the log, for those who look back: `diff`, `rollback`, `AT (…)`, cleaning. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { changesIn, HISTORY_KINDS, type VersionChange } from "../core/history.ts";
import type { AssetKey, PartitionKey } from "../core/key.ts";
import type { VersionRef } from "../core/version.ts";
import type { Session } from "./session.ts";

/** Its changes, oldest first; of one partition alone where that is named. */
export async function changesOf(
  session: Session,
  asset: AssetKey,
  partition: PartitionKey | null = null,
): Promise<readonly VersionChange[]> {
  const store = await session.store();
  return changesIn(
    await store.events({
      asset,
      kinds: HISTORY_KINDS,
      ...(partition === null ? {} : { partition }),
    }),
  );
}

/** The version with a file that is still there: its own, or another one with the same content; null where none is. */
export function keptVersion(
  project: string,
  changes: readonly VersionChange[],
  version: VersionRef,
): VersionRef | null {
  if (isKept(project, version)) return version;
  for (const { after } of changes) {
    if (after?.partition !== version.partition || after.dataVersion !== version.dataVersion) {
      continue;
    }
    if (isKept(project, after)) return after;
  }
  return null;
}

/** Is the version's file still there? One without a file always is. */
export function isKept(project: string, version: VersionRef): boolean {
  const { file } = version;
  return file === null ||
    [file, ...file.parts ?? []].every((each) => existsSync(join(project, each.path)));
}
