/**
 * The runner's loop: one order at a time, its answer, the next. User code lives here and nowhere else; this file
 * decides what becomes of an order, not what its answer is.
 */
import process from "node:process";
import * as nycflow from "../mod.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import type { RunnerAnswer, RunnerCommand } from "../ports/runner.ts";
import { listen, say, writeWhole } from "./channel.ts";
import { describeAll } from "./describe.ts";
import { Engine } from "./engine.ts";
import { Environment } from "./environment.ts";
import { Modules } from "./modules.ts";
import { provideNycflow } from "./resolve_nycflow.ts";
import { Resources } from "./resources.ts";
import { userProblem } from "./user_error.ts";
import type { StepRoom } from "./room.ts";

type Order = Exclude<RunnerCommand, { readonly kind: "hello" | "cancel" | "close" }>;

/** Serves orders until told to close, or until standard input ends. */
export async function runRunner(): Promise<void> {
  const runner = new Runner();
  say({ kind: "ready", pid: process.pid });
  await listen((command) => runner.take(command));
  await runner.closed;
}

class Runner {
  readonly closed: Promise<void>;
  readonly #engine = new Engine();
  readonly #resources = new Resources();
  #close: () => void = () => {};
  #environment: Environment | null = null;
  #modules: Modules | null = null;
  /** The order that is being done; `fail` ends it for what no promise carries. */
  #current: {
    readonly id: number;
    readonly stop: AbortController;
    readonly fail: (thrown: unknown) => void;
  } | null = null;

  constructor() {
    this.closed = new Promise((resolve) => this.#close = resolve);
    provideNycflow(nycflow);
    for (const event of ["uncaughtException", "unhandledRejection"] as const) {
      process.on(event, (thrown: unknown) => this.#current?.fail(thrown));
    }
  }

  /** Settles for a greeting alone: when what is wanted ahead of the first order is there. */
  async take(command: RunnerCommand): Promise<void> {
    switch (command.kind) {
      case "hello":
        this.#environment = new Environment(command.salt);
        this.#environment.install();
        if (command.ahead) await this.#engine.ahead(command.ahead);
        return;
      case "cancel":
        if (this.#current?.id === command.id) this.#current.stop.abort(command.by);
        return;
      case "close":
        void this.#end();
        return;
      default:
        void this.#serve(command);
    }
  }

  async #serve(order: Order): Promise<void> {
    const stop = new AbortController();
    const { promise: failed, reject: fail } = Promise.withResolvers<never>();
    failed.catch(() => {});
    this.#current = { id: order.id, stop, fail };
    let answer: RunnerAnswer;
    try {
      answer = await Promise.race([this.#answer(order, stop.signal), failed]);
    } catch (thrown) {
      answer = await this.#refuse(order, thrown);
    }
    this.#current = null;
    // What was printed during this order ends here, whatever still lies in the pipes.
    const mark = `\0${order.id}\0\n`;
    const marked = [1, 2].map((descriptor) => writeWhole(descriptor, mark));
    if (marked.includes(false)) say({ kind: "mute", id: order.id });
    say(answer);
  }

  async #answer(order: Order, signal: AbortSignal): Promise<RunnerAnswer> {
    const { id } = order;
    switch (order.kind) {
      case "describe": {
        const sql = await describeAll(
          order.request,
          this.#modulesOf(order.request.project),
          this.#engine,
          {
            importing: (file) => say({ kind: "importing", id, file }),
            described: (module) => say({ kind: "described-module", id, module }),
          },
        );
        return { kind: "described", id, sql };
      }
      case "step": {
        const { runStep } = await import("./step.ts");
        const result = await runStep(order.order, this.#room(id, order.order.project, signal));
        return { kind: "stepped", id, result };
      }
      case "check": {
        const { runChecks } = await import("./code_check.ts");
        const room = this.#room(id, order.order.step.project, signal);
        return { kind: "checked", id, checks: await runChecks(order.order, room) };
      }
      case "sensor": {
        const { evaluateSensor } = await import("./outside.ts");
        const room = this.#room(id, order.order.project, signal);
        return { kind: "sensed", id, answer: await evaluateSensor(order.order, room) };
      }
      case "observe": {
        const { observeSource } = await import("./outside.ts");
        const room = this.#room(id, order.order.project, signal);
        return { kind: "observed", id, answer: await observeSource(order.order, room) };
      }
    }
  }

  /** Steps tell their own failures; what comes here was thrown beside them, in a timer or a listener. */
  async #refuse(order: Order, thrown: unknown): Promise<RunnerAnswer> {
    const { id } = order;
    if (order.kind === "step") {
      const { failedStep } = await import("./step.ts");
      const room = {
        environment: this.#environmentOrThrow(),
        modules: this.#modulesOf(order.order.project),
      };
      return { kind: "stepped", id, result: failedStep(order.order, thrown, room) };
    }
    const project = order.kind === "describe"
      ? order.request.project
      : order.kind === "check"
      ? order.order.step.project
      : order.order.project;
    const found = thrown instanceof ProblemError && thrown.problems[0]
      ? thrown.problems[0]
      : userProblem(
        thrown,
        { project },
        "code-threw",
        `Cannot ${WORDS[order.kind]} ${nameOf(order)}`,
      );
    return { kind: "refused", id, problem: found };
  }

  #room(id: number, project: string, signal: AbortSignal): StepRoom {
    return {
      modules: this.#modulesOf(project),
      environment: this.#environmentOrThrow(),
      engine: this.#engine,
      resources: this.#resources,
      signal,
      progress: (progress) => say({ kind: "progress", id, progress }),
      log: (line) => say({ kind: "log", id, line }),
    };
  }

  #modulesOf(project: string): Modules {
    if (this.#modules?.project !== project) {
      this.#modules = new Modules(project, this.#environmentOrThrow());
    }
    return this.#modules;
  }

  #environmentOrThrow(): Environment {
    if (this.#environment) return this.#environment;
    throw new ProblemError(problem("runner-failed", {
      message: "Cannot serve an order",
      why: "the runner was not greeted",
    }));
  }

  async #end(): Promise<void> {
    this.#current?.stop.abort("cancel");
    await this.#resources.close();
    // To end a process with DuckDB in it takes some milliseconds, which nobody has to wait for.
    say({ kind: "closed" });
    // The engine ends with the process: closing it first takes longer, and it holds nothing that lasts.
    this.#close();
    process.exit(0);
  }
}

/** What cannot be done, in words. */
const WORDS: Readonly<Record<Order["kind"], string>> = {
  describe: "describe",
  step: "run",
  check: "check",
  sensor: "evaluate",
  observe: "observe",
};

function nameOf(order: Order): string {
  switch (order.kind) {
    case "describe":
      return "the project";
    case "check":
    case "step":
      return "the step";
    case "sensor":
      return order.order.name;
    case "observe":
      return order.order.asset;
  }
}
