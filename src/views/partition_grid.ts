/** How the states of partitions look in cells, and the legend that says so. */
import type { PartitionStatus, StepState } from "../core/status.ts";
import { grouped } from "../term/number.ts";
import { paint, roleCodes, type Style } from "../term/style.ts";
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

/** The sign of a state; where it is marked and there is no colour to say so, another one. */
export function cellOf(state: StepState, style: Style, marked = false): string {
  if (marked && style.color === "none") return style.unicode ? "▣" : "@";
  return CELLS[state][style.unicode ? 0 : 1];
}

/** Its colours, turned round where it is marked. */
export function cellCodes(state: StepState, style: Style, marked: boolean): string {
  const codes = roleCodes(style, roleOf(state));
  return marked && style.color !== "none" ? `${codes};7` : codes;
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
