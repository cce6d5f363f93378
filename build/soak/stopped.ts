// A process that is stopped for a minute, as by a suspended machine, in the middle of its run: it counts as alive, so
// nobody takes its work; whoever comes meanwhile is told of it or does what is free; one that reads every 50 ms is never
// kept waiting and never sees anything half done. Continued, it ends its run: everything is made once.

import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { readAlways } from "./reader.ts";
import { start } from "./start.ts";
import { type Contents, differences, verify } from "./verify.ts";

export interface StoppedOptions {
  /** The program and its first arguments. */
  readonly program: readonly string[];
  /** Makes an empty copy of the project; gives its folder. */
  readonly fresh: () => string;
  readonly seconds: number;
  readonly say: (line: string) => void;
}

/** Gives what went wrong. */
export async function stopped(options: StoppedOptions): Promise<readonly string[]> {
  const { program, fresh, seconds, say } = options;
  const wrong: string[] = [];
  const up = [...program, "up", "--quiet"];
  const calm = fresh();
  await start(up, calm).ended;
  const wanted: Contents = (await verify(calm)).contents;

  const project = fresh();
  const began = performance.now();
  const first = start(up, project);
  while ((await verify(project)).claims === 0 && performance.now() - began < 20_000) await pause(5);
  process.kill(first.child.pid!, "SIGSTOP");
  const before = await verify(project);
  const reader = readAlways(project);
  // One that found something free to do waits for the rest; it ends with the one that was stopped.
  const others: Promise<{ readonly code: number | null; readonly text: string }>[] = [];
  for (const until = performance.now() + seconds * 1000; performance.now() < until;) {
    others.push(start(up, project).ended);
    await pause(2000);
  }
  const during = await verify(project);
  if (before.claims > 0 && during.claims < before.claims) wrong.push("its claims were taken away");
  process.kill(first.child.pid!, "SIGCONT");
  const { code, text } = await first.ended;
  if (code !== 0) wrong.push(`continued, it ended with ${code}\n${text}`);
  for (const other of await Promise.all(others)) {
    if (other.code !== 0 || other.text !== "") {
      wrong.push(`another up ended with ${other.code}\n${other.text}`);
    }
  }
  const read = await reader.stop();
  const last = await start(up, project).ended;
  if (last.code !== 0) wrong.push(`the last up ended with ${last.code}\n${last.text}`);
  const found = await verify(project);
  wrong.push(...read.wrong, ...found.wrong, ...differences(found.contents, wanted));
  for (const [asset, times] of Object.entries(found.made)) {
    if (times !== 1) wrong.push(`${asset} was made ${times} times`);
  }
  if (found.claims + found.open > 0) {
    wrong.push(`${found.claims} claims, ${found.open} runs are left`);
  }
  say(
    `stopped for ${seconds} s with ${before.claims} claims; ${others.length} others came, ${read.count} reads (the slowest took ${read.slowest} ms): ${wrong.length} faults`,
  );
  return wrong;
}
