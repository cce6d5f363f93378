/**
 * A child that answers questions: what reads data for the dashboard, so that DuckDB is loaded there alone. It is started
 * by the first question, ended when nobody has asked for a while, and begun anew where the definitions are others.
 * Speaks a line of JSON a question and an answer; what they mean is the caller's.
 */
import { Lines } from "../../host/lines.ts";
import { type Child, startChild } from "../../host/process.ts";
import { selfCommand } from "../../host/self.ts";

const IDLE_MS = 60_000;
const LONGEST = 64 * 1024 * 1024;

export interface AskedChildOptions<Answer> {
  /** Absolute. */
  readonly project: string;
  /** As typed after the program's name. */
  readonly args: readonly string[];
  /** What is answered where the child ended before it had an answer; why, or that it was interrupted. */
  readonly gone: (why: string, interrupted: boolean) => Answer;
}

interface Asked<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
}

export class AskedChild<Question extends object, Answer> implements Disposable {
  readonly #options: AskedChildOptions<Answer>;
  readonly #open = new Map<number, Asked<Question, Answer>>();
  #child: Child | null = null;
  #next = 1;
  #idle: ReturnType<typeof setTimeout> | null = null;
  #said = "";

  constructor(options: AskedChildOptions<Answer>) {
    this.#options = options;
  }

  /** Does not reject. */
  ask(question: Question): Promise<Answer> {
    const child = this.#child ??= this.#start();
    const id = this.#next++;
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    return new Promise((resolve) => {
      this.#open.set(id, { question, resolve });
      child.process?.stdin?.write(`${JSON.stringify({ id, ...question })}\n`);
    });
  }

  /** Ends what is being worked out for these questions, which are answered with that; others are asked anew. */
  interrupt(which: (question: Question) => boolean): void {
    const open = [...this.#open.values()];
    if (!open.some(({ question }) => which(question))) return;
    this.#open.clear();
    this.#end();
    for (const { question, resolve } of open) {
      if (which(question)) resolve(this.#options.gone("", true));
      else void this.ask(question).then(resolve);
    }
  }

  /** The next question is asked of a child that knows the definitions as they are now. */
  renew(): void {
    if (this.#open.size === 0) this.#end();
    else this.#stale = true;
  }
  #stale = false;

  [Symbol.dispose](): void {
    this.#end();
  }

  #start(): Child {
    const { project } = this.#options;
    const { command, args, env } = selfCommand("cli", this.#options.args);
    const child = startChild({ command, args, env, cwd: project });
    this.#said = "";
    const lines = new Lines((line) => this.#heard(line), undefined, LONGEST);
    child.process?.stdout?.on("data", (bytes: Uint8Array) => lines.take(bytes));
    child.process?.stderr?.on("data", (bytes: Uint8Array) => {
      this.#said = (this.#said + new TextDecoder().decode(bytes)).slice(-2000);
    });
    void child.ended.then(() => {
      if (this.#child === child) this.#end();
    });
    return child;
  }

  #heard(line: string): void {
    let told: { readonly id?: number; readonly answer?: Answer };
    try {
      told = JSON.parse(line);
    } catch {
      return;
    }
    const asked = this.#open.get(told.id ?? -1);
    if (asked === undefined || told.answer === undefined) return;
    this.#open.delete(told.id ?? -1);
    asked.resolve(told.answer);
    if (this.#open.size > 0) return;
    if (this.#stale) return this.#end();
    this.#idle = setTimeout(() => this.#end(), IDLE_MS);
  }

  #end(): void {
    const child = this.#child;
    this.#child = null;
    this.#stale = false;
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    child?.process?.stdin?.end();
    child?.kill("SIGTERM");
    const why = this.#said.trim().split("\n")[0] ?? "";
    const open = [...this.#open.values()];
    this.#open.clear();
    for (const { resolve } of open) resolve(this.#options.gone(why, false));
  }
}
