/** What keys do on the SQL screen while one types: editing, history, completion, running. */
import type { Key } from "../term/keys.ts";
import { keyName } from "./bindings.ts";
import { lineOf } from "./line.ts";
import { isPending, type Model } from "./model.ts";
import type { Answered } from "./screen.ts";
import { agreed, completions, replaced, wordBefore } from "./sql_completion.ts";
import { editText, movedLine } from "./sql_text.ts";
import type { SqlState } from "./states.ts";

export const RESULT = "sql:result";

type Done = Answered<SqlState> | null;

/** Null for keys that are the screen's actions. */
export function typed(model: Model, state: SqlState, key: Key): Done {
  const name = keyName(key);
  if (isPending(model, RESULT) && (name === "ctrl+c" || name === "escape")) return interrupted();
  if (state.section !== "editor") return resultKey(state, name);
  // A wheel is turned over the result.
  if (key.mouse !== undefined) return null;
  switch (name) {
    case "escape":
      if (state.candidates.length > 0) return { state: { ...state, candidates: [], chosen: -1 } };
      return { state: { ...state, section: "result" } };
    case "ctrl+c":
      // The first empties the line as in a shell, the second leaves.
      return state.text === "" ? null : { state: written(state, lineOf("")) };
    case "tab":
      return completed(model, state, 1);
    case "shift+tab":
      return completed(model, state, -1);
    case "enter":
      if (/;\s*$/.test(state.text) && state.text.trim() !== ";") return executed(model, state);
      break;
    case "up":
    case "ctrl+p":
      return upwards(model, state);
    case "down":
    case "ctrl+n":
      return downwards(model, state);
    case "pageup":
    case "pagedown":
      return null;
  }
  const line = editText(state, key);
  return line === null ? null : { state: written(state, line) };
}

function interrupted(): Done {
  return { effects: [{ kind: "interrupt" }] };
}

/** In the result letters are actions; only those that lead back to the editor are taken. */
function resultKey(state: SqlState, name: string): Done {
  if (name === "i" || name === "enter" || name === "tab" || name === "shift+tab") {
    return { state: { ...state, section: "editor" } };
  }
  return null;
}

function written(state: SqlState, line: { readonly text: string; readonly at: number }): SqlState {
  return { ...state, ...line, candidates: [], chosen: -1 };
}

/** Runs what is written; the same text again asks anew. */
export function executed(model: Model, state: SqlState): Done {
  const text = state.text.trim().replace(/;+\s*$/, "").trim();
  if (text === "") return {};
  return {
    state: {
      ...state,
      candidates: [],
      chosen: -1,
      past: -1,
      draft: "",
      asked: { text, times: (state.asked?.times ?? 0) + 1, at: model.now },
      form: "table",
      top: 0,
      left: 0,
    },
    query: state.text.trim(),
  };
}

/** First as far as all agree, then one after another. */
function completed(model: Model, state: SqlState, step: 1 | -1): Done {
  if (model.data === null) return {};
  if (state.candidates.length > 1 && state.chosen >= -1) {
    const { candidates } = state;
    const from = state.chosen < 0 && step < 0 ? 0 : state.chosen;
    const chosen = (from + step + candidates.length) % candidates.length;
    const line = replaced(state, wordBefore(state), candidates[chosen] ?? "");
    return { state: { ...state, ...line, chosen } };
  }
  const word = wordBefore(state);
  if (word === "") {
    // Nothing is to be completed: at the beginning of a line it is an indent, else the way to the result.
    return /(?:^|\n)[ ]*$/.test(state.text.slice(0, state.at)) && state.text !== "" && step > 0
      ? { state: written(state, replaced(state, "", "  ")) }
      : { state: { ...state, section: "result" } };
  }
  const candidates = completions(model.data, state);
  const [only] = candidates;
  if (candidates.length === 1 && only !== undefined) {
    return { state: written(state, replaced(state, word, only)) };
  }
  const line = replaced(state, word, agreed(word, candidates));
  return { state: { ...state, ...line, candidates, chosen: -1 } };
}

function upwards(model: Model, state: SqlState): Done {
  const line = movedLine(state, -1);
  if (line !== null) return { state: written(state, line) };
  return past(model, state, state.past + 1);
}

function downwards(model: Model, state: SqlState): Done {
  const line = movedLine(state, 1);
  if (line !== null) return { state: written(state, line) };
  return state.past < 0 ? {} : past(model, state, state.past - 1);
}

/** An earlier query in the place of what was being written, which is kept. */
function past(model: Model, state: SqlState, to: number): Done {
  const { queries } = model.past;
  if (to >= queries.length) return {};
  const draft = state.past < 0 ? state.text : state.draft;
  const text = to < 0 ? draft : queries[queries.length - 1 - to] ?? "";
  return { state: { ...written(state, lineOf(text)), past: to, draft } };
}
