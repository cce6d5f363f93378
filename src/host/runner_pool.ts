/** So many runners at the most, each started at its first need and lent to one order at a time. */
import { RunnerProcess, type RunnerStart } from "./runner_process.ts";

export class RunnerPool {
  readonly #start: RunnerStart;
  readonly #size: number;
  readonly #idle: RunnerProcess[] = [];
  readonly #all = new Set<RunnerProcess>();
  readonly #waiting: (() => void)[] = [];
  #closed = false;

  constructor(start: RunnerStart, size: number) {
    this.#start = start;
    this.#size = Math.max(1, Math.trunc(size));
  }

  /** Starts a runner ahead of its first order. */
  warm(): void {
    if (this.#all.size === 0 && !this.#closed) this.#idle.push(this.#new());
  }

  /** Lends a runner for the time of `work`; null where the signal fired before one was free. */
  async use<T>(
    signal: AbortSignal,
    work: (runner: RunnerProcess) => Promise<T>,
  ): Promise<T | null> {
    const runner = await this.#take(signal);
    if (runner === null) return null;
    try {
      return await work(runner);
    } finally {
      if (runner.alive && !this.#closed) this.#idle.push(runner);
      else this.#all.delete(runner);
      this.#waiting.shift()?.();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const wake of this.#waiting.splice(0)) wake();
    await Promise.all([...this.#all].map((runner) => runner.close()));
    this.#all.clear();
    this.#idle.length = 0;
  }

  async #take(signal: AbortSignal): Promise<RunnerProcess | null> {
    for (;;) {
      if (signal.aborted || this.#closed) return null;
      // The one that worked last knows its modules best.
      for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
        if (idle.alive) return idle;
        this.#all.delete(idle);
      }
      if (this.#all.size < this.#size) return this.#new();
      await new Promise<void>((resolve) => {
        const wake = () => {
          signal.removeEventListener("abort", leave);
          resolve();
        };
        const leave = () => {
          const at = this.#waiting.indexOf(wake);
          if (at >= 0) this.#waiting.splice(at, 1);
          resolve();
        };
        signal.addEventListener("abort", leave, { once: true });
        this.#waiting.push(wake);
      });
    }
  }

  #new(): RunnerProcess {
    const runner = new RunnerProcess(this.#start);
    this.#all.add(runner);
    return runner;
  }
}
