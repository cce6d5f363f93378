/**
 * Alive means holding a lock, not having been heard of lately: suspend, SIGSTOP and clock jumps expire every
 * lease at once, while the kernel frees a lock exactly at death. Each process keeps `begin exclusive` open on a
 * small SQLite file of its own, `DIR/HOLDER.lock`; whoever meets "database is locked" there knows that it lives.
 * What is known of it stands beside, in `DIR/HOLDER.json`, written after the lock was taken.
 *
 * The lock file must never be opened by other means in the process that holds it: closing any descriptor of a
 * file drops a process's POSIX locks on it. Within SQLite that is taken care of.
 */
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { EventId, HolderId } from "../core/key.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import type { Liveness, PoolWait } from "../ports/liveness.ts";
import { isHeld } from "./held_file.ts";

export interface LivenessOptions {
  /** What the process is doing, as typed: shown to others who find its work held. No secrets. */
  readonly command: string;
  /** A new id, unique for ever, of characters that file names may have. */
  readonly newId: () => string;
  /** Milliseconds since 1970; for `since` alone. */
  readonly now?: () => number;
}

/** A lock without a description is a process between its first two steps, or one that died there, long ago. */
const ORPHAN_MS = 3_600_000;
const LOCK = ".lock";
const ABOUT = ".json";
const WAITS = ".waits";
const READS = ".reads";
const TOLD = ".told";

/** Liveness over the locks in `dir` (`.nycflow/live`), which is made when it is first held. */
export function createLiveness(dir: string, options: LivenessOptions): Liveness {
  let own: { readonly holder: HolderId; readonly db: DatabaseSync } | null = null;
  /** The dead stay dead, so nobody is asked twice. */
  const dead = new Set<HolderId>();
  const pathOf = (holder: string, suffix: string) => join(dir, holder + suffix);

  function isAlive(holder: HolderId): boolean {
    if (holder === own?.holder) return true;
    if (dead.has(holder)) return false;
    const found = isHeld(pathOf(holder, LOCK));
    if (!found) {
      dead.add(holder);
      remove(holder);
    }
    return found;
  }

  /** Takes away what a dead process left; a folder that cannot be written keeps it. */
  function remove(holder: string): void {
    try {
      for (const suffix of [LOCK, ABOUT, WAITS, READS, TOLD]) {
        rmSync(pathOf(holder, suffix), { force: true });
      }
    } catch {
      // Somebody else sweeps it one day.
    }
  }

  /** Who has a file of this kind. */
  function named(suffix: string): HolderId[] {
    try {
      return readdirSync(dir).filter((name) => name.endsWith(suffix))
        .map((name) => name.slice(0, -suffix.length) as HolderId);
    } catch {
      return [];
    }
  }

  function sweep(): void {
    for (const name of readdirSync(dir)) {
      const holder = name.slice(0, name.lastIndexOf("."));
      if (name.endsWith(ABOUT)) isAlive(holder as HolderId);
      else if (name.endsWith(LOCK) && isOld(join(dir, name))) isAlive(holder as HolderId);
    }
  }

  return {
    hold() {
      if (own !== null) return Promise.resolve(own.holder);
      const holder = options.newId() as HolderId;
      try {
        mkdirSync(dir, { recursive: true });
        own = { holder, db: lock(pathOf(holder, LOCK)) };
        writeFileSync(
          pathOf(holder, ABOUT),
          JSON.stringify({
            pid: process.pid,
            command: options.command,
            since: (options.now ?? Date.now)(),
          }),
        );
        sweep();
      } catch (error) {
        own?.db.close();
        own = null;
        return Promise.reject(refusal(error, dir));
      }
      return Promise.resolve(holder);
    },
    alive: (holders) => Promise.resolve(new Set(holders.filter(isAlive))),
    living: () => Promise.resolve(named(ABOUT).filter(isAlive)),
    note(waits) {
      if (own !== null) {
        const file = pathOf(own.holder, WAITS);
        try {
          if (waits.length === 0) rmSync(file, { force: true });
          else writeFileSync(file, JSON.stringify(waits));
        } catch {
          // Then the others do not know; nobody's turn depends on it for long.
        }
      }
      return Promise.resolve();
    },
    waits() {
      const others = named(WAITS).filter((each) => each !== own?.holder && isAlive(each));
      return Promise.resolve(
        others.flatMap((holder) =>
          readWaits(pathOf(holder, WAITS)).map((each) => ({ ...each, holder }))
        ),
      );
    },
    reading(event) {
      if (own !== null) {
        const file = pathOf(own.holder, READS);
        try {
          if (event === null) rmSync(file, { force: true });
          else writeFileSync(file, String(event));
        } catch {
          // Then the grace of cleaning has to do.
        }
      }
      return Promise.resolve();
    },
    readers() {
      const others = named(READS).filter((each) => each !== own?.holder && isAlive(each));
      return Promise.resolve(others.map((holder) => readReads(pathOf(holder, READS))));
    },
    tell(progress) {
      if (own !== null) {
        const file = pathOf(own.holder, TOLD);
        try {
          writeFileSync(`${file}.part`, JSON.stringify(progress));
          renameSync(`${file}.part`, file);
        } catch {
          // Then nobody sees how far it is.
        }
      }
      return Promise.resolve();
    },
    told(holder) {
      try {
        return Promise.resolve(JSON.parse(readFileSync(pathOf(holder, TOLD), "utf8")));
      } catch {
        return Promise.resolve({});
      }
    },
    describe(holder) {
      if (!isAlive(holder)) return Promise.resolve(null);
      try {
        const about: unknown = JSON.parse(readFileSync(pathOf(holder, ABOUT), "utf8"));
        if (typeof about !== "object" || about === null) return Promise.resolve(null);
        const { pid, command, since } = about as Record<string, unknown>;
        if (typeof pid !== "number" || typeof since !== "number") return Promise.resolve(null);
        return Promise.resolve({ pid, command: String(command), since });
      } catch {
        return Promise.resolve(null);
      }
    },
    release() {
      if (own !== null) {
        const { holder, db } = own;
        own = null;
        dead.add(holder);
        db.close();
        remove(holder);
      }
      return Promise.resolve();
    },
  };
}

/** A file that is just being written is read the next time. */
function readWaits(file: string): readonly PoolWait[] {
  try {
    const read: unknown = JSON.parse(readFileSync(file, "utf8"));
    return Array.isArray(read) ? read as readonly PoolWait[] : [];
  } catch {
    return [];
  }
}

/** One that is just being written may read anything. */
function readReads(file: string): EventId {
  try {
    const event = Number(readFileSync(file, "utf8"));
    return Number.isSafeInteger(event) ? event : 0;
  } catch {
    return 0;
  }
}

/** The name is new, so nobody else creates or holds it; only a sweeper may look at it for a moment. */
function lock(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 1_000 });
  try {
    // The lock is all: without this SQLite leaves a journal beside it.
    db.exec("pragma journal_mode = memory");
    db.exec("begin exclusive");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function isOld(file: string): boolean {
  try {
    return Date.now() - statSync(file).mtimeMs > ORPHAN_MS;
  } catch {
    return false;
  }
}

/** Why no lock can be kept in a folder, where that is something a person can mend. */
export function refusal(error: unknown, dir: string): unknown {
  const text = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (/ENOSPC|disk is full/.test(code + text)) {
    return new ProblemError(problem("disk-full", {
      message: "Cannot begin: the disk is full",
      where: { file: dir },
      why: "there is no room for the lock by which other processes see this one",
      hint: "free some space, then do the same again",
    }));
  }
  if (!/EACCES|EPERM|EROFS|ENOTDIR|EEXIST|readonly|unable to open/.test(code + text)) return error;
  return new ProblemError(problem("no-permission", {
    message: "Cannot begin: this folder cannot be written",
    where: { file: dir },
    why: "each process that works keeps a lock there, by which others see that it is alive",
    hint: `make it writable for this user: chmod u+rwx '${dir}'`,
  }));
}
