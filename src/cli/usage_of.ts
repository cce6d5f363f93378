/** What is said where a command's own words were not understood. */
import { problem, ProblemError } from "../core/problem/problem.ts";

export function usage(command: string, word: string, why: string): ProblemError {
  return new ProblemError(problem("usage", {
    message: `Cannot do ${word} with ${command}`,
    why,
    hint: `nycflow ${command} --help`,
  }));
}
