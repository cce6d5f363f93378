/** A clock that moves only when the test moves it; who sleeps is woken in order of time. */
import type { Clock } from "../../src/ports/clock.ts";

export class DrivenClock implements Clock {
  #now: number;
  readonly #started: number;
  #sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  constructor(now: number) {
    this.#now = now;
    this.#started = now;
  }

  now(): number {
    return this.#now;
  }

  elapsed(): number {
    return this.#now - this.#started;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper = { at: this.#now + Math.max(0, ms), wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener("abort", () => {
        this.#sleepers = this.#sleepers.filter((each) => each !== sleeper);
        reject(signal.reason);
      }, { once: true });
    });
  }

  /** How many wait for this clock. */
  get sleepers(): number {
    return this.#sleepers.length;
  }

  /** Moves on; whoever is due on the way is woken, and does what it does before the next is. */
  async move(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await settle();
      const next = this.#sleepers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.at);
      this.#sleepers = this.#sleepers.filter((each) => each !== next);
      next.wake();
    }
    this.#now = until;
    await settle();
  }
}

/** Everything that can go on without time has gone on. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
