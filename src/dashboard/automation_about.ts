/** What is said of the marked schedule or sensor: when, what for, the next times, and what its last ticks did. */
import { formatDuration } from "../core/duration.ts";
import { relativeTime } from "../term/duration.ts";
import { counted } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Role, type Style } from "../term/style.ts";
import { truncate, wrap } from "../term/width.ts";
import type { ShownSchedule, ShownSensor } from "../views/automation.ts";
import { timesIn } from "../views/times.ts";
import { outcomeRole, runsText } from "./automation_rows.ts";
import type { BoardData } from "./board.ts";

export interface AboutLook {
  readonly style: Style;
  readonly columns: number;
  readonly now: number;
  readonly data: BoardData;
}

const WORD = 7;

/** Lines behind one word, which the first of them begins with. */
function part(word: string, lines: readonly string[], { style, columns }: AboutLook): string[] {
  return lines.map((line, at) =>
    truncate(` ${paint(style, "dim", (at === 0 ? word : "").padEnd(WORD))} ${line}`, columns, style)
  );
}

function wrapped(text: string, { style, columns }: AboutLook, role: Role | null = null): string[] {
  const lines = wrap(sanitize(text, style), Math.max(10, columns - WORD - 2));
  return role === null ? lines : lines.map((line) => paint(style, role, line));
}

export function scheduleAbout(of: ShownSchedule, look: AboutLook): readonly string[] {
  const { style, now } = look;
  const times = timesIn(of.timezone);
  const next = of.next.map((at) =>
    `${times.iso(at).slice(0, 16).replace("T", " ")}  ${paint(style, "dim", relativeTime(at, now))}`
  );
  const kind = of.kind === "asset" ? "its own schedule" : `for ${of.select}`;
  return [
    ...part("cron", wrapped(`${of.cron}  ${of.timezone}`, look), look),
    ...part("what", wrapped(`${kind}; catch-up ${of.catchUp}, overlap ${of.overlap}`, look), look),
    ...(of.problem === null ? [] : part("problem", wrapped(of.problem.message, look, "bad"), look)),
    ...part("next", of.on ? next : [paint(style, "warn", "never: it is switched off")], look),
    ...lastLines(of.fact, of.timezone, look),
  ];
}

export function sensorAbout(of: ShownSensor, look: AboutLook): readonly string[] {
  const { style } = look;
  const problem = of.fact?.problem ?? null;
  const what = of.watch === null ? "asks its code" : `watches ${of.watch}`;
  const cursor = of.fact?.cursor ?? null;
  return [
    ...part("what", wrapped(`${what} every ${formatDuration(of.everyMs)}`, look), look),
    ...part("for", wrapped(of.select === "" ? "what it answers" : of.select, look), look),
    ...part("file", wrapped(of.file, look), look),
    ...part("keys", [
      `${counted(of.keys, "key")}${of.keys === 0 ? "" : paint(style, "dim", ", enter shows them")}`,
    ], look),
    ...(of.on ? [] : part("state", [paint(style, "warn", "switched off: it is not asked")], look)),
    ...(problem === null ? [] : part("problem", wrapped(problem, look, "bad"), look)),
    // Of a folder the cursor is ours, and says nothing to anybody.
    ...(cursor === null || of.watch !== null
      ? []
      : part("cursor", wrapped(JSON.stringify(cursor), look).slice(0, 2), look)),
    ...lastLines(of.fact, look.data.timezone, look),
  ];
}

function lastLines(
  fact: ShownSchedule["fact"],
  timezone: string,
  look: AboutLook,
): readonly string[] {
  const { style, now, data } = look;
  if (fact === null) {
    return part("last", [paint(style, "dim", "not seen yet: it counts from the next up")], look);
  }
  const times = timesIn(timezone);
  const lines = fact.last.map(({ due, outcome, text, runs }) => {
    const why = text === "" ? "" : `: ${sanitize(text, style)}`;
    const of = runs.length === 0 ? "" : `  ${runsText(runs, data.runs, style)}`;
    return `${times.wall(due, now).padEnd(12)} ${paint(style, outcomeRole(outcome), outcome)}${of}${
      paint(style, "dim", why)
    }`;
  });
  return part("last", lines.length > 0 ? lines : [paint(style, "dim", "no tick yet")], look);
}
