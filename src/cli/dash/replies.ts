/** What the reader of the dashboard answers: rows, charts and queries as painted lines. Does not reject. */
import { problem, ProblemError } from "../../core/problem/problem.ts";
import type { Answer } from "../../dashboard/board.ts";
import type { Session } from "../../app/session.ts";
import type { Style } from "../../term/style.ts";
import type { Question } from "./looker.ts";

export async function replyTo(session: Session, question: Question): Promise<Answer> {
  try {
    return { kind: "lines", lines: await linesOf(session, question) };
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

async function linesOf(
  session: Session,
  { ask, columns, style }: Question,
): Promise<readonly string[]> {
  switch (ask.kind) {
    case "charts":
      return await charts(session, ask.asset, ask.rows, columns, style);
    default:
      return [];
  }
}

async function charts(
  session: Session,
  name: string,
  rows: number,
  columns: number,
  style: Style,
): Promise<readonly string[]> {
  const { chartsOf } = await import("../../app/results.ts");
  const { assetNamed } = await import("../../app/look.ts");
  const { chartLines } = await import("../../views/chart.ts");
  const { problemLines } = await import("../../views/problem.ts");
  const view = await session.view();
  const asset = assetNamed(view, name);
  const around = { now: view.now, timezone: view.layout.timezone, asset };
  const drawn = await chartsOf(session, view, asset);
  return drawn.flatMap(({ chart, rows: data, before }, index) => {
    const made = chartLines(chart, data, { ...around, before }, style, columns, rows);
    const lines = made.ok ? made.value : problemLines(made.error, style, columns);
    return index === 0 ? lines : ["", ...lines];
  });
}
