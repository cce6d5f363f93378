/**
 * The one process that keeps a project up to date: holds an exclusive lock on a small SQLite file, which the kernel
 * frees at its death. Who it is stands beside. What it does is not decided here.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Resident } from "../ports/stay.ts";
import { isHeld } from "./held_file.ts";
import { refusal } from "./liveness.ts";

const LOCK = "resident.lock";
const ABOUT = "resident.json";

/** Takes the lock in `dir` (an environment's own folder); null where another process has it. */
export function takeResidency(dir: string, about: Resident): Disposable | null {
  const db = opened(dir);
  try {
    db.exec("pragma busy_timeout = 0");
    db.exec("pragma journal_mode = memory");
    db.exec("begin exclusive");
  } catch {
    db.close();
    return null;
  }
  writeFileSync(join(dir, ABOUT), JSON.stringify(about));
  return {
    [Symbol.dispose]() {
      rmSync(join(dir, ABOUT), { force: true });
      db.close();
    },
  };
}

function opened(dir: string): DatabaseSync {
  try {
    mkdirSync(dir, { recursive: true });
    return new DatabaseSync(join(dir, LOCK));
  } catch (error) {
    throw refusal(error, dir);
  }
}

/** Who has the lock; null for nobody. Must not be asked by the process that has it. */
export function residentOf(dir: string): Resident | null {
  if (!isHeld(join(dir, LOCK))) return null;
  try {
    const found = JSON.parse(readFileSync(join(dir, ABOUT), "utf8")) as Partial<Resident>;
    if (typeof found.pid !== "number" || typeof found.since !== "number") return null;
    return {
      pid: found.pid,
      since: found.since,
      command: String(found.command ?? ""),
      log: typeof found.log === "string" ? found.log : null,
    };
  } catch {
    return null;
  }
}
