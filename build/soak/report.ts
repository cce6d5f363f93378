// The demo's report as a reader meets it: in a browser at three widths, light and dark, nothing on its console, nothing
// asked of anybody; made within its time and size. The screenshots stay for eyes to look at.

import { execFile } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { findBrowser, openPage } from "../browser.ts";

export interface ReportOptions {
  /** The program and its first arguments. */
  readonly program: readonly string[];
  /** An empty folder. */
  readonly folder: string;
  /** Where the screenshots stay. */
  readonly shots: string;
  readonly say: (line: string) => void;
}

const WIDTHS = [500, 800, 1280];
const MOST_BYTES = 500_000, MOST_MS = 1000;

/** Gives what went wrong. */
export async function report(options: ReportOptions): Promise<readonly string[]> {
  const { say, folder, shots } = options;
  const [program = "", ...first] = options.program;
  const run = (args: readonly string[], cwd: string) =>
    promisify(execFile)(program, [...first, ...args], { cwd, maxBuffer: 1e8 });
  await run(["init", "taxi", "demo"], folder);
  const project = join(folder, "demo");
  await run(["up", "--once", "--quiet"], project);
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const began = performance.now();
    await run(["report", "-o", "report.html"], project);
    times.push(performance.now() - began);
  }
  const file = join(project, "report.html");
  const { size } = statSync(file);
  const best = Math.min(...times);
  say(`report: ${Math.round(best)} ms, ${size} bytes`);
  const wrong: string[] = [];
  if (size > MOST_BYTES) wrong.push(`the report has ${size} bytes, more than ${MOST_BYTES}`);
  if (best > MOST_MS) wrong.push(`the report took ${Math.round(best)} ms, more than ${MOST_MS}`);
  const browser = findBrowser();
  if (browser === null) {
    say("skipped: there is no chromium on PATH, so nobody has opened the report");
    return wrong;
  }
  mkdirSync(shots, { recursive: true });
  for (const width of WIDTHS) {
    for (const dark of [false, true]) {
      const name = `report-${width}-${dark ? "dark" : "light"}`;
      const shot = join(shots, `${name}.png`);
      const profile = join(folder, "profile");
      const opened = await openPage(browser, { file, width, height: 6500, dark, shot, profile });
      wrong.push(
        ...opened.said.map((line) => `${name}: ${line}`),
        ...opened.asked.map((host) => `${name}: it asked ${host}`),
      );
      say(`${name}: ${shot}`);
    }
  }
  return wrong;
}
