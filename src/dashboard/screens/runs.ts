/** What happened and what is happening, newest first; older runs are read when the cursor comes to the end. */
import type { RunHead } from "../../core/heads.ts";
import { foldName } from "../../core/key.ts";
import { counted, grouped } from "../../term/number.ts";
import { sanitize } from "../../term/sanitize.ts";
import { paint } from "../../term/style.ts";
import { truncate } from "../../term/width.ts";
import { listLine, SIGN } from "../marked.ts";
import type { Model, Room } from "../model.ts";
import { filterWord } from "../selecting.ts";
import { runHeadRow, runRow, whatOf } from "../runs_rows.ts";
import type { Answered, Screen, Subject } from "../screen.ts";
import { moved, settled } from "../scroll.ts";
import type { RunsState } from "../states.ts";

export const runs: Screen<RunsState> = {
  title: "runs",
  act(model, state, action, room) {
    const found = runsShown(model, state);
    const scroll = moved(state.scroll, action, found.length, listRows(room));
    if (scroll !== null) {
      const next = { ...state, scroll, selected: found[scroll.cursor]?.run ?? "" };
      return older(model, next, found.length);
    }
    switch (action) {
      case "open":
      case "right":
        return opened(found[state.scroll.cursor]);
      case "only-failed": {
        const next = { ...state, onlyFailed: !state.onlyFailed };
        const after = runsShown(model, next);
        // Few of the last ones went wrong: those before are looked through as well.
        return after.length < listRows(room) ? older(model, next, 0) : { state: next };
      }
      default:
        return null;
    }
  },
  settle(model, state, room) {
    const found = runsShown(model, state);
    const at = found.findIndex((each) => each.run === state.selected);
    // Whoever looks at the newest goes on looking at the newest.
    const isFirst = state.scroll.cursor === 0 && state.scroll.top === 0;
    const cursor = isFirst ? 0 : at < 0 ? state.scroll.cursor : at;
    const scroll = settled({ ...state.scroll, cursor }, found.length, listRows(room));
    const selected = found[scroll.cursor]?.run ?? "";
    return scroll === state.scroll && selected === state.selected
      ? state
      : { ...state, scroll, selected };
  },
  press(model, state, room, _column, row) {
    const found = runsShown(model, state);
    const index = state.scroll.top + row - HEADS;
    const run = found[index];
    if (run === undefined || row < HEADS || row >= HEADS + listRows(room)) return null;
    if (run.run === state.selected) return opened(run);
    return { state: { ...state, selected: run.run, scroll: { ...state.scroll, cursor: index } } };
  },
  subject(model, state): Subject {
    const run = runsShown(model, state)[state.scroll.cursor];
    return run === undefined ? null : { kind: "run", run: run.run };
  },
  view(model, state, room) {
    const { data, style } = model;
    if (data === null) return [];
    const found = runsShown(model, state);
    const head = headLine(model, state, found.length);
    if (found.length === 0) return [head, `  ${paint(style, "dim", nothing(model, state))}`];
    const look = {
      style,
      columns: room.columns - SIGN,
      now: model.now,
      frame: model.frame,
      timezone: data.timezone,
    };
    const lines = found.slice(state.scroll.top, state.scroll.top + listRows(room))
      .map((run, index) => {
        const marked = state.scroll.top + index === state.scroll.cursor;
        return listLine(runRow(run, look), marked, style, room.columns);
      });
    return [head, `  ${runHeadRow(look)}`, ...lines];
  },
};

/** Lines above the list: how many there are, and what stands in which column. */
const HEADS = 2;

function listRows({ rows }: Room): number {
  return Math.max(1, rows - HEADS);
}

const BAD: ReadonlySet<RunHead["state"]> = new Set(["failed", "interrupted"]);

/** Those that are shown: what went wrong alone where that is asked for, and what has the filter's word in it. */
function runsShown(model: Model, { onlyFailed }: RunsState): readonly RunHead[] {
  const all = model.data?.runs ?? [];
  const word = filterWord(model.filter);
  if (!onlyFailed && word === null) return all;
  return all.filter((run) => {
    if (onlyFailed && !BAD.has(run.state)) return false;
    const text = `${run.run} ${run.state} ${whatOf(run)} ${run.command}`;
    return word === null || foldName(text).includes(word);
  });
}

/** At the end of the list the runs before it are asked for, once for every length that it has. */
function older(model: Model, state: RunsState, length: number): Answered<RunsState> {
  const { data } = model;
  if (data === null || !data.moreRuns || state.scroll.cursor < length - 1) return { state };
  if (state.askedAt === data.runs.length) return { state };
  return {
    state: { ...state, askedAt: data.runs.length },
    effects: [{ kind: "more-runs" }],
  };
}

function opened(run: RunHead | undefined): Answered<RunsState> {
  return run === undefined ? {} : { go: { screen: "run", subject: run.run } };
}

function headLine(
  { data, style, filter, columns }: Model,
  state: RunsState,
  shown: number,
): string {
  const all = data?.runs.length ?? 0;
  const more = data?.moreRuns ? `the last ${grouped(all)}` : counted(all, "run");
  const what = [
    ...(state.onlyFailed ? ["that went wrong"] : []),
    ...(filterWord(filter) === null ? [] : [`with ${sanitize(filter, style)}`]),
  ].join(" ");
  const text = what === ""
    ? data?.moreRuns ? `${more} runs; older ones come at the end` : more
    : `${grouped(shown)} of ${more} ${what}${state.onlyFailed ? ", f shows all" : ""}`;
  return truncate(`  ${paint(style, "dim", text)}`, columns, style);
}

function nothing(model: Model, state: RunsState): string {
  if ((model.data?.runs.length ?? 0) === 0) return "no runs yet: r on an asset begins one";
  if (filterWord(model.filter) !== null) return `no run has ${model.filter} in it: esc shows all`;
  return state.onlyFailed ? "none of them went wrong" : "no runs";
}
