/** The dashboard's reader of what is published: previews, charts, queries, worked out in a child of its own. */
import { AskedChild } from "../../app/board/asked_child.ts";
import { problem } from "../../core/problem/problem.ts";
import type { Answer, Ask } from "../../dashboard/board.ts";
import type { Style } from "../../term/style.ts";

export interface Question {
  readonly ask: Ask;
  readonly columns: number;
  readonly style: Style;
}

export type Looker = AskedChild<Question, Answer>;

export function createLooker(project: string, environment: string | null): Looker {
  const around = environment === null ? [] : ["--env", environment];
  return new AskedChild<Question, Answer>({
    project,
    args: ["look", "-C", project, ...around],
    gone: (why, interrupted) => ({
      kind: "problems",
      problems: [
        interrupted
          ? problem("cancelled", { message: "This was interrupted" })
          : problem("step-failed", {
            message: "Cannot show this: its reader was ended",
            ...(why === "" ? {} : { why }),
            hint: "ask again; what runs is not touched by it",
          }),
      ],
    }),
  });
}
