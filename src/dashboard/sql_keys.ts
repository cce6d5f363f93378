/** What keys do on the SQL screen before they are its actions: editing, history, completion, running, interrupting. */
import type { SqlCatalog } from "../views/sql_completion.ts";
import { completeSql, HISTORY_TABLES } from "../views/sql_completion.ts";
import { endsQuery } from "../views/source.ts";
import { type EditorAsks, type EditorState, pressKey } from "../term/editor.ts";
import type { Key } from "../term/keys.ts";
import { type Action, actionFor, keyName } from "./bindings.ts";
import type { BoardData } from "./board.ts";
import { isPending, type Model } from "./model.ts";
import type { Answered } from "./screen.ts";
import type { SqlState } from "./states.ts";

/** The place of what was asked. */
export const RESULT = "sql:result";

type Done = Answered<SqlState> | null;

/** What keys that type nothing mean while one types; all others edit. */
const PASSED: ReadonlySet<Action> = new Set([
  "execute",
  "as-chart",
  "suspend",
  "redraw",
  "help",
  "page-up",
  "page-down",
]);

/** Null for keys that are the screen's actions. */
export function typed(model: Model, state: SqlState, key: Key): Done {
  const name = keyName(key);
  if (isPending(model, RESULT) && (name === "ctrl+c" || name === "escape")) {
    return { effects: [{ kind: "interrupt" }] };
  }
  if (state.section !== "editor") {
    return ["i", "enter", "tab", "shift+tab"].includes(name)
      ? { state: { ...state, section: "editor" } }
      : null;
  }
  // A wheel is turned over the result.
  if (key.mouse !== undefined) return null;
  const { editor } = state;
  const busy = editor.menu !== null || editor.search !== null;
  const { text } = editor.edited;
  const action = actionFor(model.keys, "sql", key);
  if (!busy && key.text === "") {
    // Pages are the result's; with ctrl they are the editor's own keys.
    if (action !== null && PASSED.has(action) && !(key.ctrl && action.startsWith("page"))) {
      return null;
    }
    if (name === "ctrl+c" && text === "") return null;
    const leaves = action === "leave-editor" || action === "previous-section";
    if (leaves || ((name === "tab" || name === "ctrl+d") && text === "")) {
      return { state: { ...state, section: "result" } };
    }
  }
  return edited(model, state, name === "ctrl+s" ? SEARCH : key);
}

/** Running has taken the key that shells search the history with. */
const SEARCH: Key = { name: "r", ctrl: true, alt: false, shift: false, text: "" };

function edited(model: Model, state: SqlState, key: Key): Done {
  const asks: EditorAsks = {
    isWhole: (text) => text.trim() === "" || endsQuery(text),
    complete: (text, at) =>
      model.data === null ? { from: at, items: [] } : completeSql(catalogOf(model.data), text, at),
  };
  let { state: editor, effect } = pressKey(state.editor, key, asks);
  // What was run last stands in the editor still: the query before that is meant.
  if (state.editor.back === 0 && editor.back === 1 && isSame(editor, state.editor)) {
    ({ state: editor, effect } = pressKey(editor, key, asks));
  }
  const { edited: was, menu, search } = state.editor;
  const isNone = editor.edited === was && editor.menu === menu && editor.search === search;
  // Not the editor's: it may be escape and a key in one piece.
  if (isNone && key.alt && effect === null) return null;
  const next = { ...state, editor };
  return effect?.kind === "submit" ? executed(model, next) : { state: next };
}

function isSame(one: EditorState, other: EditorState): boolean {
  return one.edited.text.trim() === other.edited.text.trim();
}

/** Runs what is written, which stays there; the same text again asks anew. */
export function executed(model: Model, state: SqlState): Done {
  const text = state.editor.edited.text.trim();
  if (text.replace(/;/g, "").trim() === "") return {};
  const { history } = state.editor;
  return {
    state: {
      ...state,
      editor: {
        ...state.editor,
        history: [...history.filter((each) => each !== text), text].slice(-500),
        back: 0,
        menu: null,
        search: null,
      },
      asked: { text, times: (state.asked?.times ?? 0) + 1, at: model.now },
      top: 0,
      left: 0,
    },
  };
}

/** The tables that there are, with their columns; made once for the same data. */
export function catalogOf({ graph, statuses }: BoardData): SqlCatalog {
  const kept = catalogs.get(statuses);
  if (kept !== undefined) return kept;
  const assets = graph.keys.flatMap((name) => {
    const schema = statuses.get(name)?.last?.published?.schema ?? [];
    return schema.length === 0 ? [] : [{ name, columns: schema.map((each) => each.name) }];
  });
  const history = HISTORY_TABLES.map(([name, , columns]) => ({
    name,
    columns: columns.split(" "),
  }));
  const catalog = { tables: [...assets, ...history], commands: [] };
  catalogs.set(statuses, catalog);
  return catalog;
}
const catalogs = new WeakMap<BoardData["statuses"], SqlCatalog>();
