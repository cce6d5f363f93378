/**
 * `plan`: what would run and why. Partitions of one asset with equal reasons are one line; what runs only if an input
 * changes recedes; what is held says by what and until when; the last line counts.
 */
import type { Reason } from "../core/event.ts";
import { type PartitionKey, WHOLE } from "../core/key.ts";
import { foldRanges } from "../core/partition/fold_ranges.ts";
import type { HeldStep, Plan, PlannedStep } from "../core/plan.ts";
import { relativeTime } from "../term/duration.ts";
import { counted, grouped } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Role, type Style } from "../term/style.ts";
import { fit, truncate, width, wrap } from "../term/width.ts";
import { type Around, timesIn } from "./times.ts";

interface Line {
  readonly mark: string;
  readonly role: Role;
  readonly name: string;
  readonly keys: PartitionKey[];
  readonly text: string;
  readonly dim: boolean;
}

/** The whole plan as lines of at most `columns` cells. */
export function planLines(plan: Plan, around: Around, style: Style, columns: number): string[] {
  const steps = foldSteps(plan.steps);
  const held = foldHeld(plan.held, around);
  const all = [...steps, ...held];
  const lines: string[] = [];
  if (all.length > 0) {
    const sizes = columnSizes(all, style, columns);
    for (const line of steps) lines.push(...drawn(line, sizes, style, columns));
    if (held.length > 0) {
      if (steps.length > 0) lines.push("");
      lines.push(paint(style, "heading", "held"));
      for (const line of held) lines.push(...drawn(line, sizes, style, columns));
    }
    lines.push("");
  }
  lines.push(truncate(summary(plan), columns, style));
  return lines;
}

/** `25 steps: 12 certain, 13 if their inputs change; 3 held`. */
function summary({ steps, held, fresh }: Plan): string {
  // "Nothing to do" with something broken is no good news: what broke is named.
  const broken = [
    ...new Set(held.filter((each) => each.held.kind === "failed").map((each) => each.asset)),
  ];
  const cause = broken.length === 0
    ? ""
    : broken.length === 1
    ? ` since ${broken[0]} failed`
    : ` since ${broken.length} assets failed`;
  const more = held.length > 0 ? `${grouped(held.length)} held${cause}` : "";
  if (steps.length === 0) {
    const parts = [`${grouped(fresh)} up to date`, more].filter((part) => part !== "");
    return `nothing to do: ${parts.join(", ")}`;
  }
  const certain = steps.filter((step) => step.certain).length;
  const may = steps.length - certain;
  const split = may === 0
    ? ""
    : certain === 0
    ? ", only if their inputs change"
    : `: ${grouped(certain)} certain, ${grouped(may)} if their inputs change`;
  return `${counted(steps.length, "step")}${split}${more === "" ? "" : `; ${more}`}`;
}

function foldSteps(steps: readonly PlannedStep[]): readonly Line[] {
  const folded = new Map<string, Line>();
  let last: { readonly step: PlannedStep; readonly line: Line } | null = null;
  for (const step of steps) {
    // Neighbours are mostly alike: a hundred thousand need not be written out to see that.
    if (last !== null && isLike(last.step, step)) {
      last.line.keys.push(step.partition);
      continue;
    }
    const reasons = step.reasons.map((each) => each.text).join("; ");
    const text = step.action === "check" ? `checks only: ${reasons}` : reasons;
    const name = step.together.length > 1 ? step.together.join(", ") : step.asset;
    const id = JSON.stringify([name, text, step.certain]);
    let line = folded.get(id);
    if (line !== undefined) line.keys.push(step.partition);
    else {
      line = { name, text, keys: [step.partition], ...signOf(step), dim: !step.certain };
      folded.set(id, line);
    }
    last = { step, line };
  }
  return [...folded.values()];
}

function isLike(one: PlannedStep, other: PlannedStep): boolean {
  return one.asset === other.asset && one.action === other.action &&
    one.certain === other.certain && one.reasons.length === other.reasons.length &&
    one.reasons.every((reason, at) => reason.text === other.reasons[at]?.text);
}

/** As in a diff: new, rebuilt, perhaps. */
function signOf({ certain, reasons }: PlannedStep): { mark: string; role: Role } {
  if (!certain) return { mark: "?", role: "dim" };
  return reasons.some((each: Reason) => each.kind === "missing")
    ? { mark: "+", role: "good" }
    : { mark: "~", role: "warn" };
}

function foldHeld(held: readonly HeldStep[], { now, timezone }: Around): readonly Line[] {
  const times = timesIn(timezone);
  const folded = new Map<string, Line>();
  for (const { asset, partition, reasons, held: { text, until } } of held) {
    const when = until === null
      ? ""
      : `, until ${times.wall(until, now)} (${relativeTime(until, now)})`;
    const because = reasonsBehind(reasons);
    const full = `${text}${when}${because === "" ? "" : `: ${because}`}`;
    const id = JSON.stringify([asset, full]);
    const known = folded.get(id);
    if (known !== undefined) known.keys.push(partition);
    else {
      folded.set(id, {
        name: asset,
        text: full,
        keys: [partition],
        mark: "!",
        role: "warn",
        dim: false,
      });
    }
  }
  return [...folded.values()];
}

/** What it would run for, or how it failed; that a failed one is missing too is no news. */
function reasonsBehind(reasons: readonly Reason[]): string {
  const failed = reasons.find((each) => each.kind === "failed");
  if (failed !== undefined) return failed.text.replace(/^its last attempt failed: /, "");
  return reasons.map((each) => each.text).join("; ");
}

interface Sizes {
  readonly name: number;
  readonly keys: number;
}

const MOST_KEYS = 34;

function keysText(keys: readonly PartitionKey[]): string {
  if (keys.length === 1 && keys[0] === WHOLE) return "";
  const text = foldRanges([...keys].sort());
  return width(text) <= MOST_KEYS || keys.length === 1
    ? text
    : `${grouped(keys.length)} partitions, ${text.split(", ")[0]} …`;
}

function columnSizes(lines: readonly Line[], style: Style, columns: number): Sizes {
  const widest = (texts: readonly string[], most: number) =>
    Math.min(Math.max(0, ...texts.map((text) => width(sanitize(text, style)))), most);
  const name = widest(lines.map((line) => line.name), Math.max(12, Math.floor(columns * 0.35)));
  // Where the reasons are short, keys may have what they leave.
  const left = columns - name - widest(lines.map((line) => line.text), columns) - 6;
  const most = Math.max(22, columns >> 2, left);
  return { name, keys: widest(lines.map((line) => keysText(line.keys)), most) };
}

const LEAST_ROOM = 24;
const MOST_LINES = 3;

/** Reasons stand beside, where there is room for them, else below; three lines at the most. */
function drawn(line: Line, sizes: Sizes, style: Style, columns: number): string[] {
  const keys = sizes.keys === 0
    ? ""
    : `${fit(sanitize(keysText(line.keys), style), sizes.keys, style)}  `;
  const head = `${fit(sanitize(line.name, style), sizes.name, style)}  ${keys}`;
  const beside = columns - 2 - width(head) >= LEAST_ROOM;
  const left = beside ? 2 + width(head) : 4;
  const room = Math.max(12, columns - left);
  const words = wrap(sanitize(line.text, style), room);
  const shown = words.slice(0, MOST_LINES);
  const cut = words[MOST_LINES];
  if (cut !== undefined) {
    shown[MOST_LINES - 1] = truncate(`${shown[MOST_LINES - 1]} ${cut}`, room, style);
  }
  const mark = paint(style, line.role, line.mark);
  const named = line.dim ? paint(style, "dim", head) : head;
  const texts = shown.map((text) => paint(style, "dim", text));
  const indent = " ".repeat(left);
  const first = truncate(`${mark} ${named}${beside ? texts[0] ?? "" : ""}`, columns, style);
  return [first, ...texts.slice(beside ? 1 : 0).map((text) => indent + text)]
    .map((text) => text.trimEnd());
}
