/** How long one waits for something that may never come: told apart from an error and from a cancel. */
import { problem, ProblemError } from "../core/problem/problem.ts";

/** Ends what has brought nothing for too long, or when the step ends. */
export class Stall {
  readonly #stop = new AbortController();
  readonly #ms: number;
  readonly #parent: AbortSignal;
  readonly #leave = () => this.#stop.abort(this.#parent.reason);
  stalled = false;

  constructor(ms: number, parent: AbortSignal) {
    this.#ms = ms;
    this.#parent = parent;
    if (parent.aborted) this.#leave();
    parent.addEventListener("abort", this.#leave, { once: true });
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  async until<T>(work: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.stalled = true;
        this.#stop.abort("stalled");
        reject(new Error("stalled"));
      }, this.#ms);
    });
    work.catch(() => {}); // the loser of the race
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  end(): void {
    this.#parent.removeEventListener("abort", this.#leave);
  }
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};

/** A duration as options have it, in milliseconds. Throws a `ProblemError`. */
export function millis(duration: string | number): number {
  if (typeof duration === "number") return duration;
  const [, count, unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|min|m|h)\s*$/.exec(duration) ?? [];
  const factor = UNITS[unit];
  if (count === undefined || factor === undefined) {
    throw new ProblemError(problem("definition-invalid", {
      message: `Cannot use ${JSON.stringify(duration)} as stall`,
      why: 'expected a duration such as "30s"',
    }));
  }
  return Number(count) * factor;
}
