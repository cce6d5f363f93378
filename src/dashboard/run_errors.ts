/** What went wrong in a run, step by step: each try that failed, the last one whole, and how it is done again. */
import { WHOLE } from "../core/key.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { truncate } from "../term/width.ts";
import { attemptLines } from "../views/show_run.ts";
import type { RunStep } from "../views/run_state.ts";
import { commandLine } from "./acting.ts";
import { SIGN } from "./marked.ts";

/** The block of one step, an empty line first. */
export function errorBlock(
  step: RunStep,
  marked: boolean,
  style: Style,
  columns: number,
): readonly string[] {
  const again = commandLine([
    "run",
    step.asset,
    ...(step.partition === WHOLE ? [] : ["--partition", step.partition]),
  ]);
  const lines = [
    ...attemptLines(step, style, columns - SIGN).slice(1),
    ...(step.state === "failed"
      ? [`${paint(style, "dim", "rerun:")} ${sanitize(again, style)}`]
      : []),
  ];
  const sign = marked ? paint(style, "accent", style.unicode ? "▌ " : "> ") : "  ";
  return ["", ...lines.map((line) => truncate(sign + line, columns, style))];
}

/** So many lines of blocks that the marked one is seen whole where it can be: what is before it gives way. */
export function errorLines(
  steps: readonly RunStep[],
  cursor: number,
  style: Style,
  columns: number,
  rows: number,
): readonly string[] {
  const block = (at: number) => errorBlock(steps[at] as RunStep, at === cursor, style, columns);
  if (steps[cursor] === undefined) return [];
  const before: (readonly string[])[] = [];
  const own = block(cursor);
  let used = own.length;
  for (let at = cursor - 1; at >= 0; at--) {
    const next = block(at);
    if (used + next.length > rows) break;
    before.unshift(next);
    used += next.length;
  }
  const after: (readonly string[])[] = [];
  for (let at = cursor + 1; at < steps.length && used < rows; at++) {
    const next = block(at);
    after.push(next);
    used += next.length;
  }
  return [...before, own, ...after].flat().slice(0, rows);
}
