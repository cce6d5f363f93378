// A day under a crontab of five minutes, by a moved clock: an asset fails all day, one that stands on it waits, others
// are well. It is tried by its cool-down, told of once, answers with its last good rows, and all is silent between; at
// noon the clock goes back three hours and on again, which makes nothing run twice.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { start } from "./start.ts";

export interface DayOptions {
  /** The program and its first arguments. */
  readonly program: readonly string[];
  /** An empty folder. */
  readonly folder: string;
  /** How many times the crontab's line is run; 288 are a day. */
  readonly ticks: number;
  readonly say: (line: string) => void;
}

const STEP_MS = 5 * 60_000;
const BEGIN = Date.UTC(2024, 4, 2, 8);
/** Cool-downs in minutes; the last is repeated. */
const COOL = [1, 5, 30, 120, 360];

const FILES = {
  "nycflow.config.ts":
    'import { defineConfig } from "nycflow";\nexport default defineConfig({ notify: [{ command: "cat >> told.txt" }] });\n',
  "assets/good.sql": "select 1 as n",
  "assets/bad.sql": "/* @asset\nchecks:\n  - rows: { min: 1 }\n*/\nselect n from good",
  "assets/after.sql": "select n from bad",
};

/** Gives what went wrong. */
export async function day(options: DayOptions): Promise<readonly string[]> {
  const { folder, program, ticks, say } = options;
  const wrong: string[] = [];
  const project = join(folder, "project");
  for (const [path, text] of Object.entries(FILES)) write(join(project, path), text);
  const clock = join(folder, "now");
  const env = { ...process.env, NO_COLOR: "1", NYCFLOW_TEST_CLOCK: `@${clock}` };
  const run = (...args: string[]) => start([...program, ...args], project, env).ended;
  const at = (ms: number) => write(clock, new Date(ms).toISOString());

  at(BEGIN - STEP_MS);
  const first = await run("up", "--quiet");
  if (first.code !== 0) return [`the first up ended with ${first.code}\n${first.text}`];
  write(
    join(project, "assets/bad.sql"),
    FILES["assets/bad.sql"].replace("good", "good where n > 1"),
  );

  const wanted = triesIn(ticks);
  const tried: number[] = [];
  const noon = Math.floor(ticks / 2);
  for (let tick = 0; tick < ticks; tick++) {
    if (tick === noon) {
      // The clock is three hours slow for one tick: what failed seems to lie ahead.
      at(BEGIN + tick * STEP_MS - 3 * 3_600_000);
      const back = await run("up", "--quiet");
      if (back.code !== 0 && back.code !== 1) {
        wrong.push(`a clock that went back: ${back.code}\n${back.text}`);
      }
      continue;
    }
    at(BEGIN + tick * STEP_MS);
    const { code, text } = await run("up", "--quiet");
    if (code === 1) tried.push(tick);
    else if (code !== 0 || text !== "") wrong.push(`tick ${tick} ended with ${code}\n${text}`);
    if (tick % 24 !== 0) continue;
    const read = await run("sql", "select count(*) as n from bad", "--json");
    if (!/"n":\s*1\b/.test(read.text)) wrong.push(`tick ${tick}: bad answers ${read.text}`);
  }
  const before = tried.filter((tick) => tick < noon);
  const due = wanted.filter((tick) => tick < noon);
  if (String(before) !== String(due)) wrong.push(`tried at ${before}, not at ${due}`);
  if (tried.length > wanted.length + 2) {
    wrong.push(`tried ${tried.length} times, ${wanted.length} are due`);
  }
  const told = existsSync(join(project, "told.txt"))
    ? readFileSync(join(project, "told.txt"), "utf8").match(/^nycflow: /gm)?.length ?? 0
    : 0;
  if (told !== 1) wrong.push(`told ${told} times`);
  say(`a day of ${ticks} ticks: tried ${tried.length} times (${tried}), told ${told} time`);
  return wrong;
}

/** At which ticks the cool-down lets it be tried. */
function triesIn(ticks: number): readonly number[] {
  const found: number[] = [];
  for (let tick = 0; tick < ticks;) {
    found.push(tick);
    tick += Math.ceil((COOL[Math.min(found.length, COOL.length) - 1] ?? 360) / 5);
  }
  return found;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
