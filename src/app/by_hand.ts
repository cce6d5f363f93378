/**
 * Versions by hand: `rollback`, `unpin`, `mark`, `wipe`. Each is one commit of `version-set` events, refused while a
 * live process works on what it concerns; files are left to cleaning.
 */
import type { Event } from "../core/event.ts";
import {
  eventBack,
  eventOfVersion,
  stateAt,
  type VersionChange,
  versionOf,
} from "../core/history.ts";
import type { State } from "../core/heads.ts";
import { digestInputs } from "../core/inputs.ts";
import { type AssetKey, type PartitionKey, stepKey, type VersionId, WHOLE } from "../core/key.ts";
import { orphansOf } from "../core/orphans.ts";
import { type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import { mayClaim } from "../core/rules.ts";
import { type AskedPartitions, partitionsAsked } from "./choose.ts";
import { changesOf, isKept, keptVersion } from "./history.ts";
import { assetNamed } from "./look.ts";
import type { Session, View } from "./session.ts";

export interface ByHand {
  readonly asset: AssetKey;
  readonly partitions: readonly PartitionKey[];
  /** For rollback: from which version to which, by partition. */
  readonly moves: readonly {
    readonly partition: PartitionKey;
    readonly from: string;
    readonly to: string;
  }[];
}

/** Which of an asset's partitions; all of them where nothing is said. */
function keysOf(view: View, asset: AssetKey, asked: AskedPartitions): readonly PartitionKey[] {
  const said = asked.partitions.length > 0 || asked.from !== null || asked.to !== null;
  return said ? partitionsAsked(view, asset, asked) : view.layout.keys(asset);
}

export interface RollbackTo {
  /** A version's id, or the end of it. */
  readonly version: string | null;
  /** How many changes of content back. */
  readonly back: number;
}

/**
 * Makes earlier versions current again and pins them: of the named partition the one before (or the one named), of the
 * whole asset what its last change replaced.
 */
export async function rollback(
  session: Session,
  name: string,
  partition: string | null,
  to: RollbackTo,
): Promise<ByHand> {
  await session.reads(true);
  const view = await session.view();
  const asset = assetNamed(view, name);
  const where = { asset, file: view.layout.def(asset).origin.file };
  const key = partition === null
    ? null
    : partitionsAsked(view, asset, { partitions: [partition], from: null, to: null })[0] ?? WHOLE;
  const changes = await changesOf(session, asset, key);
  const event = to.version === null
    ? eventBack(changes, to.back)
    : eventOfVersion(changes, to.version);
  if (event === null) throw new ProblemError({ ...notThatFar(asset, changes, to), where });
  const then = stateAt(changes, event);
  const now = stateAt(changes, Infinity);
  const { codeVersion } = view.layout.def(asset);
  const named = to.version !== null
    ? changes.find((each) => each.event === event)?.partition ?? WHOLE
    : null;
  const events: Event[] = [];
  const moves: { partition: PartitionKey; from: string; to: string }[] = [];
  const gone: Problem[] = [];
  for (const [part, current] of now) {
    if (named !== null && part !== named) continue;
    const before = then.get(part);
    if (before === undefined || before.version === current.version) continue;
    if (to.version === null && before.dataVersion === current.dataVersion) continue;
    const held = keptVersion(session.project, changes, before);
    const source = changes.findLast((each) => each.after?.version === held?.version)?.source;
    if (!source || held === null) {
      gone.push(cleanedProblem(asset, part, before.version));
      continue;
    }
    const file = held.file;
    events.push({
      kind: "version-set",
      asset,
      partition: part,
      action: "rollback",
      version: held.version,
      text: `rolled back by hand from ${current.version.slice(-6)} to ${before.version.slice(-6)}`,
      restored: { at: source.at, event: { ...source.event, file } },
      code: codeVersion,
    });
    moves.push({ partition: part, from: current.version, to: before.version });
  }
  if (gone.length > 0) throw new ProblemError(gone.map((each) => ({ ...each, where })));
  if (events.length === 0) throw new ProblemError({ ...notThatFar(asset, changes, to), where });
  await commit(session, view, events);
  return { asset, partitions: moves.map((each) => each.partition), moves };
}

function notThatFar(
  asset: AssetKey,
  changes: readonly VersionChange[],
  { version, back }: RollbackTo,
): Problem {
  const ids = [...new Set(changes.flatMap(({ after }) => after === null ? [] : [after.version]))];
  const known = ids.slice(-6).reverse().map((each) => each.slice(-6)).join(", ");
  return problem("usage", {
    message: `Cannot roll ${asset} back ${
      version === null ? back === 1 ? "" : `by ${back} ` : `to ${version}`
    }`.trimEnd(),
    why: ids.length === 0
      ? "it has never been materialized"
      : version === null
      ? "there is no earlier version with other content"
      : `its versions are ${known}${ids.length > 6 ? ", …" : ""}`,
    hint: `see what it had: nycflow show ${asset}`,
  });
}

export function cleanedProblem(
  asset: AssetKey,
  partition: PartitionKey,
  version: VersionId,
): Problem {
  return problem("source-missing", {
    message: `Cannot read version ${version.slice(-6)} of ${stepKey(asset, partition)}`,
    why: "its file has been cleaned away",
    hint: "keep more with warehouse: { keep: { versions: 5, days: 30 } } in nycflow.config.ts",
  });
}

/** Takes pins away; gives the partitions that had one. */
export async function unpin(
  session: Session,
  name: string,
  asked: AskedPartitions,
): Promise<ByHand> {
  const view = await session.view();
  const asset = assetNamed(view, name);
  const heads = view.state.heads.get(asset);
  const partitions = keysOf(view, asset, asked).filter((key) => heads?.get(key)?.pinned);
  if (partitions.length === 0) {
    throw new ProblemError(problem("usage", {
      message: `Cannot unpin ${asset}: nothing of it is pinned`,
      why: "a version is pinned by nycflow rollback",
      hint: "see what is pinned: nycflow ls is:pinned",
    }));
  }
  await commit(
    session,
    view,
    partitions.map((partition) => ({
      kind: "version-set",
      asset,
      partition,
      action: "unpin",
      version: null,
      text: "unpinned by hand",
    })),
  );
  return { asset, partitions, moves: [] };
}

/** Declares partitions done as they are: what is published, or nothing where it was done elsewhere. */
export async function mark(
  session: Session,
  name: string,
  asked: AskedPartitions,
): Promise<ByHand> {
  const view = await session.view();
  const asset = assetNamed(view, name);
  const def = view.layout.def(asset);
  const partitions = keysOf(view, asset, asked);
  const { currentRead } = view.around();
  const heads = view.state.heads.get(asset);
  await commit(
    session,
    view,
    partitions.map((partition) => {
      const published = heads?.get(partition)?.published ?? null;
      return {
        kind: "version-set",
        asset,
        partition,
        action: "mark",
        version: published === null ? session.host.ids.next() as VersionId : null,
        text: "marked as done by hand",
        code: def.codeVersion,
        checksVersion: def.checksVersion,
        inputs: digestInputs(view.layout, view.state, asset, partition),
        reads: (published?.reads ?? []).map((read) => ({
          ...read,
          digest: currentRead(read, def),
        })),
      };
    }),
  );
  return { asset, partitions, moves: [] };
}

/** What a wipe would forget: those that have a version, a failure or a skip. */
export async function wipeable(
  session: Session,
  name: string,
  asked: AskedPartitions,
  orphaned: boolean,
): Promise<ByHand & { readonly view: View; readonly rows: number }> {
  const view = await session.view();
  const asset = assetNamed(view, name);
  const heads = view.state.heads.get(asset);
  const partitions = orphaned
    ? orphansOf(view.layout, view.state, asset)
    : keysOf(view, asset, asked).filter((key) => heads?.has(key));
  const rows = partitions.reduce((sum, key) => sum + (heads?.get(key)?.published?.rows ?? 0), 0);
  return { asset, partitions, moves: [], view, rows };
}

/** Forgets them. */
export async function wipe(
  session: Session,
  found: ByHand & { readonly view: View },
): Promise<void> {
  await commit(
    session,
    found.view,
    found.partitions.map((partition) => ({
      kind: "version-set",
      asset: found.asset,
      partition,
      action: "wipe",
      version: found.view.state.heads.get(found.asset)?.get(partition)?.published?.version ?? null,
      text: "wiped by hand",
    })),
  );
}

async function commit(session: Session, view: View, events: readonly Event[]): Promise<void> {
  const store = await session.store();
  await store.commit(view.state, session.host.clock.now(), (state) => {
    refuseWhereHeld(state, view, events);
    refuseWhereCleaned(session.project, events);
    return events;
  });
}

/** Asked inside the transaction: cleaning unlinks inside of one too. */
function refuseWhereCleaned(project: string, events: readonly Event[]): void {
  for (const event of events) {
    if (event.kind !== "version-set" || event.restored === undefined) continue;
    const { event: source, at } = event.restored;
    if (isKept(project, versionOf(source, at))) continue;
    throw new ProblemError(cleanedProblem(event.asset, event.partition, source.version));
  }
}

function refuseWhereHeld(state: State, view: View, events: readonly Event[]): void {
  for (const event of events) {
    if (event.kind !== "version-set") continue;
    const may = mayClaim(state, event.asset, event.partition, view.dead);
    if (may.ok) continue;
    throw new ProblemError(problem("busy", {
      message: `Cannot change ${stepKey(event.asset, event.partition)} now`,
      why: "another process works on it",
      hint: "wait until it is done, or end it with: nycflow cancel",
    }));
  }
}
