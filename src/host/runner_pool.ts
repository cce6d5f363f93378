/**
 * So many runners at the most, each started at its first need and lent to one order at a time. One that has had nothing
 * to do for a while is ended: with DuckDB loaded it holds memory that the steps in the run's own process want.
 */
import type { Ahead } from "../ports/runner.ts";
import { RunnerProcess, type RunnerStart } from "./runner_process.ts";

/** Milliseconds without an order after which a runner is ended; starting one anew costs a tenth of it. */
const IDLE_MS = 750;

export class RunnerPool {
  readonly #start: RunnerStart;
  #size: number;
  readonly #idle: RunnerProcess[] = [];
  readonly #all = new Set<RunnerProcess>();
  readonly #waiting: (() => void)[] = [];
  readonly #timers = new Map<RunnerProcess, ReturnType<typeof setTimeout>>();
  #closed = false;
  /** Orders that will come; null where nobody has said. */
  #expected: number | null = null;

  constructor(start: RunnerStart, size: number) {
    this.#start = start;
    this.#size = Math.max(1, Math.trunc(size));
  }

  /** Says how many orders are to come: a runner for which there is none left is ended at once. */
  expect(orders: number): void {
    this.#expected = orders;
  }

  /** Lets so many more exist. */
  makeRoom(runners: number): void {
    this.#size += runners;
    for (const wake of this.#waiting.splice(0, runners)) wake();
  }

  /** Starts a runner ahead of its first order. */
  warm(ahead: Ahead): void {
    if (this.#all.size === 0 && !this.#closed) this.#rest(this.#new(ahead));
  }

  /** Lends a runner for the time of `work`; null where the signal fired before one was free. */
  async use<T>(
    signal: AbortSignal,
    work: (runner: RunnerProcess) => Promise<T>,
  ): Promise<T | null> {
    const runner = await this.#take(signal);
    if (runner === null) return null;
    if (this.#expected !== null) this.#expected = Math.max(0, this.#expected - 1);
    try {
      return await work(runner);
    } finally {
      if (runner.alive && !this.#closed) this.#rest(runner);
      else this.#all.delete(runner);
      this.#waiting.shift()?.();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
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
        clearTimeout(this.#timers.get(idle));
        this.#timers.delete(idle);
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

  #rest(runner: RunnerProcess): void {
    this.#idle.push(runner);
    const needed = this.#expected === null || this.#idle.length <= this.#expected;
    const timer = setTimeout(() => {
      this.#timers.delete(runner);
      const at = this.#idle.indexOf(runner);
      if (at < 0) return;
      this.#idle.splice(at, 1);
      // Until it has ended it counts as one of the runners that there may be.
      runner.close().finally(() => {
        this.#all.delete(runner);
        this.#waiting.shift()?.();
      });
    }, needed ? IDLE_MS : 0);
    this.#timers.set(runner, timer);
  }

  #new(ahead?: Ahead): RunnerProcess {
    const runner = new RunnerProcess(this.#start, ahead);
    this.#all.add(runner);
    return runner;
  }
}
