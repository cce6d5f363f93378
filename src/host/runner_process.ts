/**
 * One runner: starts it, gives it one order at a time, hears its answers and what it prints. That it is gone without
 * an answer is an outcome here, never a hanging promise. Which order goes to which runner is the client's.
 */
import type { Readable } from "node:stream";
import type { LogLine } from "../core/order.ts";
import type {
  Ahead,
  RunnerAnswer,
  RunnerCommand,
  RunnerMessage,
  RunnerNews,
} from "../ports/runner.ts";
import { Lines } from "./lines.ts";
import { type Child, type Ended, startChild } from "./process.ts";
import type { SelfCommand } from "./self.ts";

export interface RunnerStart {
  readonly command: SelfCommand;
  /** The project's variables (`.env`) over those of the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The project's folder. */
  readonly cwd: string;
  readonly salt: string;
}

/** An order without its number. */
export type Task = OmitId<Extract<RunnerCommand, { readonly id: number }>>;
type OmitId<T> = T extends unknown ? Omit<T, "id"> : never;

export interface TaskHooks {
  readonly news: (news: RunnerNews) => void;
  readonly log: (line: LogLine) => void;
}

export type TaskEnd =
  | { readonly kind: "answered"; readonly answer: RunnerAnswer }
  /** `output`: the last lines that it printed. */
  | { readonly kind: "gone"; readonly how: Ended; readonly output: readonly string[] };

const KEPT = 20;
/** How long the pipes may be read after the process is gone; a grandchild can hold them for ever. */
const DRAIN_MS = 200;
/** How long a runner may take to close its resources. */
const CLOSE_MS = 3000;

interface Current {
  readonly id: number;
  readonly hooks: TaskHooks;
  readonly settle: (end: TaskEnd) => void;
  answer: RunnerAnswer | null;
  /** Streams whose end of this order has not been read yet. */
  open: number;
}

export class RunnerProcess {
  readonly #child: Child;
  #current: Current | null = null;
  #next = 1;
  #last: string[] = [];
  #ended: Ended | null = null;
  #mute = false;
  readonly #drained: Promise<void>;
  readonly #closed = Promise.withResolvers<void>();

  /** `ahead`: started before there is an order, for a step that will come. */
  constructor(start: RunnerStart, ahead?: Ahead) {
    const { command, args, env } = start.command;
    this.#child = startChild({
      command,
      args,
      env: { ...env, ...start.env },
      cwd: start.cwd,
      extraPipes: 1,
    });
    const answers = new Lines((line) => this.#hear(line), undefined, Infinity);
    const pipes = this.#child.process?.stdio;
    const streams = [
      this.#read(pipes?.[1], this.#lines("stdout", "info")),
      this.#read(pipes?.[2], this.#lines("stderr", "warn")),
      this.#read(pipes?.[3], answers),
    ];
    this.#drained = Promise.all(streams).then(() => {});
    void this.#child.ended.then((how) => this.#gone(how));
    this.#say({ kind: "hello", salt: start.salt, ...(ahead ? { ahead } : {}) });
  }

  /** May it be given another order? */
  get alive(): boolean {
    return this.#ended === null && !this.#mute;
  }

  /** Gives it an order; settles when it has answered or is gone. Never rejects. */
  do(task: Task, hooks: TaskHooks): Promise<TaskEnd> {
    const id = this.#next++;
    this.#last = [];
    return new Promise((settle) => {
      if (this.#ended) {
        settle({ kind: "gone", how: this.#ended, output: [] });
        return;
      }
      this.#current = { id, hooks, settle, answer: null, open: 2 };
      this.#say({ ...task, id } as RunnerCommand);
    });
  }

  /** Asks the current order to end. */
  cancel(by: "timeout" | "cancel"): void {
    if (this.#current) this.#say({ kind: "cancel", id: this.#current.id, by });
  }

  /** Ends it and all that it started, at once. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Lets it close its resources, then ends it. */
  async close(): Promise<void> {
    if (this.#ended === null) {
      this.#say({ kind: "close" });
      const timer = setTimeout(() => this.kill(), CLOSE_MS);
      await Promise.race([this.#child.ended, this.#closed.promise]);
      clearTimeout(timer);
    }
    // Whatever it started in its group is not to outlive it.
    this.kill();
    this.#release();
  }

  #say(command: RunnerCommand): void {
    this.#child.process?.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  #lines(stream: "stdout" | "stderr", level: LogLine["level"]): Lines {
    return new Lines(
      (text) => {
        this.#last.push(text);
        if (this.#last.length > KEPT) this.#last.shift();
        this.#current?.hooks.log({ at: Date.now(), stream, level, text });
      },
      (id) => {
        if (this.#current?.id !== id) return;
        this.#current.open -= 1;
        this.#finish();
      },
    );
  }

  #read(stream: unknown, lines: Lines): Promise<void> {
    const readable = stream as Readable | null | undefined;
    if (!readable) return Promise.resolve();
    return new Promise((resolve) => {
      readable.on("data", (bytes: Uint8Array) => lines.take(bytes));
      const end = () => {
        lines.end();
        resolve();
      };
      readable.once("end", end);
      readable.once("close", end);
      readable.once("error", end);
    });
  }

  #hear(line: string): void {
    let message: RunnerMessage;
    try {
      message = JSON.parse(line) as RunnerMessage;
    } catch {
      return; // user code's children may inherit the descriptor and write to it
    }
    if (message.kind === "closed") this.#closed.resolve();
    const current = this.#current;
    if (!current || !("id" in message) || message.id !== current.id) return;
    switch (message.kind) {
      case "importing":
      case "described-module":
      case "progress":
        current.hooks.news(message);
        return;
      case "log":
        current.hooks.log(message.line);
        return;
      case "mute":
        // Its answer is all that there is to wait for; whatever is opened next in it takes the place of its output.
        current.open = 0;
        this.#mute = true;
        return;
      default:
        current.answer = message;
        this.#finish();
    }
  }

  /** An order has ended when it was answered and all that it printed has been read. */
  #finish(): void {
    const current = this.#current;
    if (!current?.answer || current.open > 0) return;
    this.#current = null;
    current.settle({ kind: "answered", answer: current.answer });
    if (this.#mute) void this.close();
  }

  async #gone(how: Ended): Promise<void> {
    this.#ended = how;
    this.kill();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const enough = new Promise<void>((resolve) => timer = setTimeout(resolve, DRAIN_MS));
    await Promise.race([this.#drained, enough]);
    clearTimeout(timer);
    const current = this.#current;
    this.#current = null;
    this.#release();
    if (!current) return;
    current.settle(
      current.answer
        ? { kind: "answered", answer: current.answer }
        : { kind: "gone", how, output: [...this.#last] },
    );
  }

  /** Lets go of the pipes, which a grandchild may hold open. */
  #release(): void {
    for (const stream of this.#child.process?.stdio ?? []) {
      if (stream && "destroy" in stream) stream.destroy();
    }
  }
}
