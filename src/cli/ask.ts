/** Asks before what cannot be undone. Off a terminal nobody can answer: then `--yes` has to be said. */
import { readSync } from "node:fs";
import { problem, ProblemError } from "../core/problem/problem.ts";
import type { Output } from "./output.ts";

/** True where the answer is yes. `what` is a question; throws where nobody can be asked. */
export function agreed(what: string, yes: boolean, output: Output): boolean {
  if (yes) return true;
  if (!output.terminal) {
    throw new ProblemError(problem("usage", {
      message: `Cannot ask: ${what}`,
      why: "standard input and output are no terminal",
      hint: "add --yes to do it without being asked",
    }));
  }
  output.draw(`${what} [y/N] `);
  return /^\s*y(es)?\s*$/i.test(readLine());
}

function readLine(): string {
  const byte = new Uint8Array(1);
  let line = "";
  try {
    while (readSync(0, byte) === 1 && byte[0] !== 10) line += String.fromCharCode(byte[0] ?? 0);
  } catch {
    // Nobody is there to answer.
  }
  return line;
}
