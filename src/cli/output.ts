/**
 * The only place that writes to the terminal. Results go to stdout, everything else to stderr; both at once and
 * in order, so that nothing is lost when the process ends. A reader that has gone away ends us quietly with 0.
 */
import { fstatSync, statSync, writeSync } from "node:fs";
import process from "node:process";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { columnsFrom, type Style, styleFrom } from "../term/style.ts";

/** The reader of our output closed its end: to be taken as success. */
export class PipeClosed extends Error {
  override readonly name = "PipeClosed";
}

export interface Output {
  /** A result, with its line end. */
  out(text: string): void;
  /** Anything said about the work. */
  err(text: string): void;
  /** Raw, to stderr: for what is drawn over. */
  draw(text: string): void;
  /** Raw, to stdout: for what a terminal is asked to do. */
  raw(text: string): void;
  readonly style: Style;
  readonly errStyle: Style;
  readonly columns: number;
  readonly rows: number;
  /** Standard input and output both are a terminal. */
  readonly terminal: boolean;
  /** Standard error is one that may be drawn over. */
  readonly live: boolean;
}

export interface OutputOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly color: "auto" | "always" | "never";
}

export function openOutput({ env, color }: OutputOptions): Output {
  const outTty = isTerminal(1);
  const errTty = isTerminal(2);
  const platform = process.platform;
  const style = styleFrom({ isTTY: outTty, env, platform, color });
  const errStyle = styleFrom({ isTTY: errTty, env, platform, color });
  const columns = () => {
    const stream = outTty ? process.stdout : errTty ? process.stderr : null;
    return columnsFrom({ columns: stream?.columns, env });
  };
  return {
    out: (text) => write(1, `${text}\n`),
    err: (text) => write(2, `${text}\n`),
    draw: (text) => write(2, text),
    raw: (text) => write(1, text),
    style,
    errStyle,
    get columns() {
      return columns();
    },
    get rows() {
      return (outTty ? process.stdout.rows : errTty ? process.stderr.rows : undefined) ?? 24;
    },
    get terminal() {
      return outTty && process.stdin.isTTY === true;
    },
    live: errTty && errStyle.animate,
  };
}

/**
 * Is it a terminal? The first touch of `process.stdout` takes 4 ms in the binary, a look at the descriptor none; so
 * the streams are asked only about what is a device and not the one that swallows everything.
 */
function isTerminal(descriptor: 1 | 2): boolean {
  try {
    const found = fstatSync(descriptor);
    if (!found.isCharacterDevice() || found.rdev === nullDevice()) return false;
  } catch {
    // closed, or a system that cannot tell: the stream knows
  }
  return (descriptor === 1 ? process.stdout : process.stderr).isTTY === true;
}

function nullDevice(): number | null {
  return statSync("/dev/null", { throwIfNoEntry: false })?.rdev ?? null;
}

function write(descriptor: 1 | 2, text: string): void {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : "";
      if (code === "EAGAIN") {
        waitABit();
        continue;
      }
      if (code === "EPIPE" || code === "EBADF" || code === "EIO") {
        // nobody reads what is said about the work: the work goes on; a result that nobody reads ends it
        if (descriptor === 2) return;
        throw new PipeClosed();
      }
      if (code === "ENOSPC" || code === "EDQUOT") {
        throw new ProblemError(problem("disk-full", {
          message: "Cannot write the output",
          why: "the disk that it goes to is full",
          hint: "free some space and run the command again; nothing of the project was harmed",
        }));
      }
      throw error;
    }
  }
}

/** A pipe that is full for now: the reader needs a moment, and a synchronous writer has no other way to give it. */
function waitABit(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
}
