// A started program as a test sees it: what it has written so far, waiting for words instead of
// for time, signals, and its end. Nothing here sleeps.

import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import process from "node:process";

/**
 * How a program ended. `code` is what a shell sees: 128 and the signal's number where a signal
 * ended it (a Deno program that exits with 143 from its SIGTERM handler ends by the signal, the
 * compiled one with the code; nobody in a shell can tell).
 */
export interface Finished {
  readonly code: number;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to start one. */
export interface LiveOptions {
  readonly cwd: string;
  readonly env: Record<string, string>;
  /** Milliseconds after which it is killed with its whole group, and `ended` rejects. */
  readonly timeout: number;
}

/** A program that runs. */
export class Live {
  readonly pid: number;
  /** Settles when it has ended and closed its outputs; rejects when it was out of time. */
  readonly ended: Promise<Finished>;
  #out = "";
  #err = "";
  #over = false;
  readonly #child: ChildProcess;
  readonly #watchers = new Set<() => void>();

  constructor(command: readonly string[], options: LiveOptions) {
    const [program, ...args] = command;
    // In a group of its own: what it leaves behind can be ended with it.
    const child = spawn(program!, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    this.#child = child;
    this.pid = child.pid ?? -1;
    child.stdin!.on("error", () => {}); // it may end before it has read everything
    child.stdout!.setEncoding("utf8").on("data", (text: string) =>
      this.#told(() => {
        this.#out += text;
      }));
    child.stderr!.setEncoding("utf8").on("data", (text: string) =>
      this.#told(() => {
        this.#err += text;
      }));
    this.ended = new Promise((resolve, reject) => {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        this.killGroup("SIGKILL");
      }, options.timeout);
      child.on("error", (error) => {
        clearTimeout(timer);
        reject(error);
      });
      child.on("close", (code, signal) => {
        clearTimeout(timer);
        this.#told(() => {
          this.#over = true;
        });
        if (late) reject(new Error(`no end within ${options.timeout} ms\n${this.#seen()}`));
        else {
          const seen = code ?? 128 + (signal ? constants.signals[signal] : 0);
          resolve({ code: seen, signal, stdout: this.#out, stderr: this.#err });
        }
      });
    });
    this.ended.catch(() => {}); // whoever awaits it is told; a test that does not is not ended by it
  }

  /** What it has written so far. */
  get stdout(): string {
    return this.#out;
  }
  get stderr(): string {
    return this.#err;
  }

  /** Writes to its standard input. */
  write(text: string): void {
    this.#child.stdin!.write(text);
  }

  /** Ends its standard input. */
  end(text = ""): void {
    this.#child.stdin!.end(text);
  }

  /** Settles once either output matches; rejects when it ends before. */
  until(words: RegExp): Promise<RegExpMatchArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = this.#out.match(words) ?? this.#err.match(words);
        if (!match && !this.#over) return;
        this.#watchers.delete(look);
        if (match) resolve(match);
        else reject(new Error(`ended without ${words}\n${this.#seen()}`));
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** Sends a signal to the program alone. */
  kill(signal: NodeJS.Signals = "SIGTERM"): void {
    // Deno's own `kill` of a child closes its standard input as well, and works only once.
    try {
      process.kill(this.pid, signal);
    } catch {
      // it is gone
    }
  }

  /** Sends a signal to the program and what it started in its group. */
  killGroup(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch {
      // it is gone
    }
  }

  #told(change: () => void): void {
    change();
    for (const look of [...this.#watchers]) look();
  }

  #seen(): string {
    return `--- stdout\n${this.#out}\n--- stderr\n${this.#err}`;
  }
}
