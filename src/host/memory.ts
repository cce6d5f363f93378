/**
 * Keeps a long run's memory flat. The binary's runtime counts what its own objects take, not what they stand for in
 * DuckDB and SQLite, so it would not collect for thousands of steps; from source the other runtime does by itself.
 */

/** Steps between two collections: each takes about 20 ms. */
const EVERY = 500;

interface Collector {
  gc(now: boolean): void;
}

/** Gives back what was needed before: for a process that has nothing to do for a while. */
export function collect(): void {
  const { Bun } = globalThis as { readonly Bun?: Collector };
  Bun?.gc(true);
}

/** To be called once a step. */
export function collectNowAndThen(): () => void {
  let steps = 0;
  return () => {
    if (++steps % EVERY === 0) collect();
  };
}
