/** Environments: which there are, what each has of its own, and how one is removed. */
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseEnvironment, PRODUCTION } from "../core/environment.ts";
import { nearest } from "../core/graph/nearest.ts";
import type { Instant } from "../core/key.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { deadOf, holdersOf } from "../core/rules.ts";
import { rootOf, type Session } from "./session.ts";

const FOLDER = ".nycflow/env";

/** The environments of a project besides production, by name. */
export function environmentsOf(project: string): readonly string[] {
  try {
    return readdirSync(join(project, FOLDER), { withFileTypes: true })
      .filter((each) => each.isDirectory()).map((each) => each.name).sort();
  } catch {
    return [];
  }
}

/** The environment that is meant, null for production. What only looks needs one that exists. */
export function environmentFor(
  project: string,
  text: string | null | undefined,
  writing: boolean,
): string | null {
  const found = parseEnvironment(text);
  if (!found.ok) throw new ProblemError(found.error);
  const name = found.value;
  if (name !== null && !writing) mustBeEnvironment(project, name);
  return name;
}

/** Throws where there is no such environment, naming the nearest. */
export function mustBeEnvironment(project: string, name: string): void {
  if (existsSync(join(project, rootOf(name), "state.db"))) return;
  const known = environmentsOf(project);
  const near = nearest(name, known);
  throw new ProblemError(problem("usage", {
    message: `Cannot find an environment called ${name}`,
    why: known.length === 0
      ? "the project has none besides production"
      : `there ${known.length === 1 ? "is" : "are"} ${[PRODUCTION, ...known].join(", ")}`,
    hint: near === null ? `make it with: nycflow --env ${name} up` : `did you mean --env ${near}?`,
    fields: { environment: name, nearest: near },
  }));
}

export interface EnvironmentFound {
  readonly name: string;
  /** Asset partitions that it has of its own. */
  readonly own: number;
  /** Of its own files. */
  readonly bytes: number;
  readonly lastRun: Instant | null;
}

/** `env ls`: production first. */
export async function listEnvironments(session: Session): Promise<readonly EnvironmentFound[]> {
  const { openSqliteStore } = await import("../stores/sqlite/open.ts");
  const found: EnvironmentFound[] = [];
  for (const name of [null, ...environmentsOf(session.project)]) {
    const root = join(session.project, rootOf(name));
    const store = await openSqliteStore(join(root, "state.db"), { readOnly: true });
    try {
      const state = await store.load();
      let own = 0;
      for (const heads of state.heads.values()) {
        for (const head of heads.values()) if (head.published !== null) own++;
      }
      const [run] = await store.runs({ limit: 1 });
      found.push({
        name: name ?? PRODUCTION,
        own,
        bytes: bytesBelow(join(root, "lake")),
        lastRun: run?.requestedAt ?? null,
      });
    } finally {
      await store.close();
    }
  }
  return found;
}

/** Sum of the sizes of all files below a folder; 0 where there is none. */
export function bytesBelow(folder: string): number {
  let sum = 0;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      if (entry.isFile()) sum += statSync(join(entry.parentPath, entry.name)).size;
    }
  } catch {
    // It was not there, or went while we looked.
  }
  return sum;
}

/** Removes an environment with all that is its own. Throws while somebody works in it. */
export async function removeEnvironment(session: Session, name: string): Promise<void> {
  const { project } = session;
  const parsed = parseEnvironment(name);
  if (!parsed.ok) throw new ProblemError(parsed.error);
  if (parsed.value === null) {
    throw new ProblemError(problem("usage", {
      message: "Cannot remove production",
      why: "it is what all other environments stand on",
      hint: "to forget what an asset has published, write: nycflow wipe ASSET",
    }));
  }
  mustBeEnvironment(project, parsed.value);
  const root = join(project, rootOf(parsed.value));
  const { openSqliteStore } = await import("../stores/sqlite/open.ts");
  const store = await openSqliteStore(join(root, "state.db"), { readOnly: true });
  try {
    const holders = holdersOf(await store.load());
    const dead = deadOf(holders, await (await session.liveness()).alive(holders));
    const alive = holders.find((each) => !dead.has(each));
    if (alive !== undefined) {
      const who = await (await session.liveness()).describe(alive);
      throw new ProblemError(problem("busy", {
        message: `Cannot remove the environment ${name} now`,
        why: `process ${who?.pid ?? "?"} works in it (${who?.command ?? "nycflow"})`,
        hint: "wait until it is done, or end it with Ctrl-C there",
      }));
    }
  } finally {
    await store.close();
  }
  rmSync(root, { recursive: true, force: true });
}
