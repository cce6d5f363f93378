/**
 * Opening the state store's file: made at once or not at all, read where it cannot be written, and the waiting
 * for its locks.
 *
 * - A new file is made under another name and linked into place when it is complete. So two first starts cannot
 *   meet in it, and an empty file is never a new store: it is a damaged one.
 * - Waiting for a lock happens between turns of the event loop (SQLite's own waiting blocks the process, and
 *   backs off so far that the unlucky starve).
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { ProblemError } from "../../core/problem/problem.ts";
import { damagedProblem, faultOf, permissionProblem, told } from "./errors.ts";
import { checkVersion, createSchema, MIGRATIONS, upgrade } from "./schema.ts";

export interface OpenOptions {
  /** Only look. A file that is missing is then a store without events. */
  readonly readOnly?: boolean;
  /** Make the file where it is missing; true unless `readOnly`. */
  readonly create?: boolean;
  /** For tests of upgrading. */
  readonly migrations?: readonly string[];
}

export interface Connection {
  readonly db: DatabaseSync;
  readonly writable: boolean;
  close(): void;
}

/** How long SQLite itself waits, in milliseconds: long enough for a reader that finds a checkpoint at work. */
const OWN_WAIT_MS = 4;
const GIVE_UP_MS = 60_000;
/** SQLite's own default, in bytes; a file keeps what it was made with. */
const PAGE = 4096;

/** Opens, and makes or upgrades where allowed. Throws `ProblemError` for what users can mend. */
export async function connect(file: string, options: OpenOptions): Promise<Connection> {
  const migrations = options.migrations ?? MIGRATIONS;
  const writable = options.readOnly !== true;
  try {
    // A file that may not even be looked for is not one that is missing.
    if (statSync(file, { throwIfNoEntry: false }) === undefined) {
      if (!(options.create ?? writable)) return nothing(migrations);
      createFile(file, migrations);
    }
    await measure(file);
    if (!writable) return await waiting(() => openReadOnly(file, migrations));
    try {
      return await waiting(() => openWritable(file, migrations));
    } catch (error) {
      const fault = faultOf(error);
      if (fault !== "read-only" && fault !== "cannot-open") throw error;
      return await waiting(() => openReadOnly(file, migrations));
    }
  } catch (error) {
    throw told(error, file, writable ? "write" : "read");
  }
}

/**
 * Does `work` until no other process is in its way; gives up after a minute with SQLite's own error.
 * `work` must have undone itself when it throws.
 */
export async function waiting<T>(work: () => T): Promise<T> {
  let since: number | null = null;
  for (let pause = 1;; pause = Math.min(pause * 1.5, 12)) {
    try {
      return work();
    } catch (error) {
      if (faultOf(error) !== "busy") throw error;
      since ??= performance.now();
      if (performance.now() - since > GIVE_UP_MS) throw error;
    }
    // Spread, so that those who wait for the same lock do not come again at the same time.
    await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random() / 2)));
  }
}

/** SQLite takes a last page that is cut short for one that ends in zeros; nobody else writes parts of pages. */
async function measure(file: string): Promise<void> {
  const size = statSync(file).size;
  if (size === 0) throw new ProblemError(damagedProblem(file, "it is empty"));
  if (size % PAGE === 0) return;
  // Or it is just growing.
  await new Promise((resolve) => setTimeout(resolve, 20));
  if (statSync(file).size !== size) return;
  throw new ProblemError(damagedProblem(file, "it is cut off in the middle of a page"));
}

function openWritable(file: string, migrations: readonly string[]): Connection {
  const db = new DatabaseSync(file, { timeout: OWN_WAIT_MS });
  try {
    db.exec("pragma synchronous = normal; pragma journal_size_limit = 8388608");
    upgrade(db, file, migrations);
    return { db, writable: true, close: () => db.close() };
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Where not even the folder can be written, SQLite cannot make the shared memory that its journal needs. The
 * file is then read as it stands if no journal is left beside it; else a copy of both is read.
 */
function openReadOnly(file: string, migrations: readonly string[]): Connection {
  const attempts: (() => { path: string | URL; done: () => void })[] = [
    () => ({ path: file, done: () => {} }),
    () => journalLeft(file) ? copied(file) : { path: immutable(file), done: () => {} },
  ];
  let last: unknown;
  for (const attempt of attempts) {
    const { path, done } = attempt();
    let db: DatabaseSync | null = null;
    try {
      const opened = new DatabaseSync(path, { readOnly: true, timeout: OWN_WAIT_MS });
      db = opened;
      const version = checkVersion(opened, file, migrations);
      if (version < migrations.length) {
        // An older schema that cannot be upgraded in place is upgraded in a copy.
        opened.close();
        const copy = copied(file);
        const upgraded = new DatabaseSync(copy.path, { timeout: OWN_WAIT_MS });
        upgrade(upgraded, copy.path, migrations);
        return {
          db: upgraded,
          writable: false,
          close: () => (upgraded.close(), copy.done()),
        };
      }
      return { db: opened, writable: false, close: () => (opened.close(), done()) };
    } catch (error) {
      db?.close();
      done();
      last = error;
      const fault = faultOf(error);
      if (fault !== "read-only" && fault !== "cannot-open") throw error;
    }
  }
  throw last instanceof Error && faultOf(last) !== "other"
    ? new ProblemError(permissionProblem(file, "read"))
    : last;
}

function journalLeft(file: string): boolean {
  try {
    return statSync(`${file}-wal`).size > 0;
  } catch {
    return false;
  }
}

function immutable(file: string): URL {
  const url = pathToFileURL(file);
  url.searchParams.set("immutable", "1");
  return url;
}

function copied(file: string): { path: string; done: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "nycflow-state-"));
  const path = join(folder, "state.db");
  copyFileSync(file, path);
  if (journalLeft(file)) copyFileSync(`${file}-wal`, `${path}-wal`);
  return { path, done: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A store without events, for those who look at a project in which nothing has happened yet. */
function nothing(migrations: readonly string[]): Connection {
  const db = new DatabaseSync(":memory:");
  createSchema(db, migrations);
  return { db, writable: false, close: () => db.close() };
}

function flush(file: string): void {
  const descriptor = openSync(file, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function createFile(file: string, migrations: readonly string[]): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true });
  const part = `${file}.new-${process.pid}-${Math.random().toString(36).slice(2)}`;
  try {
    const db = new DatabaseSync(part);
    try {
      // Nobody knows it yet: it is flushed once, when it is whole. Written in place and not through a write-ahead log,
      // since closing would carry that over without a word where the disk is full, and leave half a file.
      db.exec(`pragma synchronous = off; pragma page_size = ${PAGE}; pragma journal_mode = memory`);
      createSchema(db, migrations);
      db.exec("pragma journal_mode = wal");
    } finally {
      db.close();
    }
    flush(part);
    try {
      linkSync(part, file);
    } catch (error) {
      if (existsSync(file)) return;
      // A file system without links: the name is taken over in one go too, only not exclusively.
      if (faultOf(error) === "full") throw error;
      renameSync(part, file);
    }
  } finally {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(part + suffix, { force: true });
  }
}
