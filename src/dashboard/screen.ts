/** What every screen is: how it takes actions and how it draws itself, both pure. */
import type { Key } from "../term/keys.ts";
import type { Effect, Want } from "./board.ts";
import type { Action } from "./bindings.ts";
import type { Model, Notice, Overlay, Place, Room } from "./model.ts";
import type { ScreenName, ScreenStates } from "./states.ts";

/** What an action came to on a screen; what is not named stays as it is. */
export interface Answered<S> {
  readonly state?: S;
  readonly effects?: readonly Effect[];
  readonly overlay?: Overlay;
  readonly notice?: Notice;
  /** Opens another place; `escape` comes back. */
  readonly go?: Place;
  /** The state with which a place is opened that is not at its first. */
  readonly opened?: Partial<ScreenStates>;
}

/** What the cursor is on: what acting keys are about. */
export type Subject =
  | {
    readonly kind: "asset";
    readonly asset: string;
    readonly partitions?: Marked;
    /** An earlier version of it: so many changes of content back. */
    readonly back?: number;
  }
  | { readonly kind: "group"; readonly group: string }
  | { readonly kind: "run"; readonly run: string }
  | { readonly kind: "schedule"; readonly name: string; readonly on: boolean }
  | { readonly kind: "sensor"; readonly name: string; readonly on: boolean }
  | { readonly kind: "file"; readonly file: string; readonly line: number }
  | null;

/** Partitions, both ends included. */
export interface Marked {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  /** All of them, where no range of the command line means just these. */
  readonly keys?: readonly string[];
}

export interface Screen<S> {
  /** In the tabs and above the help. */
  readonly title: string;
  /** What an action does here; null where it is not this screen's affair. */
  act(model: Model, state: S, action: Action, room: Room): Answered<S> | null;
  /** Takes keys before they are actions: a screen that is typed into. Null for those that it leaves. */
  type?(model: Model, state: S, key: Key, room: Room): Answered<S> | null;
  /** Whether letters are text now: keys that they would be otherwise are not hinted at. */
  typing?(state: S): boolean;
  /** Puts right what no longer fits: a cursor behind the end, a mark on what is gone. */
  settle?(model: Model, state: S, room: Room): S;
  /** What it would like to know to be drawn. */
  wants?(model: Model, state: S, room: Room): readonly Want[];
  /** A press of the mouse on its part of the screen, from 0. */
  press?(model: Model, state: S, room: Room, column: number, row: number): Answered<S> | null;
  subject(model: Model, state: S): Subject;
  /** At most `room.rows` lines of at most `room.columns` columns; what is missing is filled. */
  view(model: Model, state: S, room: Room): readonly string[];
  /** Where the terminal's cursor stands in `view`; nowhere where it is not typed into. */
  cursor?(model: Model, state: S, room: Room): { readonly x: number; readonly y: number } | null;
  /** What `y` copies; the subject's name where nothing is said. */
  copied?(model: Model, state: S): string | null;
}

export type Screens = { readonly [K in ScreenName]: Screen<ScreenStates[K]> };
