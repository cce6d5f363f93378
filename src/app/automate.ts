/**
 * One evaluation of everything that makes work come by itself: notes sources that were never seen, asks sensors, looks
 * at sources that others write. What the ticks ask for is appended with the run that answers them (`ticksAlong`).
 */
import { evaluateSensor, type Sensed, type Sensing, sensorsOn } from "../automation/sensing.ts";
import { sensorId, sourceId } from "../core/automation/source.ts";
import { type Tick, tickEvents } from "../core/automation/ticks.ts";
import type { AssetDefinition, SensorDefinition } from "../core/definition.ts";
import type { Event } from "../core/event.ts";
import type { State } from "../core/heads.ts";
import type { Instant, RunId } from "../core/key.ts";
import { maskProblem } from "../core/mask.ts";
import { type Problem, problem } from "../core/problem/problem.ts";
import { err, ok } from "../core/result.ts";
import { selected } from "./due.ts";
import { observeSource } from "./observe.ts";
import type { Session, View } from "./session.ts";

export type { Sensed };

export interface Automated {
  readonly sensed: readonly Sensed[];
  readonly problems: readonly Problem[];
}

/** Whose time has come; all of them where nothing is said. */
export interface Wanted {
  readonly sensor: (sensor: SensorDefinition) => boolean;
  readonly source: (def: AssetDefinition) => boolean;
}

/** Everything but the runs themselves; `view.state` is brought up to date by what is committed. */
export async function automate(
  session: Session,
  view: View,
  wanted: Wanted,
): Promise<Automated> {
  await noteSilent(session, view);
  return await lookOutside(session, view, wanted);
}

/** Ticks that ask for nothing. */
export async function noteSilent(session: Session, view: View): Promise<void> {
  await noteTicks(session, view, view.clock().ticks.filter((each) => each.outcome !== "requested"));
}

/**
 * Asks sensors and looks at sources, side by side: one that hangs holds up none of the others, whose findings are
 * told to `heard` as they come.
 */
export async function lookOutside(
  session: Session,
  view: View,
  wanted: Wanted,
  heard: (id: string, found: Automated) => void = () => {},
): Promise<Automated> {
  const sensing = await sensingOf(session, view);
  const { graph } = view.layout;
  const sources = graph.keys.map((key) => view.layout.def(key))
    .filter((def) => def.observe !== undefined && wanted.source(def));
  const sensors = sensorsOn(view.state, view.loaded.project.sensors).filter(wanted.sensor);
  const found = await Promise.all([
    ...sources.map(async (def): Promise<readonly [string, Automated]> => {
      const problem = await observeSource(session, view, def);
      return [sourceId(def.key), { sensed: [], problems: problem === null ? [] : [problem] }];
    }),
    ...sensors.map(async (sensor): Promise<readonly [string, Automated]> => {
      const sensed = await evaluateSensor(sensing, sensor);
      const problems = sensed.problem === null ? [] : [sensed.problem];
      return [sensorId(sensor.name), { sensed: [sensed], problems }];
    }),
  ].map(async (asked) => {
    const [id, outcome] = await asked;
    heard(id, outcome);
    return outcome;
  }));
  return {
    sensed: found.flatMap(({ sensed }) => sensed),
    problems: found.flatMap(({ problems }) => problems),
  };
}

/** Evaluates one sensor by hand. */
export async function senseOne(
  session: Session,
  view: View,
  sensor: SensorDefinition,
  dry: boolean,
): Promise<Sensed> {
  return await evaluateSensor(await sensingOf(session, view), sensor, dry);
}

async function sensingOf(session: Session, view: View): Promise<Sensing> {
  const { host, project } = session;
  return {
    store: await session.store(),
    clock: host.clock,
    ids: host.ids,
    project,
    state: view.state,
    def: (asset) => view.layout.def(asset),
    choose: (text) =>
      text === ""
        ? err(problem("definition-invalid", {
          message: "Cannot tell what it is for",
          why: "it has no select",
          hint: 'add select: "my_asset"',
        }))
        : selected(text, view.layout, view.state, view.plain(), view.dead),
    ask: async (order, limitMs) => {
      const runner = await session.runner();
      const { settings } = view.loaded.project;
      const found = await runner.sensor({ ...order, project, settings }, limitMs);
      const mask = (text: string) => session.masked(text);
      if (!found.ok) return err(maskProblem(found.error, mask));
      const { skip } = found.value;
      return ok({ ...found.value, skip: skip === null ? null : mask(skip) });
    },
  };
}

/** Records ticks for which nothing has to run. */
export async function noteTicks(
  session: Session,
  view: View,
  ticks: readonly Tick[],
): Promise<void> {
  if (ticks.length === 0) return;
  const along = ticksAlong(session, view, ticks);
  await (await session.store()).commit(
    view.state,
    session.host.clock.now(),
    (state) => along(state, null),
  );
}

/** The events of ticks that are still news, to be appended together with the run that answers them. */
export function ticksAlong(
  session: Session,
  view: View,
  ticks: readonly Tick[],
): (state: State, run: RunId | null) => readonly Event[] {
  // Ids are made here, since what decides may be asked again.
  const ids = new Map(
    ticks.flatMap((tick) =>
      tick.missed.map((at) => [`${tick.source.id}@${at}`, session.host.ids.next() as RunId])
    ),
  );
  const queued = (tick: Tick, at: Instant) => {
    const run = ids.get(`${tick.source.id}@${at}`);
    const { select, id } = tick.source;
    if (run === undefined) return null;
    const event: Event = {
      kind: "run-requested",
      run,
      trigger: { kind: "schedule", of: id.slice(id.indexOf(":") + 1) },
      selection: "asset" in select ? select.asset : select.text,
      requestKey: null,
      settings: {},
      queued: { partition: null, at },
    };
    return { event, run };
  };
  const empty = emptySelections(view, ticks);
  return (state, run) =>
    tickEvents(state, ticks, run, queued).map((event) => {
      const why = event.kind === "ticked" ? empty.get(event.source) : undefined;
      return event.kind !== "ticked" || why === undefined || event.outcome !== "requested"
        ? event
        : { ...event, outcome: "skipped", text: why, runs: [] };
    });
}

/** Schedules that select nothing, with the words to say so. */
function emptySelections(view: View, ticks: readonly Tick[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { source, outcome } of ticks) {
    if (outcome !== "requested" || "asset" in source.select) continue;
    const { text } = source.select;
    const chosen = selected(text, view.layout, view.state, view.plain(), view.dead);
    if (!chosen.ok) found.set(source.id, chosen.error.why ?? chosen.error.message);
  }
  return found;
}
