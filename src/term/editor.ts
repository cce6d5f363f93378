// Decides what each key does in an editor that is asked for one text after the other: submitting, history and its
// search, completion, undoing. A function from a state and a key to a state and what follows; what a text means, and
// what it may be completed to, the caller says. Nothing is drawn or read here.

import { type Edited, editKey, insert, vertical } from "./edit.ts";
import { chord, type Key } from "./keys.ts";

/** What a text may go on with. */
export interface Completion {
  /** From where to the cursor what is typed is replaced. */
  readonly from: number;
  /** In the order in which they are offered. */
  readonly items: readonly string[];
}

/** What the editor asks about its text; both are functions of their arguments alone. */
export interface EditorAsks {
  /** Is there nothing missing, so that Enter submits it? */
  readonly isWhole: (text: string) => boolean;
  readonly complete: (text: string, at: number) => Completion;
}

export interface EditorState {
  readonly edited: Edited;
  /** Oldest first. */
  readonly history: readonly string[];
  /** Which of the history is looked at, from the end; 0: the text that is being written. */
  readonly back: number;
  /** That text, while the history is looked at. */
  readonly draft: Edited;
  /** The choice that is offered under the text; `chosen` is -1 before the first. */
  readonly menu: (Completion & { readonly chosen: number; readonly before: Edited }) | null;
  /** A search in the history: what is looked for, and how many matches further back. */
  readonly search:
    | { readonly words: string; readonly skip: number; readonly before: Edited }
    | null;
  readonly cut: string;
  /** Texts before changes, newest last. */
  readonly undo: readonly Edited[];
}

/** What the caller has to do. */
export type EditorEffect =
  | { readonly kind: "submit"; readonly text: string }
  /** Ctrl-C: the text was given up. */
  | { readonly kind: "abandon" }
  /** Ctrl-D on an empty text. */
  | { readonly kind: "end" }
  /** Ctrl-L. */
  | { readonly kind: "clear" };

export interface EditorStep {
  readonly state: EditorState;
  readonly effect: EditorEffect | null;
}

const EMPTY: Edited = { text: "", at: 0 };
const MOST_UNDO = 200;

export function editor(history: readonly string[] = []): EditorState {
  return {
    edited: EMPTY,
    history,
    back: 0,
    draft: EMPTY,
    menu: null,
    search: null,
    cut: "",
    undo: [],
  };
}

/** The state for the next text, what was submitted remembered; the same twice in a row is kept once. */
export function afterSubmit(state: EditorState, text: string): EditorState {
  const keep = text.trim() !== "" && !/^\s/.test(text) && state.history.at(-1) !== text;
  return { ...editor(keep ? [...state.history, text] : state.history), cut: state.cut };
}

/** What a key does. */
export function pressKey(state: EditorState, key: Key, asks: EditorAsks): EditorStep {
  if (state.search !== null) return searchKey(state, key, asks);
  const name = chord(key);
  if (state.menu !== null) {
    const step = menuKey(state, name);
    if (step !== null) return step;
  }
  // Whatever comes now, the choice is made.
  const closed: EditorState = state.menu === null ? state : { ...state, menu: null };
  switch (name) {
    case "enter":
      return asks.isWhole(closed.edited.text)
        ? { state: closed, effect: { kind: "submit", text: closed.edited.text } }
        : stay(changed(closed, insert(closed.edited, "\n")));
    case "alt-enter":
    case "shift-enter":
      return stay(changed(closed, insert(closed.edited, "\n")));
    case "ctrl-c":
      return { state: { ...editor(closed.history), cut: closed.cut }, effect: { kind: "abandon" } };
    case "ctrl-d":
      if (closed.edited.text === "") return { state: closed, effect: { kind: "end" } };
      break;
    case "ctrl-l":
      return { state: closed, effect: { kind: "clear" } };
    case "tab":
      return stay(completed(closed, asks));
    case "up":
    case "ctrl-p":
      return stay(upDown(closed, -1));
    case "down":
    case "ctrl-n":
      return stay(upDown(closed, 1));
    case "pageup":
      return stay(recalled(closed, closed.back + 1));
    case "pagedown":
      return stay(recalled(closed, closed.back - 1));
    case "ctrl-r":
      return stay({ ...closed, search: { words: "", skip: 0, before: closed.edited } });
    case "ctrl-_":
      return stay(undone(closed));
  }
  const result = editKey(closed.edited, key, closed.cut);
  if (result === null) return stay(closed);
  const next = changed(closed, result.edited);
  return stay(result.cut === undefined ? next : { ...next, cut: result.cut });
}

const stay = (state: EditorState): EditorStep => ({ state, effect: null });

/** A new text; single characters in a row are undone together. */
function changed(state: EditorState, edited: Edited): EditorState {
  const { text } = state.edited;
  if (edited.text === text) return { ...state, edited };
  const last = state.undo.at(-1);
  const typing = last !== undefined && edited.text.length === text.length + 1 &&
    text.length > last.text.length && !/\s$/.test(edited.text.slice(0, edited.at));
  const undo = typing ? state.undo : [...state.undo, state.edited].slice(-MOST_UNDO);
  return { ...state, edited, undo };
}

function undone(state: EditorState): EditorState {
  const last = state.undo.at(-1);
  return last === undefined ? state : { ...state, edited: last, undo: state.undo.slice(0, -1) };
}

/** Within the text first, from its first or last line into the history. */
function upDown(state: EditorState, way: -1 | 1): EditorState {
  const moved = vertical(state.edited, way);
  return moved === null ? recalled(state, state.back - way) : { ...state, edited: moved };
}

function recalled(state: EditorState, back: number): EditorState {
  if (back < 0 || back > state.history.length || back === state.back) return state;
  const draft = state.back === 0 ? state.edited : state.draft;
  const text = back === 0 ? null : state.history.at(-back) ?? "";
  const edited = text === null ? draft : { text, at: text.length };
  return { ...state, back, draft, edited, undo: [] };
}

/** One possibility is put in; of several what they share, and where they share nothing more, the choice is offered. */
function completed(state: EditorState, asks: EditorAsks): EditorState {
  const { text, at } = state.edited;
  const { from, items } = asks.complete(text, at);
  if (items.length === 0) return state;
  const put = (word: string): EditorState =>
    changed(state, { text: text.slice(0, from) + word + text.slice(at), at: from + word.length });
  const [only] = items;
  if (only !== undefined && items.length === 1) return put(only);
  const shared = sharedStart(items), typed = text.slice(from, at);
  const longer = shared.length > typed.length &&
    shared.toLowerCase().startsWith(typed.toLowerCase());
  const next = longer ? put(shared) : state;
  return { ...next, menu: { from, items, chosen: -1, before: next.edited } };
}

function sharedStart(items: readonly string[]): string {
  let shared = items[0] ?? "";
  for (const item of items) {
    let length = 0;
    while (
      length < shared.length && item[length]?.toLowerCase() === shared[length]?.toLowerCase()
    ) length++;
    shared = shared.slice(0, length);
  }
  return shared;
}

/** Keys that choose; null for every other, which takes what is chosen and does what it does. */
function menuKey(state: EditorState, name: string): EditorStep | null {
  const { menu } = state;
  if (menu === null) return null;
  const count = menu.items.length;
  const choose = (chosen: number): EditorStep => {
    const { text, at } = menu.before;
    const word = menu.items[chosen] ?? "";
    const edited = {
      text: text.slice(0, menu.from) + word + text.slice(at),
      at: menu.from + word.length,
    };
    return stay({ ...changed(state, edited), menu: { ...menu, chosen } });
  };
  switch (name) {
    case "tab":
    case "down":
    case "ctrl-n":
      return choose((menu.chosen + 1) % count);
    case "shift-tab":
    case "up":
    case "ctrl-p":
      return choose((menu.chosen <= 0 ? count : menu.chosen) - 1);
    case "enter":
      return menu.chosen < 0 ? null : stay({ ...state, menu: null });
    case "escape":
    case "ctrl-g":
      return stay({ ...state, edited: menu.before, menu: null });
    default:
      return null;
  }
}

/** The text of the history that a search has found; null where there is none. */
export function found({ history, search }: EditorState): string | null {
  if (search === null || search.words === "") return null;
  const words = search.words.toLowerCase();
  const all = history.filter((each) => each.toLowerCase().includes(words)).reverse();
  const texts = [...new Set(all)];
  return texts[Math.min(search.skip, texts.length - 1)] ?? null;
}

function searchKey(state: EditorState, key: Key, asks: EditorAsks): EditorStep {
  const { search } = state;
  if (search === null) return stay(state);
  const name = chord(key);
  if (name === "escape" || name === "ctrl-g" || name === "ctrl-c") {
    return stay({ ...state, edited: search.before, search: null });
  }
  if (name === "ctrl-r") return stay({ ...state, search: { ...search, skip: search.skip + 1 } });
  if (name === "backspace") {
    const words = [...search.words].slice(0, -1).join("");
    return stay({ ...state, search: { ...search, words, skip: 0 } });
  }
  if (key.text !== "" && !key.ctrl && !key.alt && key.name !== "paste") {
    return stay({ ...state, search: { ...search, words: search.words + key.text, skip: 0 } });
  }
  const text = found(state);
  const edited = text === null ? search.before : { text, at: text.length };
  const taken: EditorState = { ...changed(state, edited), search: null };
  // Enter takes it to be looked at once more; any other key does what it does, to what was found.
  return name === "enter" || name === "tab" ? stay(taken) : pressKey(taken, key, asks);
}
