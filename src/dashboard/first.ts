/** The model before anything is known, and what is remembered of an earlier one. */
import type { KeyMap } from "./bindings.ts";
import type { Role } from "./board.ts";
import type { Memory, Model, Place } from "./model.ts";
import type { Instant } from "../core/key.ts";
import { editor } from "../term/editor.ts";
import type { Style } from "../term/style.ts";
import { AT_TOP } from "./scroll.ts";
import { FIRST_STATES, SCREEN_NAMES } from "./states.ts";

export interface FirstOptions {
  readonly columns: number;
  readonly rows: number;
  readonly style: Style;
  readonly now: Instant;
  readonly role: Role;
  readonly readOnly: boolean;
  readonly keys: KeyMap;
  readonly clock: boolean;
  readonly mouse: boolean;
  /** A selection that the program was started with goes before the remembered filter. */
  readonly filter: string;
  readonly memory: Memory | null;
}

export const NO_MEMORY: Memory = {
  places: [],
  filter: "",
  commands: [],
  queries: [],
  selected: "",
  folded: [],
};

export function firstModel(options: FirstOptions): Model {
  const memory = options.memory ?? NO_MEMORY;
  const { overview, sql } = FIRST_STATES;
  return {
    columns: options.columns,
    rows: options.rows,
    style: options.style,
    now: options.now,
    frame: 0,
    data: null,
    role: options.role,
    readOnly: options.readOnly,
    keys: options.keys,
    clock: options.clock,
    mouse: options.mouse,
    places: memory.places.length === 0 ? [{ screen: "overview", subject: "" }] : memory.places,
    states: {
      ...FIRST_STATES,
      overview: { ...overview, scroll: AT_TOP, selected: memory.selected, folded: memory.folded },
      sql: { ...sql, editor: editor(memory.queries) },
    },
    filter: options.filter === "" ? memory.filter : options.filter,
    shown: { keys: [], problem: null },
    overlay: null,
    notice: null,
    known: new Map(),
    commands: [],
    past: { commands: memory.commands },
    said: [],
    leaving: false,
  };
}

/** What is worth remembering of a model. */
export function memoryOf(model: Model): Memory {
  return {
    places: model.places.slice(-8),
    filter: model.filter,
    commands: model.past.commands.slice(-200),
    queries: model.states.sql.editor.history.slice(-200),
    selected: model.states.overview.selected,
    folded: model.states.overview.folded,
  };
}

/** Read back from a file that anybody may have changed: what is no memory is none. */
export function readMemory(text: string): Memory | null {
  try {
    const found = JSON.parse(text) as Partial<Record<keyof Memory, unknown>>;
    const texts = (value: unknown) =>
      Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
    const places = Array.isArray(found.places) ? found.places.flatMap(readPlace) : [];
    return {
      places,
      filter: typeof found.filter === "string" ? found.filter : "",
      commands: texts(found.commands),
      queries: texts(found.queries),
      selected: typeof found.selected === "string" ? found.selected : "",
      folded: texts(found.folded),
    };
  } catch {
    return null;
  }
}

function readPlace(value: unknown): Place[] {
  const { screen, subject } = (value ?? {}) as { screen?: unknown; subject?: unknown };
  const known = SCREEN_NAMES.find((each) => each === screen);
  return known === undefined || typeof subject !== "string" ? [] : [{ screen: known, subject }];
}
