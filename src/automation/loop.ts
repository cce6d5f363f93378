/**
 * The loop of an `up` that stays: looks, waits for the next due instant, for something to change, or for what it
 * started to end, and looks again. Never waits longer than a minute, so that a clock that jumps, a machine that slept
 * or a change that nobody told costs no more than that.
 */
import type { Instant } from "../core/key.ts";
import type { Clock } from "../ports/clock.ts";

/** Rings when something happened; a ring while nobody waits is not lost. */
export class Bell {
  #rung = false;
  #wake: (() => void) | null = null;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Settles at the next ring, at once where it has rung since the last time; or when nobody waits any more. */
  wait(over: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#rung = false;
        this.#wake = null;
        resolve();
      };
      if (this.#rung) return wake();
      this.#wake = wake;
      // Who has left takes no ring with him: it is for whoever waits next.
      over.addEventListener("abort", () => {
        if (this.#wake === wake) this.#wake = null;
        resolve();
      }, { once: true });
    });
  }
}

export const LONGEST_MS = 60_000;

export interface Loop {
  readonly clock: Clock;
  readonly bell: Bell;
  readonly stop: AbortSignal;
  /** Does what is to be done and says when to look again. Does not throw. */
  readonly look: () => Promise<Instant>;
}

/** Runs until `stop` fires. */
export async function keepUp({ clock, bell, stop, look }: Loop): Promise<void> {
  const rung = () => bell.ring();
  stop.addEventListener("abort", rung);
  try {
    while (!stop.aborted) {
      const next = await look();
      if (stop.aborted) return;
      const ms = Math.min(LONGEST_MS, Math.max(0, next - clock.now()));
      const over = new AbortController();
      await Promise.race([
        clock.sleep(ms, over.signal).catch(() => undefined),
        bell.wait(over.signal),
      ]);
      over.abort();
    }
  } finally {
    stop.removeEventListener("abort", rung);
  }
}
