/** The lines above a run: what it is, how far it is, and its sections. */
import type { RunHead } from "../core/heads.ts";
import { duration, relativeTime } from "../term/duration.ts";
import { progressBar } from "../term/progress.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint } from "../term/style.ts";
import { truncate } from "../term/width.ts";
import { countsText } from "../views/asset_line.ts";
import { paceText } from "../views/pace.ts";
import { countsOf, isOver } from "../views/run_state.ts";
import { timesIn } from "../views/times.ts";
import { markOf, roleOf, shortId } from "../views/words.ts";
import type { Model } from "./model.ts";
import type { Told } from "./run_told.ts";
import { tookOf, whatOf } from "./runs_rows.ts";

/** The run's state, which is told by the list too: there a process that died is known to have. */
export function runHeadLine(model: Model, head: RunHead, columns: number): string {
  const { style, now, data } = model;
  const took = tookOf(head, now);
  const times = timesIn(data?.timezone ?? "UTC");
  const at = head.startedAt ?? head.requestedAt;
  const when = `${times.wall(at, now)} (${relativeTime(at, now)})`;
  const parts = [
    `${markOf(head.state, style)} ${
      columns < 100 ? shortId(head.run) : paint(style, "heading", sanitize(head.run, style))
    } ${paint(style, roleOf(head.state), head.state)}`,
    ...(took === null ? [] : [duration(took)]),
    sanitize(whatOf(head), style),
    ...(columns < 60 ? [] : [paint(style, "dim", when)]),
    ...(head.command === "" ? [] : [paint(style, "dim", sanitize(head.command, style))]),
  ];
  return truncate(` ${parts.join("  ")}`, columns, style);
}

const BAR = 16;

/** How its steps ended; while it runs a bar, how many of how many, and how long still. */
export function runCountsLine(
  model: Model,
  head: RunHead,
  told: Told | null,
  columns: number,
): string {
  const { style, now } = model;
  if (told === null) return ` ${paint(style, "dim", "reading its events")}`;
  if (head.state !== "running") {
    return truncate(` ${countsText(countsOf(told.run), style)}`, columns, style);
  }
  const { run } = told;
  let done = 0;
  for (const step of run.steps.values()) if (isOver(step)) done++;
  const total = Math.max(run.planned, run.steps.size, 1);
  const bar = progressBar(done / total, { width: Math.min(BAR, columns >> 2), style });
  return truncate(` ${bar} ${paceText(run, now)}`, columns, style);
}
