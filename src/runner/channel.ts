/**
 * The runner's ends of its channel: orders from standard input, answers on descriptor 3. A thread reads standard input,
 * since a blocked event loop would hear neither an order nor that its parent is gone; at the end of input it ends
 * this process's whole group, and so whatever user code started.
 */
import { readSync, writeSync } from "node:fs";
import process from "node:process";
import { Worker } from "node:worker_threads";
import type { RunnerCommand, RunnerMessage } from "../ports/runner.ts";

const ANSWERS = 3;
const NEWLINE = 10;
/** As they are before user code can put others in their place. */
const { parse, stringify } = JSON;

/**
 * Gives every order to `each`, in order; of the greeting it waits for what `each` does with it. Then waits here for the
 * first order: until that comes there is nothing to do, and the thread, which takes some milliseconds to start, does
 * so beside the first order's work.
 */
export async function listen(
  each: (command: RunnerCommand) => void | Promise<void>,
): Promise<void> {
  const greeting = readCommands(new Uint8Array(0));
  const greeted = greeting.commands.shift();
  if (greeted) await each(greeted);
  const { commands, rest } = greeting.commands.length > 0 ? greeting : readCommands(greeting.rest);
  const worker = new Worker(WATCHDOG, { eval: true, workerData: { pid: process.pid, rest } });
  worker.on("message", (line: string) => {
    if (line !== "") void each(parse(line) as RunnerCommand);
  });
  for (const command of commands) void each(command);
}

/** Reads the next commands, one at least; `rest` is what came with them of another. */
function readCommands(
  before: Uint8Array<ArrayBuffer>,
): { readonly commands: RunnerCommand[]; readonly rest: Uint8Array<ArrayBuffer> } {
  const commands: RunnerCommand[] = [];
  const buffer = new Uint8Array(1 << 16);
  let held = before;
  while (commands.length === 0) {
    const read = readWaiting(buffer);
    if (read === 0) process.exit(0); // nobody is there, and nothing was begun
    const joined = new Uint8Array(held.length + read);
    joined.set(held);
    joined.set(buffer.subarray(0, read), held.length);
    const end = joined.lastIndexOf(NEWLINE) + 1;
    for (const line of new TextDecoder().decode(joined.subarray(0, end)).split("\n")) {
      if (line !== "") commands.push(parse(line) as RunnerCommand);
    }
    held = joined.slice(end);
  }
  return { commands, rest: held };
}

function readWaiting(buffer: Uint8Array): number {
  for (;;) {
    try {
      return readSync(0, buffer, 0, buffer.length, null);
    } catch (error) {
      const code = (error as { readonly code?: unknown }).code;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      pause(1);
    }
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/**
 * Writes one message whole, however full the pipe is. Without its channel a runner can answer nothing any more: it ends,
 * which is an answer, rather than be waited for.
 */
export function say(message: RunnerMessage): void {
  if (writeWhole(ANSWERS, `${stringify(message)}\n`)) return;
  writeWhole(2, `the runner's channel (descriptor ${ANSWERS}) was closed by the project's code\n`);
  process.exit(1);
}

/** Writes to a pipe that may be full for a while; false where it was closed here or nobody reads any more. */
export function writeWhole(descriptor: number, text: string): boolean {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const code = (error as { readonly code?: unknown }).code;
      if (code !== "EAGAIN") {
        if (code === "EPIPE" || code === "EBADF") return false;
        throw error;
      }
      pause(1);
    }
  }
  return true;
}

// Plain JavaScript, since a worker's text is not compiled. A group of ours exists only where we lead it: a runner
// that was started by hand must not end the shell's.
const WATCHDOG = `
const { readSync } = require("node:fs");
const { parentPort, workerData } = require("node:worker_threads");
const process = require("node:process");
const decoder = new TextDecoder();
const bytes = new Uint8Array(1 << 16);
let rest = decoder.decode(workerData.rest, { stream: true });
for (;;) {
  let read = 0;
  try {
    read = readSync(0, bytes, 0, bytes.length, null);
  } catch (error) {
    if (error.code === "EAGAIN") {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      continue;
    }
    if (error.code !== "EOF") read = 0;
  }
  if (read === 0) {
    try { process.kill(-workerData.pid, "SIGKILL"); } catch {}
    process.kill(workerData.pid, "SIGKILL");
  }
  rest += decoder.decode(bytes.subarray(0, read), { stream: true });
  const lines = rest.split("\\n");
  rest = lines.pop();
  for (const line of lines) parentPort.postMessage(line);
}
`;
