/**
 * A run as plain lines, for logs, pipes and cron: a line for each asset when all its steps have ended, problems at
 * once and whole, a summary at the end. A pure fold of events; nothing is ever taken back.
 */
import type { AttemptFailed, CheckResult, RunEnded, Stored } from "../core/event.ts";
import { type AssetKey, type PartitionKey, WHOLE } from "../core/key.ts";
import type { JsonObject } from "../core/json.ts";
import { foldRanges } from "../core/partition/fold_ranges.ts";
import type { Problem } from "../core/problem/problem.ts";
import type { CellValue } from "../term/cell.ts";
import { duration } from "../term/duration.ts";
import { grouped } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { table } from "../term/table.ts";
import { truncate, wrap } from "../term/width.ts";
import { assetLines, countsText, namesWidth } from "./asset_line.ts";
import { problemLines } from "./problem.ts";
import { emptyRun, foldRunEvent, isOver, type RunState, type RunStep } from "./run_state.ts";
import { markOf } from "./words.ts";

export interface RunLinesOptions {
  readonly style: Style;
  readonly columns: number;
  /** Only problems; nothing at all where there are none. */
  readonly quiet: boolean;
}

export interface RunLines {
  /** The lines that these events add. */
  onEvents(stored: readonly Stored[]): string[];
  readonly state: RunState;
}

/** Failing rows that are shown with a check. */
const SAMPLE = 3;
/** Beneath this a row stands better on its side than cut to two columns. */
const NARROW = 60;

export function createRunLines({ style, columns, quiet }: RunLinesOptions): RunLines {
  const state = emptyRun();
  const told = new Set<AssetKey>();
  // What one function makes besides its first asset is in no plan: only the end says that nothing more of it comes.
  const planned = new Set<AssetKey>();
  let over = false;
  let names = 0;
  // Where the first step that is not over stands: what is over stays so, and ten thousand are not looked at again.
  const reached = new Map<AssetKey, number>();
  const allOver = (asset: AssetKey, steps: readonly RunStep[]): boolean => {
    let at = reached.get(asset) ?? 0;
    for (let step = steps[at]; step !== undefined && isOver(step); step = steps[at]) at++;
    reached.set(asset, at);
    return at === steps.length;
  };
  // By asset and what was said, the partitions that fail of it; the first one has been told.
  const failures = new Map<AssetKey, Map<string, PartitionKey[]>>();
  const tell = (asset: AssetKey): string[] => {
    const steps = state.assets.get(asset) ?? [];
    if (told.has(asset) || !(over || planned.has(asset) && allOver(asset, steps))) return [];
    told.add(asset);
    const groups = [...failures.get(asset)?.values() ?? []].filter((each) => each.length > 1);
    return [
      ...groups.map((group) => sameLine(asset, group, style, columns)),
      ...assetLines(asset, steps, { style, columns, names, quiet }),
    ];
  };
  const failed = ({ asset, partition, problem }: AttemptFailed): string[] => {
    const known = failures.get(asset) ?? new Map<string, PartitionKey[]>();
    failures.set(asset, known);
    const said = saidOf(problem, partition);
    const again = known.get(said);
    if (again === undefined) known.set(said, [partition]);
    else again.push(partition);
    return again === undefined ? problemLines(problem, style, columns) : [];
  };

  function one(stored: Stored): string[] {
    const { event } = stored;
    const step = foldRunEvent(state, stored);
    switch (event.kind) {
      case "run-started":
        for (const { asset } of event.steps) planned.add(asset);
        names = namesWidth(state.assets.keys(), style, columns);
        return [];
      case "attempt-started":
        names = Math.max(names, namesWidth([event.asset], style, columns));
        return [];
      case "attempt-failed":
        return [
          ...(event.retryAt !== null
            ? quiet ? [] : [retryLine(event, stored.at, style, columns)]
            : failed(event)),
          ...tell(event.asset),
        ];
      case "materialized":
      case "checked":
      case "step-ended":
        return step === null ? [] : tell(step.asset);
      case "run-ended":
        over = true;
        return [
          ...[...state.assets.keys()].flatMap(tell),
          ...(quiet && event.outcome === "succeeded"
            ? []
            : wrap(summaryLine(event, style), columns, "  ")),
        ];
      default:
        return [];
    }
  }

  return { state, onEvents: (stored) => stored.flatMap(one) };
}

/** `↻ taxi_trips_file 2023-02  try 2 in 4 s: it is cut short`: why is news, that it failed is not. */
function retryLine(event: AttemptFailed, at: number, style: Style, columns: number): string {
  const name = event.partition === "" ? event.asset : `${event.asset} ${event.partition}`;
  const wait = duration(Math.max(0, (event.retryAt ?? at) - at));
  const text = sanitize(
    `${name}  try ${event.number + 1} in ${wait}: ${event.problem.why}`,
    style,
  );
  return truncate(`${markOf("retrying", style)} ${text}`, columns, style);
}

/** A problem's words, whatever the partition that it is told of. */
function saidOf({ code, message, why, hint, where }: Problem, partition: PartitionKey): string {
  const { file, line, column } = where ?? {};
  const words = JSON.stringify([code, message, why, hint, file, line, column]);
  if (partition === "") return words;
  const key = partition.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return words.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}])${key}(?![\\p{L}\\p{N}])`, "gu"), "\0");
}

/** `and: taxi_trips_file 2023-03..2023-05 failed as 2023-02 did`, for those whose problem was not told again. */
function sameLine(
  asset: AssetKey,
  [first = WHOLE, ...others]: readonly PartitionKey[],
  style: Style,
  columns: number,
): string {
  const text = `${asset} ${foldRanges(others.sort())} failed as ${first} did`;
  return truncate(`${paint(style, "dim", "  and:")} ${sanitize(text, style)}`, columns, style);
}

/** The whole problem, then a few of the rows that a check refused. */
export function failureLines(
  event: Pick<AttemptFailed, "problem" | "checks">,
  style: Style,
  columns: number,
): string[] {
  const lines = problemLines(event.problem, style, columns);
  for (const check of event.checks) {
    if (check.outcome === "passed" || !check.blocking) continue;
    lines.push(...sampleLines(check, style, columns));
  }
  return lines;
}

/** At most three failing rows as a table, what the check is about first; nothing where there are none to show. */
export function sampleLines(
  check: CheckResult,
  style: Style,
  columns: number,
  heading = true,
): string[] {
  const shown = check.sample.slice(0, SAMPLE);
  const found = [...new Set(shown.flatMap((row) => Object.keys(row)))];
  if (found.length === 0) return [];
  const about = /\(([^)]*)\)/.exec(check.name)?.[1]?.split(/,\s*/) ?? [];
  const names = [
    ...found.filter((name) => about.includes(name)),
    ...found.filter((name) => !about.includes(name)),
  ];
  const failing = check.failing ?? check.sample.length;
  const rows = shown.map((row) => names.map((name) => cellOf(row, name)));
  const text = `${check.name}: ${grouped(Math.min(shown.length, failing))} of ${
    grouped(failing)
  } failing row${failing === 1 ? "" : "s"}`;
  const layout = columns < NARROW ? "auto" : "grid";
  const width = Math.max(20, columns - 7);
  return [
    ...(heading
      ? [truncate(`       ${paint(style, "dim", sanitize(text, style))}`, columns, style)]
      : []),
    ...table(names.map((title, i) => ({ title, ...kindIn(rows, i) })), rows, {
      width,
      style,
      layout,
    })
      .map((line) => `       ${line}`),
  ];
}

/** Decimals and times come as text, and are numbers and times all the same: neither is cut. */
function kindIn(
  rows: readonly (readonly CellValue[])[],
  at: number,
): { readonly kind?: "number" | "time" } {
  const known = rows.map((row) => row[at] ?? null).filter((value) => value !== null);
  const every = (passes: (value: CellValue) => boolean) => known.length > 0 && known.every(passes);
  const like = (pattern: RegExp) => (value: CellValue) =>
    typeof value === "string" && pattern.test(value);
  if (every((value) => typeof value === "number" || like(/^-?\d+\.\d+$/)(value))) {
    return { kind: "number" };
  }
  return every(like(/^\d{4,}-\d\d-\d\d( \d\d:\d\d(:\d\d(\.\d+)?)?)?$/)) ? { kind: "time" } : {};
}

function cellOf(row: JsonObject, name: string): CellValue {
  const value = row[name];
  if (value === undefined || value === null) return value;
  // A T between is for machines.
  if (typeof value === "string") return value.replace(/^(\d{4,}-\d\d-\d\d)T(?=\d\d:)/, "$1 ");
  return typeof value === "object" ? JSON.stringify(value) : value;
}

/** `done in 3.2 s: 25 succeeded`. */
export function summaryLine(event: RunEnded, style: Style): string {
  const [word, role] = {
    succeeded: ["done in", "good"],
    failed: ["failed after", "bad"],
    cancelled: ["cancelled after", "warn"],
    interrupted: ["interrupted after", "warn"],
  }[event.outcome] as [string, "good" | "bad" | "warn"];
  const time = duration(event.seconds * 1000);
  return `${paint(style, role, word)} ${time}: ${countsText(event.steps, style)}`;
}
