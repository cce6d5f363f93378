/**
 * Describes one claimed step as plain JSON (`core/order.ts`). Pure: what the upstreams are was fixed by the claim,
 * and is read off the same state here.
 */
import type { AssetDefinition } from "../core/definition.ts";
import type { Published, State } from "../core/heads.ts";
import type { JsonObject } from "../core/json.ts";
import {
  type AssetKey,
  type AttemptId,
  type Instant,
  type PartitionKey,
  type RunId,
  type VersionId,
  WHOLE,
} from "../core/key.ts";
import type { Layout } from "../core/layout.ts";
import type { InputTable, Limits, OrderOutput, StepOrder } from "../core/order.ts";
import type { PlannedStep } from "../core/plan.ts";
import type { VersionRef } from "../core/version.ts";

/** A published version as a reader needs it. */
export function refOf(asset: AssetKey, partition: PartitionKey, published: Published): VersionRef {
  const { version, dataVersion, output, file, rows, schema, ordered, at } = published;
  return { asset, partition, version, dataVersion, output, file, rows, schema, ordered, at };
}

/** One asset as a table: these partitions of it (all that are published where null), in key order. */
export function inputOf(
  layout: Layout,
  state: State,
  asset: AssetKey,
  partitions: readonly PartitionKey[] | null,
): InputTable {
  const def = layout.def(asset);
  const heads = state.heads.get(asset);
  const versions: VersionRef[] = [];
  let newest: Published | null = null;
  for (const key of partitions ?? layout.keys(asset)) {
    const published = heads?.get(key)?.published;
    if (!published) continue;
    versions.push(refOf(asset, key, published));
    if (newest === null || published.event > newest.event) newest = published;
  }
  if (newest === null) {
    for (const head of heads?.values() ?? []) newest ??= head.published;
  }
  const source = sourceSql(def);
  const view = def.materialized === "view" && def.sql !== null
    ? {
      sql: def.sql.text,
      inputs: def.deps.map((each) => inputOf(layout, state, each.asset, null)),
    }
    : source !== null
    ? { sql: source, inputs: [] }
    : null;
  return { asset, versions, schema: newest?.schema ?? null, view };
}

/** A source that is files of the project is read where they lie; null for all others. Paths count from the project. */
function sourceSql({ kind, observe }: AssetDefinition): string | null {
  const path = kind === "source" ? observe?.path ?? null : null;
  if (path === null || path.includes("://")) return null;
  const [, ending = ""] = /\.(csv|tsv|json|jsonl|ndjson|parquet)(?:\.gz|\.zst)?$/i.exec(path) ?? [];
  const format =
    { csv: "csv", tsv: "csv", json: "json", jsonl: "json", ndjson: "json", parquet: "parquet" }[
      ending.toLowerCase()
    ];
  if (format === undefined) return null;
  return `from read_${format}('${
    path.replaceAll("'", "''")
  }', union_by_name=true, hive_partitioning=false)`;
}

/** What is the same for all steps of a run. */
export interface OrderContext {
  readonly run: RunId;
  readonly project: string;
  readonly projectSettings: JsonObject;
  readonly settings: JsonObject;
  readonly timezone: string;
  readonly limits: Limits;
  /** The folder of versions, relative to the project, e.g. `.nycflow/lake`. */
  readonly lake: string;
  readonly now: Instant;
  readonly payload: (asset: AssetKey, partition: PartitionKey) => JsonObject;
}

/** What the claim fixed. */
export interface Claimed {
  readonly step: PlannedStep;
  readonly attempt: AttemptId;
  readonly number: number;
  readonly inputs: string;
  /** One id for each of `step.together`. */
  readonly versions: readonly VersionId[];
}

/** Builds the order for a claimed step. */
export function orderOf(
  layout: Layout,
  state: State,
  claimed: Claimed,
  context: OrderContext,
): StepOrder {
  const { step, attempt, number } = claimed;
  const def = layout.def(step.asset);
  const checkReads = new Set(
    step.together.flatMap((asset) => layout.def(asset).checks.flatMap((check) => [...check.reads])),
  );
  const inputs = layout.mapped(step.asset, step.partition).map(
    ({ dependency, required, optional }) => {
      const keys = optional.length === 0 ? required : [...required, ...optional].sort();
      return inputOf(layout, state, dependency.asset, keys);
    },
  );
  const payload = context.payload(step.asset, step.partition);
  return {
    run: context.run,
    attempt,
    number,
    action: step.action,
    project: context.project,
    definition: def,
    partition: step.partition,
    window: step.partition === WHOLE ? null : layout.window(step.asset, step.partition),
    payload,
    inputs,
    checkInputs: [...checkReads].filter((asset) => !step.together.includes(asset)).map((asset) =>
      inputOf(layout, state, asset, null)
    ),
    outputs: step.together.map((asset, index) =>
      outputOf(layout, state, asset, index, claimed, context)
    ),
    settings: { ...def.config?.defaults, ...payload, ...context.settings },
    projectSettings: context.projectSettings,
    timezone: context.timezone,
    inputsDigest: claimed.inputs,
    limits: context.limits,
    now: context.now,
  };
}

function outputOf(
  layout: Layout,
  state: State,
  asset: AssetKey,
  index: number,
  claimed: Claimed,
  context: OrderContext,
): OrderOutput {
  const { partition } = claimed.step;
  const def = layout.def(asset);
  const heads = state.heads.get(asset);
  const previous = heads?.get(partition)?.published ?? null;
  const version = claimed.versions[index];
  if (version === undefined) throw new Error(`no version id for ${asset}`);
  const others: VersionRef[] = [];
  if (partition !== WHOLE && def.checks.some((check) => check.scope === "asset")) {
    for (const key of layout.keys(asset)) {
      const published = key === partition ? null : heads?.get(key)?.published;
      if (published) others.push(refOf(asset, key, published));
    }
  }
  return {
    asset,
    version,
    target: `${context.lake}/${pathPart(asset)}/${pathPart(partition)}/${version}`,
    checks: def.checks,
    previous: previous === null ? null : refOf(asset, partition, previous),
    ...(previous === null ? {} : { previousCode: previous.code }),
    others,
  };
}

/**
 * A key as one path segment that every file system takes: percent-encoded, and `_` for the unpartitioned
 * (a key that is `_` itself is encoded). Long keys keep a readable head and their length.
 */
export function pathPart(key: AssetKey | PartitionKey): string {
  if (key === WHOLE) return "_";
  const encoded = encodeURIComponent(key).replace(
    /[!'()*~.]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  if (encoded === "_") return "%5F";
  return encoded.length <= 180 ? encoded : `${encoded.slice(0, 150)}%${hash(key)}`;
}

function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  return (value >>> 0).toString(16);
}
