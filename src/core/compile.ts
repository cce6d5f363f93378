/**
 * Compile before run: which columns each asset would see, from what is published and what was found by binding, and
 * what is said of a query that does not fit them. Binds nothing itself (`ports/binder.ts`).
 */
import { CHART_OPTIONS, type ChartOptionName } from "./chart.ts";
import type { AssetDefinition, ChartDefinition } from "./definition.ts";
import { digestAll } from "./digest.ts";
import { nearest } from "./graph/nearest.ts";
import type { Head, Published, State } from "./heads.ts";
import type { JsonObject } from "./json.ts";
import type { AssetKey } from "./key.ts";
import type { Layout } from "./layout.ts";
import type { PlannedStep } from "./plan.ts";
import { type Problem, problem } from "./problem/problem.ts";
import type { Column } from "./version.ts";

/** Columns, or null where they are not known before the asset is made. */
export type Known = readonly Column[] | null;

/** What is published last of any of its partitions. */
export function newestOf(state: State, asset: AssetKey): Published | null {
  const heads = state.heads.get(asset);
  if (heads === undefined) return null;
  // Nothing was published after the last event that touched its head: of ten thousand one is looked at, or a few.
  let last: Head | null = null;
  for (const head of heads.values()) if (last === null || head.event > last.event) last = head;
  let newest = last?.published ?? null;
  for (const head of heads.values()) {
    if (newest !== null && head.event <= newest.event) continue;
    const { published } = head;
    if (published !== null && (newest === null || published.event > newest.event)) {
      newest = published;
    }
  }
  return newest;
}

/** The columns of what is published; null where nothing is, or what is no table. */
export function publishedColumns(state: State, asset: AssetKey): Known {
  const published = newestOf(state, asset);
  return published === null || published.schema.length === 0 ? null : published.schema;
}

/** Assets whose columns may be others once these steps are done, as far as reasons tell. */
export function mayChange(steps: readonly PlannedStep[], state: State): ReadonlySet<AssetKey> {
  const may = new Set<AssetKey>();
  for (const { reasons, together } of steps) {
    const byReason = reasons.some(({ kind }) =>
      kind === "code" || kind === "config" || kind === "upstream"
    );
    for (const asset of together) {
      if (byReason || newestOf(state, asset) === null) may.add(asset);
    }
  }
  return may;
}

/** Is the definition another one than what is published was made with? Then what is wrong is the project's. */
export function isRedefined(layout: Layout, state: State, asset: AssetKey): boolean {
  const published = newestOf(state, asset);
  return published === null || published.code !== layout.def(asset).codeVersion;
}

/** Two equal texts: the same query over the same columns, so it gives the same columns. */
export function bindKey(
  def: AssetDefinition,
  inputs: readonly (readonly [asset: AssetKey, columns: Known])[],
  around: { readonly timezone: string; readonly settings: JsonObject; readonly files: string },
): string {
  const usesSettings = def.sql?.parameters.some((name) => name.startsWith("config")) ?? false;
  return digestAll([
    def.codeVersion,
    def.materialized,
    def.columns.length === 0 ? "" : JSON.stringify(def.columns),
    def.partitions === null ? "" : JSON.stringify(def.partitions),
    around.timezone,
    usesSettings ? JSON.stringify([def.config, around.settings]) : "",
    around.files,
    ...inputs.flatMap(([asset, columns]) => [asset, JSON.stringify(columns)]),
  ]);
}

/** The problem with who else is hit by it, and with what has just gone where a column is missing. */
export function withHits(
  found: Problem,
  layout: Layout,
  state: State,
  asset: AssetKey,
  columnsOf: (asset: AssetKey) => Known,
): Problem {
  const below = layout.graph.descendants([asset]);
  const hits = layout.graph.keys.filter((key) => key !== asset && below.has(key));
  const name = found.fields?.["name"];
  const parts = [found.why ?? ""];
  if (typeof name === "string") {
    const gone = layout.graph.upstream(asset).find((up) =>
      has(publishedColumns(state, up), name) && columnsOf(up) !== null && !has(columnsOf(up), name)
    );
    if (gone !== undefined) parts.push(`it was there until the definition of ${gone} changed`);
  }
  if (hits.length > 0) parts.push(`hit too: ${someOf(hits)}`);
  return {
    ...found,
    where: { asset, file: layout.def(asset).origin.file, ...found.where },
    why: parts.filter((each) => each !== "").join("; "),
    fields: { ...found.fields, downstream: hits },
  };
}

function has(columns: Known, name: string): boolean {
  return columns?.some((each) => each.name.toLowerCase() === name.toLowerCase()) ?? false;
}

function someOf(keys: readonly string[]): string {
  if (keys.length <= 4) return keys.join(", ");
  return `${keys.slice(0, 3).join(", ")} and ${keys.length - 3} more`;
}

/** Columns that checks, charts and `unique_key` name, and that the asset does not give. */
export function nameProblems(def: AssetDefinition, columns: readonly Column[]): readonly Problem[] {
  const names = columns.map((each) => each.name);
  const wrong = (what: string, named: readonly string[], line: number | undefined) =>
    // What is no plain name is an expression, and its own check tells.
    named.filter((name) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) && !has(columns, name))
      .map((name): Problem => {
        const near = nearest(name, names);
        return problem("definition-invalid", {
          message: `Cannot use ${what}`,
          fields: { name },
          where: {
            asset: def.key,
            file: def.origin.file,
            ...(line === undefined ? {} : { line }),
          },
          why: `${def.key} has no column ${name}; it has ${
            names.length > 12 ? `${names.slice(0, 12).join(", ")}, …` : names.join(", ")
          }`,
          hint: near === null ? "name a column that it has" : `did you mean ${near}?`,
        });
      });
  return [
    ...wrong("unique_key", def.uniqueKey, undefined),
    ...def.checks.flatMap((check) =>
      check.kind === "code" ? [] : wrong(`the check ${check.name}`, check.columns, check.line)
    ),
    ...def.charts.flatMap((chart) =>
      wrong(`the ${chart.type} chart`, chartColumns(chart), undefined).map((each) => ({
        ...each,
        fields: { ...each.fields, chart: true },
      }))
    ),
  ];
}

/** The asset's own columns that a chart names; one `from` a query of its own names that query's. */
function chartColumns(chart: ChartDefinition): readonly string[] {
  if (chart["from"] !== undefined) return [];
  const sort = typeof chart["sort"] === "string" ? [chart["sort"].replace(/^-/, "")] : [];
  const named = Object.entries(chart).flatMap(([option, value]) => {
    const kind = Object.hasOwn(CHART_OPTIONS, option)
      ? CHART_OPTIONS[option as ChartOptionName].of.is
      : null;
    return kind === "column" || kind === "columns" ? [value].flat() : [];
  });
  return [...new Set([...named, ...sort].filter((each) => typeof each === "string"))];
}

/** What a changed definition does to an asset's columns, and who reads it. */
export interface SchemaChange {
  readonly asset: AssetKey;
  readonly added: readonly Column[];
  readonly removed: readonly Column[];
  readonly retyped: readonly {
    readonly name: string;
    readonly from: string;
    readonly to: string;
  }[];
  /** Direct and indirect. */
  readonly downstream: readonly AssetKey[];
}

/** Null where the columns stay as they are. */
export function schemaChange(
  layout: Layout,
  asset: AssetKey,
  before: Known,
  after: Known,
): SchemaChange | null {
  if (before === null || after === null) return null;
  const find = (columns: readonly Column[], name: string) =>
    columns.find((each) => each.name === name);
  const added = after.filter((each) => !find(before, each.name));
  const removed = before.filter((each) => !find(after, each.name));
  const retyped = after.flatMap(({ name, type }) => {
    const old = find(before, name);
    return old && old.type !== type ? [{ name, from: old.type, to: type }] : [];
  });
  if (added.length + removed.length + retyped.length === 0) return null;
  const below = layout.graph.descendants([asset]);
  const downstream = layout.graph.keys.filter((key) => key !== asset && below.has(key));
  return { asset, added, removed, retyped, downstream };
}
