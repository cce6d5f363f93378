/**
 * What the dashboard can have done: questions with answers, and effects. What it knows of the project is
 * `views/board.ts`. Plain values; whoever carries them out (`src/cli/dash`) is not known here.
 */
import type { Stored } from "../core/event.ts";
import type { RunHead } from "../core/heads.ts";
import type { AssetKey, EventId } from "../core/key.ts";
import type { Problem } from "../core/problem/problem.ts";
import type { Why } from "../core/why.ts";
import type { ShownKey } from "../views/automation.ts";
import type { BoardData } from "../views/board.ts";

export type { BoardData };

/** How this process stands to the project. */
export interface Role {
  /** `keeps`: it is the one that keeps it up to date. `waits`: another does, and it takes over. `looks`: it never does. */
  readonly kind: "keeps" | "waits" | "looks";
  /** `process 1234`, of who keeps it up to date where that is another. */
  readonly by: string;
}

/** A question whose answer takes longer than a frame. */
export type Ask =
  | { readonly kind: "preview"; readonly asset: AssetKey; readonly limit: number }
  | { readonly kind: "charts"; readonly asset: AssetKey; readonly rows: number }
  | { readonly kind: "profile"; readonly asset: AssetKey }
  /** What the change did whose last event is this one. */
  | { readonly kind: "diff"; readonly asset: AssetKey; readonly event: EventId }
  | {
    readonly kind: "sql";
    readonly text: string;
    /** Rows that are shown. */
    readonly limit: number;
    readonly form: SqlForm;
    /** Lines that a chart has. */
    readonly rows: number;
  }
  | { readonly kind: "why"; readonly asset: AssetKey }
  | { readonly kind: "source"; readonly file: string; readonly asset: AssetKey }
  | { readonly kind: "history"; readonly asset: AssetKey }
  | { readonly kind: "run"; readonly run: string }
  /** What all steps of a run print. */
  | { readonly kind: "run-log"; readonly run: string; readonly lines: number }
  | {
    readonly kind: "logs";
    readonly name: string;
    readonly lines: number;
    /** Of an asset: this one alone. */
    readonly partition?: string;
  }
  | { readonly kind: "keys"; readonly sensor: string };

/** How the rows of a query are shown. */
export type SqlForm = "table" | "chart";

/** Events of an asset's history that are answered, the newest. */
export const MOST_HISTORY = 500;

/** Wants whose lines are as wide as what they show: they are scrolled sideways. */
export const NATURAL = 0;

export type Answer =
  /** Painted, and at most as wide as was asked for. */
  | {
    readonly kind: "lines";
    readonly lines: readonly string[];
    /** So many at the beginning stay where they are while the others move. */
    readonly head?: number;
    /** What is to be said of them: `13 rows in 40 ms`. */
    readonly note?: string;
    /** There is more than was asked for. */
    readonly more?: boolean;
  }
  | { readonly kind: "run"; readonly head: RunHead; readonly events: readonly Stored[] }
  | { readonly kind: "events"; readonly events: readonly Stored[] }
  | { readonly kind: "keys"; readonly keys: readonly ShownKey[] }
  | { readonly kind: "why"; readonly why: Why }
  | { readonly kind: "problems"; readonly problems: readonly Problem[] };

/**
 * What a screen would like to know. `name` says for which place on the screen; a new `version` asks again, and the
 * old answer is shown until the new one is there.
 */
export interface Want {
  readonly name: string;
  readonly version: string;
  readonly columns: number;
  readonly ask: Ask;
}

/** Things outside that an update asks for. */
export type Effect =
  | { readonly kind: "ask"; readonly want: Want }
  /** A command of nycflow, in the background; `show` opens what it printed. */
  | { readonly kind: "command"; readonly argv: readonly string[]; readonly show: boolean }
  /** Stops starting (`wait`), ends what this process began at once (`kill`), or leaves that to one in the background. */
  | { readonly kind: "stop"; readonly how: "wait" | "kill" | "background" }
  | { readonly kind: "quit" }
  /** Ends what the reader is at. */
  | { readonly kind: "interrupt" }
  | { readonly kind: "suspend" }
  | { readonly kind: "edit"; readonly file: string; readonly line: number }
  | { readonly kind: "copy"; readonly text: string }
  | { readonly kind: "complete"; readonly words: readonly string[] }
  | { readonly kind: "more-runs" }
  | { readonly kind: "refresh" }
  | { readonly kind: "mouse"; readonly on: boolean }
  | { readonly kind: "redraw" };
