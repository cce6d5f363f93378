/** The process that keeps a project up to date: starting it in the background, ending it, finding it. */
import { spawn } from "node:child_process";
import { mkdirSync, openSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { openLogFile } from "../host/log_file.ts";
import { killGroup } from "../host/process.ts";
import { residentOf } from "../host/resident.ts";
import { selfCommand } from "../host/self.ts";
import type { Resident } from "../ports/stay.ts";
import { rootOf } from "./session.ts";

export const openLog = openLogFile;

const folderOf = (project: string, environment: string | null) =>
  join(project, rootOf(environment));

/** Where an `up -d` writes, relative to the project. */
export function logOf(environment: string | null): string {
  return `${rootOf(environment)}/logs/up.log`;
}

/** Who keeps it up to date; null for nobody. */
export function findResident(project: string, environment: string | null): Resident | null {
  return residentOf(folderOf(project, environment));
}

/** Starts one in the background and waits until it lives; one that lives already is told. */
export async function startBackground(
  project: string,
  environment: string | null,
  more: readonly string[],
): Promise<{ readonly pid: number; readonly started: boolean }> {
  const there = findResident(project, environment);
  if (there !== null) return { pid: there.pid, started: false };
  const log = join(project, logOf(environment));
  mkdirSync(dirname(log), { recursive: true });
  const out = openSync(log, "a");
  const { command, args, env } = selfCommand("cli", [
    "up",
    ...more,
    "--no-tui",
    "-C",
    project,
    ...(environment === null ? [] : ["--env", environment]),
  ]);
  const child = spawn(command, [...args], {
    cwd: project,
    env: { ...env, NYCFLOW_UP_LOG: "1" },
    stdio: ["ignore", out, out],
    detached: true,
  });
  let ended: string | null = null;
  child.once("error", (error) => ended = error.message);
  child.once("exit", (code, signal) => ended = `it ended with ${code ?? signal}`);
  for (let waited = 0; waited < 20_000; waited += 20) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const found = findResident(project, environment);
    if (found !== null) {
      child.unref();
      return { pid: found.pid, started: true };
    }
    if (ended !== null) break;
  }
  throw new ProblemError(problem("step-failed", {
    message: "Cannot keep it up to date in the background",
    why: ended ?? "it did not begin within 20 s",
    hint: `see ${log}, or try: nycflow up --no-tui`,
  }));
}

/** Ends it and waits for that; null where there was none. `force` where it did not end by itself. */
export async function endResident(
  project: string,
  environment: string | null,
  graceMs = 30_000,
): Promise<{ readonly resident: Resident; readonly forced: boolean } | null> {
  const resident = findResident(project, environment);
  if (resident === null) return null;
  const tell = (signal: NodeJS.Signals) => {
    try {
      process.kill(resident.pid, signal);
    } catch {
      // it ended just now
    }
  };
  tell("SIGTERM");
  for (let waited = 0; waited < graceMs; waited += 20) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (findResident(project, environment)?.pid !== resident.pid) {
      return { resident, forced: false };
    }
  }
  killGroup(resident.pid, "SIGKILL");
  tell("SIGKILL");
  return { resident, forced: true };
}
