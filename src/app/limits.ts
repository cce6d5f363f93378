/**
 * How much memory and how many threads DuckDB gets here. Always set: its own defaults are 80 % of the memory for
 * each process. The share of this process and of each runner come from one total, so that together they fit.
 */
import { readFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { join, resolve } from "node:path";
import type { ProjectDefinition } from "../core/definition.ts";
import type { Limits } from "../core/order.ts";

const MIB = 1024 * 1024;
/** Of what the machine (or its container) has; the rest is the system's and other people's. */
const SHARE = 0.7;
/** Below this DuckDB cannot even sort what it spills. */
const LEAST_MB = 64;

export interface Shares {
  readonly own: Limits;
  readonly runner: Limits;
  /** Steps side by side. */
  readonly concurrency: number;
  /** Runner processes at the most. */
  readonly runners: number;
}

/** Runner processes at the most: they wait (downloads) more than they compute, so a few more than cores. */
export function runnersFor(): number {
  return Math.min(8, Math.max(4, availableParallelism()));
}

/** Divides what the machine has; `projectDir` is absolute. */
export function sharesFor(
  projectDir: string,
  project: Pick<ProjectDefinition, "warehouse" | "concurrency">,
): Shares {
  const cores = availableParallelism();
  const { memoryMb, threads, scratch } = project.warehouse;
  const total = memoryMb ?? Math.max(256, Math.floor((memoryBytes() / MIB) * SHARE));
  const concurrency = project.concurrency ?? Math.min(8, Math.max(2, cores));
  const runners = Math.min(concurrency, runnersFor());
  const folder = scratch === null
    ? join(projectDir, ".nycflow", "tmp")
    : resolve(projectDir, scratch);
  const own = { memoryMb: Math.floor(total * 0.6), threads: threads ?? cores, scratch: folder };
  const runner = {
    memoryMb: Math.max(128, Math.floor((total * 0.4) / runners)),
    threads: Math.max(1, Math.ceil((threads ?? cores) / runners)),
    scratch: folder,
  };
  return { own, runner, concurrency, runners };
}

/** The same where so many processes work in the project at once: each gets an equal part. */
export function sharedAmong(shares: Shares, processes: number): Shares {
  if (processes <= 1) return shares;
  const part = (limits: Limits, least: number): Limits => ({
    ...limits,
    memoryMb: Math.max(least, Math.floor(limits.memoryMb / processes)),
    threads: Math.max(1, Math.floor(limits.threads / processes)),
  });
  return { ...shares, own: part(shares.own, LEAST_MB), runner: part(shares.runner, LEAST_MB) };
}

/** The machine's memory, or the container's where that is less. */
function memoryBytes(): number {
  const all = totalmem();
  for (const file of ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]) {
    try {
      const limit = Number(readFileSync(file, "utf8").trim());
      if (Number.isFinite(limit) && limit > 0) return Math.min(all, limit);
    } catch {
      // not a Linux with that kind of group
    }
  }
  return all;
}
