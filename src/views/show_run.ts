/** `show RUN`: when it ran and how it ended, its steps along time, then what went wrong, try by try. */
import type { Stored } from "../core/event.ts";
import type { RunHead } from "../core/heads.ts";
import { criticalPath, type CriticalStep } from "../core/run/critical.ts";
import { duration, relativeTime } from "../term/duration.ts";
import { gantt, type GanttRow } from "../term/gantt.ts";
import { counted } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { truncate } from "../term/width.ts";
import { assetLines, countsText, namesWidth } from "./asset_line.ts";
import { criticalLines } from "./critical.ts";
import { failureLines } from "./run_lines.ts";
import { countsOf, emptyRun, foldRunEvent, isOver, type RunStep } from "./run_state.ts";
import { type Around, timesIn } from "./times.ts";
import { markOf, roleOf } from "./words.ts";

/** More steps than these are shown asset by asset. */
const MOST_STEPS = 40;

/** A run: its head, a Gantt, what did not run, and each failed try. */
export function showRunLines(
  head: RunHead,
  events: readonly Stored[],
  around: Around,
  style: Style,
  columns: number,
): string[] {
  const run = emptyRun();
  for (const stored of events) foldRunEvent(run, stored);
  const times = timesIn(around.timezone);
  const at = head.startedAt ?? head.requestedAt;
  const end = head.endedAt ?? (head.state === "running" ? around.now : null);
  const title = `${markOf(head.state, style)} run ${
    paint(style, "heading", sanitize(head.run, style))
  }`;
  const took = end === null || head.startedAt === null ? "" : `, ${duration(end - head.startedAt)}`;
  const what = head.command === "" ? head.trigger : head.command;
  const lines = [
    truncate(`${title}  ${paint(style, roleOf(head.state), head.state)}`, columns, style),
    truncate(
      `${paint(style, "dim", "started")}  ${times.wall(at, around.now)} (${
        relativeTime(at, around.now)
      })${took}`,
      columns,
      style,
    ),
    truncate(`${paint(style, "dim", "by")}       ${sanitize(what, style)}`, columns, style),
    truncate(
      `${paint(style, "dim", "steps")}    ${countsText(countsOf(run), style)}`,
      columns,
      style,
    ),
  ];
  const steps = [...run.steps.values()];
  const drawn = runGanttLines(head, events, around, style, columns);
  if (drawn.length > 0) lines.push("", ...drawn);
  const names = namesWidth(run.assets.keys(), style, columns);
  const notRun = [...run.assets].flatMap(([asset, own]) =>
    assetLines(asset, own.filter((step) => isOver(step) && step.tries.length === 0), {
      style,
      columns,
      names,
      quiet: false,
    })
  );
  if (notRun.length > 0) lines.push("", ...notRun);
  for (const step of steps) lines.push(...attemptLines(step, style, columns));
  return lines;
}

/** The steps that began, along time, and the critical path in words; at most so many rows where that is said. */
export function runGanttLines(
  head: RunHead,
  events: readonly Stored[],
  around: Around,
  style: Style,
  columns: number,
  most: number = MOST_STEPS,
): string[] {
  const run = emptyRun();
  for (const stored of events) foldRunEvent(run, stored);
  const begun = [...run.steps.values()].filter((step) => step.tries.length > 0);
  if (begun.length === 0) return [];
  const path = criticalPath(events);
  const rows = ganttRows(begun, path, most);
  const now = head.endedAt ?? around.now;
  // Two lines of axis; of very many assets the first ones.
  const room = most === MOST_STEPS ? undefined : most + 2;
  return [
    ...gantt(rows, { width: columns, style, now, most: room }),
    ...(rows.length > 1 ? criticalLines(path, style, columns) : []),
  ];
}

/** A row for each step; of very many, a row for each asset. */
export function ganttRows(
  steps: readonly RunStep[],
  path: readonly CriticalStep[] = [],
  most: number = MOST_STEPS,
): GanttRow[] {
  const chain = new Set(path.map(({ step }) => step));
  // Where all of it decides, or nothing is known, nothing is marked.
  const marked = chain.size > 0 && steps.some(({ key }) => !chain.has(key));
  const rowOf = (label: string, own: readonly RunStep[]): GanttRow => ({
    ...spanOf(label, own),
    ...(marked ? { critical: own.some(({ key }) => chain.has(key)) } : {}),
  });
  if (steps.length <= most) return steps.map((step) => rowOf(step.key, [step]));
  const byAsset = new Map<string, RunStep[]>();
  for (const step of steps) byAsset.set(step.asset, [...byAsset.get(step.asset) ?? [], step]);
  return [...byAsset].map(([asset, own]) => ({
    ...rowOf(asset, own),
    note: counted(own.length, "step"),
  }));
}

function spanOf(label: string, steps: readonly RunStep[]): GanttRow {
  const starts = steps.map((step) => step.startedAt).filter((at) => at !== null);
  const open = steps.some((step) => !isOver(step));
  const ends = steps.map((step) => step.endedAt).filter((at) => at !== null);
  const worst = steps.find((step) => step.state === "failed") ??
    steps.find((step) => step.state !== "succeeded") ?? steps[0];
  const tries = steps.length === 1 ? steps[0]?.tries.length ?? 1 : 1;
  const word = worst === undefined || worst.state === "succeeded" ? "" : worst.state;
  const note = [word, tries > 1 ? `${tries} tries` : ""].filter((text) => text !== "").join(", ");
  return {
    label,
    start: starts.length === 0 ? null : Math.min(...starts),
    end: open || ends.length === 0 ? null : Math.max(...ends),
    role: worst === undefined ? "good" : roleOf(worst.state),
    ...(note === "" ? {} : { note }),
  };
}

/** Each try that failed; the last one whole. */
export function attemptLines(step: RunStep, style: Style, columns: number): string[] {
  const failed = step.tries.filter((each) => each.problem !== null);
  const last = step.state === "failed" || step.state === "retrying" ? failed.at(-1) : undefined;
  return failed.flatMap((each) => {
    const problem = each.problem;
    if (problem === null) return [];
    if (each === last) {
      return ["", ...failureLines({ problem, checks: each.checks }, style, columns)];
    }
    const after = each.endedAt === null
      ? ""
      : ` after ${duration(Math.max(0, each.endedAt - each.startedAt))}`;
    const why = problem.why === undefined ? "" : `: ${problem.why}`;
    const text = `${step.key}  try ${each.number} failed${after}: ${problem.message}${why}`;
    return ["", truncate(`${markOf("retrying", style)} ${sanitize(text, style)}`, columns, style)];
  });
}
