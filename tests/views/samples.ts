/** Values that the tests of this folder share: definitions, heads, statuses, events, styles. */
import type { AssetDefinition } from "../../src/core/definition.ts";
import type { CheckResult, Event, Materialized, Reason, Stored } from "../../src/core/event.ts";
import type { Head, Published } from "../../src/core/heads.ts";
import type {
  AssetKey,
  AttemptId,
  HolderId,
  PartitionKey,
  RunId,
  VersionId,
} from "../../src/core/key.ts";
import { problem } from "../../src/core/problem/problem.ts";
import type { AssetReason, AssetStatus, PartitionStatus } from "../../src/core/status.ts";
import type { Style } from "../../src/term/style.ts";
import { plainStyle } from "../../src/term/style.ts";
import { plainAsset } from "../kit/plain_asset.ts";

export const NOW = Date.UTC(2026, 0, 5, 13, 0, 0);
export const ZONE = "America/New_York";
export const AROUND = { now: NOW, timezone: ZONE };
export const RUN = "01jrun00000000000000000abc" as RunId;

export const colored: Style = {
  color: "16m",
  unicode: true,
  background: "dark",
  animate: true,
};
export const plain: Style = plainStyle;
export const ascii: Style = { ...plainStyle, unicode: false };

export const asset = (name: string) => name as AssetKey;
export const part = (key: string) => key as PartitionKey;

export const MONTHS = ["2023-01", "2023-02", "2023-03"];

/** Sundays from 2023-01-01 on. */
export function weeks(count: number): string[] {
  return Array.from(
    { length: count },
    (_, i) => new Date(Date.UTC(2023, 0, 1 + 7 * i)).toISOString().slice(0, 10),
  );
}

export function definition(
  key: string,
  over: Partial<AssetDefinition> = {},
): AssetDefinition {
  return { ...plainAsset(key), description: `What ${key} holds`, codeVersion: "c1", ...over };
}

export function published(rows: number, over: Partial<Published> = {}): Published {
  return {
    version: "01jver0000000000000000f3a9" as VersionId,
    dataVersion: "01jver0000000000000000f3a9" as VersionId,
    output: "table",
    file: { path: ".nycflow/lake/x/y.parquet", format: "parquet", bytes: 1_200_000 },
    rows,
    schema: [{ name: "period", type: "DATE" }, { name: "num_trips", type: "BIGINT" }],
    ordered: false,
    code: "c1",
    checksVersion: "",
    inputs: "",
    reads: [],
    checks: [],
    metadata: {},
    run: RUN,
    seconds: 1.2,
    at: NOW - 3 * 60_000,
    event: 5,
    ...over,
  };
}

export function head(key: string, partition: string, over: Partial<Head> = {}): Head {
  return {
    asset: asset(key),
    partition: part(partition),
    published: null,
    failure: null,
    skip: null,
    interrupted: null,
    pinned: null,
    since: 1,
    event: 1,
    ...over,
  };
}

export function status(
  key: string,
  parts: readonly Partial<PartitionStatus>[],
  over: Partial<AssetStatus> = {},
): AssetStatus {
  const partitions = parts.map((each): PartitionStatus => ({
    partition: part(""),
    state: "fresh",
    reasons: [],
    held: null,
    head: null,
    claim: null,
    ...each,
  }));
  const counts = { fresh: 0, stale: 0, missing: 0, failed: 0, running: 0 };
  for (const { state } of partitions) counts[state]++;
  const last = partitions.findLast((each) => each.head?.published)?.head ?? null;
  const order = ["running", "failed", "missing", "stale", "fresh"] as const;
  return {
    asset: asset(key),
    state: order.find((word) => counts[word] > 0) ?? "fresh",
    reasons: [],
    partitions,
    counts,
    last,
    rows: partitions.reduce((sum, each) => sum + (each.head?.published?.rows ?? 0), 0),
    pinned: false,
    freshness: null,
    ...over,
  };
}

export const reason = (
  kind: Reason["kind"],
  text: string,
  of: string | null = null,
): Reason => ({ kind, text, of });

export const assetReason = (
  kind: Reason["kind"],
  text: string,
  over: Partial<AssetReason> = {},
): AssetReason => ({ kind, text, of: null, held: null, partitions: null, ...over });

export function check(over: Partial<CheckResult> = {}): CheckResult {
  return {
    name: "not_null(period)",
    severity: "error",
    blocking: true,
    outcome: "passed",
    failing: 0,
    text: "",
    sample: [],
    ...over,
  };
}

/** A log that counts its own ids and clock. */
export function log(start = NOW) {
  let id = 0, at = start;
  return {
    after(ms: number) {
      at += ms;
      return this;
    },
    say(event: Event): Stored {
      return { id: ++id, at, event };
    },
    now: () => at,
  };
}

export function started(steps: readonly (readonly [string, string, boolean?])[]): Event {
  return {
    kind: "run-started",
    run: RUN,
    holder: "h1" as HolderId,
    command: "nycflow up",
    total: steps.length,
    steps: steps.map(([name, key, certain = true]) => ({
      asset: asset(name),
      partition: part(key),
      reasons: [reason(certain ? "missing" : "upstream", "never materialized")],
      certain,
    })),
  };
}

const attemptOf = (name: string, key: string, number: number) =>
  `${name}/${key}/${number}` as AttemptId;

export function attempt(name: string, key: string, number = 1): Event {
  return {
    kind: "attempt-started",
    run: RUN,
    asset: asset(name),
    partition: part(key),
    attempt: attemptOf(name, key, number),
    number,
    holder: "h1" as HolderId,
    action: "materialize",
    reasons: [],
    code: "c1",
    inputs: "secret inputs digest",
    pool: null,
  };
}

export function made(
  name: string,
  key: string,
  rows: number,
  over: Partial<Materialized> = {},
): Event {
  return {
    kind: "materialized",
    run: RUN,
    asset: asset(name),
    partition: part(key),
    attempt: attemptOf(name, key, 1),
    version: `v-${name}-${key}` as VersionId,
    dataVersion: `v-${name}-${key}` as VersionId,
    output: "table",
    file: { path: "x.parquet", format: "parquet", bytes: 1000 },
    rows,
    schema: [],
    ordered: false,
    code: "c1",
    checksVersion: "",
    inputs: "secret inputs digest",
    reads: [],
    checks: [],
    metadata: {},
    notes: [],
    seconds: 0.4,
    ...over,
  };
}

export function failed(
  name: string,
  key: string,
  number: number,
  retryAt: number | null,
  checks: readonly CheckResult[] = [],
): Event {
  return {
    kind: "attempt-failed",
    run: RUN,
    asset: asset(name),
    partition: part(key),
    attempt: attemptOf(name, key, number),
    number,
    problem: problem("download-failed", {
      message: `Cannot fetch ${name}.parquet`,
      where: {
        asset: name,
        file: `assets/${name}.ts`,
        line: 12,
        column: 3,
        source: "  download(url)",
      },
      why: "the server answered 503",
      hint: `nycflow run ${name}`,
    }),
    checks,
    retryAt,
    code: "c1",
    inputs: "",
    reads: [],
    seconds: 0.1,
    rejected: null,
    schema: [],
  };
}

export function ended(
  name: string,
  key: string,
  outcome: "unchanged" | "skipped" | "blocked" | "cancelled" | "interrupted",
  text: string,
): Event {
  return {
    kind: "step-ended",
    run: RUN,
    asset: asset(name),
    partition: part(key),
    attempt: null,
    outcome,
    text,
    code: "",
    inputs: "",
  };
}

export function over(
  outcome: "succeeded" | "failed" | "cancelled" | "interrupted",
  counts: Partial<Record<string, number>>,
  seconds = 3.2,
): Event {
  return {
    kind: "run-ended",
    run: RUN,
    outcome,
    seconds,
    steps: {
      succeeded: 0,
      unchanged: 0,
      failed: 0,
      skipped: 0,
      blocked: 0,
      cancelled: 0,
      interrupted: 0,
      ...counts,
    },
  };
}
