/** Asking the warehouse: an editor with history and completion, and below it the rows or a chart of them. */
import { rule } from "../../term/box.ts";
import { duration } from "../../term/duration.ts";
import { editorFrame } from "../../term/editor_view.ts";
import { spinner } from "../../term/progress.ts";
import { grouped } from "../../term/number.ts";
import { paint } from "../../term/style.ts";
import { sanitize } from "../../term/sanitize.ts";
import { stripStyle, truncate } from "../../term/width.ts";
import { answerLines } from "../answer_lines.ts";
import { NATURAL } from "../board.ts";
import { answerOf, isPending, type Model, type Room } from "../model.ts";
import type { Screen } from "../screen.ts";
import { executed, RESULT, typed } from "../sql_keys.ts";
import type { SqlState } from "../states.ts";
import { beyondRight, movedPane, type Pane, paneLines, settledPane } from "../text_pane.ts";

/** Rows of a result that are shown. */
const LIMIT = 1000;
const PROMPT = "sql> ";
const MORE = "  .. ";

export const sql: Screen<SqlState> = {
  title: "sql",
  type: typed,
  typing: ({ section }) => section === "editor",
  act(model, state, action, room) {
    switch (action) {
      case "execute":
        return executed(model, state);
      case "as-chart":
        return {
          state: { ...state, form: state.form === "chart" ? "table" : "chart", top: 0, left: 0 },
        };
      case "next-section":
      case "previous-section":
      case "open":
        return { state: { ...state, section: state.section === "editor" ? "result" : "editor" } };
    }
    const place = resultRoom(model, state, room);
    const view = movedPane(paneOf(model, state, room), state, action, place);
    return view === null ? null : { state: { ...state, ...view } };
  },
  settle(model, state, room) {
    const pane = paneOf(model, state, room);
    if (pane.lines.length === 0) return state;
    const view = settledPane(pane, state, resultRoom(model, state, room));
    return view.top === state.top && view.left === state.left ? state : { ...state, ...view };
  },
  wants(model, state, room) {
    const { asked, form } = state;
    if (asked === null) return [];
    const version = `${asked.times} ${form}`;
    const known = model.known.get(RESULT);
    // A chart is drawn for its place; that it is another one while one types is no reason to ask again.
    const columns = form === "chart" ? room.columns : NATURAL;
    if (known?.version === version && known.columns === columns) return [];
    const { rows } = resultRoom(model, state, room);
    return [{
      name: RESULT,
      version,
      columns,
      ask: { kind: "sql", text: asked.text, limit: LIMIT, form, rows },
    }];
  },
  press(model, state, room, _column, row) {
    const inEditor = row < editorOf(model, state, room).lines.length;
    return { state: { ...state, section: inEditor ? "editor" : "result" } };
  },
  subject: () => null,
  view(model, state, room) {
    const pane = paneOf(model, state, room);
    const place = resultRoom(model, state, room);
    return [
      ...editorOf(model, state, room).lines,
      barLine(model, state, pane, place),
      ...paneLines(pane, state, place, model.style),
    ];
  },
  cursor(model, state, room) {
    return state.section === "editor" ? editorOf(model, state, room).cursor : null;
  },
  copied: (model, state) => {
    const answer = state.asked === null ? null : answerOf(model, RESULT);
    // One looks at the result: without it, and while one types, it is the query.
    if (state.section === "result" && answer?.kind === "lines") {
      return answer.lines.map((line) => stripStyle(line).trimEnd()).join("\n");
    }
    const { text } = state.editor.edited;
    return text.trim() === "" ? null : text;
  },
};

/** The editor in as many lines as it takes, up to half of the screen; three at least where there is room. */
function editorOf(model: Model, { editor, section }: SqlState, room: Room) {
  const { style } = model;
  const most = Math.max(1, Math.floor(room.rows / 2));
  const least = Math.min(most, room.rows >= 12 ? 3 : 1);
  const role = section === "editor" ? "key" : "dim";
  const frame = editorFrame(editor, {
    prompt: paint(style, role, PROMPT),
    more: paint(style, "dim", MORE),
    columns: room.columns,
    rows: most,
    style,
  });
  const empty = editor.edited.text === "" && editor.search === null;
  const lines = empty
    ? [truncate(`${paint(style, role, PROMPT)}${hint(model)}`, room.columns, style)]
    : frame.lines;
  return {
    lines: [...lines, ...Array.from({ length: Math.max(0, least - lines.length) }, () => "")],
    cursor: frame.cursor,
  };
}

function hint({ data, style }: Model): string {
  const [table] = data?.graph.keys.filter((key) => data.statuses.get(key)?.last?.published) ?? [];
  const query = `from ${sanitize(table ?? "my_table", style)};`;
  return paint(style, "dim", `${query}  (tab completes, up and ctrl+s go back, esc leaves)`);
}

/** The place of the result: below the editor and a rule. */
function resultRoom(model: Model, state: SqlState, room: Room): Room {
  const used = editorOf(model, state, room).lines.length + 1;
  return { columns: room.columns, rows: Math.max(1, room.rows - used) };
}

/** What is being asked or was answered, and what part of it is seen. */
function barLine(model: Model, state: SqlState, pane: Pane, place: Room): string {
  const { style } = model;
  const answer = state.asked === null ? null : answerOf(model, RESULT);
  const words: string[] = [];
  if (state.asked === null) words.push("enter runs what ends in ; and ctrl+r always");
  else if (isPending(model, RESULT)) {
    const since = duration(Math.max(0, model.now - state.asked.at));
    words.push(`${spinner(style, model.frame)} ${since}, esc interrupts`);
  } else if (answer?.kind === "lines") {
    if (answer.note !== undefined) words.push(answer.note);
    const length = pane.lines.length - pane.head;
    const seen = place.rows - pane.head;
    if (length > seen && state.top > 0) words.push(`from ${grouped(state.top + 1)}`);
    const beyond = beyondRight(pane, state, place);
    if (beyond > 0) words.push("right shows more");
    words.push(state.form === "chart" ? "ctrl+g the table" : "ctrl+g a chart");
  }
  return rule({ width: place.columns, style, title: words.join(style.unicode ? " · " : ", ") });
}

function paneOf(model: Model, state: SqlState, room: Room): Pane {
  const answer = state.asked === null ? null : answerOf(model, RESULT);
  const lines = answerLines(answer, model.style, room.columns);
  return { lines, head: answer?.kind === "lines" ? answer.head ?? 0 : 0 };
}
