/** The door around an executor: whatever was thrown becomes a problem. */
import { type Problem, problem, ProblemError } from "../core/problem/problem.ts";

export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) {
    const first = error.problems[0];
    if (first !== undefined) return first;
  }
  const message = error instanceof Error ? error.message : String(error);
  return problem("bug", {
    message: "Cannot go on: nycflow met a condition that it does not know",
    why: message,
    hint: "this is a bug of nycflow; run it again with --verbose and report what it prints",
    fields: { stack: error instanceof Error ? error.stack ?? "" : "" },
  });
}
