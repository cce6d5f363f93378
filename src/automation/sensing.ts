/**
 * Evaluates sensors: reads watched folders here, asks code in the runner, and writes in one commit what they ask for
 * and how far they have come, so that a kill in between loses nothing and repeats nothing. One that fails, hangs or
 * floods is told, and stops none of the others.
 */
import {
  MOST_REQUESTS,
  type Request,
  requestEvents,
  requestKey,
} from "../core/automation/request.ts";
import { isOff, sensorId, tickFact } from "../core/automation/source.ts";
import type { AssetDefinition, SensorDefinition } from "../core/definition.ts";
import type { Event } from "../core/event.ts";
import type { State } from "../core/heads.ts";
import type { Json } from "../core/json.ts";
import type { AssetKey, PartitionKey, RunId } from "../core/key.ts";
import { at, type Problem, problem } from "../core/problem/problem.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { Clock, Ids } from "../ports/clock.ts";
import type { SensorAnswer, SensorOrder } from "../ports/runner.ts";
import type { StateStore } from "../ports/store.ts";
import { type BadFile, readFolder, reject } from "./folder.ts";

export interface Sensing {
  readonly store: StateStore;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Absolute. */
  readonly project: string;
  /** Kept current by what is committed. */
  readonly state: State;
  readonly def: (asset: AssetKey) => AssetDefinition;
  readonly choose: (selection: string) => Result<ReadonlySet<AssetKey>, Problem>;
  /** Code, in the runner, within the sensor's time limit. */
  readonly ask: (
    order: Omit<SensorOrder, "project" | "settings">,
    timeoutMs: number,
  ) => Promise<Result<SensorAnswer, Problem>>;
}

/** What an evaluation of one sensor came to. */
export interface Sensed {
  readonly sensor: string;
  /** Runs and partitions that are new. */
  readonly asked: number;
  readonly rejected: readonly {
    readonly file: string;
    readonly why: string;
    readonly to: string;
  }[];
  readonly problem: Problem | null;
  /** The problem was there the last time too. */
  readonly known: boolean;
  /** It asked for nothing, in its own words. */
  readonly skip: string | null;
  /** What `--dry-run` would ask for. */
  readonly requests: readonly (Request & { readonly known?: boolean })[];
}

/** Evaluates one sensor. `dry`: changes nothing, says what it would ask for. */
export async function evaluateSensor(
  sensing: Sensing,
  sensor: SensorDefinition,
  dry = false,
): Promise<Sensed> {
  const nothing = {
    sensor: sensor.name,
    asked: 0,
    rejected: [],
    skip: null,
    requests: [],
    known: false,
  };
  const found = sensor.watch === null
    ? await askCode(sensing, sensor)
    : await askFolder(sensing, sensor);
  if (!found.ok) {
    const told = at({ file: sensor.origin.file, line: sensor.origin.line }, found.error);
    const known = tickFact(sensing.state, sensorId(sensor.name))?.problem === told.message;
    // Who was broken off has not failed.
    if (found.error.code === "cancelled") return { ...nothing, problem: told };
    if (!dry) await record(sensing, sensor, { requests: [], cursor: null, failed: told, text: "" });
    return { ...nothing, problem: told, known };
  }
  const { requests, bad, cursor, skip } = found.value;
  if (dry) {
    const rejected = bad.map((each) => ({ ...each, to: "" }));
    const marked = requests.map((each) => ({
      ...each,
      known: wasAsked(sensing.state, sensor, each),
    }));
    return { ...nothing, rejected, skip, requests: marked, problem: null };
  }
  const asked = await record(sensing, sensor, { requests, cursor, failed: null, text: skip ?? "" });
  const rejected: { file: string; why: string; to: string }[] = [];
  let problemOf: Problem | null = null;
  for (const each of bad) {
    const done = reject(sensing.project, each);
    if ("to" in done) rejected.push({ ...each, to: done.to });
    else if (!/ENOENT/.test(done.stays)) {
      problemOf = problem("no-permission", {
        message: `Cannot set ${each.file} aside`,
        where: { file: each.file },
        why: `${each.why}; and it cannot be moved: ${done.stays}`,
        hint: "correct or remove it by hand",
      });
    }
  }
  return { ...nothing, asked, rejected, skip, requests, problem: problemOf };
}

/** It was asked for before, as a run or as a partition. */
function wasAsked(state: State, sensor: SensorDefinition, request: Request): boolean {
  const { key, dynamic, partition } = request;
  return state.facts.has(`request:${requestKey(sensor.name, key)}`) ||
    (dynamic.length > 0 &&
      dynamic.every((asset) => state.facts.has(`partition:${asset}:${partition}`)));
}

/** Sensors that are on, in the order of their definition. */
export function sensorsOn(
  state: State,
  sensors: readonly SensorDefinition[],
): readonly SensorDefinition[] {
  return sensors.filter((each) => !isOff(state, sensorId(each.name)));
}

interface Asked {
  readonly requests: readonly Request[];
  readonly bad: readonly BadFile[];
  readonly cursor: Json;
  readonly skip: string | null;
}

async function askFolder(
  sensing: Sensing,
  sensor: SensorDefinition,
): Promise<Result<Asked, Problem>> {
  const targets = sensing.choose(sensor.select);
  if (!targets.ok) return targets;
  const defs = [...targets.value].map(sensing.def);
  const target = defs.find((def) => def.config !== null) ?? defs[0] ?? null;
  const { good, bad } = await readFolder(
    sensing.project,
    sensor.watch ?? "",
    target,
    (ms) => sensing.clock.sleep(ms),
  );
  const dynamic = dynamicOf(defs);
  const requests = good.map(({ key, settings }): Request => ({
    key,
    selection: sensor.select,
    dynamic,
    partition: dynamic.length > 0 ? key : null,
    settings,
  }));
  return ok({ requests, bad, cursor: null, skip: null });
}

async function askCode(
  sensing: Sensing,
  sensor: SensorDefinition,
): Promise<Result<Asked, Problem>> {
  const fact = tickFact(sensing.state, sensorId(sensor.name));
  const answer = await sensing.ask({
    file: sensor.origin.file,
    exportName: sensor.origin.exportName ?? "default",
    name: sensor.name,
    cursor: fact?.cursor ?? null,
    now: sensing.clock.now(),
    lastRunAt: fact?.requested ?? null,
  }, sensor.timeoutMs);
  if (!answer.ok) return answer;
  const { requests, skip, cursor } = answer.value;
  const made: Request[] = [];
  const fresh = requests.filter((each) =>
    !sensing.state.facts.has(`request:${requestKey(sensor.name, each.key)}`)
  );
  for (const each of fresh.slice(0, MOST_REQUESTS)) {
    const selection = each.select ?? sensor.select;
    if (selection === "") return err(noSelection(sensor, each.key));
    const targets = sensing.choose(selection);
    if (!targets.ok) return targets;
    const dynamic = dynamicOf([...targets.value].map(sensing.def));
    made.push({
      key: each.key,
      selection,
      dynamic,
      partition: each.partition ?? (dynamic.length > 0 ? each.key : null),
      settings: each.config,
    });
  }
  const flooded = fresh.length > MOST_REQUESTS;
  return ok({
    requests: made,
    bad: [],
    cursor: flooded ? fact?.cursor ?? null : cursor,
    skip: flooded ? `${fresh.length - MOST_REQUESTS} more requests wait for the next time` : skip,
  });
}

/** Targets that gain a partition by a request. */
function dynamicOf(defs: readonly AssetDefinition[]): readonly AssetKey[] {
  return defs.filter((def) => def.partitions?.type === "dynamic").map((def) => def.key);
}

function noSelection(sensor: SensorDefinition, key: string): Problem {
  return problem("definition-invalid", {
    message: `Cannot tell what ${sensor.name} asks for with ${JSON.stringify(key)}`,
    why: "neither the request nor the sensor has a select",
    hint: 'add select: "my_asset" to the sensor',
  });
}

/** One commit: what is new, and where the cursor stands. Where nothing is new, nothing is written. */
async function record(
  sensing: Sensing,
  sensor: SensorDefinition,
  found: {
    readonly requests: readonly Request[];
    readonly cursor: Json;
    readonly failed: Problem | null;
    readonly text: string;
  },
): Promise<number> {
  const { store, clock, ids, state } = sensing;
  const now = clock.now();
  const runs = found.requests.map(() => ids.next() as RunId);
  const id = sensorId(sensor.name);
  let asked = 0;
  await store.commit(state, now, (latest) => {
    const fact = tickFact(latest, id);
    const made = sensor.watch === null || !eager(sensing, found.requests)
      ? requestEvents(latest, sensor.name, found.requests, runs, now)
      : { events: partitionEvents(latest, found.requests), runs: [] };
    asked = sensor.watch === null ? made.runs.length : made.events.length;
    const moved = JSON.stringify(fact?.cursor ?? null) !== JSON.stringify(found.cursor);
    const newlyFailed = found.failed !== null && fact?.problem !== found.failed.message;
    const mended = found.failed === null && fact !== null && fact.problem !== null;
    if (asked === 0 && !newlyFailed && !mended && (found.failed !== null || !moved)) return [];
    return [...made.events, {
      kind: "ticked",
      source: id,
      due: now,
      outcome: found.failed !== null ? "failed" : asked > 0 ? "requested" : "skipped",
      text: found.failed?.message ?? (asked > 0 ? askedText(asked) : found.text),
      runs: made.runs,
      cursor: found.cursor,
      problem: found.failed,
    }];
  });
  return asked;
}

function askedText(count: number): string {
  return `${count} new request${count === 1 ? "" : "s"}`;
}

/** A new partition runs by itself, since it is missing: no run has to be asked for. */
function eager(sensing: Sensing, requests: readonly Request[]): boolean {
  return requests.every(({ dynamic, partition }) =>
    partition !== null &&
    dynamic.every((asset) => {
      const { automation } = sensing.def(asset);
      return automation === "eager" || automation === "missing";
    })
  );
}

function partitionEvents(state: State, requests: readonly Request[]): readonly Event[] {
  const seen = new Set<string>();
  return requests.flatMap(({ dynamic, partition, settings }) =>
    dynamic.flatMap((asset): Event[] => {
      const name = `partition:${asset}:${partition}`;
      if (state.facts.has(name) || seen.has(name)) return [];
      seen.add(name);
      return [{
        kind: "partition-added",
        asset,
        partition: partition as PartitionKey,
        payload: settings,
      }];
    })
  );
}
