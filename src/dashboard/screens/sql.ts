/** Asking the warehouse: an editor with history and completion, and below it the rows or a chart of them. */
import { rule } from "../../term/box.ts";
import { duration } from "../../term/duration.ts";
import { spinner } from "../../term/progress.ts";
import { sanitize } from "../../term/sanitize.ts";
import { paint, wrapCodes } from "../../term/style.ts";
import { truncate, width } from "../../term/width.ts";
import { paintedLines } from "../../views/source.ts";
import { answerLines } from "../answer_lines.ts";
import { NATURAL } from "../board.ts";
import { answerOf, isPending, type Model, type Room } from "../model.ts";
import type { Screen } from "../screen.ts";
import { executed, RESULT, typed } from "../sql_keys.ts";
import { cursorIn, pressedAt } from "../sql_text.ts";
import type { SqlState } from "../states.ts";
import { beyondRight, from, movedPane, type Pane, paneLines, settledPane } from "../text_pane.ts";

const LIMIT = 1000;
/** Columns of the sign in front of a line that is typed. */
const PROMPT = 4;

export const sql: Screen<SqlState> = {
  title: "sql",
  type: typed,
  act(model, state, action, room) {
    switch (action) {
      case "execute":
        return executed(model, state);
      case "as-chart":
        return { state: { ...state, form: state.form === "chart" ? "table" : "chart", top: 0 } };
      case "next-section":
      case "previous-section":
      case "open":
        return { state: { ...state, section: state.section === "editor" ? "result" : "editor" } };
      case "leave-editor":
        return null;
    }
    const view = movedPane(paneOf(model, state, room), state, action, resultRoom(state, room));
    return view === null ? null : { state: { ...state, ...view } };
  },
  settle(model, state, room) {
    const pane = paneOf(model, state, room);
    if (pane.lines.length === 0) return state;
    const view = settledPane(pane, state, resultRoom(state, room));
    return view.top === state.top && view.left === state.left ? state : { ...state, ...view };
  },
  wants(_model, state, room) {
    const { asked, form } = state;
    if (asked === null) return [];
    const { columns, rows } = resultRoom(state, room);
    return [{
      name: RESULT,
      version: `${asked.times} ${form}`,
      columns: form === "chart" ? columns : NATURAL,
      ask: { kind: "sql", text: asked.text, limit: LIMIT, form, rows },
    }];
  },
  press(_model, state, room, column, row) {
    const size = editorRows(state, room);
    if (row >= size) return { state: { ...state, section: "result" } };
    const line = row + editorTop(state, size);
    const at = pressedAt(state.text, line, column - PROMPT + editorLeft(state, room));
    return { state: { ...state, ...at, section: "editor", candidates: [], chosen: -1 } };
  },
  subject: () => null,
  view(model, state, room) {
    const result = resultRoom(state, room);
    return [
      ...editorLines(model, state, room),
      barLine(model, state, room),
      ...(state.candidates.length > 1 ? [candidateLine(model, state, room)] : []),
      ...resultLines(model, state, room).slice(0, result.rows),
    ];
  },
  cursor(_model, state, room) {
    if (state.section !== "editor") return null;
    const size = editorRows(state, room);
    const { line, column } = cursorIn(state);
    const x = PROMPT + column - editorLeft(state, room);
    return { x: Math.min(x, room.columns - 1), y: line - editorTop(state, size) };
  },
  copied: (_model, state) => state.text.trim() === "" ? null : state.text,
};

/** Lines of the editor: those of the text, up to a third of the screen. */
function editorRows({ text }: SqlState, { rows }: Room): number {
  const most = Math.max(1, Math.floor(rows / 3));
  return Math.min(most, Math.max(rows >= 12 ? 3 : 1, text.split("\n").length));
}

function editorTop(state: SqlState, size: number): number {
  return Math.max(0, cursorIn(state).line - size + 1);
}

function editorLeft(state: SqlState, { columns }: Room): number {
  const beyond = cursorIn(state).column - (columns - PROMPT - 2);
  return beyond <= 0 ? 0 : Math.ceil(beyond / 16) * 16;
}

/** The place of the result: below the editor, a rule, and the candidates where there are any. */
function resultRoom(state: SqlState, room: Room): Room {
  const candidates = state.candidates.length > 1 ? 1 : 0;
  return {
    columns: room.columns,
    rows: Math.max(1, room.rows - editorRows(state, room) - 1 - candidates),
  };
}

function editorLines(model: Model, state: SqlState, room: Room): string[] {
  const { style } = model;
  const size = editorRows(state, room);
  const lines = paintedLines(state.text, "sql", style);
  const top = editorTop(state, size), left = editorLeft(state, room);
  const empty = state.text === "" ? paint(style, "dim", placeholder(model)) : null;
  return Array.from({ length: size }, (_, row) => {
    const at = row + top;
    const sign = at === 0 ? "sql" : at < lines.length ? "  |" : "";
    const mark = paint(style, state.section === "editor" ? "key" : "dim", sign.padEnd(3));
    const text = row === 0 && empty !== null ? empty : from(lines[at] ?? "", left);
    return truncate(`${mark} ${text}`, room.columns, style);
  });
}

function placeholder({ data }: Model): string {
  const [table] = data?.graph.keys.filter((key) => data.statuses.get(key)?.last?.published) ?? [];
  return `from ${table ?? "my_table"};  (tab completes, up is history)`;
}

/** What is being asked or was answered, and what the keys are. */
function barLine(model: Model, state: SqlState, { columns }: Room): string {
  const { style } = model;
  const answer = answerOf(model, RESULT);
  const pane: Pane = { lines: answer?.kind === "lines" ? answer.lines : [], head: 0 };
  let title = state.asked === null ? "enter runs what ends in ; and ctrl+r all" : "";
  if (isPending(model, RESULT) && state.asked !== null) {
    const since = Math.max(0, model.now - state.asked.at);
    title = `${spinner(style, model.frame)} ${duration(since)}, esc interrupts`;
  } else if (answer?.kind === "lines" && answer.note !== undefined) {
    const beyond = beyondRight(pane, { top: state.top, left: state.left }, { columns, rows: 400 });
    const more = beyond > 0 ? [`${beyond} columns to the right`] : [];
    title = [answer.note, ...more, state.form === "chart" ? "ctrl+g the table" : "ctrl+g a chart"]
      .join(style.unicode ? " · " : ", ");
  }
  return rule({ width: columns, style, title });
}

/** All on one line, the one that stands in the text told apart. */
function candidateLine(model: Model, state: SqlState, { columns }: Room): string {
  const { style } = model;
  const { candidates, chosen } = state;
  const from = Math.max(0, chosen);
  let line = "";
  for (const [index, each] of candidates.entries()) {
    if (index < from) continue;
    const text = sanitize(each, style);
    const part = index !== chosen
      ? paint(style, "dim", text)
      : style.color === "none"
      ? `[${text}]`
      : wrapCodes("7", text);
    if (width(line) + width(part) + 4 > columns) {
      line += ` ${style.unicode ? "…" : "..."}`;
      break;
    }
    line += ` ${part}`;
  }
  return truncate(line, columns, style);
}

function paneOf(model: Model, state: SqlState, room: Room): Pane {
  const answer = state.asked === null ? null : answerOf(model, RESULT);
  const lines = answerLines(answer, model.style, room.columns);
  return { lines, head: answer?.kind === "lines" ? answer.head ?? 0 : 0 };
}

function resultLines(model: Model, state: SqlState, room: Room): string[] {
  return paneLines(paneOf(model, state, room), state, resultRoom(state, room), model.style);
}
