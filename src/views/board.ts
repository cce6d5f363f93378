/** A project at one instant, with all that the dashboard draws of it: filled by `app/board`, drawn by `dashboard`. */
import type { DashboardSettings } from "../core/definition.ts";
import type { Graph } from "../core/graph/graph.ts";
import type { Claim, RunHead } from "../core/heads.ts";
import type { AssetKey, EventId, Instant, StepKey } from "../core/key.ts";
import type { Problem } from "../core/problem/problem.ts";
import type { AssetStatus } from "../core/status.ts";
import type { ShownSchedule, ShownSensor } from "./automation.ts";
import type { Told } from "./progress_words.ts";

/** What the last materializations of an asset took and held, oldest first. */
export interface Course {
  readonly seconds: readonly number[];
  readonly rows: readonly number[];
}

/** A step that could start but for a pool without free slots. */
export interface Waiting {
  /** The step's key. */
  readonly step: string;
  readonly pool: string;
  readonly since: Instant;
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
  readonly progress: ReadonlyMap<StepKey, Told>;
  /** What live processes wait for, longest first. */
  readonly waits: readonly Waiting[];
  readonly trends: ReadonlyMap<AssetKey, Course>;
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
