/** The screens there are, and what each remembers besides the data. Shapes and first values only. */
import type { EventId, Instant } from "../core/key.ts";
import { editor, type EditorState } from "../term/editor.ts";
import type { Drawn, Focus } from "./lineage_drawn.ts";
import type { Listed, Told } from "./run_told.ts";
import { AT_TOP, type Scroll } from "./scroll.ts";

/** The first six have tabs, in this order; an asset and a run are opened from them. */
export const SCREEN_NAMES = [
  "overview",
  "lineage",
  "runs",
  "automation",
  "sql",
  "problems",
  "asset",
  "run",
] as const;
export type ScreenName = (typeof SCREEN_NAMES)[number];

export const TABS: readonly ScreenName[] = SCREEN_NAMES.slice(0, 6);

export interface OverviewState {
  readonly scroll: Scroll;
  /** The marked asset or group (`group/`), so that it stays marked when others come and go. */
  readonly selected: string;
  readonly folded: readonly string[];
}

export interface LineageState {
  /** An asset, or a folded group (`group/`). */
  readonly selected: string;
  /** What is shown of the graph: all of it, or what an asset has to do with. */
  readonly focus: Focus | null;
  /** Where a path is to begin, while its end is looked for. */
  readonly from: string | null;
  readonly folded: boolean;
  /** The first column and row of the drawing that are seen. */
  readonly left: number;
  readonly top: number;
  /** Where everything stands; kept, since finding that takes longer than a frame. */
  readonly drawn: Drawn | null;
}

export interface RunsState {
  readonly scroll: Scroll;
  /** The marked run's id. */
  readonly selected: string;
  readonly onlyFailed: boolean;
  /** How many there were when older ones were asked for; 0 where none were. */
  readonly askedAt: number;
}

export const RUN_SECTIONS = ["steps", "errors", "log"] as const;
export interface RunState {
  readonly section: (typeof RUN_SECTIONS)[number];
  readonly scroll: Scroll;
  /** The marked line of the steps, so that it stays marked when others begin. */
  readonly selected: string;
  /** Assets whose steps, and steps whose tries are shown. */
  readonly unfolded: readonly string[];
  readonly top: number;
  /** The log is kept at its end; of the steps the one that began last is marked while the run goes on. */
  readonly follow: boolean;
  /** What was made of the last answer; kept, since a run may have ten thousand steps. */
  readonly told: Told | null;
  /** The list as it was made last, and of what. */
  readonly listed: Listed | null;
}

export const ASSET_SECTIONS = [
  "about",
  "rows",
  "charts",
  "columns",
  "checks",
  "partitions",
  "versions",
  "log",
  "source",
] as const;
export interface AssetState {
  readonly section: (typeof ASSET_SECTIONS)[number];
  /** The first line and column of a text that are seen. */
  readonly top: number;
  readonly left: number;
  /** A log is kept at its end. */
  readonly follow: boolean;
  /** In the list of versions. */
  readonly scroll: Scroll;
  /** The partition that the cursor is on; "" before there was one. */
  readonly partition: string;
  /** The partition at which marking began; null where none is marked. */
  readonly marked: string | null;
  /** Rows that are asked for. */
  readonly limit: number;
  /** The change whose difference is shown in the place of the list of versions, by its event. */
  readonly diff: EventId | null;
  /** The partition whose log is shown; null for all. */
  readonly log: string | null;
}

export const AUTOMATION_SECTIONS = ["schedules", "sensors", "keys"] as const;
export interface AutomationState {
  readonly section: (typeof AUTOMATION_SECTIONS)[number];
  readonly scroll: Scroll;
  /** The marked schedule's, sensor's or key's name. */
  readonly selected: string;
  /** Whose keys are shown. */
  readonly sensor: string;
}

export interface SqlState {
  readonly section: "editor" | "result";
  /** The text, and what was asked before. */
  readonly editor: EditorState;
  /** What was asked, the how-manieth time, and when; null before the first. */
  readonly asked: { readonly text: string; readonly times: number; readonly at: Instant } | null;
  readonly form: "table" | "chart";
  readonly top: number;
  readonly left: number;
}

export interface ProblemsState {
  readonly scroll: Scroll;
}

export interface ScreenStates {
  readonly overview: OverviewState;
  readonly lineage: LineageState;
  readonly runs: RunsState;
  readonly run: RunState;
  readonly asset: AssetState;
  readonly automation: AutomationState;
  readonly sql: SqlState;
  readonly problems: ProblemsState;
}

export const FIRST_STATES: ScreenStates = {
  overview: { scroll: AT_TOP, selected: "", folded: [] },
  lineage: { selected: "", focus: null, from: null, folded: false, left: 0, top: 0, drawn: null },
  runs: { scroll: AT_TOP, selected: "", onlyFailed: false, askedAt: 0 },
  run: {
    section: "steps",
    scroll: AT_TOP,
    selected: "",
    unfolded: [],
    top: 0,
    follow: true,
    told: null,
    listed: null,
  },
  asset: {
    section: "about",
    top: 0,
    left: 0,
    follow: true,
    scroll: AT_TOP,
    partition: "",
    marked: null,
    limit: 200,
    diff: null,
    log: null,
  },
  automation: { section: "schedules", scroll: AT_TOP, selected: "", sensor: "" },
  sql: { section: "editor", editor: editor(), asked: null, form: "table", top: 0, left: 0 },
  problems: { scroll: AT_TOP },
};
