/** All partitions of an asset at a glance: a cell each, in key order, with a legend of the states that occur. */
import type { PartitionStatus, StepState } from "../core/status.ts";
import { grouped } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { truncate, width } from "../term/width.ts";
import { roleOf } from "./words.ts";

/** Told apart without colour: what is there is full, what is not is faint. */
const CELLS: Readonly<Record<StepState, readonly [unicode: string, ascii: string]>> = {
  fresh: ["■", "#"],
  stale: ["▨", "o"],
  missing: ["·", "."],
  failed: ["✗", "x"],
  running: ["●", "*"],
};

const ORDER: readonly StepState[] = ["fresh", "stale", "failed", "running", "missing"];

/** Cells to a line: what people count in, so that a year of months or weeks is a line. */
function perLine(keys: readonly PartitionStatus[], room: number): number {
  const key = keys[0]?.partition ?? "";
  const wanted = /^\d{4}-\d\d$/.test(key)
    ? 12
    : /T\d\d/.test(key)
    ? 24
    : /^\d{4}-\d\d-\d\d$/.test(key)
    ? weekly(keys) ? 52 : 31
    : 50;
  return Math.max(1, Math.min(wanted, room));
}

function weekly(keys: readonly PartitionStatus[]): boolean {
  const [a, b] = [keys[0]?.partition ?? "", keys[1]?.partition ?? ""];
  return Date.parse(b) - Date.parse(a) === 7 * 86_400_000;
}

/** A grid of states, each line led by its first key, and the legend; at most `most` lines of cells. */
export function partitionGrid(
  keys: readonly PartitionStatus[],
  style: Style,
  columns: number,
  most = 12,
): string[] {
  if (keys.length === 0) return [paint(style, "dim", "no partitions")];
  const labels = keys.map(({ partition }) => sanitize(partition, style));
  const left = Math.min(Math.max(...labels.slice(0, 400).map(width)), Math.floor(columns / 3));
  const each = perLine(keys, columns - left - 2);
  const lines: string[] = [];
  for (let from = 0; from < keys.length && lines.length < most; from += each) {
    const label = truncate(labels[from] ?? "", left, style);
    const gap = " ".repeat(Math.max(0, left - width(label)));
    lines.push(
      `${paint(style, "dim", label)}${gap}  ${runs(keys.slice(from, from + each), style)}`,
    );
  }
  const hidden = keys.length - lines.length * each;
  if (hidden > 0) {
    lines.push(paint(style, "dim", `${style.unicode ? "…" : "..."} ${grouped(hidden)} more`));
  }
  return [...lines, truncate(legendOf(keys, style), columns, style)];
}

/** Neighbours of one state are painted at once. */
function runs(keys: readonly PartitionStatus[], style: Style): string {
  let text = "";
  for (let from = 0; from < keys.length;) {
    const state = keys[from]?.state ?? "missing";
    let to = from + 1;
    while (to < keys.length && keys[to]?.state === state) to++;
    text += paint(style, roleOf(state), cellOf(state, style).repeat(to - from));
    from = to;
  }
  return text;
}

/** Cells side by side, `size` columns each; null is no partition. Neighbours of one state are painted at once. */
export function cellRun(
  cells: readonly (StepState | null)[],
  style: Style,
  size: number,
): string {
  let text = "";
  for (let from = 0; from < cells.length;) {
    const state = cells[from] ?? null;
    let to = from + 1;
    while (to < cells.length && (cells[to] ?? null) === state) to++;
    const cell = state === null ? " " : cellOf(state, style);
    const run = cell.padEnd(size).repeat(to - from);
    text += state === null ? run : paint(style, roleOf(state), run);
    from = to;
  }
  return text;
}

function cellOf(state: StepState, style: Style): string {
  return CELLS[state][style.unicode ? 0 : 1];
}

/** `■ 12 fresh  · 3 missing`: the states that occur. */
export function legendOf(keys: readonly PartitionStatus[], style: Style): string {
  return ORDER.flatMap((state) => {
    const count = keys.filter((each) => each.state === state).length;
    if (count === 0) return [];
    const cell = paint(style, roleOf(state), cellOf(state, style));
    return [`${cell} ${grouped(count)} ${state}`];
  }).join("  ");
}
