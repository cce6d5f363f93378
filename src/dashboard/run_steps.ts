/** What keys do to the marked step of a run: unfold it, open its asset, open the file in which it went wrong. */
import type { Problem } from "../core/problem/problem.ts";
import type { RunStep } from "../views/run_state.ts";
import type { Model } from "./model.ts";
import { listedOf, type RunItem } from "./run_told.ts";
import type { Answered } from "./screen.ts";
import type { RunState } from "./states.ts";

/** An item unfolded or folded; of what is below one, that is folded, and the cursor goes to it. */
export function folded(state: RunState, item: RunItem, unfold: boolean): RunState {
  if (unfold) {
    return item.kind === "try"
      ? state
      : { ...state, unfolded: [...state.unfolded, item.id], follow: false };
  }
  const items = listedOf(state)?.items ?? [];
  const at = items.findIndex((each) => each.id === item.id);
  const above = items.slice(0, Math.max(0, at));
  const to = state.unfolded.includes(item.id)
    ? at
    : above.findLastIndex((each) => each.depth < item.depth);
  const head = items[to];
  if (head === undefined) return state;
  return {
    ...state,
    unfolded: state.unfolded.filter((each) => each !== head.id),
    scroll: { ...state.scroll, cursor: to },
    selected: head.id,
    follow: false,
  };
}

export function opened(item: RunItem | undefined): Answered<RunState> {
  if (item === undefined) return {};
  return item.kind === "asset"
    ? { go: { screen: "asset", subject: item.id } }
    : openedStep(item.step);
}

export function openedStep(step: RunStep): Answered<RunState> {
  return { go: { screen: "asset", subject: step.asset } };
}

/** The file in which what went wrong lies, or the one of the marked step's asset. */
export function editing(model: Model, state: RunState): Answered<RunState> | null {
  const { told } = state;
  if (told === null || model.readOnly || model.data === null) return null;
  const item = state.section === "steps" ? listedOf(state)?.items[state.scroll.cursor] : undefined;
  const step = state.section === "errors"
    ? told.failed[state.scroll.cursor]
    : item === undefined
    ? undefined
    : item.kind === "asset"
    ? item.steps[0]
    : item.step;
  if (step === undefined) return null;
  const where: Problem["where"] = step.tries.findLast((each) => each.problem !== null)?.problem
    ?.where;
  if (where?.file !== undefined) {
    return { effects: [{ kind: "edit", file: where.file, line: where.line ?? 1 }] };
  }
  const key = model.data.graph.find(step.asset);
  if (key === null) return null;
  const { file, line } = model.data.graph.def(key).origin;
  return { effects: [{ kind: "edit", file, line }] };
}
