// A process that is stopped for a minute, as by a suspended machine, in the middle of its run: it counts as alive, so
// nobody takes its work; whoever comes meanwhile is told of it or does what is free; one that reads every 50 ms is never
// kept waiting and never sees anything half done. Continued, it ends its run: everything is made once.

import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { DatabaseSync } from "node:sqlite";
import { existsSync } from "node:fs";
import { join } from "node:path";
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
  let reading = true;
  const reads = readAlways(project, () => reading);
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
  reading = false;
  const read = await reads;
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

/** Reads heads every 50 ms; each must have its file, and no read may meet a lock. */
async function readAlways(project: string, go: () => boolean) {
  const wrong: string[] = [];
  let count = 0, slowest = 0;
  while (go()) {
    const began = performance.now();
    try {
      using db = new DatabaseSync(join(project, ".nycflow", "state.db"), {
        readOnly: true,
        timeout: 0,
      });
      const rows = db.prepare("select body from events where kind = 'materialized'").all();
      for (const { body } of rows) {
        const { file } = JSON.parse(String(body)) as { file: { path: string } | null };
        if (file && !existsSync(join(project, file.path))) wrong.push(`${file.path} is not there`);
      }
    } catch (error) {
      wrong.push(`a read failed: ${String(error)}`);
    }
    count++;
    slowest = Math.max(slowest, Math.round(performance.now() - began));
    await pause(50);
  }
  return { count, slowest, wrong };
}
