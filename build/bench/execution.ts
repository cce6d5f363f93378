// Execution's figures: what claiming costs, how soon a killed run goes on, what large sorts side by side hold, whether
// processes that share the work get in each other's way, whether steps overlap, and how memory stands after many steps.
//
//   deno run -A build/bench/execution.ts PROGRAM…    e.g. dist/nycflow; STEPS=1000 for a shorter look at the memory

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { setImmediate } from "node:timers";
import type { ClaimFigures } from "./claims.ts";
import { median, peakMemory } from "./measure.ts";
import { writeChain } from "./projects.ts";
import { CHECKOUT } from "../packages.ts";

export interface ExecutionFigure {
  readonly name: string;
  readonly value: number;
  readonly unit: "ms" | "MiB" | "×";
  /** At the most. */
  readonly goal: number;
}

const STEPS = Number(process.env["STEPS"] ?? 10_000);
const TIMES = 5;
const LIMIT_MIB = 600;

if (import.meta.main) {
  for (const figure of await measureExecution(process.argv.slice(2))) {
    console.log(`${figure.name}: ${figure.value.toFixed(2)} ${figure.unit} (${figure.goal})`);
  }
}

/** Measures one form of the program. */
export async function measureExecution(
  command: readonly string[],
): Promise<readonly ExecutionFigure[]> {
  const folder = mkdtempSync(join(tmpdir(), "nycflow-execution-"));
  const project = (name: string, files: Readonly<Record<string, string>>) => {
    const path = join(folder, name);
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(path, file)), { recursive: true });
      writeFileSync(join(path, file), text);
    }
    return path;
  };
  try {
    const five = await together(command, join(folder, "chain"));
    return [
      { name: "claim, log and publish, a step", value: await claims(), unit: "ms", goal: 0.8 },
      {
        name: "from the next command to the rest running, after SIGKILL",
        value: await afterKill(command, join(folder, "killed")),
        unit: "ms",
        goal: 300,
      },
      {
        name: "4 steps that wait, beside one",
        value: await overlap(command, project),
        unit: "×",
        goal: 1.2,
      },
      { name: "5 processes over the same work, beside one", value: five, unit: "×", goal: 1.2 },
      {
        name: "peak of 3 sorts of 3,000,000 rows side by side",
        value: await sorts(command, project),
        unit: "MiB",
        goal: LIMIT_MIB + 300,
      },
      {
        name: `memory over ${STEPS} steps, after the first tenth`,
        value: await flat(command, project),
        unit: "MiB",
        goal: 20,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

type Project = (name: string, files: Readonly<Record<string, string>>) => string;

/** In memory where there is such a disk: what a real one takes for a commit is its own. */
async function claims(): Promise<number> {
  const figures: number[] = [];
  for (let at = 0; at < TIMES; at++) {
    const folder = mkdtempSync(
      join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "nycflow-claims-"),
    );
    try {
      writeChain(folder, 1000);
      const program = join(CHECKOUT, "build", "bench", "claims.ts");
      const { out } = await end([process.execPath, "run", "-A", program, folder], folder);
      const { ours, floor } = JSON.parse(out) as ClaimFigures;
      figures.push(ours - floor);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return median(figures);
}

/** From the start of the command to its first claim. */
async function afterKill(command: readonly string[], folder: string): Promise<number> {
  writeChain(folder, 60);
  const figures: number[] = [];
  for (let at = 0; at < TIMES; at++) {
    rmSync(join(folder, ".nycflow", "state.db"), { force: true });
    for (const suffix of ["-wal", "-shm"]) {
      rmSync(join(folder, ".nycflow", `state.db${suffix}`), { force: true });
    }
    await firstClaim([...command, "up", "--json"], folder, 30);
    const began = performance.now();
    await firstClaim([...command, "up", "--json"], folder, 1);
    figures.push(performance.now() - began);
  }
  return median(figures);
}

/** Starts it, and kills it at its n-th claim. */
async function firstClaim(command: readonly string[], cwd: string, nth: number): Promise<void> {
  const child = spawn(command[0]!, command.slice(1), { cwd, stdio: ["ignore", "pipe", "ignore"] });
  let seen = "";
  await new Promise<void>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", () => resolve());
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      seen += text;
      if ((seen.match(/"kind":"attempt-started"/g)?.length ?? 0) >= nth) resolve();
    });
  });
  const gone = new Promise((resolve) => child.once("close", resolve));
  if (child.exitCode !== null) return;
  child.kill("SIGKILL");
  await gone;
}

async function overlap(command: readonly string[], project: Project): Promise<number> {
  const wait = (count: number) => ({
    "nycflow.config.ts":
      'import { defineConfig } from "nycflow";\nexport default defineConfig({ concurrency: 8, pools: { wide: 4 } });\n',
    "assets/w.ts": `import { asset } from "nycflow";
export const all = Array.from({ length: ${count} }, (_, n) => asset({
  name: "w" + n, pool: "wide", run: async () => (await new Promise((go) => setTimeout(go, 2000)), [{ n }]),
}));
`,
  });
  const one = await seconds(command, project("wait-1", wait(1)));
  return await seconds(command, project("wait-4", wait(4))) / one;
}

async function together(command: readonly string[], folder: string): Promise<number> {
  writeChain(folder, 200);
  const ratios: number[] = [];
  await end([...command, "plan"], folder);
  for (let at = 0; at < TIMES; at++) {
    const one = await seconds(command, folder);
    ratios.push(await seconds(command, folder, 5) / one);
  }
  return median(ratios);
}

/** An `up` in a project in which nothing has been made; so many at once. */
async function seconds(command: readonly string[], folder: string, processes = 1): Promise<number> {
  for (const name of ["state.db", "state.db-wal", "state.db-shm", "lake"]) {
    rmSync(join(folder, ".nycflow", name), { recursive: true, force: true });
  }
  const began = performance.now();
  await Promise.all(
    Array.from({ length: processes }, () => end([...command, "up", "--quiet"], folder)),
  );
  return performance.now() - began;
}

async function sorts(command: readonly string[], project: Project): Promise<number> {
  const sort = (seed: number) =>
    `select * from (select range as n, hash(range + ${seed}) as h, (random() * 1e6)::integer as k, 'text ' || hash(range) as s from range(3000000)) order by h\n`;
  const cwd = project("sorts", {
    "nycflow.config.ts": `import { defineConfig } from "nycflow";
export default defineConfig({ concurrency: 3, warehouse: { memory: "${LIMIT_MIB}MB" } });
`,
    ...Object.fromEntries([1, 2, 3].map((n) => [`assets/s${n}.sql`, sort(n)])),
  });
  return await peakMemory({ command: [...command, "up", "--quiet"], cwd }) ?? 0;
}

/**
 * What is held at the most from the first tenth of the steps to the last, over what is held there. What follows the
 * steps (ten thousand small partitions are packed) is not of it. It swings: the runtime compiles what is run often, and
 * takes some 8 MiB for a moment each time.
 */
async function flat(command: readonly string[], project: Project): Promise<number> {
  const hours = STEPS * 3_600_000;
  const last = new Date(Date.UTC(2023, 0, 1) + hours).toISOString().slice(0, 13);
  const cwd = project("flat", {
    "assets/h.sql":
      `/* @asset\npartitions: { hourly: { start: 2023-01-01, end: ${last} } }\n*/\nselect $partition_key as k\n`,
  });
  const [file, ...args] = [...command, "up", "--json"];
  const child = spawn(file!, args, { cwd, stdio: ["ignore", "pipe", "ignore"] });
  let made = 0, warm = 0, most = 0;
  const looked = setInterval(() => {
    const held = resident(child.pid!);
    // What has been told meanwhile is read first: a timer that comes late is before it.
    setImmediate(() => {
      if (made < STEPS / 10 || made >= STEPS) return;
      warm ||= held;
      most = Math.max(most, held);
    });
  }, 100);
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    made += text.match(/"kind":"materialized"/g)?.length ?? 0;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  clearInterval(looked);
  if (code !== 0 || made !== STEPS) throw new Error(`${made} steps were made, code ${code}`);
  return most - warm;
}

/** MiB; 0 where it cannot be seen. */
function resident(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) /
      1024;
  } catch {
    return 0;
  }
}

async function end(command: readonly string[], cwd: string): Promise<{ readonly out: string }> {
  const child = spawn(command[0]!, command.slice(1), {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  let out = "", said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => out += text);
  child.stderr.setEncoding("utf8").on("data", (text: string) => said += text);
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}\n${said.slice(-2000)}`);
  return { out };
}
