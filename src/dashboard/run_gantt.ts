/** The steps of a run along time, line by line: each try a bar, waits between them dots, what runs reaching to now. */
import { canvas, canvasLines } from "../term/canvas.ts";
import { duration, shortDuration } from "../term/duration.ts";
import { drawTimeAxis, fillOf } from "../term/gantt.ts";
import { counted, grouped, percent } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { type Role, roleCodes, type Style, wrapCodes } from "../term/style.ts";
import { fit, truncate, width } from "../term/width.ts";
import { fractionOf, progressWords } from "../views/progress_words.ts";
import type { RunStep } from "../views/run_state.ts";
import { markOf, roleOf } from "../views/words.ts";
import type { BoardData } from "./board.ts";
import { firstStart, gathered, type RunItem, type Told } from "./run_told.ts";

const SAMPLE = 500;
/** In less room than this only whole parts are told. */
const LEAST_TEXT = 20;

export interface GanttLook {
  readonly style: Style;
  readonly columns: number;
  readonly now: number;
  readonly progress: BoardData["progress"];
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly role: Role;
  /** A wait: dots. */
  readonly waits?: true;
}

interface Row {
  readonly mark: string;
  readonly label: string;
  readonly stretches: readonly Stretch[];
  readonly critical: boolean | undefined;
  readonly text: string;
  readonly role: Role | null;
}

/** The lines of these items, and the two of the axis below them. */
export function ganttLines(
  told: Told,
  items: readonly RunItem[],
  all: readonly RunItem[],
  look: GanttLook,
): { readonly lines: readonly string[]; readonly axis: readonly string[] } {
  const { style, columns } = look;
  const names = namesOf(all, style, columns);
  const texts = columns < 60 ? 8 : columns < 100 ? 26 : Math.floor(columns * 0.28);
  const left = 2 + names + 1;
  const room = Math.max(4, columns - left - texts - 1);
  const start = told.run.startedAt ?? told.head.startedAt ?? told.head.requestedAt;
  const end = endOf(told, start, look.now);
  const span = Math.max(1, end - start);
  const lines = items.map((item) => {
    const row = rowOf(item, told, end, look);
    const label = fit(`${"  ".repeat(item.depth)}${sanitize(row.label, style)}`, names, style);
    const bar = barOf(row, { start, span, room, style });
    const text = shortened(sanitize(row.text, style), texts, style);
    const painted = wrapCodes(roleCodes(style, row.role ?? "dim"), text);
    return `${row.mark} ${label} ${bar} ${painted}`;
  });
  const on = canvas(columns, 2);
  drawTimeAxis(on, 0, left, room, span, style);
  return { lines, axis: canvasLines(on) };
}

/** Of a run whose process died without a word the last that was heard of it. */
function endOf({ head, run, events }: Told, start: number, now: number): number {
  const last = isDead(head) ? events.at(-1)?.at ?? start : now;
  return head.endedAt ?? run.endedAt ?? Math.max(start, last);
}

function isDead({ state, endedAt }: Told["head"]): boolean {
  return endedAt === null && state !== "running" && state !== "queued";
}

/** A step as it stands: what its process left when it died was broken off. */
function stateOf(step: RunStep, { head }: Told): RunStep["state"] {
  return isDead(head) && (step.state === "running" || step.state === "retrying")
    ? "interrupted"
    : step.state;
}

/** As many of its parts as there is room for; of the first what fits. */
function shortened(text: string, columns: number, style: Style): string {
  const parts = text.split("  ");
  while (parts.length > 1 && columns < LEAST_TEXT && width(parts.join("  ")) > columns) parts.pop();
  return truncate(parts.join("  "), columns, style);
}

function namesOf(items: readonly RunItem[], style: Style, columns: number): number {
  const most = Math.max(10, Math.floor(columns * (columns < 60 ? 0.45 : 0.32)));
  let widest = 8;
  // Of very many the first ones tell how wide they are.
  for (const item of items.slice(0, SAMPLE)) {
    if (widest >= most) break;
    widest = Math.max(widest, item.depth * 2 + width(sanitize(labelOf(item), style)));
  }
  return Math.min(widest, most);
}

function labelOf(item: RunItem): string {
  switch (item.kind) {
    case "asset":
      return item.id;
    case "step":
      return item.depth === 1 ? item.step.partition : item.step.key;
    case "try":
      return `try ${item.of.number}`;
  }
}

function rowOf(item: RunItem, told: Told, end: number, look: GanttLook): Row {
  const { style } = look;
  const marked = told.critical.size > 0;
  switch (item.kind) {
    case "asset": {
      const { state, over, failed, endedAt } = gathered(item.steps);
      const from = firstStart(item.steps);
      const to = endedAt ?? end;
      const texts = [
        ...(from === null ? [] : [duration(to - from)]),
        over === item.steps.length
          ? counted(over, "step")
          : `${grouped(over)}/${counted(item.steps.length, "step")}`,
        ...(failed > 0 ? [`${grouped(failed)} failed`] : []),
      ];
      return {
        mark: markOf(state, style),
        label: labelOf(item),
        stretches: from === null ? [] : [{ from, to, role: roleOf(state) }],
        critical: marked ? item.steps.some(({ key }) => told.critical.has(key)) : undefined,
        text: texts.join("  "),
        role: failed > 0 ? "bad" : null,
      };
    }
    case "step": {
      const step = { ...item.step, state: stateOf(item.step, told) };
      return {
        mark: markOf(step.state, style),
        label: labelOf(item),
        stretches: stretchesOf(step, end),
        critical: marked ? told.critical.has(step.key) : undefined,
        text: stepText(step, end, look),
        role: step.state === "succeeded" || step.state === "running" ? null : roleOf(step.state),
      };
    }
    case "try": {
      const { of, step } = item;
      const isLast = of === step.tries.at(-1);
      const state = of.problem !== null
        ? "failed"
        : of.endedAt === null && !isDead(told.head)
        ? "running"
        : isLast && step.state !== "waiting" && step.state !== "retrying"
        ? step.state
        : "interrupted";
      const problem = of.problem === null
        ? ""
        : `  ${of.problem.message}${of.problem.why === undefined ? "" : `: ${of.problem.why}`}`;
      return {
        mark: markOf(state, style),
        label: labelOf(item),
        stretches: [{ from: of.startedAt, to: of.endedAt ?? end, role: roleOf(state) }],
        critical: undefined,
        text: `${duration(Math.max(0, (of.endedAt ?? end) - of.startedAt))}${problem}`,
        role: of.problem === null ? null : "bad",
      };
    }
  }
}

/** Every try, and the waits between them. */
function stretchesOf(step: RunStep, end: number): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const [at, own] of step.tries.entries()) {
    const before = step.tries[at - 1];
    if (before?.endedAt) {
      found.push({ from: before.endedAt, to: own.startedAt, role: "dim", waits: true });
    }
    const isLast = at === step.tries.length - 1;
    const role = own.problem !== null ? "bad" : isLast ? roleOf(step.state) : "warn";
    found.push({ from: own.startedAt, to: own.endedAt ?? step.endedAt ?? end, role });
  }
  const last = step.tries.at(-1);
  if (step.state === "retrying" && last?.endedAt) {
    found.push({ from: last.endedAt, to: end, role: "dim", waits: true });
  }
  return found;
}

function stepText(step: RunStep, end: number, { now, progress }: GanttLook): string {
  const tries = step.tries.length > 1 ? `${step.tries.length} tries` : "";
  const took = step.startedAt === null
    ? ""
    : duration(Math.max(0, (step.endedAt ?? end) - step.startedAt));
  const told = progress.get(step.key);
  const words = (): readonly string[] => {
    switch (step.state) {
      case "succeeded":
        return step.rows === null ? [] : [counted(step.rows, "row")];
      case "running": {
        if (told === undefined) return [];
        const fraction = fractionOf(told.last);
        return [
          ...(fraction === null ? [] : [percent(fraction)]),
          ...progressWords({ ...told }, fraction, now),
        ];
      }
      case "retrying":
        return [
          step.retryAt === null || step.retryAt <= now
            ? "tries again"
            : `tries again in ${shortDuration(step.retryAt - now)}`,
        ];
      default:
        return [`${step.state}${step.text === "" ? "" : `: ${step.text}`}`];
    }
  };
  return [took, tries, ...words()].filter((text) => text !== "").join("  ");
}

interface Scale {
  readonly start: number;
  readonly span: number;
  readonly room: number;
  readonly style: Style;
}

/** Exactly `room` columns. */
function barOf({ stretches, critical }: Row, { start, span, room, style }: Scale): string {
  const cells: { char: string; codes: string }[] = Array.from(
    { length: room },
    () => ({ char: " ", codes: "" }),
  );
  for (const { from, to, role, waits } of stretches) {
    const first = Math.max(0, Math.min(room - 1, Math.floor(((from - start) / span) * room)));
    const last = Math.max(first + 1, Math.min(room, Math.round(((to - start) / span) * room)));
    const char = waits ? (style.unicode ? "·" : ".") : fillOf({ role, critical }, style);
    for (let at = first; at < last; at++) {
      // A bar is never less than a cell, and a wait never covers it.
      if (waits && cells[at]?.char !== " ") continue;
      cells[at] = { char, codes: roleCodes(style, role) };
    }
  }
  let line = "", open = "", text = "";
  for (const { char, codes } of [...cells, { char: "", codes: "\0" }]) {
    if (codes !== open) {
      line += wrapCodes(open, text);
      [open, text] = [codes, ""];
    }
    text += char;
  }
  return line;
}
