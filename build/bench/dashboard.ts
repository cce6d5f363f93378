// The dashboard's figures, taken on a pseudo-terminal: how soon the first frame is there, how long from a key to its
// frame while a run tells much, what it costs to stand still, and how much memory it holds.
//
//   deno run -A build/bench/dashboard.ts PROGRAM…    e.g. dist/nycflow; IDLE_SECONDS=3600 for the long look

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import pty from "@lydell/node-pty";
import { CHECKOUT } from "../packages.ts";
import { median } from "./measure.ts";
import { writeChain } from "./projects.ts";

export interface DashboardFigure {
  readonly name: string;
  readonly value: number;
  readonly unit: "ms" | "MiB" | "%";
  /** At the most. */
  readonly goal: number;
}

const ASSETS = 1000;
const RUNS = 10_000;
const RATE = 200;
const KEYS = 150;
const TICKS_PER_SECOND = 100;
const IDLE_SECONDS = Number(process.env["IDLE_SECONDS"] ?? 20);

/** Measures one form of the program. */
export async function measureDashboard(
  command: readonly string[],
): Promise<readonly DashboardFigure[]> {
  const folder = mkdtempSync(join(tmpdir(), "nycflow-dash-"));
  try {
    writeChain(folder, ASSETS);
    run([...command, "ls", "--quiet"], folder);
    script("published.ts", folder);
    script("busy.ts", folder, "history", String(RUNS));
    run([...command, "ls", "--quiet"], folder);
    const first: number[] = [], whole: number[] = [];
    for (let n = 0; n < 5; n++) {
      const opened = await open(command, folder);
      first.push(opened.firstMs);
      whole.push(opened.wholeMs);
      await opened.leave();
    }
    const keys = await keyTimes(command, folder);
    const still = await idle(command, folder);
    writeFileSync(
      join(folder, "nycflow.config.ts"),
      'import { defineConfig } from "nycflow";\nexport default defineConfig({ dashboard: { clock: false } });\n',
    );
    run([...command, "ls", "--quiet"], folder);
    const without = await idle(command, folder);
    return [
      { name: "first frame", value: median(first), unit: "ms", goal: 150 },
      { name: "first frame with all assets", value: median(whole), unit: "ms", goal: 150 },
      { name: "key to frame, median", value: quantile(keys, 0.5), unit: "ms", goal: 30 },
      { name: "key to frame, 99th percentile", value: quantile(keys, 0.99), unit: "ms", goal: 80 },
      { name: "idle, clock shown", value: still.cpu, unit: "%", goal: 2 },
      { name: "idle, no clock", value: without.cpu, unit: "%", goal: 0.5 },
      { name: "memory", value: still.memory, unit: "MiB", goal: 130 },
      { name: "memory grown while idle", value: without.grown, unit: "MiB", goal: 5 },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function run(command: readonly string[], cwd: string): void {
  const [file = "", ...args] = command;
  const done = spawnSync(file, args, { cwd, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${command.join(" ")}: ${done.stderr}`);
}

function script(name: string, ...args: readonly string[]): void {
  const path = join(CHECKOUT, "build", "bench", name);
  run([process.execPath, "run", "-A", "--no-check", path, ...args], CHECKOUT);
}

interface Opened {
  readonly pid: number;
  /** From the start of the process, milliseconds. */
  readonly firstMs: number;
  readonly wholeMs: number;
  /** Types a key; milliseconds to the frame that answers it. */
  press(key: string): Promise<number>;
  leave(): Promise<void>;
}

async function open(command: readonly string[], cwd: string): Promise<Opened> {
  const [file = "", ...args] = command;
  const began = performance.now();
  const terminal = pty.spawn(file, [...args, "dash"], {
    cols: 140,
    rows: 45,
    cwd,
    name: "xterm-256color",
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: process.env["HOME"] ?? "",
      TERM: "xterm-256color",
    },
  });
  let heard: ((data: string) => void) | null = null;
  let firstMs = 0, seen = "";
  const ended = new Promise<void>((resolve) => terminal.onExit(() => resolve()));
  const wholeMs = await new Promise<number>((resolve) => {
    terminal.onData((data) => {
      if (firstMs === 0 && data.includes("overview")) firstMs = performance.now() - began;
      if (heard !== null) return heard(data);
      seen += data;
      if (seen.includes("s0005")) resolve(performance.now() - began);
    });
  });
  return {
    pid: terminal.pid,
    firstMs,
    wholeMs,
    press(key) {
      const from = performance.now();
      return new Promise((resolve) => {
        // The line that the cursor has come to is the one that is drawn reversed.
        heard = (data) => {
          if (data.includes("\x1b[1;7m")) resolve(performance.now() - from);
        };
        terminal.write(key);
      });
    },
    async leave() {
      terminal.write("q");
      await ended;
    },
  };
}

async function keyTimes(command: readonly string[], folder: string): Promise<readonly number[]> {
  const opened = await open(command, folder);
  const path = join(CHECKOUT, "build", "bench", "busy.ts");
  const seconds = Math.ceil(KEYS * 0.06) + 6;
  const emitting = spawn(
    process.execPath,
    ["run", "-A", "--no-check", path, folder, "emit", String(RATE), String(seconds)],
    { cwd: CHECKOUT, stdio: "ignore" },
  );
  const over = new Promise((resolve) => emitting.on("close", resolve));
  await new Promise((resolve) => setTimeout(resolve, 2500)); // until it has begun
  const times: number[] = [];
  for (let n = 0; n < KEYS; n++) {
    times.push(await opened.press(n % 60 < 30 ? "j" : "k"));
    await new Promise((resolve) => setTimeout(resolve, 37));
  }
  await opened.leave();
  await over;
  return times;
}

async function idle(command: readonly string[], folder: string) {
  const opened = await open(command, folder);
  await new Promise((resolve) => setTimeout(resolve, 5000)); // trends and the like are read behind the first frame
  const before = cpuOf(opened.pid), held = memoryOf(opened.pid);
  await new Promise((resolve) => setTimeout(resolve, IDLE_SECONDS * 1000));
  const cpu = (cpuOf(opened.pid) - before) / TICKS_PER_SECOND / IDLE_SECONDS * 100;
  const memory = memoryOf(opened.pid);
  await opened.leave();
  return { cpu, memory, grown: memory - held };
}

/** Ticks of the processor, in user and system. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

function memoryOf(pid: number): number {
  const found = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(found?.[1] ?? 0) / 1024;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

if (import.meta.main) {
  const figures = await measureDashboard(process.argv.slice(2));
  for (const { name, value, unit, goal } of figures) {
    const told = `${value.toFixed(1)} ${unit}`;
    console.log(
      `${name.padEnd(32)} ${told.padStart(12)}   ${goal} ${unit}  ${value > goal ? "over" : "ok"}`,
    );
  }
}
