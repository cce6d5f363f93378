/**
 * What user code prints, kept for each run, asset, partition and attempt under `.nycflow/logs/`, one line a line with
 * its instant. Bounded, secrets masked; a log that cannot be written never harms the step.
 */
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RunId } from "../core/key.ts";
import { masker } from "../core/mask.ts";
import type { LogLine } from "../core/order.ts";
import type { PlannedStep } from "../core/plan.ts";
import { pathPart } from "../engine/order.ts";

export const LOGS = ".nycflow/logs";

/** Bytes of one attempt's log; what comes after is counted, not kept. */
const LARGEST = 8 * 1024 * 1024;

export interface LogSink extends Disposable {
  write(run: RunId, step: PlannedStep, number: number, line: LogLine): void;
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
  const files = new Map<string, { descriptor: number | null; bytes: number; cut: boolean }>();
  const mask = masker(secrets);
  const open = (path: string) => {
    try {
      const file = join(project, path);
      mkdirSync(dirname(file), { recursive: true });
      return openSync(file, "a");
    } catch {
      return null;
    }
  };
  return {
    write(run, step, number, line) {
      const path = logPath(run, step, number);
      const known = files.get(path);
      const file = known ?? { descriptor: open(path), bytes: 0, cut: false };
      if (known === undefined) files.set(path, file);
      if (file.descriptor === null || file.cut) return;
      const instant = new Date(line.at).toISOString();
      const text = file.bytes > LARGEST
        ? `${instant} log warn: the log is longer than ${LARGEST} bytes; the rest is not kept\n`
        : `${instant} ${line.stream === "log" ? line.level : line.stream}: ${mask(line.text)}\n`;
      file.cut = file.bytes > LARGEST;
      try {
        file.bytes += writeSync(file.descriptor, text);
      } catch {
        file.cut = true;
      }
    },
    [Symbol.dispose]() {
      for (const { descriptor } of files.values()) if (descriptor !== null) closeSync(descriptor);
      files.clear();
    },
  };
}
