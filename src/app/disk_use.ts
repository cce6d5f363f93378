/** What the lake holds: files of current versions, of older ones that history knows, and those of nobody. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { State } from "../core/heads.ts";
import { stepKey } from "../core/key.ts";
import { pathPart } from "../engine/order.ts";
import type { Session } from "./session.ts";

export interface Files {
  readonly files: number;
  readonly bytes: number;
}

export interface LakeUse {
  readonly current: Files;
  readonly older: Files;
  readonly orphans: Files;
  /** Steps whose published file is not there. */
  readonly missing: readonly string[];
}

/** Counts; a file that an attempt is just writing is nobody's yet and not counted. */
export async function lakeUse(session: Session, state: State): Promise<LakeUse> {
  const { project, lake } = session;
  const sizes = new Map(
    filesBelow(join(project, lake)).map((
      path,
    ) => [`${lake}/${path}`, sizeOf(join(project, lake, path))]),
  );
  const current = new Set<string>();
  const missing: string[] = [];
  const busy = [...state.claims.values()].map((claim) =>
    `${lake}/${pathPart(claim.asset)}/${pathPart(claim.partition)}/`
  );
  for (const [asset, heads] of state.heads) {
    for (const [partition, { published }] of heads) {
      const path = published?.file?.path;
      if (path === undefined) continue;
      current.add(path);
      // Environments read production's versions where they have none of their own.
      if (
        !sizes.has(path) && statSync(join(project, path), { throwIfNoEntry: false }) === undefined
      ) {
        missing.push(stepKey(asset, partition));
      }
    }
  }
  const store = await session.store();
  const known = new Set<string>();
  for (
    const { event } of await store.events({
      kinds: ["materialized", "attempt-failed", "version-set"],
    })
  ) {
    const file = event.kind === "materialized"
      ? event.file
      : event.kind === "attempt-failed"
      ? event.rejected
      : event.kind === "version-set"
      ? event.restored?.event.file ?? null
      : null;
    if (file !== null) known.add(file.path);
  }
  const sum = { current: none(), older: none(), orphans: none() };
  for (const [path, size] of sizes) {
    if (busy.some((folder) => path.startsWith(folder)) && !current.has(path)) continue;
    const of = current.has(path) ? sum.current : known.has(path) ? sum.older : sum.orphans;
    of.files++;
    of.bytes += size;
  }
  return { ...sum, missing };
}

function none(): { files: number; bytes: number } {
  return { files: 0, bytes: 0 };
}

/** A file's size; 0 where there is none. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function filesBelow(folder: string, prefix = ""): string[] {
  try {
    return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
      const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(folder, path) : [path];
    });
  } catch {
    return [];
  }
}
