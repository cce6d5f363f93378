/** A query of the SQL screen: its rows as a table or as a chart, and how long it took. */
import { querySql } from "../../app/sql.ts";
import { placedIn, splitScript } from "../../app/sql_script.ts";
import type { Session } from "../../app/session.ts";
import { problem, ProblemError } from "../../core/problem/problem.ts";
import type { Rows } from "../../core/rows.ts";
import type { Answer, Ask } from "../../dashboard/board.ts";
import { duration } from "../../term/duration.ts";
import { counted, grouped } from "../../term/number.ts";
import { chartLines } from "../../views/chart.ts";
import { chartFor } from "../../views/chart_for.ts";
import { naturalTable } from "../../views/natural_table.ts";
import type { ReplyLook } from "./replies_asset.ts";

/** Rows that a chart is drawn from. */
const CHART_ROWS = 100_000;

export async function sql(
  session: Session,
  ask: Extract<Ask, { kind: "sql" }>,
  { columns, style }: ReplyLook,
): Promise<Answer> {
  const began = performance.now();
  const limit = ask.form === "chart" ? CHART_ROWS : ask.limit;
  // One more than is shown tells whether there are more.
  const rows = await lastOf(session, ask.text, limit + 1);
  const more = rows.rows.length > limit;
  const took = duration(performance.now() - began);
  const note = more
    ? `the first ${grouped(limit)} rows, there are more; ${took}`
    : `${counted(rows.rows.length, "row")} in ${took}`;
  const cut = more ? { ...rows, rows: rows.rows.slice(0, limit), total: null } : rows;
  if (ask.form === "table") return { kind: "lines", ...naturalTable(cut, style), note, more };
  const chart = chartFor(cut);
  if (chart === null) {
    return {
      kind: "lines",
      ...naturalTable(cut, style),
      note: `${note}; no column to be drawn`,
      more,
    };
  }
  const around = {
    now: session.host.clock.now(),
    timezone: (await session.load()).project.timezone,
    asset: "result",
  };
  const drawn = chartLines(chart, cut, around, style, columns, ask.rows);
  if (!drawn.ok) throw new ProblemError(drawn.error);
  return { kind: "lines", lines: drawn.value, note };
}

/** Of several statements the rows of the last; each must succeed. */
async function lastOf(session: Session, text: string, limit: number): Promise<Rows> {
  const { statements, rest } = splitScript(text);
  let rows: Rows = { columns: [], rows: [], total: 0 };
  for (const statement of rest === null ? statements : [...statements, rest]) {
    if (statement.kind === "command") {
      throw new ProblemError(problem("usage", {
        message: `Cannot do ${statement.text.split(/\s/)[0]} here`,
        why: "what begins with a dot is asked of the shell",
        hint: "nycflow sql opens the shell; here tab completes the names of tables",
      }));
    }
    try {
      rows = await querySql(session, statement.text, limit);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      throw new ProblemError(error.problems.map((each) => placedIn(statement, each)));
    }
  }
  return rows;
}
