/** An answer as lines, whatever it is; nothing while it is on its way. */
import type { Style } from "../term/style.ts";
import { problemsText } from "../views/problem.ts";
import type { Answer } from "./board.ts";

/** Lines of at most `columns`; those of runs and events are drawn by who asked for them. */
export function answerLines(
  answer: Answer | null,
  style: Style,
  columns: number,
): readonly string[] {
  if (answer?.kind === "lines") return answer.lines;
  if (answer?.kind === "problems") return problemsText(answer.problems, style, columns).split("\n");
  return [];
}
