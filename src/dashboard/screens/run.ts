/** One run: its steps along time, live while it runs; what went wrong; what its steps printed, followed. */
import type { RunHead } from "../../core/heads.ts";
import { paint } from "../../term/style.ts";
import { criticalLines } from "../../views/critical.ts";
import { answerLines } from "../answer_lines.ts";
import type { Want } from "../board.ts";
import { listLine, SIGN } from "../marked.ts";
import { answerOf, type Model, placeOf, type Room } from "../model.ts";
import { errorLines } from "../run_errors.ts";
import { ganttLines } from "../run_gantt.ts";
import { runCountsLine, runHeadLine } from "../run_head.ts";
import { type Section, sectionAt, sectionsLine } from "../sections.ts";
import { editing, folded, opened, openedStep } from "../run_steps.ts";
import { lastBegun, listedOf, toldOf } from "../run_told.ts";
import type { Answered, Screen } from "../screen.ts";
import { AT_TOP, moved, scrolled, settled } from "../scroll.ts";
import { RUN_SECTIONS, type RunState } from "../states.ts";

const EVENTS = "run";
const LOG = "run:log";
/** Lines of a log that are kept at hand. */
const MOST_LOG = 2_000;
/** New lines are looked for so often. */
const EVERY_MS = 500;

export const run: Screen<RunState> = {
  title: "run",
  act(model, state, action, room) {
    switch (action) {
      case "next-section":
      case "previous-section": {
        const at = RUN_SECTIONS.indexOf(state.section) + (action === "next-section" ? 1 : -1);
        const section = RUN_SECTIONS.at(at % RUN_SECTIONS.length) ?? "steps";
        return { state: inSection(state, section) };
      }
      case "follow":
        return state.section === "log" || (state.section === "steps" && isLive(model, state))
          ? { state: { ...state, follow: !state.follow } }
          : { state: inSection(state, "log") };
      case "logs":
        return { state: inSection(state, "log") };
      case "edit":
        return editing(model, state);
      default:
        return state.section === "log"
          ? actInLog(model, state, action, room)
          : actInList(model, state, action, room);
    }
  },
  settle(model, state, room) {
    const told = toldOf(answerOf(model, EVENTS), subjectOf(model), state.told);
    const listed = listedOf({ ...state, told });
    const next = told === state.told && listed === state.listed
      ? state
      : { ...state, told, listed };
    if (next.section === "log") {
      const most = Math.max(0, logOf(model, room).length - bodyRows(room));
      const top = next.follow ? most : Math.min(next.top, most);
      return top === next.top ? next : { ...next, top };
    }
    const rows = listRows(next, model, room);
    if (next.section === "errors") {
      const scroll = settled(next.scroll, listLength(next), rows);
      return scroll === next.scroll ? next : { ...next, scroll };
    }
    const items = listed?.items ?? [];
    const followed = next.follow && isLive(model, next) ? lastBegun(items) : -1;
    const at = followed < 0 ? items.findIndex((each) => each.id === next.selected) : followed;
    const cursor = at < 0 ? next.scroll.cursor : at;
    const scroll = settled({ ...next.scroll, cursor }, items.length, rows);
    const selected = items[scroll.cursor]?.id ?? "";
    return scroll === next.scroll && selected === next.selected
      ? next
      : { ...next, scroll, selected };
  },
  wants(model, state, room) {
    const id = subjectOf(model);
    // Of one that is over nothing changes any more.
    const live = isLive(model, state);
    const version = live
      ? `${id} ${model.data?.last ?? 0}`
      : `${id} over ${headOf(model, state)?.state}`;
    const wants: Want[] = [{ name: EVENTS, version, columns: 0, ask: { kind: "run", run: id } }];
    if (state.section !== "log") return wants;
    // A line in a log is no event: while steps are at work it is looked for by the clock.
    return [...wants, {
      name: LOG,
      version: live ? `${id} ${Math.floor(model.now / EVERY_MS)}` : version,
      columns: room.columns,
      ask: { kind: "run-log", run: id, lines: MOST_LOG },
    }];
  },
  press(model, state, room, column, row) {
    if (row === HEADS - 1) {
      const name = sectionAt(sections(state), column);
      const section = RUN_SECTIONS.find((each) => each === name);
      return section === undefined ? null : { state: inSection(state, section) };
    }
    if (state.section !== "steps" || state.told === null) return null;
    const items = listedOf(state)?.items ?? [];
    const index = state.scroll.top + row - HEADS;
    if (row < HEADS || row >= HEADS + listRows(state, model, room) || !items[index]) return null;
    return index === state.scroll.cursor
      ? opened(items[index])
      : { state: marked(state, { ...state.scroll, cursor: index }) };
  },
  // What is retried or cancelled is the whole run, whichever of its steps is marked.
  subject: (model) => ({ kind: "run", run: subjectOf(model) }),
  view(model, state, room) {
    const { style } = model;
    const { columns } = room;
    const head = headOf(model, state);
    if (head === null) {
      const answer = answerOf(model, EVENTS);
      const lines = answer?.kind === "problems" ? answerLines(answer, style, columns) : [];
      return lines.length > 0 ? lines : [
        `  ${paint(style, "dim", answer === null ? "reading the run" : "there is no such run")}`,
      ];
    }
    return [
      runHeadLine(model, head, columns),
      runCountsLine(model, head, state.told, columns),
      sectionsLine(
        model,
        sections(state),
        state.section,
        columns,
        noteOf(model, state),
      ),
      ...bodyLines(model, state, room),
    ];
  },
  copied(model, state) {
    if (state.section !== "errors") return null;
    const step = state.told?.failed[state.scroll.cursor];
    return step === undefined ? null : errorLines(
      [step],
      0,
      { ...model.style, color: "none" },
      100,
      Infinity,
    ).map((line) => line.slice(SIGN)).join("\n").trim();
  },
};

/** Lines above: what it is, how its steps ended, the sections. */
const HEADS = 3;
const AXIS = 2;

function noteOf(model: Model, state: RunState): string {
  if (state.section === "errors" || (state.section === "steps" && !isLive(model, state))) return "";
  return state.follow ? "following" : "f follows";
}

function sections({ told }: RunState): readonly Section[] {
  const failed = told?.failed.filter((each) => each.state === "failed").length ?? 0;
  return [
    { name: "steps", ...(told === null ? {} : { count: told.run.steps.size }) },
    { name: "errors", count: failed, bad: failed > 0 },
    { name: "log" },
  ];
}

function subjectOf(model: Model): string {
  return placeOf(model).subject;
}

/** As the list has it, where a process that died is known to have; else as it was read. */
function headOf(model: Model, { told }: RunState): RunHead | null {
  const id = subjectOf(model);
  return model.data?.runs.find((each) => each.run === id) ??
    (told?.head.run === id ? told.head : null);
}

/** It goes on, or nothing is known of it yet. */
function isLive(model: Model, state: RunState): boolean {
  const head = headOf(model, state);
  return head === null ||
    head.endedAt === null && (head.state === "running" || head.state === "queued");
}

function inSection(state: RunState, section: RunState["section"]): RunState {
  return { ...state, section, scroll: AT_TOP, top: 0, follow: true };
}

function bodyRows({ rows }: Room): number {
  return Math.max(1, rows - HEADS);
}

function listLength(state: RunState): number {
  if (state.told === null) return 0;
  return state.section === "steps" ? listedOf(state)?.items.length ?? 0 : state.told.failed.length;
}

/** What decided how long it took, in words, where there is room. */
function pathLines({ told }: RunState, model: Model, room: Room): readonly string[] {
  if (told === null || told.path.length < 2 || room.rows < 16) return [];
  const lines = criticalLines(told.path, model.style, room.columns - SIGN).slice(0, 3);
  return ["", ...lines.map((line) => `  ${line}`)];
}

function listRows(state: RunState, model: Model, room: Room): number {
  if (state.section !== "steps") return bodyRows(room);
  const below = room.rows >= 8 ? AXIS : 0;
  return Math.max(1, bodyRows(room) - below - pathLines(state, model, room).length);
}

function bodyLines(model: Model, state: RunState, room: Room): readonly string[] {
  const { style, now, data } = model;
  const { told } = state;
  if (state.section === "log") {
    const lines = logOf(model, room);
    if (lines.length === 0) return [`  ${paint(style, "dim", "its steps printed nothing")}`];
    return lines.slice(state.top, state.top + bodyRows(room));
  }
  if (told === null || data === null) return [];
  if (state.section === "errors") {
    if (told.failed.length === 0) return [`  ${paint(style, "good", "nothing went wrong")}`];
    return errorLines(told.failed, state.scroll.cursor, style, room.columns, bodyRows(room));
  }
  const items = listedOf(state)?.items ?? [];
  if (items.length === 0) {
    const text = headOf(model, state)?.state === "queued"
      ? "it waits until somebody begins it: up does"
      : "nothing was to be done";
    return [`  ${paint(style, "dim", text)}`];
  }
  const rows = listRows(state, model, room);
  const { top, cursor } = state.scroll;
  const head = headOf(model, state) ?? told.head;
  const look = { style, columns: room.columns - SIGN, now, progress: data.progress };
  const { lines, axis } = ganttLines({ ...told, head }, items.slice(top, top + rows), items, look);
  return [
    ...lines.map((line, index) => listLine(line, top + index === cursor, style, room.columns)),
    ...(room.rows >= 8 ? axis.map((line) => `  ${line}`) : []),
    ...pathLines(state, model, room),
  ];
}

function logOf(model: Model, { columns }: Room): readonly string[] {
  const known = model.known.get(LOG);
  // An answer about another run is not shown as this one's.
  if (known?.version.split(" ")[0] !== subjectOf(model)) return [];
  return answerLines(known.answer, model.style, columns);
}

function actInLog(
  model: Model,
  state: RunState,
  action: string,
  room: Room,
): Answered<RunState> | null {
  const top = scrolled(state.top, action, logOf(model, room).length, bodyRows(room));
  if (top === null) return null;
  const most = Math.max(0, logOf(model, room).length - bodyRows(room));
  // Whoever goes back stays there; at the end it is followed again.
  return { state: { ...state, top, follow: top >= most && action !== "up" } };
}

/** Whoever moves the mark follows no longer. */
function marked(state: RunState, scroll: RunState["scroll"]): RunState {
  const selected = listedOf(state)?.items[scroll.cursor]?.id ?? "";
  return { ...state, scroll, selected, follow: false };
}

function actInList(
  model: Model,
  state: RunState,
  action: string,
  room: Room,
): Answered<RunState> | null {
  const scroll = moved(state.scroll, action, listLength(state), listRows(state, model, room));
  if (scroll !== null) return { state: marked(state, scroll) };
  if (state.section === "errors") {
    const step = state.told?.failed[state.scroll.cursor];
    return action === "open" && step !== undefined ? openedStep(step) : null;
  }
  const item = listedOf(state)?.items[state.scroll.cursor];
  if (item === undefined) return null;
  const isUnfolded = state.unfolded.includes(item.id);
  switch (action) {
    case "open":
      return opened(item);
    case "fold":
      return { state: folded(state, item, !isUnfolded) };
    case "right":
      return isUnfolded ? {} : { state: folded(state, item, true) };
    case "left":
      return { state: folded(state, item, false) };
    default:
      return null;
  }
}
