/**
 * A small world for the engine: a store in memory, a clock that the test moves, an executor that the test answers.
 * Two engines over one world are two processes.
 */
import type { AssetDefinition } from "../../src/core/definition.ts";
import type { RunRequested, Stored } from "../../src/core/event.ts";
import type { State } from "../../src/core/heads.ts";
import type { AssetKey, HolderId, PartitionKey } from "../../src/core/key.ts";
import { stepKey } from "../../src/core/key.ts";
import type { Candidate, StepOrder, StepResult } from "../../src/core/order.ts";
import { type Plan, plan, scopeOf } from "../../src/core/plan.ts";
import { problem } from "../../src/core/problem/problem.ts";
import type { Circumstances } from "../../src/core/reasons.ts";
import type { RunHooks, RunResult } from "../../src/engine/context.ts";
import { run } from "../../src/engine/run.ts";
import type { StepHooks } from "../../src/ports/executor.ts";
import type { PoolWait } from "../../src/ports/liveness.ts";
import type { StateStore } from "../../src/ports/store.ts";
import { createMemoryLog, openMemoryStore } from "../../src/stores/memory/store.ts";
import { around, layout, NOW } from "./definitions.ts";

export type Answer = (order: StepOrder, hooks: StepHooks) => StepResult | Promise<StepResult>;

export interface RunOptions {
  readonly around?: Partial<Circumstances>;
  readonly pools?: Readonly<Record<string, number>>;
  readonly concurrency?: number;
  readonly failFast?: boolean;
  readonly waitMs?: number;
  readonly trigger?: RunRequested["trigger"];
  readonly stop?: AbortSignal;
  readonly kill?: AbortSignal;
  readonly holder?: string;
  readonly onEvents?: (events: readonly Stored[]) => void;
  readonly timeoutMs?: number;
}

export class World {
  now = NOW;
  readonly log = createMemoryLog();
  readonly store: StateStore = openMemoryStore(this.log);
  readonly dead = new Set<HolderId>();
  readonly waits = new Map<HolderId, readonly PoolWait[]>();
  /** What was executed, in order, as `asset[partition]#try`. */
  readonly executed: string[] = [];
  readonly discarded: string[] = [];
  #ids = 0;
  #waiting: { readonly at: number; readonly of: HolderId; readonly wake: () => void }[] = [];

  /** Runs whatever has a reason. `answer` stands for the steps' code. */
  async up(
    assets: readonly AssetDefinition[],
    answer: Answer = made(),
    options: RunOptions = {},
  ): Promise<{ readonly plan: Plan; readonly result: RunResult | null; readonly state: State }> {
    const store = openMemoryStore(this.log);
    const state = await store.load();
    const circumstances = around({ now: this.now, dead: this.dead, ...options.around });
    const laid = layout(assets, state, this.now);
    const planned = plan(laid, state, scopeOf(laid.graph.keys), circumstances);
    if (planned.steps.length === 0) return { plan: planned, result: null, state };
    const never = new AbortController().signal;
    const hooks: RunHooks = {
      onEvents: options.onEvents ?? (() => {}),
      onWaiting: () => {},
      onProgress: () => {},
      onLog: () => {},
      stop: options.stop ?? never,
      kill: options.kill ?? never,
    };
    const holder = (options.holder ?? "me") as HolderId;
    const result = await run({
      store,
      liveness: {
        hold: () => Promise.resolve(holder),
        alive: (holders) =>
          Promise.resolve(new Set(holders.filter((each) => !this.dead.has(each)))),
        living: () => Promise.resolve([holder]),
        describe: () => Promise.resolve({ pid: 1, command: "nycflow up", since: this.now }),
        note: (waits) => {
          this.waits.set(holder, waits);
          return Promise.resolve();
        },
        waits: () =>
          Promise.resolve(
            [...this.waits].filter(([each]) => each !== holder && !this.dead.has(each))
              .flatMap(([each, waits]) => waits.map((wait) => ({ ...wait, holder: each }))),
          ),
        reading: () => Promise.resolve(),
        readers: () => Promise.resolve([]),
        tell: () => Promise.resolve(),
        told: () => Promise.resolve({}),
        release: () => Promise.resolve(),
      },
      holder,
      executor: {
        execute: async (order, stepHooks) => {
          this.executed.push(`${stepKey(order.definition.key, order.partition)}#${order.number}`);
          return await answer(order, stepHooks);
        },
        close: () => Promise.resolve(),
      },
      clock: {
        now: () => this.now,
        elapsed: () => this.now,
        sleep: (ms, signal) => this.#sleep(holder, ms, signal),
      },
      ids: { next: () => `id${String(++this.#ids).padStart(6, "0")}` },
      random: () => 0.5,
      project: "/project",
      discard: (path) => {
        this.discarded.push(path);
        return Promise.resolve();
      },
      point: () => {},
    }, {
      layout: laid,
      state,
      plan: planned,
      around: circumstances,
      trigger: options.trigger ?? { kind: "up", of: null },
      selection: "",
      requestKey: null,
      command: "nycflow up",
      settings: {},
      projectSettings: {},
      timezone: "UTC",
      pools: options.pools ?? {},
      limits: { memoryMb: 100, threads: 1, scratch: "/scratch" },
      concurrency: options.concurrency ?? 4,
      failFast: options.failFast ?? false,
      waitMs: options.waitMs ?? 0,
      joins: (options.waitMs ?? 0) === 0,
      timeoutMs: options.timeoutMs ?? null,
    }, hooks);
    return { plan: planned, result, state };
  }

  /** Moves the clock to the next one who waits. Time stands still otherwise. */
  #sleep(of: HolderId, ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry = { at: this.now + ms, of, wake: resolve };
      this.#waiting.push(entry);
      signal?.addEventListener("abort", () => {
        this.#waiting = this.#waiting.filter((each) => each !== entry);
        reject(signal.reason);
      }, { once: true });
      if (this.auto) setTimeout(() => this.tick(), 0);
    });
  }

  /** Its process is gone: it is not woken any more. */
  die(holder: string): void {
    this.dead.add(holder as HolderId);
    this.#waiting = this.#waiting.filter((each) => each.of !== holder);
  }

  /** Whether waiting moves the clock by itself. */
  auto = true;

  tick(): void {
    const next = this.#waiting.sort((a, b) => a.at - b.at).shift();
    if (next === undefined) return;
    this.now = Math.max(this.now, next.at);
    next.wake();
  }

  async state(): Promise<State> {
    return await this.store.load();
  }

  async kinds(): Promise<readonly string[]> {
    return (await this.store.events({})).map(({ event }) => event.kind);
  }
}

/** A result that makes every output; `content` decides whether it equals what was there. */
export function made(
  content: (order: StepOrder) => string = (order) => order.outputs[0]?.version ?? "",
): Answer {
  const before = new Map<string, string>();
  return (order) => ({
    kind: "made",
    seconds: 0,
    reads: [],
    candidates: order.outputs.map((output) => {
      const id = `${output.asset} ${order.partition}`;
      const now = content(order);
      const same = output.previous !== null && before.get(id) === now;
      before.set(id, now);
      return candidate(output.asset, output.target, { same });
    }),
  });
}

export function candidate(
  asset: AssetKey,
  target: string,
  parts: Partial<Candidate> = {},
): Candidate {
  return {
    asset,
    output: "table",
    file: { path: `${target}.parquet`, format: "parquet", bytes: 10 },
    rows: 1,
    schema: [{ name: "x", type: "INTEGER" }],
    ordered: false,
    same: false,
    checks: [],
    metadata: {},
    notes: [],
    ...parts,
  };
}

export function failing(message: string, fatal = false): StepResult {
  return {
    kind: "failed",
    fatal,
    reads: [],
    seconds: 0,
    problem: problem("code-threw", { message, why: message, hint: "mend it" }),
  };
}

export type { PartitionKey };
