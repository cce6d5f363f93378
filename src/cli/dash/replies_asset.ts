/** What the reader answers about one asset. */
import { assetNamed, isReadable, lookWhy, tableOf } from "../../app/look.ts";
import { lookChange } from "../../app/diff.ts";
import { chartsOf } from "../../app/results.ts";
import type { Session, View } from "../../app/session.ts";
import { ProblemError } from "../../core/problem/problem.ts";
import type { Answer, Ask } from "../../dashboard/board.ts";
import { counted, grouped } from "../../term/number.ts";
import type { Style } from "../../term/style.ts";
import { chartLines } from "../../views/chart.ts";
import { diffLines } from "../../views/diff.ts";
import { problemLines } from "../../views/problem.ts";
import { naturalTable } from "../../views/natural_table.ts";

export interface ReplyLook {
  /** 0: as wide as it is. */
  readonly columns: number;
  readonly style: Style;
}

type Of<K extends Ask["kind"]> = Extract<Ask, { kind: K }>;

function around(view: View) {
  return { now: view.now, timezone: view.layout.timezone };
}

export async function charts(
  session: Session,
  ask: Of<"charts">,
  { columns, style }: ReplyLook,
): Promise<Answer> {
  const view = await session.view();
  const asset = assetNamed(view, ask.asset);
  const drawn = await chartsOf(session, view, asset);
  const lines = drawn.flatMap(({ chart, rows, before }, index) => {
    const here = { ...around(view), asset, before };
    const made = chartLines(chart, rows, here, style, columns, ask.rows);
    const own = made.ok ? made.value : problemLines(made.error, style, columns);
    return index === 0 ? own : ["", ...own];
  });
  return { kind: "lines", lines };
}

/** The first rows, as wide as they are. */
export async function preview(
  session: Session,
  ask: Of<"preview">,
  { style }: ReplyLook,
): Promise<Answer> {
  const view = await session.view();
  const table = tableOf(view, assetNamed(view, ask.asset), null);
  if (!isReadable(table)) return { kind: "lines", lines: ["it has no rows that can be read"] };
  const found = await (await session.warehouse()).preview(table, ask.limit);
  if (!found.ok) throw new ProblemError(found.error);
  const { rows, total } = found.value;
  const { lines, head } = naturalTable(found.value, style);
  const more = total === null ? rows.length >= ask.limit : rows.length < total;
  const note = !more
    ? counted(rows.length, "row")
    : `the first ${grouped(rows.length)}${total === null ? "" : ` of ${grouped(total)}`} rows`;
  return { kind: "lines", lines, head, note, more };
}

const DIFF_ROWS = 10;

export async function diff(
  session: Session,
  ask: Of<"diff">,
  { columns, style }: ReplyLook,
): Promise<Answer> {
  const { view, found } = await lookChange(session, ask.asset, ask.event, DIFF_ROWS);
  return { kind: "lines", lines: diffLines(found, around(view), style, columns) };
}

/** The story itself: how long ago all of it was is told when it is drawn. */
export async function why(session: Session, ask: Of<"why">): Promise<Answer> {
  const { view: _view, ...found } = await lookWhy(session, ask.asset, null);
  return { kind: "why", why: found };
}
