/**
 * User code from outside: describes modules, executes TypeScript and shell steps, runs code checks and sensors, each in
 * a runner. Decides when a runner is ended by force, and what its silence means; what user code did wrong the runner
 * says itself.
 */
import type { CheckResult } from "../core/event.ts";
import { formatDuration } from "../core/duration.ts";
import { type Mask, maskProblem } from "../core/mask.ts";
import type { StepOrder, StepResult } from "../core/order.ts";
import { at, type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { StepExecutor, StepHooks } from "../ports/executor.ts";
import type {
  DescribedModule,
  Describer,
  DescribeRequest,
  DescribeResult,
} from "../ports/loader.ts";
import type {
  Ahead,
  CheckOrder,
  ObserveAnswer,
  ObserveOrder,
  RunnerAnswer,
  SensorAnswer,
  SensorOrder,
} from "../ports/runner.ts";
import { goneProblem } from "./runner_gone.ts";
import { RunnerPool } from "./runner_pool.ts";
import type { RunnerProcess, Task, TaskEnd, TaskHooks } from "./runner_process.ts";
import { type SelfCommand, selfCommand } from "./self.ts";

export interface RunnerClientOptions {
  /** Absolute. */
  readonly project: string;
  /** The project's salt, for the digests of what user code reads. */
  readonly salt: string;
  /** Variables of `.env`; they lie over those of the environment. @default none */
  readonly env?: Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>);
  /** Takes secrets out of what the runner tells. @default nothing is taken out */
  readonly mask?: Mask;
  /** Runners side by side at the most. @default 1 */
  readonly size?: number;
  /** How long a module may take to be imported, in milliseconds. @default 10,000 */
  readonly importMs?: number;
  /** How the runner is started. @default this program */
  readonly command?: SelfCommand;
}

const NEVER = new AbortController().signal;

/** The runner's side of three ports. Close it: its processes outlive nothing else. */
export class RunnerClient implements StepExecutor, Describer {
  readonly #options: RunnerClientOptions;
  readonly #pool: RunnerPool;
  #closed = false;

  constructor(options: RunnerClientOptions) {
    this.#options = options;
    this.#pool = new RunnerPool({
      command: options.command ?? selfCommand("runner", []),
      // Asked at each start: defaults are only known once the configuration is.
      get env() {
        return typeof options.env === "function" ? options.env() : options.env ?? {};
      },
      cwd: options.project,
      salt: options.salt,
    }, options.size ?? 1);
  }

  /** How many orders are to come. */
  expect(orders: number): void {
    this.#pool.expect(orders);
  }

  /** So many runners are busy for long, and are not to be counted among those that there may be. */
  makeRoom(runners: number): void {
    this.#pool.makeRoom(runners);
  }

  /** Starts a runner ahead, where one is sure to be needed. */
  warm(ahead: Ahead): void {
    this.#pool.warm(ahead);
  }

  async execute(order: StepOrder, hooks: StepHooks): Promise<StepResult> {
    const began = Date.now();
    const end = await this.#order({ kind: "step", order }, hooks, (news) => {
      if (news.kind === "progress") hooks.progress(news.progress);
    });
    const { signal } = hooks;
    if (end?.kind === "answered" && end.answer.kind === "stepped") return end.answer.result;
    if (signal.aborted || end === null) return { kind: "cancelled", by: reasonOf(signal) };
    const { key, origin } = order.definition;
    const found = end.kind === "gone"
      ? goneProblem(end, `Cannot finish ${key}`, "run")
      : refusalOf(end.answer);
    return {
      kind: "failed",
      problem: at({ asset: key, file: origin.file, line: origin.line }, found),
      fatal: false,
      reads: [],
      seconds: (Date.now() - began) / 1000,
    };
  }

  /** Runs checks that are code; a check that could not be run says so in its result. */
  async check(order: CheckOrder, hooks: StepHooks): Promise<readonly CheckResult[]> {
    const end = await this.#order({ kind: "check", order }, hooks);
    if (end?.kind === "answered" && end.answer.kind === "checked") return end.answer.checks;
    const why = end === null || hooks.signal.aborted
      ? "it was cancelled"
      : (end.kind === "gone" ? goneProblem(end, "Cannot check", "run") : refusalOf(end.answer)).why;
    return order.checks.map(({ name, severity, blocking }) => ({
      name,
      severity,
      blocking,
      outcome: "errored",
      failing: null,
      text: why ?? "it could not be run",
      sample: [],
    }));
  }

  /** Asks a sensor; `limitMs` counts from when a runner is free for it. */
  async sensor(order: SensorOrder, limitMs: number): Promise<Result<SensorAnswer, Problem>> {
    const { end, failed } = await this.#outside(
      { kind: "sensor", order },
      limitMs,
      `Cannot evaluate ${order.name}`,
      order.file,
    );
    return end?.kind === "answered" && end.answer.kind === "sensed"
      ? ok(end.answer.answer)
      : err(failed());
  }

  /** Looks at a source; `limitMs` counts from when a runner is free for it. */
  async observe(order: ObserveOrder, limitMs: number): Promise<Result<ObserveAnswer, Problem>> {
    const { end, failed } = await this.#outside(
      { kind: "observe", order },
      limitMs,
      `Cannot observe ${order.asset}`,
      order.file,
    );
    return end?.kind === "answered" && end.answer.kind === "observed"
      ? ok(end.answer.answer)
      : err(failed());
  }

  async #outside(task: Task, limitMs: number, message: string, file: string) {
    const limit = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hooks = { signal: limit.signal, graceMs: 500, progress: () => {}, log: () => {} };
    const end = await this.#order(task, hooks, undefined, () => {
      timer = setTimeout(() => limit.abort("timeout"), limitMs);
    });
    clearTimeout(timer);
    const failed = () => {
      if (end !== null && !limit.signal.aborted && !this.#closed) {
        const found = end.kind === "gone"
          ? goneProblem(end, message, "run")
          : refusalOf(end.answer);
        return at({ file }, maskProblem(found, this.#options.mask ?? ((text) => text)));
      }
      const late = limit.signal.aborted;
      return problem(late ? "timeout" : "cancelled", {
        message,
        where: { file },
        why: late ? `it did not answer within ${formatDuration(limitMs)}` : "it was cancelled",
        ...(late
          ? { hint: "give it more: timeout: 1m; or look for an await that never ends" }
          : {}),
      });
    };
    return { end, failed };
  }

  /**
   * A module that loops, or ends the process, is told as its problem, and the others are described without it. Throws a
   * `ProblemError` where the runner itself does not work.
   */
  async describe(request: DescribeRequest): Promise<DescribeResult> {
    const modules: DescribedModule[] = [];
    let open: DescribeRequest = request;
    for (;;) {
      const known = new Set(modules.map((each) => each.file));
      open = {
        ...open,
        config: request.config !== null && known.has(request.config) ? null : request.config,
        modules: request.modules.filter((each) => !known.has(each)),
      };
      const result = await this.#pool.use(NEVER, (runner) => this.#describe(runner, open, modules));
      if (result === null) throw new ProblemError(runnerFailed("it was closed"));
      if (result.kind === "described") {
        return { modules: modules.map((each) => this.#masked(each)), sql: result.sql };
      }
      modules.push(result.module);
    }
  }

  #masked(module: DescribedModule): DescribedModule {
    const { mask } = this.#options;
    if (mask === undefined || module.problems.length === 0) return module;
    return { ...module, problems: module.problems.map((each) => maskProblem(each, mask)) };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#pool.close();
  }

  async #describe(
    runner: RunnerProcess,
    request: DescribeRequest,
    modules: DescribedModule[],
  ): Promise<
    | { readonly kind: "described"; readonly sql: DescribeResult["sql"] }
    | { readonly kind: "bad"; readonly module: DescribedModule }
  > {
    const limit = this.#options.importMs ?? 10_000;
    let importing: string | null = null;
    let hung = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = await runner.do({ kind: "describe", request }, {
      log: () => {}, // what a module prints while it is described is nobody's log
      news: (news) => {
        clearTimeout(timer);
        if (news.kind === "described-module") {
          modules.push(news.module);
          importing = null;
        } else if (news.kind === "importing") {
          importing = news.file;
          timer = setTimeout(() => {
            hung = true;
            runner.kill();
          }, limit);
        }
      },
    });
    clearTimeout(timer);
    if (end.kind === "answered") {
      if (end.answer.kind === "described") return { kind: "described", sql: end.answer.sql };
      throw new ProblemError(refusalOf(end.answer));
    }
    if (importing === null) {
      throw new ProblemError(runnerFailed(goneProblem(end, "", "import").why));
    }
    const found = hung
      ? problem("module-hangs", {
        message: `Cannot import ${importing}`,
        where: { file: importing },
        why: `it has not finished after ${limit / 1000} s`,
        hint: "look for a loop, or an await that never ends, at the top of the module",
      })
      : at({ file: importing }, goneProblem(end, `Cannot import ${importing}`, "import"));
    return {
      kind: "bad",
      module: {
        file: importing,
        exports: [],
        codeVersion: "",
        imports: [],
        reads: [],
        problems: [found],
      },
    };
  }

  /** Lends a runner to one order, and ends the runner where it does not heed the signal in time. */
  #order(
    task: Task,
    hooks: StepHooks,
    news: TaskHooks["news"] = () => {},
    lent: () => void = () => {},
  ): Promise<TaskEnd | null> {
    const { signal } = hooks;
    return this.#pool.use(signal, async (runner) => {
      lent();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const stop = () => {
        runner.cancel(reasonOf(signal));
        timer = setTimeout(() => runner.kill(), hooks.graceMs);
      };
      const done = runner.do(task, { log: hooks.log, news });
      signal.addEventListener("abort", stop, { once: true });
      if (signal.aborted) stop();
      try {
        return await done;
      } finally {
        signal.removeEventListener("abort", stop);
        clearTimeout(timer);
      }
    });
  }
}

function refusalOf(answer: RunnerAnswer): Problem {
  return answer.kind === "refused"
    ? answer.problem
    : runnerFailed(`it answered ${answer.kind} to another question`);
}

function runnerFailed(why: string | undefined): Problem {
  return problem("runner-failed", {
    message: "Cannot run user code",
    ...(why === undefined ? {} : { why: `the runner failed: ${why}` }),
    hint: "nycflow doctor",
  });
}

function reasonOf(signal: AbortSignal): "timeout" | "cancel" {
  return signal.reason === "timeout" ? "timeout" : "cancel";
}
