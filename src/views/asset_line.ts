/**
 * What is said of one asset of a run when its steps have ended: a line for those that succeeded, one for each other
 * way to end, then notes and warnings. Used by the plain lines and by what scrolls above the live block.
 */
import type { CheckResult, StepOutcome } from "../core/event.ts";
import { type AssetKey, type PartitionKey, WHOLE } from "../core/key.ts";
import { foldRanges } from "../core/partition/fold_ranges.ts";
import { duration } from "../term/duration.ts";
import { bytes, counted, grouped } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { fit, truncate, width } from "../term/width.ts";
import type { RunStep } from "./run_state.ts";
import { markOf, roleOf } from "./words.ts";

export interface AssetLineOptions {
  readonly style: Style;
  readonly columns: number;
  /** Of the column of names. */
  readonly names: number;
  /** Only problems. */
  readonly quiet: boolean;
}

/** How wide the column of names is for these assets. */
export function namesWidth(assets: Iterable<AssetKey>, style: Style, columns: number): number {
  let widest = 0;
  for (const asset of assets) widest = Math.max(widest, width(sanitize(asset, style)));
  return Math.min(widest, Math.max(12, Math.floor(columns * 0.4)));
}

const OTHERS = ["failed", "blocked", "skipped", "cancelled", "interrupted"] as const;

/** The lines of an asset all of whose steps are over. */
export function assetLines(
  asset: AssetKey,
  steps: readonly RunStep[],
  options: AssetLineOptions,
): string[] {
  const of = (outcome: StepOutcome) => steps.filter((step) => step.state === outcome);
  const lines: string[] = [];
  if (!options.quiet) {
    const made = of("succeeded"), unchanged = of("unchanged");
    if (made.length > 0) lines.push(madeLine(asset, made, steps.length, options));
    else if (unchanged.length > 0) {
      const parts = partsText(unchanged);
      lines.push(
        headLine("unchanged", asset, `${parts === "" ? "" : `${parts}  `}unchanged`, options),
      );
    }
    lines.push(...notesOf(steps, options));
  }
  for (const outcome of OTHERS) {
    // Quiet means problems alone: what failed tells itself, what was skipped is as it should be.
    if (options.quiet) break;
    lines.push(...endLines(asset, outcome, of(outcome), options));
  }
  lines.push(...warningsOf(asset, steps, options));
  return lines;
}

function madeLine(
  asset: AssetKey,
  made: readonly RunStep[],
  total: number,
  options: AssetLineOptions,
): string {
  const checked = made.every((step) => step.text === "checks only");
  const rows = made.some((step) => step.rows !== null)
    ? made.reduce((sum, step) => sum + (step.rows ?? 0), 0)
    : null;
  const size = made.reduce((sum, step) => sum + step.bytes, 0);
  const same = made.every((step) => step.same);
  const parts = [
    made.length < total
      ? `${grouped(made.length)} of ${counted(total, "partition")}`
      : partsText(made),
    checked ? "checked" : rows !== null ? counted(rows, "row") : size > 0 ? bytes(size) : "",
    same && !checked ? "same as before" : "",
    duration(elapsed(made)),
  ];
  return headLine("succeeded", asset, parts.filter((part) => part !== "").join("  "), options);
}

/** From the first start to the last end: what a person waited. */
function elapsed(steps: readonly RunStep[]): number {
  let first = Infinity, last = -Infinity;
  for (const { startedAt, endedAt } of steps) {
    if (startedAt !== null) first = Math.min(first, startedAt);
    if (endedAt !== null) last = Math.max(last, endedAt);
  }
  return Math.max(0, last - first) || 0;
}

function partsText(steps: readonly RunStep[]): string {
  const partitioned = steps.some((step) => step.partition !== WHOLE);
  if (!partitioned) return "";
  return steps.length === 1 ? `${steps[0]?.partition}` : counted(steps.length, "partition");
}

/** Of partitions with reasons of their own; more than these are one line. */
const MOST_ENDS = 3;

/** Partitions with one reason are one line; where there are many reasons, the first stands for all. */
function endLines(
  asset: AssetKey,
  outcome: typeof OTHERS[number],
  steps: readonly RunStep[],
  options: AssetLineOptions,
): string[] {
  const byText = new Map<string, RunStep[]>();
  for (const step of steps) {
    const text = outcome === "failed" ? "" : step.text;
    byText.set(text, [...byText.get(text) ?? [], step]);
  }
  // Forty months that are not published yet say so forty times over, each with its own name.
  const told: readonly (readonly [string, readonly RunStep[]])[] = byText.size <= MOST_ENDS
    ? [...byText]
    : [[`${byText.keys().next().value} …`, steps]];
  return told.map(([text, same]) => {
    const keys = keysText(same.map((step) => step.partition));
    const word = paint(options.style, roleOf(outcome), outcome);
    const where = keys === "" ? word : `${sanitize(keys, options.style)} ${word}`;
    const because = text === "" ? "" : `: ${sanitize(text, options.style)}`;
    return headLine(outcome, asset, `${where}${because}`, options);
  });
}

/** Partitions as ranges; nothing for what has none. */
export function keysText(keys: readonly PartitionKey[]): string {
  return keys.length === 1 && keys[0] === WHOLE ? "" : foldRanges(keys);
}

function headLine(
  outcome: StepOutcome,
  asset: AssetKey,
  text: string,
  { style, columns, names }: AssetLineOptions,
): string {
  const name = fit(sanitize(asset, style), names, style);
  const shown = outcome === "unchanged"
    ? paint(style, "dim", `${name}  ${text}`)
    : `${name}  ${text}`;
  return truncate(`${markOf(outcome, style)} ${shown}`, columns, style).trimEnd();
}

/** Said once, however many partitions say it. */
function notesOf(steps: readonly RunStep[], { style, columns }: AssetLineOptions): string[] {
  const notes = new Set(steps.flatMap((step) => step.notes));
  return [...notes].map((note) =>
    truncate(`  ${paint(style, "dim", "note:")} ${sanitize(note, style)}`, columns, style)
  );
}

/** Checks that did not pass but stopped nothing; in quiet only those that are errors. */
function warningsOf(
  asset: AssetKey,
  steps: readonly RunStep[],
  { style, columns, quiet }: AssetLineOptions,
): string[] {
  const found = new Map<string, { check: CheckResult; failing: number; keys: PartitionKey[] }>();
  for (const step of steps) {
    if (step.state !== "succeeded") continue;
    for (const check of step.checks) {
      if (check.outcome === "passed" || (quiet && check.severity === "warn")) continue;
      const known = found.get(check.name);
      if (known === undefined) {
        found.set(check.name, { check, failing: check.failing ?? 0, keys: [step.partition] });
      } else {
        known.failing += check.failing ?? 0;
        known.keys.push(step.partition);
      }
    }
  }
  return [...found.values()].map(({ check, failing, keys }) => {
    const where = keysText(keys);
    const many = check.failing !== null && keys.length > 1;
    const short = many
      ? `${counted(failing, "row")} in ${counted(keys.length, "partition")}`
      : check.text;
    const whole = where === "" ? short : many ? `${short} ${where}` : `${short} (${where})`;
    const word = check.severity === "error" ? "check failed:" : "warning:";
    const role = check.severity === "error" ? "bad" : "warn";
    const subject = quiet ? `${asset}: ${check.name}` : check.name;
    const line = (text: string) =>
      `  ${paint(style, role, word)} ${sanitize(`${subject}: ${text}`, style)}`;
    // Half of a partition's key says less than none.
    return truncate(width(line(whole)) <= columns ? line(whole) : line(short), columns, style);
  });
}

/** `25 succeeded, 1 failed, 3 unchanged`; what did not happen is not told. */
export function countsText(
  counts: Readonly<Record<StepOutcome, number>>,
  style: Style,
): string {
  const order: readonly StepOutcome[] = ["succeeded", "unchanged", ...OTHERS];
  const parts = order.filter((word) => counts[word] > 0).map((word) => {
    const text = `${grouped(counts[word])} ${word}`;
    return word === "succeeded" || word === "unchanged" ? text : paint(style, roleOf(word), text);
  });
  return parts.length === 0 ? "no steps" : parts.join(", ");
}
