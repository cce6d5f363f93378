/**
 * Binds queries in dependency order against the columns that they would see, without touching data. What was found
 * good is kept, so that an unchanged project asks no engine.
 */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import {
  bindKey,
  isRedefined,
  type Known,
  nameProblems,
  newestOf,
  publishedColumns,
  withHits,
} from "../core/compile.ts";
import type { AssetDefinition } from "../core/definition.ts";
import type { JsonObject } from "../core/json.ts";
import {
  type AssetKey,
  type AttemptId,
  type PartitionKey,
  type RunId,
  WHOLE,
} from "../core/key.ts";
import type { InputTable, Limits, StepOrder, Window } from "../core/order.ts";
import { type Problem, PROBLEMS } from "../core/problem/problem.ts";
import { readSchemas, writeSchemas } from "./schemas_cache.ts";
import type { Session, View } from "./session.ts";
import { placedInChart, withSource } from "./source_line.ts";

export interface CompileOptions {
  /** What is to be bound; of all else what is published is taken. */
  readonly assets: ReadonlySet<AssetKey>;
  /** Assets that may come to have other columns than their published ones. */
  readonly changing: ReadonlySet<AssetKey>;
  /** `--set` and `--config`. */
  readonly settings: JsonObject;
}

export interface Found {
  readonly problem: Problem;
  readonly asset: AssetKey;
  /**
   * The definition, or one that it stands on, is another than what is published. If not, only data has changed its
   * columns, and the step itself has to tell.
   */
  readonly defined: boolean;
}

export interface Compiled {
  /** One for each root; what stands on a broken asset is named by it and not told again. */
  readonly found: readonly Found[];
  readonly columns: ReadonlyMap<AssetKey, Known>;
  /** Queries that the engine was asked about. */
  readonly asked: number;
}

const FIRST_WINDOW: Window = {
  startLocal: "2000-01-01T00:00:00",
  endLocal: "2000-02-01T00:00:00",
  start: Date.UTC(2000, 0, 1),
  end: Date.UTC(2000, 1, 1),
  timezone: "UTC",
};

/** Never throws for what a query says. */
export async function compile(
  session: Session,
  view: View,
  { assets, changing, settings }: CompileOptions,
): Promise<Compiled> {
  const { layout, state } = view;
  const { graph } = layout;
  const columns = new Map<AssetKey, Known>();
  const found: Found[] = [];
  const redefined = new Set<AssetKey>();
  const before = readSchemas(session.project);
  const after: Record<string, readonly [string, Known]> = { ...before };
  let asked = 0;
  let kept = true;
  const limits = session.shares(view.loaded.project).own;

  const columnsOf = (asset: AssetKey): Known => {
    const known = columns.get(asset);
    return known !== undefined ? known : publishedColumns(state, asset);
  };
  for (const asset of graph.keys) {
    if (!assets.has(asset)) continue;
    const def = layout.def(asset);
    const upstream = graph.upstream(asset).filter((each) => assets.has(each));
    if (isRedefined(layout, state, asset) || upstream.some((each) => redefined.has(each))) {
      redefined.add(asset);
    }
    if (def.sql === null && (def.dataFile === null || !changing.has(asset))) {
      columns.set(asset, changing.has(asset) ? null : publishedColumns(state, asset));
      continue;
    }
    // A file that no query reads needs no looking at.
    if (
      def.sql === null && graph.downstream(asset).every((each) => layout.def(each).sql === null)
    ) {
      columns.set(asset, null);
      continue;
    }
    const inputs = inputsOf(view, def, columnsOf);
    if (inputs === null) {
      columns.set(asset, null);
      continue;
    }
    const files = filesOf(session.project, def);
    const key = files === null ? null : bindKey(
      def,
      inputs.map((each) => [each.asset, each.schema]),
      {
        timezone: layout.timezone,
        settings: { ...view.loaded.project.settings, ...settings },
        files,
      },
    );
    const known = before[asset];
    const settle = (given: Known) => {
      columns.set(asset, given);
      if (given === null || given.length === 0) return;
      const fresh = newestOf(state, asset)?.checksVersion === def.checksVersion;
      for (const each of nameProblems(def, given)) {
        const problem = withSource(session.project, placedInChart(session.project, each));
        found.push({ asset, problem, defined: redefined.has(asset) || !fresh });
      }
    };
    if (key !== null && known?.[0] === key) {
      settle(known[1]);
      continue;
    }
    asked++;
    const binder = await session.sqlExecutor();
    const bound = await binder.bind(orderOf(session, view, def, inputs, { settings, limits }));
    if (bound.ok) {
      settle(bound.value);
      if (key !== null) {
        after[asset] = [key, bound.value];
        kept = false;
      }
      continue;
    }
    columns.set(asset, null);
    if (!isOfTheQuery(bound.error)) continue;
    found.push({
      asset,
      problem: withSource(
        session.project,
        withHits(bound.error, layout, state, asset, columnsOf),
      ),
      defined: redefined.has(asset),
    });
  }
  if (!kept) {
    for (const asset of Object.keys(after)) if (!graph.has(asset)) delete after[asset];
    writeSchemas(session.project, after);
  }
  return { found, columns, asked };
}

/** What lies outside of the query (a file that is not there yet, a setting given later) its step has to tell. */
function isOfTheQuery({ code }: Problem): boolean {
  return PROBLEMS[code] === "definition" && code !== "file-unreadable" ||
    code === "type-not-kept" || code === "contract-broken" || code === "result-invalid";
}

/** The tables that a query reads, without rows; null where the columns of one are not known. */
function inputsOf(
  view: View,
  def: AssetDefinition,
  columnsOf: (asset: AssetKey) => Known,
): readonly InputTable[] | null {
  if (def.sql === null) return [];
  const inputs: InputTable[] = [];
  const seen = new Set<AssetKey>();
  for (const { asset } of view.layout.graph.dependencies(def.key)) {
    if (seen.has(asset)) continue;
    seen.add(asset);
    const schema = columnsOf(asset);
    if (schema === null || schema.length === 0) return null;
    inputs.push({ asset, versions: [], schema, view: null });
  }
  // What an incremental query has made so far is read under its own name.
  if (def.materialized === "incremental" && !seen.has(def.key)) {
    const own = newestOf(view.state, def.key);
    const named = new RegExp(`(?<![\\p{L}\\p{N}_])${def.key}(?![\\p{L}\\p{N}_])`, "iu");
    if (named.test(def.sql.text)) {
      if (own === null || own.schema.length === 0) return null;
      inputs.push({ asset: def.key, versions: [], schema: own.schema, view: null });
    }
  }
  return inputs;
}

/** The files that a query reads directly, as they are now; null where that cannot be told cheaply. */
function filesOf(project: string, { sql, dataFile }: AssetDefinition): string | null {
  const names = sql === null ? [dataFile ?? ""] : sql.files;
  if (names.length === 0) return "";
  if (names.some((name) => /[*?[{]|:\/\//.test(name)) && sql !== null) return null;
  try {
    return names.map((name) => {
      const stat = statSync(resolve(project, name));
      return `${name} ${stat.size} ${stat.mtimeMs}`;
    }).join("\n");
  } catch {
    return null;
  }
}

function orderOf(
  session: Session,
  view: View,
  def: AssetDefinition,
  inputs: readonly InputTable[],
  { settings, limits }: { readonly settings: JsonObject; readonly limits: Limits },
): StepOrder {
  const { layout, loaded } = view;
  const partitioned = layout.partitions(def.key).scheme !== null;
  const newest = partitioned ? layout.newest(def.key) ?? layout.keys(def.key)[0] ?? null : null;
  const window = newest === null ? null : layout.window(def.key, newest);
  const timed = partitioned && newest === null;
  return {
    run: "" as RunId,
    attempt: "" as AttemptId,
    number: 1,
    action: "materialize",
    project: session.project,
    definition: def,
    partition: partitioned ? newest ?? ("2000-01" as PartitionKey) : WHOLE,
    window: timed ? FIRST_WINDOW : window,
    payload: {},
    inputs,
    checkInputs: [],
    outputs: [],
    settings: { ...def.config?.defaults, ...settings },
    projectSettings: loaded.project.settings,
    timezone: layout.timezone,
    inputsDigest: "",
    limits,
    now: view.now,
  };
}
