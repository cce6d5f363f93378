/**
 * What the dashboard knows and what it can have done: the data of one instant, questions with answers, and effects.
 * Plain values; whoever fills them (`src/app/board`, `src/cli/dash`) is not known here.
 */
import type { DashboardSettings } from "../core/definition.ts";
import type { Stored } from "../core/event.ts";
import type { Graph } from "../core/graph/graph.ts";
import type { Claim, RunHead } from "../core/heads.ts";
import type { AssetKey, EventId, Instant, StepKey } from "../core/key.ts";
import type { Progress } from "../core/order.ts";
import type { Problem } from "../core/problem/problem.ts";
import type { AssetStatus } from "../core/status.ts";
import type { ShownKey, ShownSchedule, ShownSensor } from "../views/automation.ts";

/** What a step of some process told last; processes that do nothing for long tell nothing. */
export interface Telling {
  readonly first: Progress;
  readonly firstAt: Instant;
  readonly last: Progress;
  readonly lastAt: Instant;
}

/** What the last materializations of an asset took and held, oldest first. */
export interface Trend {
  readonly seconds: readonly number[];
  readonly rows: readonly number[];
}

/** The project at one instant. A new value for every change; what did not change is shared. */
export interface BoardData {
  readonly at: Instant;
  /** The log's last event that is in it. */
  readonly last: EventId;
  readonly name: string;
  /** IANA. */
  readonly timezone: string;
  /** Null: production. */
  readonly environment: string | null;
  /** Changes with the definitions. */
  readonly fingerprint: string;
  readonly graph: Graph;
  readonly statuses: ReadonlyMap<AssetKey, AssetStatus>;
  /** Open claims of live processes. */
  readonly claims: readonly Claim[];
  readonly progress: ReadonlyMap<StepKey, Telling>;
  readonly trends: ReadonlyMap<AssetKey, Trend>;
  /** Newest first; those that are open too. `moreRuns`: there are older ones. */
  readonly runs: readonly RunHead[];
  readonly moreRuns: boolean;
  readonly schedules: readonly ShownSchedule[];
  readonly sensors: readonly ShownSensor[];
  /** When an asset's own cron or a schedule that selects it comes round next. */
  readonly due: ReadonlyMap<AssetKey, { readonly at: Instant; readonly by: string }>;
  readonly nextTick: { readonly name: string; readonly at: Instant } | null;
  readonly disk: { readonly bytes: number; readonly budget: number | null };
  readonly failingSinks: ReadonlyMap<string, string>;
  /** What is wrong with the definitions as they are now; the last good ones are shown meanwhile. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** What the configuration says of the dashboard. */
  readonly settings: DashboardSettings;
}

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
