/** Everything that the screen is drawn from, as one plain value; `update.ts` makes the next one, `view.ts` draws it. */
import type { AssetKey, Instant } from "../core/key.ts";
import type { Line } from "./line.ts";
import type { Style } from "../term/style.ts";
import type { Answer, BoardData, Effect, Role, Want } from "./board.ts";
import type { KeyMap } from "./bindings.ts";
import type { Filtered } from "./selecting.ts";
import type { ScreenName, ScreenStates } from "./states.ts";

export type { ScreenName };

/** One step of the way back: a screen, and what it is about (an asset, a run) where it is about one thing. */
export interface Place {
  readonly screen: ScreenName;
  readonly subject: string;
}

/** Said in the last line but one, for a while. */
export interface Notice {
  readonly text: string;
  readonly role: "dim" | "good" | "warn" | "bad";
  /** Null: until the next. */
  readonly until: Instant | null;
}

/** What lies over the screen and takes the keys. */
export type Overlay =
  | { readonly kind: "help"; readonly top: number }
  | {
    readonly kind: "confirm";
    /** What is done on yes, shown as the command line that it stands for. */
    readonly argv: readonly string[];
    readonly why: string;
  }
  | { readonly kind: "filter"; readonly line: Line; readonly before: string }
  | {
    readonly kind: "command";
    readonly line: Line;
    readonly candidates: readonly string[];
    /** Which of the earlier ones is shown; -1 for a new one. */
    readonly past: number;
  }
  | {
    readonly kind: "output";
    readonly title: string;
    readonly lines: readonly string[];
    readonly top: number;
  }
  | { readonly kind: "leave"; readonly runs: number };

/** An answer and what is still on its way. */
export interface Known {
  /** The version that `answer` is of; "" before the first. */
  readonly version: string;
  readonly columns: number;
  readonly answer: Answer | null;
  /** `version columns` of what is being asked; null for nothing. */
  readonly pending: string | null;
}

/** What outlives the process. */
export interface Memory {
  readonly places: readonly Place[];
  readonly filter: string;
  readonly commands: readonly string[];
  readonly queries: readonly string[];
  readonly selected: string;
  readonly folded: readonly string[];
}

/** A range of partitions that is being marked, of one asset. */
export interface Marking {
  readonly asset: AssetKey;
  readonly from: string;
  readonly to: string;
}

export interface Model {
  readonly columns: number;
  readonly rows: number;
  readonly style: Style;
  readonly now: Instant;
  /** A counter that moves while something is at work: spinners and bars. */
  readonly frame: number;
  /** Null before the first look. */
  readonly data: BoardData | null;
  readonly role: Role;
  /** Acting keys say what to type instead. */
  readonly readOnly: boolean;
  readonly keys: KeyMap;
  /** Whether the time of day is shown. */
  readonly clock: boolean;
  readonly mouse: boolean;
  /** The way here; the last is shown. Never empty. */
  readonly places: readonly Place[];
  readonly states: ScreenStates;
  /** What of the assets is shown: a selection, or part of a name. "" for all. */
  readonly filter: string;
  /** The assets that it shows; made anew with the data and the filter. */
  readonly shown: Filtered;
  readonly overlay: Overlay | null;
  readonly notice: Notice | null;
  readonly known: ReadonlyMap<string, Known>;
  /** Commands at work, by their line. */
  readonly commands: readonly string[];
  /** Lines of the command mode, newest last. */
  readonly past: { readonly commands: readonly string[] };
  /** The last lines that runs and commands said, oldest first. */
  readonly said: readonly string[];
  /** Set when it is to end: what runs is waited for. */
  readonly leaving: boolean;
}

/** The next model and what is to be done outside. */
export type Turn = readonly [Model, readonly Effect[]];

/** Where it stands now. */
export function placeOf(model: Model): Place {
  return model.places.at(-1) ?? { screen: "overview", subject: "" };
}

/** The part of the screen that a screen draws in: all but two lines above and two below. */
export interface Room {
  readonly columns: number;
  readonly rows: number;
}

/** Lines above the screen's own: tabs, and how things stand where there is room for that. */
export function linesAbove(model: Model): number {
  return model.rows >= 16 ? 2 : 1;
}

/** Lines below: notices, and the keys where there is room. */
export function linesBelow(model: Model): number {
  return model.rows >= 16 ? 2 : 1;
}

export function roomOf(model: Model): Room {
  return {
    columns: model.columns,
    rows: Math.max(1, model.rows - linesAbove(model) - linesBelow(model)),
  };
}

/** What was answered for a place on the screen; null while nothing is there yet. */
export function answerOf(model: Model, name: string): Answer | null {
  return model.known.get(name)?.answer ?? null;
}

/** Whether a newer answer is on its way. */
export function isPending(model: Model, name: string): boolean {
  const pending = model.known.get(name)?.pending;
  return pending !== undefined && pending !== null;
}

/** Wants that are neither answered nor being asked, as effects; and the model that knows they are. */
export function askFor(model: Model, wants: readonly Want[]): Turn {
  const effects: Effect[] = [];
  let known: Map<string, Known> | null = null;
  for (const want of wants) {
    const id = `${want.version} ${want.columns}`;
    const now = (known ?? model.known).get(want.name);
    if (
      now?.pending === id || (now !== undefined && now.pending === null &&
        now.version === want.version && now.columns === want.columns)
    ) continue;
    // One question a place at a time: the next is asked when this one is answered.
    if (now !== undefined && now.pending !== null) continue;
    known ??= new Map(model.known);
    known.set(want.name, {
      version: now?.version ?? "",
      columns: now?.columns ?? 0,
      answer: now?.answer ?? null,
      pending: id,
    });
    effects.push({ kind: "ask", want });
  }
  return [known === null ? model : { ...model, known }, effects];
}
