/** The JSON documents of `show` and of the bare command; the words are those of `documents.ts`. */
import { bytesOf } from "../core/version.ts";
import type { AssetDefinition, ChartDefinition } from "../core/definition.ts";
import type { CheckResult, Stored } from "../core/event.ts";
import type { RunHead } from "../core/heads.ts";
import type { Json, JsonObject } from "../core/json.ts";
import { type Instant, partitionOrNull, readStepKey } from "../core/key.ts";
import type { Rows } from "../core/rows.ts";
import { criticalPath } from "../core/run/critical.ts";
import type { AssetStatus } from "../core/status.ts";
import type { Trend } from "../core/trend.ts";
import { assetDocument, listDocument, type Listed, rowObjects } from "./documents_asset.ts";
import { emptyRun, foldRunEvent } from "./run_state.ts";
import { timesIn } from "./times.ts";
import { trendsDocument } from "./trends.ts";

export interface ShownAsset {
  readonly status: AssetStatus;
  readonly def: AssetDefinition;
  /** Some of its rows; null where it has none to show. */
  readonly preview: Rows | null;
  /** Courses of its last materializations. */
  readonly trends: readonly Trend[];
}

/** `show ASSET --json`. */
export function showDocument(shown: ShownAsset, timezone: string): JsonObject {
  const { status, def, preview } = shown;
  const iso = timesIn(timezone).iso;
  const last = status.last?.published ?? null;
  const schema = last?.schema ?? [];
  return {
    nycflow: 1,
    ...assetDocument(status, def, iso),
    columns: schema.map(({ name, type }) => ({
      name,
      type,
      description: def.columns.find((each) => each.name === name)?.description ?? null,
    })),
    version: last?.version ?? null,
    dataVersion: last?.dataVersion ?? null,
    bytes: status.partitions.reduce((n, { head }) => n + bytesOf(head?.published?.file), 0),
    metadata: last?.metadata ?? {},
    checks: (last?.checks ?? []).map(checkDocument),
    keys: status.partitions.map(({ partition, state, head }) => ({
      partition: partitionOrNull(partition),
      state,
      at: head?.published ? iso(head.published.at) : null,
      rows: head?.published?.rows ?? null,
      version: head?.published?.version ?? null,
      metadata: head?.published?.metadata ?? {},
      error: head?.failure ? head.failure.problem as unknown as Json : null,
    })),
    trends: trendsDocument(shown.trends, timesIn(timezone)),
    charts: def.charts as readonly ChartDefinition[] as unknown as Json,
    preview: preview === null ? null : rowObjects(preview),
  };
}

function checkDocument(check: CheckResult): JsonObject {
  const { name, severity, blocking, outcome, failing, text, sample } = check;
  return { name, severity, blocking, outcome, failing, text, sample };
}

/** `show RUN --json`. */
export function runDocument(
  head: RunHead,
  events: readonly Stored[],
  timezone: string,
): JsonObject {
  const iso = timesIn(timezone).iso;
  const isoOrNull = (at: Instant | null) => at === null ? null : iso(at);
  const run = emptyRun();
  for (const stored of events) foldRunEvent(run, stored);
  const path = criticalPath(events);
  const critical = new Set(path.map(({ step }) => step));
  return {
    nycflow: 1,
    ...runFields(head, iso),
    seconds: head.startedAt === null || head.endedAt === null
      ? null
      : (head.endedAt - head.startedAt) / 1000,
    criticalPath: path.map((each) => {
      const { asset, partition } = readStepKey(each.step);
      return {
        asset,
        partition: partitionOrNull(partition),
        startedAt: iso(each.startedAt),
        endedAt: iso(each.endedAt),
        because: each.because,
        pool: each.pool,
        waited: each.waitedMs / 1000,
      };
    }),
    work: [...run.steps.values()].map((step) => ({
      asset: step.asset,
      partition: partitionOrNull(step.partition),
      critical: critical.has(step.key),
      outcome: step.state,
      certain: step.certain,
      reasons: step.reasons.map(({ kind, text, of }) => ({ kind, text, of })),
      startedAt: isoOrNull(step.startedAt),
      endedAt: isoOrNull(step.endedAt),
      rows: step.rows,
      text: step.text,
      attempts: step.tries.map((each) => ({
        number: each.number,
        startedAt: iso(each.startedAt),
        endedAt: isoOrNull(each.endedAt),
        error: each.problem as unknown as Json,
      })),
    })),
  };
}

function runFields(head: RunHead, iso: (at: Instant) => string): JsonObject {
  const isoOrNull = (at: Instant | null) => at === null ? null : iso(at);
  return {
    run: head.run,
    state: head.state,
    trigger: head.trigger,
    selection: head.selection,
    command: head.command,
    requestedAt: iso(head.requestedAt),
    startedAt: isoOrNull(head.startedAt),
    endedAt: isoOrNull(head.endedAt),
    planned: head.planned,
    steps: head.steps,
  };
}

export interface StatusData {
  readonly listed: Listed;
  /** Runs that are going on. */
  readonly runs: readonly RunHead[];
  readonly lastRun: RunHead | null;
  /** Of all current versions. */
  readonly bytes: number;
  /** With older versions; null where that was not measured. And the budget for all. */
  readonly disk?: { readonly bytes: number | null; readonly budget: number | null };
  /** What ticks next. */
  readonly nextTick?: { readonly name: string; readonly at: Instant } | null;
  /** Sinks whose last message did not arrive, and why. */
  readonly failingSinks?: ReadonlyMap<string, string>;
  /** Sensors whose last evaluation failed, and why. */
  readonly failingSensors?: ReadonlyMap<string, string>;
  /** Who keeps the project up to date. */
  readonly resident?: { readonly pid: number; readonly since: Instant } | null;
}

/** The bare command with `--json`. */
export function statusDocument(data: StatusData): JsonObject {
  const { listed, runs, lastRun, bytes, nextTick = null, failingSinks = new Map() } = data;
  const iso = timesIn(listed.view.layout.timezone).iso;
  return {
    ...listDocument(listed),
    runs: runs.map((each) => runFields(each, iso)),
    lastRun: lastRun === null ? null : runFields(lastRun, iso),
    bytes,
    ...(data.disk === undefined ? {} : { disk: { ...data.disk } }),
    nextTick: nextTick === null ? null : { name: nextTick.name, at: iso(nextTick.at) },
    notify: [...failingSinks].map(([sink, problem]) => ({ sink, problem })),
    sensors: [...data.failingSensors ?? []].map(([sensor, problem]) => ({ sensor, problem })),
    up: data.resident ? { pid: data.resident.pid, since: iso(data.resident.since) } : null,
  };
}
