/**
 * Keeps a long run's memory flat. The binary's runtime counts what its own objects take, not what they stand for in
 * DuckDB and SQLite, so it would not collect for thousands of steps; from source the other runtime does by itself.
 */
import process from "node:process";

/** Steps between two collections: each takes about 20 ms. */
const EVERY = 500;

interface Runtime {
  gc(now: boolean): void;
  /** Forgets compiled code too, when it is idle. */
  shrink?(): void;
}

function runtime(): Runtime | undefined {
  return (globalThis as { readonly Bun?: Runtime }).Bun;
}

/** So much a process that only looks may hold before it gives back all that it can. */
const SMALL_BYTES = 72_000_000;

/** For a process that has nothing to do for a while: gives back what it needed before. */
export function giveBack(): void {
  collect();
  if (process.memoryUsage.rss() > SMALL_BYTES) runtime()?.shrink?.();
}

/** To be called once a step. */
export function collectNowAndThen(): () => void {
  let steps = 0;
  return () => {
    if (++steps % EVERY === 0) collect();
  };
}

/** After much that is done with. */
export function collect(): void {
  runtime()?.gc(true);
}
