/**
 * Large queries one after another. Each of them keeps all threads busy by itself, so that two at once are no faster
 * and hold twice the memory; small ones, and what is done with the result, go beside them.
 */
import type { StepOrder } from "../core/order.ts";
import { Cancelled } from "./driver.ts";

/** Rows of a row group, which is what one thread works on. */
const GROUP = 122_880;

/** Do its inputs have a few row groups for each thread? */
export function isLarge({ inputs, limits }: Pick<StepOrder, "inputs" | "limits">): boolean {
  const rows = inputs.reduce(
    (sum, each) => sum + each.versions.reduce((of, { rows }) => of + rows, 0),
    0,
  );
  return rows >= 2 * GROUP * limits.threads;
}

export class Turns {
  #taken = false;
  readonly #waiting: (() => void)[] = [];

  /** Waits for its turn; gives what ends it, which may be called more than once. Throws `Cancelled`. */
  async take(signal: AbortSignal): Promise<() => void> {
    while (this.#taken) {
      if (signal.aborted) throw cancelled(signal);
      await new Promise<void>((resolve) => {
        const leave = () => {
          const at = this.#waiting.indexOf(go);
          if (at >= 0) this.#waiting.splice(at, 1);
          resolve();
        };
        const go = () => {
          signal.removeEventListener("abort", leave);
          resolve();
        };
        signal.addEventListener("abort", leave, { once: true });
        this.#waiting.push(go);
      });
    }
    if (signal.aborted) {
      // Its turn is the next one's.
      this.#waiting.shift()?.();
      throw cancelled(signal);
    }
    this.#taken = true;
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#taken = false;
      this.#waiting.shift()?.();
    };
  }
}

function cancelled({ reason }: AbortSignal): Cancelled {
  return new Cancelled(reason === "timeout" ? "timeout" : "cancel");
}
