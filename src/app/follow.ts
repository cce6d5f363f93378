/**
 * Waiting for something to be written below a folder: wakes at each change, and now and then besides, since a file
 * system may forget to tell (network drives, exhausted watches). Says nothing of what changed.
 */
import { type FSWatcher, mkdirSync, watch } from "node:fs";

/** How long to wait for a change that nobody told of. */
const AT_LEAST_EVERY_MS = 1_000;
/** Writes come in bursts. */
const TOGETHER_MS = 30;

export interface Changes extends Disposable {
  /** Settles at the next change, at the latest after a second; at once if there was one since the last call. */
  next(): Promise<void>;
}

/** Watches a folder and all below; made where it is missing. */
export function watchChanges(folder: string): Changes {
  let changed = false;
  let wake: (() => void) | null = null;
  const told = () => {
    changed = true;
    wake?.();
  };
  let watcher: FSWatcher | null = null;
  try {
    mkdirSync(folder, { recursive: true });
    watcher = watch(folder, { recursive: true }, told);
    watcher.on("error", () => watcher?.close());
  } catch {
    // Without watches the timer alone does it.
  }
  return {
    async next() {
      if (!changed) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(done, AT_LEAST_EVERY_MS);
          function done() {
            clearTimeout(timer);
            wake = null;
            resolve();
          }
          wake = done;
        });
        if (changed) await new Promise((resolve) => setTimeout(resolve, TOGETHER_MS));
      }
      changed = false;
    },
    [Symbol.dispose]: () => watcher?.close(),
  };
}
