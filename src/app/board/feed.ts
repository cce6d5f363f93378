/**
 * The project as it stands, kept current for whoever draws it: reads what others append, works out anew how the assets
 * stand that this touches, and gives a new snapshot. Reads heads and events only; loads neither DuckDB nor user code,
 * and never keeps the process for longer than a few milliseconds at a time, since keys are waiting.
 */
import type { DashboardSettings } from "../../core/definition.ts";
import type { Claim, State } from "../../core/heads.ts";
import type { AssetKey } from "../../core/key.ts";
import { buildGraph } from "../../core/graph/graph.ts";
import { failingSinks } from "../../core/notice.ts";
import { type Problem, problem, ProblemError } from "../../core/problem/problem.ts";
import type { Stored } from "../../core/event.ts";
import { type AssetStatus, assetStatus } from "../../core/status.ts";
import { giveBack } from "../../host/memory.ts";
import type { AppHost } from "../host.ts";
import { listSchedules, listSensors, type SensorKey, sensorKeys } from "../look_automation.ts";
import { lookRuns } from "../look_runs.ts";
import type { Liveness } from "../../ports/liveness.ts";
import type { BoardData, Waiting } from "../../views/board.ts";
import type { Session, View } from "../session.ts";
import { LiveProject } from "./live_project.ts";
import { nextOf } from "./next_due.ts";
import { readProgress } from "./progress.ts";
import { Trends } from "./trends.ts";

export interface FeedOptions {
  readonly host: AppHost;
  /** Absolute. */
  readonly project: string;
  readonly environment: string | null;
  readonly onData: (data: BoardData) => void;
}

/** Everything is looked at anew so often, whatever happened: time passes, and with it freshness. */
const WHOLE_MS = 60_000;
/** A file system may tell nothing: the log's end is asked for so often. */
const POLL_MS = 2_000;
/** Where steps are at work their progress is read so often. */
const PROGRESS_MS = 250;
/** Work is put aside for keys after so long. */
const SLICE_MS = 6;
/** Between two looks at least so long, and three times what the last one took. */
const LEAST_MS = 60;
const FIRST_RUNS = 200;
const MORE_RUNS = 500;

/** What a look has to do besides reading on. */
interface Asked {
  definitions: boolean;
  whole: boolean;
  runs: boolean;
}
const EVERYTHING: Asked = { definitions: true, whole: true, runs: true };

export class Feed implements AsyncDisposable {
  readonly #options: FeedOptions;
  readonly #live: LiveProject;
  #view: View | null = null;
  #snapshot: BoardData | null = null;
  #trends: Trends | null = null;
  #runs = FIRST_RUNS;
  /** What the next look has to do besides reading on. */
  #asked: Asked = { ...EVERYTHING };
  #wholeAt = 0;
  #givenBackAt = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #looking: Promise<void> | null = null;
  #again = false;
  #dueAt = 0;
  #closed = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#live = new LiveProject(options, (what) => {
      if (what === "definitions") this.#asked.definitions = true;
      this.#soon(what === "definitions" ? 0 : LEAST_MS);
    });
  }

  /** Settles after the first look. */
  async start(): Promise<void> {
    await this.#look();
  }

  /** Looks at everything anew. */
  refresh(): void {
    this.#asked = { ...EVERYTHING };
    this.#soon(0);
  }

  /** Reads further back in the history of runs. */
  moreRuns(): void {
    this.#runs += MORE_RUNS;
    this.#asked.runs = true;
    this.#soon(0);
  }

  /** For questions about events; null before the first look. */
  session(): Session | null {
    return this.#live.session;
  }

  /** What a sensor has asked for, oldest first; nothing where there is no such sensor. */
  sensorKeys(name: string): readonly SensorKey[] {
    const view = this.#view;
    const sensor = view?.loaded.project.sensors.find((each) => each.name === name);
    return view === null || sensor === undefined ? [] : sensorKeys(view, sensor);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#looking;
    await this.#live[Symbol.asyncDispose]();
  }

  #soon(ms: number): void {
    // What is told while a look goes on may have come too late for it.
    if (this.#looking !== null) this.#again = true;
    if (this.#closed || this.#looking !== null) return;
    // A look that is to come sooner is not put off by what is told meanwhile, however often.
    const at = performance.now() + ms;
    if (this.#timer !== null && this.#dueAt <= at) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#dueAt = at;
    this.#timer = setTimeout(() => void this.#look(), ms);
  }

  async #look(): Promise<void> {
    if (this.#looking !== null || this.#closed) return;
    const began = performance.now();
    this.#timer = null;
    this.#again = false;
    this.#looking = this.#lookOnce().catch((error) => this.#fail(error));
    await this.#looking;
    this.#looking = null;
    const took = performance.now() - began;
    const busy = (this.#snapshot?.claims.length ?? 0) > 0;
    // A look at everything leaves much behind, once a minute for as long as it is open.
    if (!busy && this.#wholeAt !== this.#givenBackAt) {
      this.#givenBackAt = this.#wholeAt;
      giveBack();
    }
    const pause = this.#again ? LEAST_MS : busy ? PROGRESS_MS : POLL_MS;
    this.#soon(Math.max(LEAST_MS, took * 3, pause));
  }

  #fail(error: unknown): void {
    // What had been read on was not worked out.
    this.#asked.whole = this.#asked.runs = true;
    const found = error instanceof ProblemError ? error.problems : [problem("bug", {
      message: "Cannot look at the project",
      why: error instanceof Error ? error.message : String(error),
    })];
    if (same(found, this.#live.problems) && this.#snapshot !== null) return;
    this.#live.problems = found;
    this.#give(this.#snapshot ?? emptySnapshot(this.#options));
  }

  async #lookOnce(): Promise<void> {
    const { host } = this.#options;
    const now = host.clock.now();
    // What is asked for from here on is for the next look.
    const asked = this.#asked;
    this.#asked = { definitions: false, whole: false, runs: false };
    if (asked.definitions || this.#live.isStoreNew()) {
      asked.whole = asked.runs = true;
      if (await this.#live.reopen()) {
        this.#view = null;
        this.#trends = null;
      }
    }
    const { session } = this.#live;
    if (session === null) return;
    const store = await session.store();
    const before = this.#view?.state ?? null;
    const events = before === null ? [] : await store.sync(before);
    const died = before !== null && await this.#hasDied(session, before);
    const whole = before === null || asked.whole || died || now - this.#wholeAt > WHOLE_MS ||
      now < this.#wholeAt || events.some(isForAll);
    if (!whole && events.length === 0 && !asked.runs) {
      await this.#progressed(session);
      return;
    }
    const state = before ?? await store.load();
    const view = this.#view !== null && !whole ? this.#view : await session.viewOver(state);
    const first = this.#view === null || this.#snapshot === null;
    this.#view = view;
    this.#trends ??= new Trends(view);
    this.#trends.take(events);
    const runs = asked.runs || died || events.some(isOfRun)
      ? await lookRuns(session, { limit: this.#runs, failed: false })
      : null;
    if (whole) this.#wholeAt = now;
    const touched = whole ? new Set(view.layout.graph.keys) : touchedBy(view, events);
    const statuses = await this.#standing(view, touched, whole);
    const aside = whole ? this.#aside(session, view) : null;
    const known = this.#snapshot;
    const claims = liveClaims(view.state, view.dead);
    const liveness = await session.liveness();
    this.#give({
      at: now,
      last: view.state.last,
      name: view.loaded.project.name,
      timezone: view.layout.timezone,
      environment: session.environmentName,
      fingerprint: view.loaded.fingerprint,
      graph: view.layout.graph,
      statuses,
      claims,
      progress: await readProgress(liveness, claims, known?.progress ?? new Map(), now),
      waits: await waitsOf(liveness, claims),
      trends: this.#trends.all(),
      runs: runs?.runs ?? known?.runs ?? [],
      moreRuns: runs?.more ?? known?.moreRuns ?? false,
      schedules: aside?.schedules ?? known?.schedules ?? [],
      sensors: aside?.sensors ?? known?.sensors ?? [],
      due: aside?.due ?? known?.due ?? new Map(),
      nextTick: aside?.nextTick ?? known?.nextTick ?? null,
      // What a run has made takes room, at the latest when it has ended.
      disk: whole || known === null || events.some(({ event }) => event.kind === "run-ended")
        ? await diskOf(session, view)
        : known.disk,
      failingSinks: failingSinks(view.state),
      settings: view.loaded.project.dashboard ?? PLAIN,
      problems: this.#live.problems,
      warnings: this.#live.warnings,
    });
    if (first) await this.#fillTrends(session, view);
  }

  /** The courses of earlier materializations, read a few assets at a time after everything else is there. */
  async #fillTrends(session: Session, view: View): Promise<void> {
    const store = await session.store();
    await sliced(view.layout.graph.keys, async (asset) => {
      if (this.#closed) return;
      const events = await store.events({
        asset,
        kinds: ["materialized"],
        reverse: true,
        limit: Trends.MOST,
      });
      this.#trends?.take([...events].reverse());
    });
    if (this.#snapshot !== null && this.#trends !== null) {
      this.#give({ ...this.#snapshot, trends: this.#trends.all() });
    }
  }

  async #progressed(session: Session): Promise<void> {
    const known = this.#snapshot;
    if (known === null || known.claims.length === 0) return;
    const now = this.#options.host.clock.now();
    const liveness = await session.liveness();
    const progress = await readProgress(liveness, known.claims, known.progress, now);
    const waits = await waitsOf(liveness, known.claims);
    const waiting = waits.map(({ step }) => step).join(" ");
    const isSame = known.waits.map(({ step }) => step).join(" ") === waiting;
    if (progress === known.progress && isSame) return;
    this.#give({ ...known, at: now, progress, waits: isSame ? known.waits : waits });
  }

  /** Whether somebody who had claims at the last look is gone: it has them until somebody ends them. */
  async #hasDied(session: Session, { claims }: State): Promise<boolean> {
    const dead = this.#view?.dead;
    const holders = [...new Set([...claims.values()].map(({ holder }) => holder))]
      .filter((each) => !dead?.has(each));
    if (holders.length === 0) return false;
    return (await (await session.liveness()).alive(holders)).size < holders.length;
  }

  async #standing(
    view: View,
    touched: ReadonlySet<AssetKey>,
    whole: boolean,
  ): Promise<ReadonlyMap<AssetKey, AssetStatus>> {
    const around = view.around();
    const known = this.#snapshot?.statuses ?? new Map<AssetKey, AssetStatus>();
    const statuses = whole ? new Map<AssetKey, AssetStatus>() : new Map(known);
    await sliced([...touched], (key) => {
      statuses.set(key, assetStatus(view.layout, view.state, key, around, view.dead));
    });
    return statuses;
  }

  #aside(session: Session, view: View) {
    const next = nextOf(view);
    return {
      schedules: listSchedules(view),
      sensors: listSensors(view, (text) => session.masked(text)),
      due: next.byAsset,
      nextTick: next.first,
    };
  }

  #give(snapshot: BoardData): void {
    if (this.#closed) return;
    this.#snapshot = { ...snapshot, problems: this.#live.problems, warnings: this.#live.warnings };
    this.#options.onData(this.#snapshot);
  }
}

async function diskOf(session: Session, view: View): Promise<BoardData["disk"]> {
  const { diskUse } = await import("../clean.ts");
  const { bytes, budget } = diskUse(session, view);
  return { bytes: bytes ?? 0, budget };
}

const PLAIN: DashboardSettings = { keys: {}, clock: true, mouse: true };

function emptySnapshot({ environment }: FeedOptions): BoardData {
  const graph = buildGraph([]);
  if (!graph.ok) throw new ProblemError(graph.error);
  return {
    at: 0,
    last: 0,
    name: "nycflow",
    timezone: "UTC",
    environment,
    fingerprint: "",
    graph: graph.value,
    statuses: new Map(),
    claims: [],
    waits: [],
    progress: new Map(),
    trends: new Map(),
    runs: [],
    moreRuns: false,
    schedules: [],
    sensors: [],
    due: new Map(),
    nextTick: null,
    disk: { bytes: 0, budget: null },
    failingSinks: new Map(),
    problems: [],
    warnings: [],
    settings: PLAIN,
  };
}

/** Works through a list, and lets others have a turn every few milliseconds. */
async function sliced<T>(
  all: readonly T[],
  work: (each: T) => void | Promise<void>,
): Promise<void> {
  let began = performance.now();
  for (const each of all) {
    const working = work(each);
    if (working !== undefined) await working;
    if (performance.now() - began < SLICE_MS) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    began = performance.now();
  }
}

/** Partitions that come, ticks and switches make others due: everything is looked at anew. */
function isForAll({ event }: Stored): boolean {
  return event.kind === "partition-added" || event.kind === "forgotten" ||
    event.kind === "ticked" || event.kind === "switched";
}

function isOfRun({ event }: Stored): boolean {
  return event.kind.startsWith("run-") || event.kind === "materialized" ||
    event.kind === "attempt-failed" || event.kind === "step-ended";
}

/** The assets of the events, and those that read them: their reasons are differences to what they read. */
function touchedBy({ layout }: View, events: readonly Stored[]): ReadonlySet<AssetKey> {
  const touched = new Set<AssetKey>();
  for (const { event } of events) {
    if (!("asset" in event) || !layout.graph.has(event.asset)) continue;
    touched.add(event.asset);
    if (event.kind === "attempt-started") continue;
    for (const key of layout.graph.downstream(event.asset)) touched.add(key);
  }
  return touched;
}

/** Slots are held by steps at work: where there are none nobody waits for them. */
async function waitsOf(
  liveness: Pick<Liveness, "waits">,
  claims: readonly Claim[],
): Promise<readonly Waiting[]> {
  if (claims.length === 0) return [];
  const waits = await liveness.waits();
  return waits.map(({ step, pool, since }) => ({ step, pool, since }))
    .sort((a, b) => a.since - b.since);
}

function liveClaims(state: State, dead: ReadonlySet<Claim["holder"]>): readonly Claim[] {
  return [...state.claims.values()].filter(({ holder }) => !dead.has(holder));
}

function same(a: readonly Problem[], b: readonly Problem[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
