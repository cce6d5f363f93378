/** What the reader of the dashboard answers: rows, charts, stories and queries as painted lines. Does not reject. */
import { problem, ProblemError } from "../../core/problem/problem.ts";
import type { Answer } from "../../dashboard/board.ts";
import type { Session } from "../../app/session.ts";
import type { Question } from "./looker.ts";

export async function replyTo(session: Session, question: Question): Promise<Answer> {
  try {
    return await answerOf(session, question);
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

async function answerOf(session: Session, { ask, columns, style }: Question): Promise<Answer> {
  const look = { columns, style };
  switch (ask.kind) {
    case "charts":
      return await (await import("./replies_asset.ts")).charts(session, ask, look);
    case "preview":
      return await (await import("./replies_asset.ts")).preview(session, ask, look);
    case "profile":
      return await (await import("./replies_profile.ts")).profile(session, ask, look);
    case "diff":
      return await (await import("./replies_asset.ts")).diff(session, ask, look);
    case "why":
      return await (await import("./replies_asset.ts")).why(session, ask, look);
    case "sql":
      return await (await import("./replies_sql.ts")).sql(session, ask, look);
    default:
      return { kind: "lines", lines: [] };
  }
}
