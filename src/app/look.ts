/** Use cases that only look: lists, chains of causes, tables. They read heads and versions and change nothing. */
import { bytesOf } from "../core/version.ts";
import { isOff, nameOf, sensorId, tickFact } from "../core/automation/source.ts";
import { nextDue } from "../core/automation/ticks.ts";
import type { AssetDefinition } from "../core/definition.ts";
import type { Reason, Stored } from "../core/event.ts";
import { type AssetKey, type Instant, type PartitionKey, WHOLE } from "../core/key.ts";
import type { RunHead } from "../core/heads.ts";
import { failingSinks } from "../core/notice.ts";
import { nearest } from "../core/graph/nearest.ts";
import type { InputTable } from "../core/order.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { type AssetStatus, assetStatus, partitionStatus } from "../core/status.ts";
import { type Why, why } from "../core/why.ts";
import { inputOf } from "../engine/order.ts";
import { type DiskUse, diskUse } from "./clean.ts";
import { chosenAssets } from "./choose.ts";
import type { Resident } from "../ports/stay.ts";
import { findResident } from "./resident.ts";
import type { Session, View } from "./session.ts";

export interface Listed {
  readonly view: View;
  readonly statuses: readonly AssetStatus[];
  readonly defs: ReadonlyMap<AssetKey, AssetDefinition>;
}

/** `ls`: the selection's assets in topological order. */
export async function lookList(
  session: Session,
  select: readonly string[],
  exclude: readonly string[],
): Promise<Listed> {
  const view = await session.view();
  const chosen = chosenAssets(view, select, exclude);
  const around = view.around();
  const statuses = view.layout.graph.keys.filter((key) => chosen.has(key)).map((key) =>
    assetStatus(view.layout, view.state, key, around, view.dead)
  );
  return {
    view,
    statuses,
    defs: new Map(statuses.map(({ asset }) => [asset, view.layout.def(asset)])),
  };
}

/** One asset by name, without regard to case; an unknown one names the nearest. */
export function assetNamed(view: View, name: string): AssetKey {
  const found = view.layout.graph.find(name);
  if (found !== null) return found;
  const near = nearest(name, view.layout.graph.keys);
  throw new ProblemError(problem("selection-empty", {
    message: `Cannot find an asset named ${name}`,
    why: near === null
      ? view.layout.graph.keys.length === 1
        ? `the only asset is ${view.layout.graph.keys[0]}`
        : `none of the ${view.layout.graph.keys.length} assets is called so`
      : `the nearest name is ${near}`,
    hint: "see all of them with: nycflow ls",
  }));
}

export interface WhyFound extends Why {
  readonly view: View;
}

/** `why`: the chain behind one asset's state; of a partitioned one, behind its first partition that is not fresh. */
export async function lookWhy(
  session: Session,
  name: string,
  partition: string | null,
): Promise<WhyFound> {
  const view = await session.view();
  const asset = assetNamed(view, name);
  const around = view.around();
  const status = (key: AssetKey, part: PartitionKey) =>
    partitionStatus(view.layout, view.state, key, part, around, view.dead);
  const whole = assetStatus(view.layout, view.state, asset, around, view.dead);
  const alike = whole.partitions.filter((each) => each.state === whole.state);
  const key = partition === null
    ? alike.at(whole.state === "fresh" ? -1 : 0)?.partition ?? WHOLE
    : await partitionNamed(view, asset, partition);
  const reasons = await origins(session, view, asset);
  const { plan, scopeOf } = await import("../core/plan.ts");
  const waits = (of: AssetKey, part: PartitionKey) =>
    plan(view.layout, view.state, scopeOf(view.layout.graph.ancestors([of])), around).held
      .find((each) => each.asset === of && each.partition === part)?.held ?? null;
  const found = why(
    { layout: view.layout, state: view.state, origin: reasons, status, waits },
    asset,
    key,
  );
  const among = { alike: alike.length, total: whole.partitions.length };
  return partition === null && key !== WHOLE ? { ...found, among, view } : { ...found, view };
}

async function partitionNamed(view: View, asset: AssetKey, text: string): Promise<PartitionKey> {
  const { partitionsAsked } = await import("./choose.ts");
  const [key] = partitionsAsked(view, asset, { partitions: [text], from: null, to: null });
  return key ?? WHOLE;
}

/** For each version of the asset and what it stands on: the reasons that its attempt began with. */
async function origins(session: Session, view: View, asset: AssetKey) {
  const store = await session.store();
  const known = new Map<string, readonly Reason[]>();
  for (const key of view.layout.graph.ancestors([asset])) {
    const attempts = await store.events({
      asset: key,
      kinds: ["attempt-started"],
      reverse: true,
      limit: 2000,
    });
    const reasons = new Map(
      attempts.flatMap(({ event }) =>
        event.kind === "attempt-started"
          ? [[`${event.partition} ${event.run}`, event.reasons] as const]
          : []
      ),
    );
    for (const head of view.state.heads.get(key)?.values() ?? []) {
      const run = head.published?.run;
      const found = run === undefined ? undefined : reasons.get(`${head.partition} ${run}`);
      if (found) known.set(`${key} ${head.partition}`, found);
    }
  }
  return (key: AssetKey, partition: PartitionKey) => known.get(`${key} ${partition}`) ?? [];
}

/** All of the project's published tables, by name, for `sql`. */
export function tablesOf(view: View): readonly InputTable[] {
  return view.layout.graph.keys
    .map((key) => inputOf(view.layout, view.state, key, null))
    .filter(isReadable);
}

/**
 * Of these tables those whose names a query may mean: a text that holds a name need not read it, but what it reads it
 * must name. What is not named costs nothing, be it a thousand assets of a hundred partitions.
 */
export function tablesIn(view: View, sql: string): readonly InputTable[] {
  const text = sql.toLowerCase();
  return view.layout.graph.keys
    .filter((key) => text.includes(key.toLowerCase()))
    .map((key) => inputOf(view.layout, view.state, key, null))
    .filter(isReadable);
}

/** A view is readable when all that it reads is. */
export function isReadable(table: InputTable): boolean {
  return table.view === null ? table.schema !== null : table.view.inputs.every(isReadable);
}

/** One asset as a table, some of its partitions where said; a clear error where nothing is published. */
export function tableOf(
  view: View,
  asset: AssetKey,
  partitions: readonly PartitionKey[] | null,
): InputTable {
  const table = inputOf(view.layout, view.state, asset, partitions);
  if (table.versions.length > 0 || table.view !== null) return table;
  const head = [...(view.state.heads.get(asset)?.values() ?? [])].find((each) =>
    each.failure !== null
  );
  throw new ProblemError(problem("source-missing", {
    message: `Cannot read ${asset}: it has not been materialized`,
    where: { asset, file: view.layout.def(asset).origin.file },
    why: head?.failure
      ? `its last attempt failed: ${head.failure.problem.message}`
      : "no version of it exists yet",
    hint: head?.failure ? `nycflow why ${asset}` : `nycflow run ${asset}`,
  }));
}

export interface Status {
  readonly listed: Listed;
  readonly runs: readonly RunHead[];
  readonly lastRun: RunHead | null;
  readonly bytes: number;
  /** All versions together, and the budget for them. */
  readonly disk: DiskUse;
  /** What ticks next; null where nothing does. */
  readonly nextTick: { readonly name: string; readonly at: Instant } | null;
  /** Sinks whose last message did not arrive, and why. */
  readonly failingSinks: ReadonlyMap<string, string>;
  /** Sensors whose last evaluation failed, and why. */
  readonly failingSensors: ReadonlyMap<string, string>;
  /** Who keeps the project up to date; null for nobody. */
  readonly resident: Resident | null;
}

/** The bare `nycflow`. */
export async function lookStatus(session: Session): Promise<Status> {
  const listed = await lookList(session, [], []);
  const store = await session.store();
  const runs = [...listed.view.state.runs.values()].filter((run) =>
    run.holder !== null && !listed.view.dead.has(run.holder)
  );
  const [lastRun = null] = await store.runs({ limit: 1 });
  let bytes = 0;
  for (const heads of listed.view.state.heads.values()) {
    for (const head of heads.values()) bytes += bytesOf(head.published?.file);
  }
  const { view } = listed;
  return {
    listed,
    runs,
    lastRun,
    bytes,
    disk: diskUse(session, view),
    nextTick: nextOfAll(view),
    failingSinks: await sinksFailing(view),
    failingSensors: sensorsFailing(view),
    resident: findResident(session.project, session.environmentName),
  };
}

async function sinksFailing(view: View): Promise<ReadonlyMap<string, string>> {
  const found = failingSinks(view.state);
  if (found.size === 0) return found;
  const { sinkNames } = await import("../host/notify.ts");
  const names = new Set(sinkNames(view.loaded.project.notify));
  return new Map([...found].filter(([name]) => names.has(name)));
}

function sensorsFailing(view: View): ReadonlyMap<string, string> {
  return new Map(
    view.loaded.project.sensors.flatMap(({ name }) => {
      const id = sensorId(name);
      const fact = isOff(view.state, id) ? null : tickFact(view.state, id);
      return fact === null || fact.problem === null ? [] : [[name, fact.why ?? fact.problem]];
    }),
  );
}

function nextOfAll(view: View): Status["nextTick"] {
  const ticks = view.clock().sources.flatMap((source) => {
    const at = nextDue(view.state, [source], view.now);
    return at === null ? [] : [{ name: nameOf(source.id), at }];
  });
  return ticks.sort((a, b) => a.at - b.at)[0] ?? null;
}

export interface RunFound {
  readonly head: RunHead;
  readonly events: readonly Stored[];
}

/** A run by its id or the first letters of it; null where none begins so. */
export async function lookRun(session: Session, id: string): Promise<RunFound | null> {
  const store = await session.store();
  const runs = await store.runs({ limit: 10_000 });
  const head = runs.find((run) => run.run === id) ??
    (id.length >= 4 ? runs.find((run) => run.run.endsWith(id)) : undefined);
  if (head === undefined) return null;
  return { head, events: await store.events({ run: head.run }) };
}
