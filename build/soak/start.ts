// Starts nycflow for a soak: in a group of its own, so that a kill takes what it started with it, as a power cut would.

import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";

export interface Started {
  readonly child: ChildProcess;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<{ readonly code: number | null; readonly text: string }>;
  /** `kill -9`, to it alone: its runners are to notice by themselves. */
  kill(): void;
}

export function start(
  command: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: "1" },
): Started {
  const [file, ...args] = command;
  const child = spawn(file!, args, {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env,
    detached: true,
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => text = (text + part).slice(-4000));
  }
  const ended = new Promise<{ code: number | null; text: string }>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text }));
  });
  return { child, ended, kill: () => void child.kill("SIGKILL") };
}
