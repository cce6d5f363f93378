/**
 * What user code prints, kept for each run, asset, partition and attempt under `.nycflow/logs/`, one line a line with
 * its instant. Bounded, secrets masked; a log that cannot be written never harms the step.
 */
import { closeSync, fstatSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RunId } from "../core/key.ts";
import { masker } from "../core/mask.ts";
import type { LogLine } from "../core/order.ts";
import type { PlannedStep } from "../core/plan.ts";
import { type Problem, problem } from "../core/problem/problem.ts";
import { pathPart } from "../engine/order.ts";

export const LOGS = ".nycflow/logs";

/** Bytes of one attempt's log; what comes after is counted, not kept. */
const LARGEST = 8 * 1024 * 1024;
/** Files that are open at once: a run may have more steps than a process may have files. */
const OPEN = 32;

export interface LogSink extends Disposable {
  write(run: RunId, step: PlannedStep, number: number, line: LogLine): void;
  /** What was printed and could not be kept. */
  problem(): Problem | null;
}

interface LogFile {
  readonly descriptor: number;
  bytes: number;
}

/** Where one attempt's log stands, relative to the project. */
export function logPath(
  run: string,
  step: Pick<PlannedStep, "asset" | "partition">,
  number: number,
): string {
  return `${LOGS}/${run}/${pathPart(step.asset)}/${pathPart(step.partition)}.${number}.log`;
}

/** `secrets` are values, not names. */
export function openLogs(project: string, secrets: readonly string[]): LogSink {
  /** Open ones, the one that was opened first in front. */
  const files = new Map<string, LogFile>();
  const mask = masker(secrets);
  let lost: Problem | null = null;
  const close = (path: string) => {
    const file = files.get(path);
    files.delete(path);
    if (file) closeSync(file.descriptor);
  };
  const open = (path: string): LogFile => {
    for (const first of files.keys()) {
      if (files.size < OPEN) break;
      close(first);
    }
    const name = join(project, path);
    mkdirSync(dirname(name), { recursive: true });
    const descriptor = openSync(name, "a");
    const file = { descriptor, bytes: fstatSync(descriptor).size };
    files.set(path, file);
    return file;
  };
  return {
    write(run, step, number, line) {
      const path = logPath(run, step, number);
      try {
        const file = files.get(path) ?? open(path);
        if (file.bytes > LARGEST) return;
        const instant = new Date(line.at).toISOString();
        file.bytes += writeSync(
          file.descriptor,
          `${instant} ${line.stream === "log" ? line.level : line.stream}: ${mask(line.text)}\n`,
        );
        if (file.bytes <= LARGEST) return;
        const note = `the log is longer than ${LARGEST} bytes; the rest is not kept`;
        file.bytes += writeSync(file.descriptor, `${instant} log warn: ${note}\n`);
      } catch (error) {
        lost ??= lostProblem(path, error);
      }
    },
    problem: () => lost,
    [Symbol.dispose]() {
      for (const path of [...files.keys()]) close(path);
    },
  };
}

function lostProblem(path: string, error: unknown): Problem {
  const { code } = error as { readonly code?: unknown };
  const full = code === "ENOSPC" || code === "EDQUOT";
  return problem(full ? "disk-full" : "no-permission", {
    message: "Cannot keep what steps printed",
    where: { file: path },
    why: full
      ? "the disk is full"
      : code === "EACCES" || code === "EPERM" || code === "EROFS"
      ? "this user may not write there"
      : error instanceof Error
      ? error.message
      : String(error),
    hint: full ? "free some space: nycflow clean" : `chmod -R u+rwX ${LOGS}`,
  });
}
