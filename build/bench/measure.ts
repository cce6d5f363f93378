// How a program is timed and how its memory is seen. Wall time is taken around the whole process, from outside;
// memory in a run of its own, since looking for it takes time from what is looked at.

import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";

/** One program, ready to be started. */
export interface Program {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

const POLL_MS = 10;

/** Runs it once; milliseconds. Throws where it does not end with 0. */
export function time(program: Program): number {
  const [file, ...args] = program.command;
  const began = performance.now();
  const done = spawnSync(file!, args, {
    cwd: program.cwd,
    env: environment(program),
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 256 * 1024 * 1024,
  });
  const took = performance.now() - began;
  if (done.status !== 0) {
    const said = `${done.stdout ?? ""}${done.stderr ?? ""}`.slice(-2000);
    throw new Error(`${program.command.join(" ")} ended with ${done.status}\n${said}`);
  }
  return took;
}

/**
 * The most memory, in MiB, that it and its children held together; null where that cannot be seen. Of each process
 * its own peak counts, so what a short peak between two looks had is seen too; added up over those that live at once.
 */
export async function peakMemory(program: Program): Promise<number | null> {
  if (process.platform !== "linux") return null;
  const [file, ...args] = program.command;
  const child = spawn(file!, args, {
    cwd: program.cwd,
    env: environment(program),
    stdio: "ignore",
  });
  let most = 0;
  const timer = setInterval(() => {
    let sum = 0;
    for (const pid of tree(child.pid!)) sum += highWater(pid);
    most = Math.max(most, sum);
  }, POLL_MS);
  try {
    const code = await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    if (code !== 0) throw new Error(`${program.command.join(" ")} ended with ${code}`);
  } finally {
    clearInterval(timer);
  }
  return most / 1024;
}

/** A clean environment: nothing of the measuring machine's settings but what starting needs. */
function environment(program: Program): NodeJS.ProcessEnv {
  const { PATH = "", HOME = "", DENO_DIR } = process.env;
  return {
    PATH,
    HOME,
    NO_COLOR: "1",
    ...(DENO_DIR === undefined ? {} : { DENO_DIR }),
    ...program.env,
  } as NodeJS.ProcessEnv;
}

function tree(root: number): readonly number[] {
  const found = [root];
  for (let at = 0; at < found.length; at++) {
    const pid = found[at]!;
    try {
      for (const task of readdirSync(`/proc/${pid}/task`)) {
        const text = readFileSync(`/proc/${pid}/task/${task}/children`, "utf8");
        found.push(...text.split(" ").filter((each) => each !== "").map(Number));
      }
    } catch {
      // it has just ended
    }
  }
  return found;
}

/** KiB. */
function highWater(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
