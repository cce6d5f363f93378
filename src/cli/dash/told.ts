/** What went wrong with a question is an answer too. */
import { problem, ProblemError } from "../../core/problem/problem.ts";
import type { Answer } from "../../dashboard/board.ts";

/** Does not reject. */
export async function answered(asked: () => Promise<Answer>): Promise<Answer> {
  try {
    return await asked();
  } catch (error) {
    if (error instanceof ProblemError) return { kind: "problems", problems: error.problems };
    return {
      kind: "problems",
      problems: [problem("bug", {
        message: "Cannot show this",
        why: error instanceof Error ? error.message : String(error),
      })],
    };
  }
}
