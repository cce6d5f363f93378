/** `diff`: what the last change of an asset's content changed, or what an environment has that production has not. */
import type { TableDiff } from "../core/diff.ts";
import type { AssetDefinition } from "../core/definition.ts";
import {
  assetChanges,
  eventBack,
  lastDifferences,
  stateAt,
  type VersionChange,
} from "../core/history.ts";
import {
  type AssetKey,
  type EventId,
  type Instant,
  type PartitionKey,
  WHOLE,
} from "../core/key.ts";
import type { InputTable } from "../core/order.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import type { VersionRef } from "../core/version.ts";
import { cleanedProblem } from "./by_hand.ts";
import { partitionsAsked } from "./choose.ts";
import { changesOf, isKept, keptVersion } from "./history.ts";
import { assetNamed } from "./look.ts";
import type { Session, View } from "./session.ts";

export interface DiffFound {
  readonly asset: AssetKey;
  /** Partitions whose content differs. */
  readonly partitions: readonly PartitionKey[];
  /** When each side was published; null for nothing. */
  readonly before: Instant | null;
  readonly after: Instant | null;
  readonly diff: TableDiff;
}

/** Against what it was `back` changes of content ago. */
export async function lookDiff(
  session: Session,
  name: string,
  partition: string | null,
  back: number,
  limit: number,
): Promise<{ readonly view: View; readonly found: DiffFound }> {
  await session.reads(true);
  const view = await session.view();
  const asset = assetNamed(view, name);
  const def = view.layout.def(asset);
  const where = { asset, file: def.origin.file };
  if (def.materialized === "view") {
    throw new ProblemError(problem("usage", {
      message: `Cannot compare ${asset} with what it was`,
      where,
      why: "a view keeps no rows of its own",
      hint: `compare what it reads: nycflow diff ${def.deps[0]?.asset ?? "…"}`,
    }));
  }
  const key = partition === null
    ? null
    : partitionsAsked(view, asset, { partitions: [partition], from: null, to: null })[0] ?? WHOLE;
  const changes = await changesOf(session, asset, key);
  const [before, after] = sides(session.project, changes, back);
  if (before === null || after === null) {
    throw new ProblemError(problem("usage", {
      message: `Cannot compare ${asset} with what it was`,
      where,
      why: changes.length === 0
        ? "it has never been materialized"
        : `its content has changed ${lastDifferences(changes, Infinity).length} times`,
      hint: `see what it has: nycflow show ${asset}`,
    }));
  }
  return { view, found: await compare(session, def, before, after, limit) };
}

type Side = ReadonlyMap<PartitionKey, VersionRef>;

function sides(
  project: string,
  changes: readonly VersionChange[],
  back: number,
): readonly [Side | null, Side | null] {
  const event = eventBack(changes, back);
  if (event === null || changes.length === 0) return [null, null];
  const held = (side: Side): Side =>
    new Map([...side].map(([key, each]) => [key, keptVersion(project, changes, each) ?? each]));
  return [held(stateAt(changes, event)), held(stateAt(changes, Infinity))];
}

/** Only partitions whose content differs are read. */
export async function compare(
  session: Session,
  def: AssetDefinition,
  before: Side,
  after: Side,
  limit: number,
): Promise<DiffFound> {
  const keys = new Set([...before.keys(), ...after.keys()]);
  const differing = [...keys].filter((key) =>
    before.get(key)?.dataVersion !== after.get(key)?.dataVersion
  ).sort();
  const of = (side: Side) => differing.flatMap((key) => side.get(key) ?? []);
  for (const version of [...of(before), ...of(after)]) {
    if (!isKept(session.project, version)) {
      throw new ProblemError(cleanedProblem(def.key, version.partition, version.version));
    }
  }
  const table = (versions: readonly VersionRef[]): InputTable => ({
    asset: def.key,
    versions,
    schema: newest(versions)?.schema ?? null,
    view: null,
  });
  const warehouse = await session.warehouse();
  const found = await warehouse.diff(table(of(before)), table(of(after)), {
    key: keyOf(def),
    limit,
  });
  if (!found.ok) throw new ProblemError(found.error);
  return {
    asset: def.key,
    partitions: differing,
    before: newest([...before.values()])?.at ?? null,
    after: newest([...after.values()])?.at ?? null,
    diff: found.value,
  };
}

/** `unique_key`, else the columns of a check that they are unique. */
function keyOf(def: AssetDefinition): readonly string[] {
  if (def.uniqueKey.length > 0) return def.uniqueKey;
  return def.checks.find((each) => each.kind === "unique")?.columns ?? [];
}

function newest(versions: readonly VersionRef[]): VersionRef | null {
  return versions.reduce<VersionRef | null>(
    (best, each) => best === null || each.at > best.at ? each : best,
    null,
  );
}

/** What one change of an asset did: the change whose last event is this one, against what was there before it. */
export async function lookChange(
  session: Session,
  name: string,
  event: EventId,
  limit: number,
): Promise<{ readonly view: View; readonly found: DiffFound }> {
  await session.reads(true);
  const view = await session.view();
  const asset = assetNamed(view, name);
  const changes = await changesOf(session, asset);
  const change = assetChanges(changes).find((each) => each.event === event);
  if (change === undefined) {
    throw new ProblemError(problem("usage", {
      message: `Cannot show what that change of ${asset} did`,
      why: "its history has been cleaned away",
      hint: `see what is left: nycflow show ${asset}`,
    }));
  }
  const touched = new Set(change.changes.map(({ partition }) => partition));
  const at = (when: EventId) => {
    const side = stateAt(changes, when);
    return new Map(
      [...side].filter(([key]) => touched.has(key)).map(([key, each]) => [
        key,
        keptVersion(session.project, changes, each) ?? each,
      ]),
    );
  };
  const first = change.changes[0]?.event ?? event;
  const def = view.layout.def(asset);
  return { view, found: await compare(session, def, at(first - 1), at(event), limit) };
}
