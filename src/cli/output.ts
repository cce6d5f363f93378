/**
 * The only place that writes to the terminal. Results go to stdout, everything else to stderr; both at once and
 * in order, so that nothing is lost when the process ends. A reader that has gone away ends us quietly with 0.
 */
import { writeSync } from "node:fs";
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
  const outTty = process.stdout.isTTY === true;
  const errTty = process.stderr.isTTY === true;
  const platform = process.platform;
  const style = styleFrom({ isTTY: outTty, env, platform, color });
  const errStyle = styleFrom({ isTTY: errTty, env, platform, color });
  const columns = () =>
    columnsFrom({ columns: (outTty ? process.stdout : process.stderr).columns, env });
  return {
    out: (text) => write(1, `${text}\n`),
    err: (text) => write(2, `${text}\n`),
    draw: (text) => write(2, text),
    style,
    errStyle,
    get columns() {
      return columns();
    },
    get rows() {
      return process.stdout.rows ?? process.stderr.rows ?? 24;
    },
    terminal: process.stdin.isTTY === true && outTty,
    live: errTty && errStyle.animate,
  };
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
