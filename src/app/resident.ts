/** The process that keeps a project up to date: being it, starting it in the background, ending it, finding it. */
import { spawn } from "node:child_process";
import { mkdirSync, openSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { openLogFile } from "../host/log_file.ts";
import { killGroup } from "../host/process.ts";
import { type Resident, residentOf, takeResidency } from "../host/resident.ts";
import { selfCommand } from "../host/self.ts";
import type { AppHost } from "./host.ts";
import { type StayHooks, type StayOptions, Supervisor } from "./stay.ts";

export type { Resident };
export const openLog = openLogFile;

const POLL_MS = 500;
const folderOf = (project: string) => join(project, ".nycflow");

export interface BeResident {
  run(): Promise<void>;
  reload(): void;
  signal(name: NodeJS.Signals): void;
}

/** Ready to stay; where another process stays already it looks on, and takes over when that one ends. */
export function beResident(
  host: AppHost,
  project: string,
  options: StayOptions & { readonly log: string | null },
  hooks: StayHooks,
): Promise<BeResident> {
  const supervisor = new Supervisor(host, project, options, hooks);
  const about = {
    pid: host.pid,
    since: host.clock.now(),
    command: host.command,
    log: options.log,
  };
  const run = async () => {
    let told = false;
    for (;;) {
      using held = takeResidency(folderOf(project), about);
      if (held !== null) {
        if (!options.quiet) {
          hooks.say([told ? "taking over" : "keeping the project up to date; Ctrl-C ends it"]);
        }
        return await supervisor.run();
      }
      if (options.stop.aborted) return;
      if (!told) {
        told = true;
        const by = residentOf(folderOf(project));
        const who = by === null ? "another process" : `process ${by.pid}`;
        hooks.say([`${who} keeps it up to date already; this one takes over when that ends`]);
      }
      await host.clock.sleep(POLL_MS, options.stop).catch(() => undefined);
    }
  };
  return Promise.resolve({
    run,
    reload: () => supervisor.reload(),
    signal: (name) => supervisor.signal(name),
  });
}

/** Who keeps it up to date; null for nobody. */
export function findResident(project: string): Resident | null {
  return residentOf(folderOf(project));
}

/** Starts one in the background and waits until it lives; one that lives already is told. */
export async function startBackground(
  project: string,
  more: readonly string[],
): Promise<{ readonly pid: number; readonly started: boolean }> {
  const there = findResident(project);
  if (there !== null) return { pid: there.pid, started: false };
  const log = join(project, ".nycflow", "logs", "up.log");
  mkdirSync(dirname(log), { recursive: true });
  const out = openSync(log, "a");
  const { command, args, env } = selfCommand("cli", ["up", "--no-tui", ...more, "-C", project]);
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
    const found = findResident(project);
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
  graceMs = 30_000,
): Promise<{ readonly resident: Resident; readonly forced: boolean } | null> {
  const resident = findResident(project);
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
    if (findResident(project)?.pid !== resident.pid) return { resident, forced: false };
  }
  killGroup(resident.pid, "SIGKILL");
  tell("SIGKILL");
  return { resident, forced: true };
}
