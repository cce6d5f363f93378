/** What the engine is handed: ports, and what a run is asked to do. Holds shapes only. */
import type { Event, RunOutcome, RunRequested, StepOutcome, Stored } from "../core/event.ts";
import type { Backfill } from "../core/backfill_request.ts";
import type { State } from "../core/heads.ts";
import type { JsonObject } from "../core/json.ts";
import type { HolderId, RunId } from "../core/key.ts";
import type { Layout } from "../core/layout.ts";
import type { Limits, LogLine, Progress } from "../core/order.ts";
import type { Plan, PlannedStep } from "../core/plan.ts";
import type { Circumstances } from "../core/reasons.ts";
import type { Clock, Ids } from "../ports/clock.ts";
import type { StepExecutor } from "../ports/executor.ts";
import type { Liveness } from "../ports/liveness.ts";
import type { StateStore } from "../ports/store.ts";

export interface Engine {
  readonly store: StateStore;
  readonly liveness: Liveness;
  readonly holder: HolderId;
  readonly executor: StepExecutor;
  readonly clock: Clock;
  readonly ids: Ids;
  /** In [0, 1): for jitter. */
  readonly random: () => number;
  /** Absolute. */
  readonly project: string;
  /** Where versions go, relative to the project; `LAKE` where nothing is said. */
  readonly lake?: string;
  /** Removes a candidate that will never be visible; never rejects. */
  readonly discard: (path: string) => Promise<void>;
  /** Called at named places, where a test may end the process. */
  readonly point: (name: CrashPoint) => void;
}

export type CrashPoint =
  | "run-started"
  | "claimed"
  | "staged"
  | "published"
  | "step-ended"
  | "before-run-ended"
  | "run-ended";

export interface RunRequest {
  readonly layout: Layout;
  /** The state that the plan was made from; the run keeps it current. */
  readonly state: State;
  readonly plan: Plan;
  readonly around: Circumstances;
  readonly trigger: RunRequested["trigger"];
  readonly selection: string;
  readonly backfill?: Backfill;
  readonly requestKey: string | null;
  /** A run that was asked for ahead and is begun, or gone on with, here. Absent: a run of our own. */
  readonly resumes?: RunId;
  /** What is appended together with the request: the ticks that it answers. Pure; called again after a busy lock. */
  readonly along?: (state: State, run: RunId) => readonly Event[];
  /** For history, as typed. */
  readonly command: string;
  readonly settings: JsonObject;
  readonly projectSettings: JsonObject;
  readonly timezone: string;
  readonly pools: Readonly<Record<string, number>>;
  readonly limits: Limits;
  readonly concurrency: number;
  readonly failFast: boolean;
  /** How long a step that a live process holds is waited for; 0: left to it. */
  readonly waitMs: number;
  /**
   * Having taken a step itself, it waits for those that others hold, however long: they may have left what follows
   * from our step to us. So two `up`s at once do everything between them.
   */
  readonly joins: boolean;
  readonly timeoutMs: number | null;
}

/** Who holds what this run would have done. */
export interface Left {
  readonly step: PlannedStep;
  readonly holder: HolderId;
  readonly since: number;
  readonly text: string;
}

export interface RunHooks {
  /** The run's own events, in order, after they were committed. */
  readonly onEvents: (events: readonly Stored[]) => void;
  readonly onWaiting: (step: PlannedStep, text: string) => void;
  readonly onProgress: (step: PlannedStep, progress: Progress) => void;
  readonly onLog: (run: RunId, step: PlannedStep, number: number, line: LogLine) => void;
  /** First: start nothing more. */
  readonly stop: AbortSignal;
  /** Second: end what runs. */
  readonly kill: AbortSignal;
}

export interface RunResult {
  readonly run: RunId;
  readonly outcome: RunOutcome;
  readonly counts: Record<StepOutcome, number>;
  readonly left: readonly Left[];
  readonly seconds: number;
}

export type { Event };
