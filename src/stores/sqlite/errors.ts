/**
 * SQLite's errors in our words. Bun gives the result code, Deno mostly only the message, so both are read.
 * Decides what an error means, not what to do about it; a busy lock is retried by `connection.ts`.
 */
import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { type Problem, problem, ProblemError } from "../../core/problem/problem.ts";

export type SqliteFault =
  | "busy"
  | "full"
  | "damaged"
  | "read-only"
  | "cannot-open"
  | "disk"
  | "other";

const BY_CODE: Readonly<Record<number, SqliteFault>> = {
  3: "read-only",
  5: "busy",
  6: "busy",
  8: "read-only",
  10: "disk",
  11: "damaged",
  13: "full",
  14: "cannot-open",
  23: "read-only",
  26: "damaged",
};

const BY_TEXT: readonly (readonly [RegExp, SqliteFault])[] = [
  [/database (table )?is locked|locking protocol/, "busy"],
  [/database or disk is full|No space left|ENOSPC/, "full"],
  [/malformed|not a database|unsupported file format/, "damaged"],
  [/readonly database|access permission denied|EACCES|EROFS|EPERM/, "read-only"],
  [/unable to open database|ENOTDIR|EISDIR|EEXIST/, "cannot-open"],
  [/disk I\/O error/, "disk"],
];

/** What kind of trouble an error of `node:sqlite` (or of the file system around it) tells. */
export function faultOf(error: unknown): SqliteFault {
  if (!(error instanceof Error)) return "other";
  if ("errcode" in error && typeof error.errcode === "number") {
    const found = BY_CODE[error.errcode & 0xff];
    if (found !== undefined) return found;
  }
  return BY_TEXT.find(([pattern]) => pattern.test(error.message))?.[1] ?? "other";
}

/** The error as a problem where it is one that users can do something about; anything else stays what it is. */
export function told(error: unknown, file: string, doing: "read" | "write"): unknown {
  if (error instanceof ProblemError) return error;
  const fault = faultOf(error);
  const text = error instanceof Error ? error.message : String(error);
  switch (fault) {
    case "busy":
      return new ProblemError(busyProblem(file));
    case "full":
      return new ProblemError(fullProblem(file));
    case "damaged":
      return new ProblemError(damagedProblem(file, text));
    case "read-only":
      return new ProblemError(permissionProblem(file, doing));
    case "cannot-open":
      return new ProblemError(permissionProblem(file, doing));
    case "disk":
      return new ProblemError(
        hasSpace(file)
          ? damagedProblem(file, "the disk or its driver reported an error")
          : fullProblem(file),
      );
    case "other":
      return error;
  }
}

function hasSpace(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return Number(bavail) * Number(bsize) > 1 << 20;
  } catch {
    return true;
  }
}

export function damagedProblem(file: string, why: string): Problem {
  return problem("store-damaged", {
    message: "Cannot read the state store",
    where: { file: shown(file) },
    why: `the file is damaged: ${why}`,
    hint: "nycflow doctor --rebuild",
  });
}

export function newerProblem(file: string, theirs: number, ours: number, by: string): Problem {
  return problem("store-newer", {
    message: `Cannot use this state store: it was written by nycflow ${by}`,
    where: { file: shown(file) },
    why: `its schema is version ${theirs}, and this program knows up to version ${ours}`,
    hint: `use nycflow ${by} or newer here`,
    fields: { schema: theirs, known: ours, writtenBy: by },
  });
}

export function permissionProblem(file: string, doing: "read" | "write"): Problem {
  return problem("no-permission", {
    message: `Cannot ${doing} the state store`,
    where: { file: shown(file) },
    why: doing === "read"
      ? "this user may not read the file, or may not enter its folder"
      : "this user may not write the file or its folder, or the disk is mounted read-only",
    hint: `chmod -R u+rwX ${quoted(dirname(file))}`,
  });
}

function fullProblem(file: string): Problem {
  return problem("disk-full", {
    message: "Cannot write the state store: the disk is full",
    where: { file: shown(file) },
    why: "nothing of this change was written, and what was there is intact",
    hint: `free some space, then do the same again: df -h ${quoted(dirname(file))}`,
  });
}

function busyProblem(file: string): Problem {
  return problem("busy", {
    message: "Cannot write the state store: another program holds its lock",
    where: { file: shown(file) },
    why: "it did not let go within a minute, which no nycflow command needs",
    hint: "close what has the file open (a database browser, a copy in progress) and try again",
  });
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

/** As its reader sees it: from the project's folder on. */
function shown(file: string): string {
  const at = file.replaceAll("\\", "/").lastIndexOf("/.nycflow/");
  return at === -1 ? file : file.slice(at + 1);
}
