/** `schedules` and `sensors`: what there is, what it did last, what comes next; switching, ticking, forgetting. */
import { sensorId, type TickFact, tickFact } from "../core/automation/source.ts";
import { type Clocked, isOff, nameOf } from "../core/automation/source.ts";
import type { SensorDefinition } from "../core/definition.ts";
import type { Event } from "../core/event.ts";
import { nearest } from "../core/graph/nearest.ts";
import type { AssetKey, Instant, PartitionKey, RunId } from "../core/key.ts";
import { type Mask, maskAll } from "../core/mask.ts";
import { type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import { nextTick } from "../core/schedule/cron.ts";
import { selected } from "./due.ts";
import type { Session, View } from "./session.ts";

export interface ListedSchedule {
  readonly name: string;
  readonly kind: "schedule" | "asset";
  readonly cron: string;
  readonly timezone: string;
  readonly select: string;
  readonly catchUp: string;
  readonly overlap: string;
  readonly on: boolean;
  /** The next five ticks. */
  readonly next: readonly Instant[];
  readonly fact: TickFact | null;
  readonly problem: Problem | null;
  readonly file: string;
  readonly line: number;
}

export interface ListedSensor {
  readonly name: string;
  readonly kind: "folder" | "code";
  readonly watch: string | null;
  readonly everyMs: number;
  readonly select: string;
  readonly on: boolean;
  readonly fact: TickFact | null;
  readonly keys: number;
  readonly file: string;
  readonly line: number;
}

export interface SensorKey {
  readonly key: string;
  readonly at: Instant;
  /** The run that answered it, or was asked for; null where none has begun. */
  readonly run: string | null;
  readonly state: "published" | "failed" | "waiting" | "asked";
  readonly asset: string | null;
}

const SHOWN = 5;

export function listSchedules(view: View): readonly ListedSchedule[] {
  const { schedules } = view.loaded.project;
  return view.clock().sources.map((source) => {
    const { cron, select } = source;
    const text = "asset" in select ? select.asset : select.text;
    const chosen = "asset" in select
      ? null
      : selected(text, view.layout, view.state, view.plain(), view.dead);
    const name = nameOf(source.id);
    const { file, line } = "asset" in select
      ? view.layout.graph.def(select.asset).origin
      : schedules.find((each) => each.name === name)?.origin ?? { file: "", line: 1 };
    return {
      name,
      file,
      line,
      kind: "asset" in select ? "asset" : "schedule",
      cron: cron.text,
      timezone: cron.zone.name,
      select: text,
      catchUp: source.catchUp,
      overlap: source.overlap,
      on: !isOff(view.state, source.id),
      // None comes a second time by a clock that was turned back.
      next: nextTicks(source, Math.max(view.now, tickFact(view.state, source.id)?.due ?? view.now)),
      fact: tickFact(view.state, source.id),
      problem: chosen === null || chosen.ok ? null : chosen.error,
    };
  });
}

function nextTicks({ cron }: Clocked, now: Instant): readonly Instant[] {
  const next: Instant[] = [];
  for (let at: Instant | null = now; next.length < SHOWN;) {
    at = nextTick(cron, at);
    if (at === null) break;
    next.push(at);
  }
  return next;
}

/** `mask` for what sensors have kept: a cursor may be anything. */
export function listSensors(view: View, mask: Mask): readonly ListedSensor[] {
  return view.loaded.project.sensors.map((sensor) => ({
    name: sensor.name,
    kind: sensor.watch === null ? "code" : "folder",
    watch: sensor.watch,
    everyMs: sensor.everyMs,
    select: sensor.select,
    on: !isOff(view.state, sensorId(sensor.name)),
    fact: maskAll(tickFact(view.state, sensorId(sensor.name)), mask),
    keys: sensorKeys(view, sensor).length,
    file: sensor.origin.file,
    line: sensor.origin.line,
  }));
}

/** What a sensor has asked for: its run keys, and the partitions that came by it; oldest first. */
export function sensorKeys(view: View, sensor: SensorDefinition): readonly SensorKey[] {
  const { facts, heads, runs } = view.state;
  const keys = new Map<string, SensorKey>();
  for (const asset of dynamicTargets(view, sensor)) {
    const prefix = `partition:${asset}:`;
    for (const [name, fact] of facts) {
      if (!name.startsWith(prefix)) continue;
      const key = name.slice(prefix.length);
      const head = heads.get(asset)?.get(key as PartitionKey);
      const published = head?.published ?? null;
      keys.set(key, {
        key,
        at: fact.at,
        run: published?.run ?? head?.failure?.run ?? null,
        state: published !== null ? "published" : head?.failure ? "failed" : "waiting",
        asset,
      });
    }
  }
  const prefix = `request:${sensorId(sensor.name)}:`;
  for (const [name, fact] of facts) {
    if (!name.startsWith(prefix)) continue;
    const key = name.slice(prefix.length);
    const value = fact.value;
    const run = typeof value === "object" && value !== null && "run" in value
      ? String(value.run)
      : null;
    const open = run !== null && runs.has(run as RunId);
    const known = keys.get(key);
    if (known === undefined || known.run === null) {
      keys.set(key, { key, at: fact.at, run, state: open ? "waiting" : "asked", asset: null });
    }
  }
  return [...keys.values()].sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
}

/** Forgets keys, so that they are asked for again; an unknown one is told. */
export async function forgetKeys(
  session: Session,
  view: View,
  sensor: SensorDefinition,
  keys: readonly string[],
): Promise<void> {
  const known = sensorKeys(view, sensor).map(({ key }) => key);
  for (const key of keys) {
    if (known.includes(key)) continue;
    const near = nearest(key, known);
    throw new ProblemError(problem("usage", {
      message: `Cannot forget ${key}: ${sensor.name} has not asked for it`,
      why: known.length === 0 ? "it has no keys yet" : `it has ${known.length} keys`,
      hint: near === null ? `nycflow sensors keys ${sensor.name}` : `did you mean ${near}?`,
    }));
  }
  await (await session.store()).commit(
    view.state,
    session.host.clock.now(),
    (state) =>
      keys.flatMap((key) => {
        const events: Event[] = [];
        const request = `request:${sensorId(sensor.name)}:${key}`;
        if (state.facts.has(request)) events.push({ kind: "forgotten", fact: request });
        for (const asset of dynamicTargets(view, sensor)) {
          const name = `partition:${asset}:${key}`;
          if (!state.facts.has(name)) continue;
          if (state.heads.get(asset)?.has(key as PartitionKey)) {
            events.push({
              kind: "version-set",
              asset,
              partition: key as PartitionKey,
              action: "wipe",
              version: null,
              text: "its key was forgotten",
            });
          }
          events.push({ kind: "forgotten", fact: name });
        }
        return events;
      }),
  );
}

function dynamicTargets(view: View, sensor: SensorDefinition): readonly AssetKey[] {
  if (sensor.select === "") return [];
  const chosen = selected(sensor.select, view.layout, view.state, view.plain(), view.dead);
  return chosen.ok
    ? [...chosen.value].filter((key) => view.layout.def(key).partitions?.type === "dynamic")
    : [];
}

/** On or off, and kept. One that is switched on counts from now: what came meanwhile is not made up for. */
export async function switchSources(
  session: Session,
  view: View,
  ids: readonly string[],
  on: boolean,
): Promise<void> {
  const sources = view.clock().sources;
  const now = session.host.clock.now();
  await (await session.store()).commit(view.state, now, (state) =>
    ids.flatMap((id) => {
      if (isOff(state, id) === !on) return [];
      const source = sources.find((each) => each.id === id);
      const due = Math.max(now, tickFact(state, id)?.due ?? now);
      const events: Event[] = [{ kind: "switched", source: id, on }];
      if (on && source !== undefined) {
        events.push({
          kind: "ticked",
          source: id,
          due,
          outcome: "seen",
          text: "switched on",
          runs: [],
          cursor: source.fingerprint,
          problem: null,
        });
      }
      return events;
    }));
}

/** As if it ticked now. */
export async function tickNow(session: Session, view: View, source: Clocked): Promise<void> {
  const now = session.host.clock.now();
  await (await session.store()).commit(view.state, now, (state) => [{
    kind: "ticked",
    source: source.id,
    due: Math.max(now, tickFact(state, source.id)?.due ?? now),
    outcome: "requested",
    text: "by hand",
    runs: [],
    cursor: source.fingerprint,
    problem: null,
  }]);
}

export function scheduleNamed(view: View, name: string): Clocked {
  const { sources } = view.clock();
  const found = sources.find(({ id }) => id === `schedule:${name}`) ??
    sources.find(({ id }) => nameOf(id) === name || id === name);
  if (found !== undefined) return found;
  throw unknown("schedule", name, sources.map(({ id }) => nameOf(id)), "nycflow schedules");
}

export function sensorNamed(view: View, name: string): SensorDefinition {
  const { sensors } = view.loaded.project;
  const found = sensors.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw unknown("sensor", name, sensors.map((each) => each.name), "nycflow sensors");
}

function unknown(what: string, name: string, known: readonly string[], list: string): ProblemError {
  const near = nearest(name, known);
  return new ProblemError(problem("usage", {
    message: `Cannot find a ${what} named ${name}`,
    why: known.length === 0
      ? `the project has no ${what}s`
      : near === null
      ? `there are: ${known.slice(0, 6).join(", ")}`
      : `the nearest name is ${near}`,
    hint: `see all of them with: ${list}`,
  }));
}
