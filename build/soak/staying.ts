// What an `up` that stays costs, and how soon it answers: from a due instant and from a new file to the start of the
// run, by the log's own instants; the processor's time while it has nothing to do but a tick a minute; its memory.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";

export interface StayingOptions {
  readonly program: readonly string[];
  /** An empty folder. */
  readonly folder: string;
  readonly minutes: number;
  readonly say: (line: string) => void;
}

/** What is to be reached. */
const MOST = { dueMs: 200, fileMs: 500, cpuShare: 0.005, residentMb: 80 };

const FILES: Readonly<Record<string, string>> = {
  "assets/every_minute.sql": "/* @asset\nschedule: '* * * * *'\n*/\nselect now() as made_at\n",
  "assets/asked.ts": `import { asset, dynamicKeys, sensor } from "nycflow";
export const answer = asset({ partitions: dynamicKeys(), config: { n: 0 }, run: ({ config }) => [{ n: config.n }] });
export const drops = sensor({ watch: "requests/*.json", select: "answer" });
`,
};

/** Gives what is beyond the figures; null where it cannot be measured here. */
export async function staying(options: StayingOptions): Promise<readonly string[] | null> {
  const { folder, minutes, say } = options;
  if (process.platform !== "linux") {
    say("left out: it needs Linux");
    return null;
  }
  for (const each of ["assets", "requests"]) mkdirSync(join(folder, each), { recursive: true });
  for (const [path, text] of Object.entries(FILES)) writeFileSync(join(folder, path), text);
  const [file = "", ...args] = options.program;
  const up = spawn(file, [...args, "up", "--no-tui", "-C", folder], { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => up.once("exit", () => resolve()));
  const memory: number[] = [];
  let share = 0;
  try {
    await pause(10_000);
    const before = cpuSeconds(up), began = performance.now();
    for (let minute = 1; minute <= minutes; minute++) {
      await pause(60_000);
      memory.push(residentMb(up));
    }
    share = (cpuSeconds(up) - before) / ((performance.now() - began) / 1000);
    for (let n = 0; n < 10; n++) {
      writeFileSync(join(folder, "requests", `r${n}.json`), JSON.stringify({ n }));
      await pause(2_500);
    }
  } finally {
    up.kill("SIGTERM");
    await ended;
  }
  const due = afterDue(folder), dropped = afterDrop(folder);
  const found = {
    dueMs: median(due),
    fileMs: median(dropped),
    cpuShare: share,
    residentMb: median(memory),
  };
  say(`from a due instant to the run's start: ${range(due)}`);
  say(`from a new file to the run's start: ${range(dropped)}`);
  say(`idle with a tick a minute: ${(share * 100).toFixed(2)} % of a core`);
  say(`memory: ${found.residentMb.toFixed(1)} MB resident`);
  const wrong: string[] = [];
  for (const name of ["dueMs", "fileMs", "cpuShare", "residentMb"] as const) {
    if (!(found[name] <= MOST[name])) wrong.push(`${name}: ${found[name]}, at most ${MOST[name]}`);
  }
  if (due.length < minutes) wrong.push(`${due.length} ticks were answered in ${minutes} minutes`);
  if (dropped.length !== 10) wrong.push(`${dropped.length} of 10 files were answered`);
  return wrong;
}

interface Begun {
  readonly at: number;
  readonly asset: string;
  readonly partition: string;
}

/** The first attempt of each step, in the log's instants. */
function begun(folder: string): readonly Begun[] {
  using state = new DatabaseSync(join(folder, ".nycflow", "state.db"), { readOnly: true });
  return state.prepare(
    `select min(at) as at, asset, partition from events where kind = 'attempt-started'
     group by asset, partition, run order by 1`,
  ).all().map((row) => ({
    at: Number(row["at"]),
    asset: String(row["asset"]),
    partition: String(row["partition"]),
  }));
}

function afterDue(folder: string): readonly number[] {
  // The first was missing, and not due.
  return begun(folder).filter(({ asset }) => asset === "every_minute").slice(1)
    .map(({ at }) => at % 60_000);
}

function afterDrop(folder: string): readonly number[] {
  const started = begun(folder).filter(({ asset }) => asset === "answer");
  return readdirSync(join(folder, "requests")).flatMap((name) => {
    const stem = name.replace(".json", "-");
    const found = started.find(({ partition }) => partition.startsWith(stem));
    return found === undefined ? [] : [found.at - statSync(join(folder, "requests", name)).mtimeMs];
  });
}

/** Of the process alone, without its children. */
function cpuSeconds({ pid }: ChildProcess): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function residentMb({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024 / 1e6;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function range(values: readonly number[]): string {
  const [least, middle, most] = [Math.min(...values), median(values), Math.max(...values)]
    .map((each) => Math.round(each));
  return `${middle} ms (${least} to ${most}, ${values.length} times)`;
}
