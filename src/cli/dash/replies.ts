/** What the reader of the dashboard answers: rows, charts, stories and queries as painted lines. Does not reject. */
import type { Answer } from "../../dashboard/board.ts";
import type { Session } from "../../app/session.ts";
import type { Question } from "./looker.ts";
import { answered } from "./told.ts";

export function replyTo(session: Session, question: Question): Promise<Answer> {
  return answered(() => answerOf(session, question));
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
      return await (await import("./replies_asset.ts")).why(session, ask);
    case "sql":
      return await (await import("./replies_sql.ts")).sql(session, ask, look);
    default:
      return { kind: "lines", lines: [] };
  }
}
