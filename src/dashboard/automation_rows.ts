/** How schedules, sensors and keys read in one line each. */
import { formatDuration } from "../core/duration.ts";
import type { RunHead } from "../core/heads.ts";
import { relativeTime } from "../term/duration.ts";
import { grouped } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Role, type Style } from "../term/style.ts";
import { fit, pad, truncate, width } from "../term/width.ts";
import type { ShownKey, ShownSchedule, ShownSensor } from "../views/automation.ts";
import { markOf, shortId, type Word } from "../views/words.ts";

export interface AutomationLook {
  readonly style: Style;
  readonly columns: number;
  readonly now: number;
  /** Columns of the names. */
  readonly names: number;
}

interface Cell<T> {
  readonly title: string;
  readonly size: number;
  /** From so many columns on. */
  readonly from: number;
  readonly text: (of: T, look: AutomationLook) => string;
}

/** Columns of names: as wide as the widest, no wider than a third. */
export function nameColumns(names: readonly string[], columns: number, style: Style): number {
  let widest = 8;
  for (const name of names) widest = Math.max(widest, width(sanitize(name, style)));
  return Math.min(widest, Math.max(10, Math.floor(columns * (columns < 60 ? 0.5 : 0.34))));
}

const SCHEDULE: readonly Cell<ShownSchedule>[] = [
  {
    title: "next",
    size: 9,
    from: 0,
    text: ({ on, next: [next] }, { style, now }) =>
      !on
        ? paint(style, "warn", "off")
        : next === undefined
        ? paint(style, "dim", "never")
        : relativeTime(next, now),
  },
  { title: "cron", size: 16, from: 46, text: ({ cron }, { style }) => sanitize(cron, style) },
  { title: "last", size: 22, from: 70, text: ({ fact }, look) => lastText(fact?.last[0], look) },
];

const SENSOR: readonly Cell<ShownSensor>[] = [
  {
    title: "keys",
    size: 6,
    from: 0,
    text: ({ on, keys }, { style }) => on ? grouped(keys) : paint(style, "warn", "off"),
  },
  { title: "looks at", size: 20, from: 46, text: (sensor, { style }) => watchText(sensor, style) },
  { title: "last", size: 22, from: 70, text: ({ fact }, look) => lastText(fact?.last[0], look) },
];

const KEY: readonly Cell<ShownKey>[] = [
  {
    title: "state",
    size: 10,
    from: 0,
    text: ({ state }, { style }) =>
      paint(style, state === "failed" ? "bad" : state === "waiting" ? "warn" : "dim", state),
  },
  {
    title: "asked",
    size: 10,
    from: 46,
    text: ({ at }, { style, now }) => paint(style, "dim", relativeTime(at, now)),
  },
  {
    title: "run",
    size: 6,
    from: 56,
    text: ({ run }, { style }) => run === null ? "" : paint(style, "key", shortId(run)),
  },
];

/** `in 3 min`, `requested 2 h ago`: the last tick in few words. */
function lastText(
  last: { readonly due: number; readonly outcome: string } | undefined,
  { style, now }: AutomationLook,
): string {
  if (last === undefined) return paint(style, "dim", "not yet");
  return `${paint(style, outcomeRole(last.outcome), last.outcome)} ${
    paint(style, "dim", relativeTime(last.due, now))
  }`;
}

export function outcomeRole(outcome: string): Role {
  return outcome === "failed" ? "bad" : outcome === "requested" ? "good" : "dim";
}

export function watchText({ watch, everyMs }: ShownSensor, style: Style): string {
  return watch === null ? `every ${formatDuration(everyMs)}` : sanitize(watch, style);
}

export function scheduleRow(each: ShownSchedule, look: AutomationLook): string {
  const bad = each.problem !== null;
  const mark = bad ? "failed" : each.on ? "fresh" : "held";
  return row(mark, each.name, SCHEDULE, each, each.kind === "asset" ? "" : each.select, look);
}

export function sensorRow(each: ShownSensor, look: AutomationLook): string {
  const bad = (each.fact?.problem ?? null) !== null;
  return row(
    bad ? "failed" : each.on ? "fresh" : "held",
    each.name,
    SENSOR,
    each,
    each.select,
    look,
  );
}

export function keyRow(each: ShownKey, look: AutomationLook): string {
  const mark = each.state === "failed"
    ? "failed"
    : each.state === "published"
    ? "fresh"
    : "waiting";
  return row(mark, each.key, KEY, each, each.asset ?? "", look);
}

export function headRow(
  section: "schedules" | "sensors" | "keys",
  look: AutomationLook,
): string {
  const { style, columns, names } = look;
  const cells: readonly { title: string; size: number; from: number }[] = section === "schedules"
    ? SCHEDULE
    : section === "sensors"
    ? SENSOR
    : KEY;
  const name = section === "schedules" ? "schedule" : section === "sensors" ? "sensor" : "key";
  const parts = cells.filter((cell) => columns >= cell.from)
    .map(({ title, size }) => pad(title, size));
  const text = `  ${[pad(name, names), ...parts, section === "keys" ? "asset" : "for"].join("  ")}`;
  return paint(style, "dim", truncate(text, columns, style));
}

function row<T>(
  mark: Word,
  name: string,
  cells: readonly Cell<T>[],
  of: T,
  rest: string,
  look: AutomationLook,
): string {
  const { style, columns, names } = look;
  const parts = cells.filter((cell) => columns >= cell.from)
    .map((cell) => fit(cell.text(of, look), cell.size, style));
  const line = `${markOf(mark, style)} ${
    [fit(sanitize(name, style), names, style), ...parts].join("  ")
  }`;
  const left = columns - width(line) - 2;
  return left < 6
    ? line
    : `${line}  ${paint(style, "dim", truncate(sanitize(rest, style), left, style))}`;
}

/** `✓ 7f3a91` of runs that a tick asked for; a run that is not at hand has no mark. */
export function runsText(
  ids: readonly string[],
  runs: readonly RunHead[],
  style: Style,
): string {
  return ids.map((id) => {
    const head = runs.find((each) => each.run === id);
    const name = paint(style, "key", sanitize(shortId(id), style));
    return head === undefined ? name : `${markOf(head.state, style)} ${name}`;
  }).join(" ");
}
