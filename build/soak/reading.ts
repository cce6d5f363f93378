// Others read for minutes while two tables are made anew again and again, now and then killed: no read meets a lock or
// sees two versions at once, and what one of them keeps open all the while is as it was and keeps nobody from anything.

import { setTimeout as pause } from "node:timers/promises";
import { chance } from "./random.ts";
import { keepOpen, readAlways, writeGeneration } from "./reader.ts";
import { start } from "./start.ts";
import { verify } from "./verify.ts";

export interface ReadingOptions {
  /** The program and its first arguments. */
  readonly program: readonly string[];
  /** An empty folder. */
  readonly folder: string;
  readonly seconds: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** Gives what went wrong. */
export async function reading(options: ReadingOptions): Promise<readonly string[]> {
  const { program, folder, seconds, say } = options;
  const { next, below } = chance(options.seed);
  const wrong: string[] = [];
  const up = [...program, "up", "--quiet"];
  let generation = 0, killed = 0;
  writeGeneration(folder, generation);
  const began = performance.now();
  const first = await start(up, folder).ended;
  const took = performance.now() - began;
  if (first.code !== 0) return [`the first up ended with ${first.code}\n${first.text}`];
  const held = await keepOpen(folder);
  const reader = readAlways(folder, program);
  for (const until = performance.now() + seconds * 1000; performance.now() < until;) {
    writeGeneration(folder, ++generation);
    const run = start(up, folder);
    const over = new AbortController();
    if (below(2) === 0) {
      void pause(next() * took, undefined, { signal: over.signal }).then(
        () => run.kill(),
        () => {},
      );
    }
    const { code, text } = await run.ended;
    over.abort();
    if (code === null) killed++;
    else if (code !== 0 || text !== "") wrong.push(`up ended with ${code}\n${text}`);
  }
  const last = await start(up, folder).ended;
  if (last.code !== 0) wrong.push(`the last up ended with ${last.code}\n${last.text}`);
  const read = await reader.stop();
  const kept = await held?.letGo();
  const found = await verify(folder);
  if (kept === undefined) wrong.push("nothing was there to be kept open");
  wrong.push(...read.wrong, ...kept?.wrong ?? [], ...found.wrong);
  if (found.claims + found.open > 0) {
    wrong.push(`${found.claims} claims and ${found.open} runs are left`);
  }
  say(
    `${generation} definitions, ${killed} kills, ${read.count} reads (the slowest took ${read.slowest} ms), one open for ${kept?.seconds} s: ${wrong.length} faults`,
  );
  return wrong;
}
