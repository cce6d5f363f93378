// What time it is and how one waits. A real clock; and for tests of the whole program a
// deterministic one, chosen by NYCFLOW_TEST_CLOCK, so that the output is the same byte for byte.
// Decides no schedule and no delay.

import { readFileSync } from "node:fs";
import type { Clock } from "../ports/clock.ts";

/**
 * The clock that the environment asks for. NYCFLOW_TEST_CLOCK is one of
 * `2023-04-03T09:00:00Z` (stands still, only `sleep` moves it, at once),
 * `2023-04-03T09:00:00Z/250` (moves on by 250 ms whenever it is read),
 * `@FILE` (the file holds the instant and is read anew each time: a test moves the time of a
 * program that runs). Throws RangeError for anything else.
 */
export function clockFrom(env: Readonly<Record<string, string | undefined>>): Clock {
  const wanted = env["NYCFLOW_TEST_CLOCK"];
  if (!wanted) return systemClock();
  if (wanted.startsWith("@")) return fileClock(wanted.slice(1));
  const [start, step] = wanted.split("/");
  return manualClock(instantOf(start ?? ""), step === undefined ? 0 : wholeNumber(step));
}

/** The machine's clock. */
export function systemClock(): Clock {
  return { now: () => Date.now(), elapsed: () => performance.now(), sleep };
}

/** Starts at `start` and moves by `step` per reading and by what is slept, which takes no time. */
export function manualClock(start: number, step = 0): Clock {
  let at = start;
  const read = () => {
    const now = at;
    at += step;
    return now;
  };
  return {
    now: read,
    elapsed: () => at - start,
    sleep: async (ms, signal) => {
      await sleep(0, signal); // lets what else is due happen first, as a real wait would
      at += Math.max(0, ms);
    },
  };
}

function fileClock(path: string): Clock {
  const now = () => instantOf(readFileSync(path, "utf8").trim());
  return { now, elapsed: () => performance.now(), sleep };
}

function instantOf(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new RangeError(`NYCFLOW_TEST_CLOCK: "${text}" is no instant`);
  return at;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new RangeError(`NYCFLOW_TEST_CLOCK: "${text}" is no number of milliseconds`);
  }
  return Number(text);
}

// Timers hold 31 bits of milliseconds; a longer one fires at once.
const LONGEST = 2 ** 31 - 1;

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  for (let left = ms; left > LONGEST; left -= LONGEST) await wait(LONGEST, signal);
  await wait(ms > LONGEST ? ms % LONGEST : ms, signal);
}

function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, Math.max(0, ms));
    signal?.addEventListener("abort", stop, { once: true });
  });
}
