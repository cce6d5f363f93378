/**
 * `doctor --rebuild`: a lost or damaged state store made anew from what the versions say of themselves. Conservative:
 * of each partition the newest version that passes its blocking checks now becomes current; what cannot be known (what
 * a step read from outside, files without a footer) is built anew rather than trusted; no version becomes visible that
 * has not been checked. The old store is kept aside, the lake is not touched.
 */
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Event } from "../core/event.ts";
import { isRefusal } from "../core/fold_head.ts";
import type { State } from "../core/heads.ts";
import type { AssetKey, AttemptId, HolderId, PartitionKey, RunId, VersionId } from "../core/key.ts";
import { type FullLayout, makeLayout } from "../core/layout_make.ts";
import type { StepOrder } from "../core/order.ts";
import type { PlannedStep } from "../core/plan.ts";
import { stepKey } from "../core/key.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import type { VersionRef } from "../core/version.ts";
import { orderOf } from "../engine/order.ts";
import { LAKE } from "../engine/steps.ts";
import type { StepExecutor } from "../ports/executor.ts";
import type { LakeFile } from "../warehouse/lake_files.ts";
import type { Session } from "./session.ts";

export interface Rebuilt {
  /** Where the old store stands now, relative to the project; null where there was none. */
  readonly kept: string | null;
  /** Partitions that are published again. */
  readonly published: number;
  /** Versions that failed a blocking check, or whose check could not be run. */
  readonly refused: readonly string[];
  /** Files that cannot be read, or do not say whose they are. */
  readonly unknown: readonly string[];
  /** Files of assets or partitions that the project does not have any more. */
  readonly foreign: readonly string[];
}

const STATE = ".nycflow/state.db";

/** Makes the store anew. Throws `busy` while another process works in the project. */
export async function rebuildStore(session: Session): Promise<Rebuilt> {
  const { project, host } = session;
  const liveness = await session.liveness();
  const own = await liveness.hold();
  const others = (await liveness.living()).filter((each) => each !== own);
  if (others[0] !== undefined) {
    const who = await liveness.describe(others[0]);
    throw new ProblemError(problem("busy", {
      message: "Cannot rebuild the state store now",
      why: `process ${who?.pid ?? "?"} works in this project (${who?.command ?? "nycflow"})`,
      hint: "wait for it, or end it with: nycflow cancel",
    }));
  }
  const loaded = await session.load();
  const shares = session.shares(loaded.project);
  const { lookAtLake } = await import("../warehouse/lake_files.ts");
  const { prepareDuckDb } = await import("../host/duckdb_library.ts");
  const look = await lookAtLake({
    project,
    lake: LAKE,
    limits: session.scratch(shares.own),
    prepare: prepareDuckDb,
  });
  const kept = setAside(project, host.clock.now());
  const store = await session.store();
  const state = await store.load();
  const made = makeLayout(loaded.project, state, host.clock.now());
  if (!made.ok) throw new ProblemError(made.error);
  const layout = made.value;
  const { found, foreign } = newestFirst(layout, look.files);
  const refused: string[] = [];
  let published = 0;
  const executor = await session.executor();
  const run = host.ids.next() as RunId;
  for (const asset of layout.graph.keys) {
    for (const [partition, files] of found.get(asset) ?? []) {
      for (const file of files) {
        const attempt = host.ids.next() as AttemptId;
        const event = await vouched({ session, layout, state, executor, run, attempt }, file);
        if (event === null) {
          refused.push(file.path);
          continue;
        }
        await store.commit(state, host.clock.now(), () => [
          begun(layout, run, attempt, asset, partition, own, file),
          event,
        ]);
        published++;
        break;
      }
    }
  }
  return { kept, published, refused, unknown: look.unknown, foreign };
}

/** By asset and partition, versions newest first: their ids sort by time. */
function newestFirst(layout: FullLayout, files: readonly LakeFile[]) {
  const found = new Map<AssetKey, Map<PartitionKey, LakeFile[]>>();
  const foreign: string[] = [];
  const keys = new Map<AssetKey, ReadonlySet<PartitionKey>>();
  for (const file of files) {
    const asset = layout.graph.find(file.asset);
    const partition = file.partition as PartitionKey;
    if (asset !== null && !keys.has(asset)) keys.set(asset, new Set(layout.keys(asset)));
    const dynamic = asset !== null && layout.def(asset).partitions?.type === "dynamic";
    if (asset === null || !(dynamic || keys.get(asset)?.has(partition))) {
      foreign.push(file.path);
      continue;
    }
    const parts = found.get(asset) ?? new Map<PartitionKey, LakeFile[]>();
    found.set(asset, parts);
    parts.set(partition, [...parts.get(partition) ?? [], file]);
  }
  for (const parts of found.values()) {
    for (const list of parts.values()) list.sort((a, b) => a.version < b.version ? 1 : -1);
  }
  return { found, foreign };
}

interface Around {
  readonly session: Session;
  readonly layout: FullLayout;
  readonly state: State;
  readonly executor: StepExecutor;
  readonly run: RunId;
  readonly attempt: AttemptId;
}

/** The event that publishes a file once its checks have passed; null where they have not. */
async function vouched(around: Around, file: LakeFile): Promise<Event | null> {
  const { layout, executor, run, attempt, session } = around;
  const asset = file.asset as AssetKey;
  const partition = file.partition as PartitionKey;
  const def = layout.def(asset);
  const order = orderFor(around, file);
  const never = new AbortController().signal;
  const result = await executor.execute(order, {
    signal: never,
    graceMs: 1000,
    progress: () => {},
    log: () => {},
  });
  if (result.kind !== "checked") return null;
  if (result.checks.some(isRefusal) || !await readable(session, order)) return null;
  // Only of SQL that reads nothing from outside is it known that nothing was read.
  const known = def.kind === "sql" && def.sql !== null && def.sql.files.length === 0 &&
    !/\$\{?config\b/.test(def.sql.text) && def.when === null;
  return {
    kind: "materialized",
    run,
    asset,
    partition,
    attempt,
    version: file.version as VersionId,
    dataVersion: file.version as VersionId,
    output: "table",
    file: { path: file.path, format: "parquet", bytes: file.bytes },
    rows: file.rows,
    schema: file.schema,
    ordered: file.ordered,
    code: known ? file.code : "",
    checksVersion: def.checksVersion,
    inputs: file.inputs,
    reads: [],
    checks: result.checks,
    metadata: {},
    notes: [],
    seconds: 0,
  };
}

/** A footer may be whole where the rows before it are not: they are read once, from first to last. */
async function readable(session: Session, order: StepOrder): Promise<boolean> {
  const [output] = order.outputs;
  if (!output?.previous) return false;
  const warehouse = await session.warehouse();
  const table = {
    asset: output.asset,
    versions: [output.previous],
    schema: output.previous.schema,
    view: null,
  };
  const found = await warehouse.query(
    `select count(*) as n, count(columns(*)) from "${output.asset.replaceAll('"', '""')}"`,
    [table],
  );
  return found.ok && Number(found.value.rows[0]?.[0]) === output.previous.rows;
}

/** The checks of one file, as if it were published. */
function orderFor({ session, layout, state, run, attempt }: Around, file: LakeFile): StepOrder {
  const asset = file.asset as AssetKey;
  const partition = file.partition as PartitionKey;
  const def = layout.def(asset);
  const step: PlannedStep = {
    key: stepKey(asset, partition),
    asset,
    partition,
    action: "check",
    reasons: [],
    certain: true,
    after: [],
    afterAny: [],
    needs: "all",
    priority: 0,
    together: [asset],
  };
  const { host, project } = session;
  const order = orderOf(layout, state, {
    step,
    attempt,
    number: 1,
    inputs: file.inputs,
    versions: [file.version as VersionId],
  }, {
    run,
    project,
    projectSettings: {},
    settings: {},
    timezone: layout.timezone,
    limits: { memoryMb: 256, threads: 1, scratch: "" },
    lake: LAKE,
    now: host.clock.now(),
    payload: () => ({}),
  });
  const version = file.version as VersionId;
  const previous: VersionRef = {
    asset,
    partition,
    version,
    dataVersion: version,
    output: "table",
    file: { path: file.path, format: "parquet", bytes: file.bytes },
    rows: file.rows,
    schema: file.schema,
    ordered: file.ordered,
    at: file.at,
  };
  return {
    ...order,
    definition: def,
    outputs: order.outputs.map((each) => ({ ...each, previous })),
  };
}

/** What is published has been claimed before. */
function begun(
  layout: FullLayout,
  run: RunId,
  attempt: AttemptId,
  asset: AssetKey,
  partition: PartitionKey,
  holder: HolderId,
  file: LakeFile,
): Event {
  return {
    kind: "attempt-started",
    run,
    asset,
    partition,
    attempt,
    number: 1,
    holder,
    action: "check",
    reasons: [{ kind: "requested", text: "the state store was rebuilt from the lake", of: null }],
    code: layout.def(asset).codeVersion,
    inputs: file.inputs,
    pool: null,
  };
}

/** The damaged store and its journal, under a name that tells when. */
function setAside(project: string, now: number): string | null {
  const name = `${STATE}.lost-${new Date(now).toISOString().replaceAll(/[:.]/g, "")}`;
  let found = false;
  for (const suffix of ["", "-wal", "-shm"]) {
    const from = join(project, STATE + suffix);
    if (!existsSync(from)) continue;
    renameSync(from, join(project, name + suffix));
    found = true;
  }
  return found ? name : null;
}
