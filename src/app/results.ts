/** What a run made, to be shown after it: the charts and tables that people look at. */
import { chartType } from "../core/chart.ts";
import type { ChartDefinition } from "../core/definition.ts";
import type { JsonObject } from "../core/json.ts";
import type { AssetKey, PartitionKey, VersionId } from "../core/key.ts";
import { ProblemError } from "../core/problem/problem.ts";
import type { InputTable } from "../core/order.ts";
import type { Rows } from "../core/rows.ts";
import { inputOf } from "../engine/order.ts";
import { chartQuery } from "../views/chart_query.ts";
import { readChart } from "../views/chart.ts";
import { isReadable, tableOf } from "./look.ts";
import type { Session, View } from "./session.ts";
import { tableAt } from "./time_travel.ts";

export interface DrawnChart {
  readonly chart: ChartDefinition;
  readonly rows: Rows;
  /** Of a number: what the version before had there; null where there was none. */
  readonly before: number | null;
}

/** Rows beyond this are not drawn but aggregated or cut by the chart's own query; said by the chart. */
const CHART_ROWS = 1_000_000;

/** The charts of an asset with the rows that they show; empty where it declares none. */
export async function chartsOf(
  session: Session,
  view: View,
  asset: AssetKey,
  partitions: readonly PartitionKey[] | null = null,
): Promise<readonly DrawnChart[]> {
  const charts = [...view.layout.def(asset).charts, ...drawnByStep(view, asset)];
  if (charts.length === 0) return [];
  return await drawnFrom(session, charts, tableOf(view, asset, partitions));
}

/** The same charts of an earlier version, as `AT (VERSION => …)` has it. A chart that the step itself drew is that one's. */
export async function chartsAt(
  session: Session,
  view: View,
  asset: AssetKey,
  version: number | string,
): Promise<readonly DrawnChart[]> {
  const table = await tableAt(session, view, asset, version);
  const own = await drawnThen(session, asset, new Set(table.versions.map((each) => each.version)));
  const charts = [...view.layout.def(asset).charts, ...own];
  return charts.length === 0 ? [] : await drawnFrom(session, charts, table);
}

async function drawnFrom(
  session: Session,
  charts: readonly ChartDefinition[],
  table: InputTable,
): Promise<readonly DrawnChart[]> {
  const warehouse = await session.warehouse();
  const drawn: DrawnChart[] = [];
  for (const chart of charts) {
    const query = chartQuery(chart, table.asset, {
      schema: table.schema,
      rows: table.versions.reduce((sum, each) => sum + each.rows, 0),
    });
    const rows = await warehouse.query(query, [table], { limit: CHART_ROWS });
    if (!rows.ok) throw new ProblemError(rows.error);
    const before = chartType(chart.type) === "number" && rows.value.rows.length === 1
      ? await valueBefore(session, table, chart, query)
      : null;
    drawn.push({ chart, rows: rows.value, before });
  }
  return drawn;
}

/** What a number chart showed of the last version that had other content; null where there is none to be read. */
async function valueBefore(
  session: Session,
  table: InputTable,
  chart: ChartDefinition,
  query: string,
): Promise<number | null> {
  const [shown] = table.versions;
  if (shown === undefined || table.versions.length > 1) return null;
  const store = await session.store();
  const past = await store.events({
    asset: table.asset,
    kinds: ["materialized"],
    reverse: true,
    limit: 50,
  });
  for (const { at, event } of past) {
    if (event.kind !== "materialized" || event.partition !== shown.partition) continue;
    if (at > shown.at || event.dataVersion === shown.dataVersion || event.file === null) continue;
    const version = { ...shown, ...event, at: shown.at };
    const older = { ...table, schema: event.schema, versions: [version] };
    const found = await (await session.warehouse()).query(query, [older], { limit: 2 });
    // Its file may have been cleaned away: then there is nothing to compare with.
    if (!found.ok) return null;
    const read = readChart({ ...chart }, found.value, { asset: table.asset });
    return read.ok && read.value.figure.kind === "number" ? read.value.figure.data.value : null;
  }
  return null;
}

/** The chart that the step gave with one of these versions. */
async function drawnThen(
  session: Session,
  asset: AssetKey,
  versions: ReadonlySet<VersionId>,
): Promise<readonly ChartDefinition[]> {
  const store = await session.store();
  const made = await store.events({ asset, kinds: ["materialized"], reverse: true });
  return made.flatMap(({ event }) =>
    event.kind === "materialized" && versions.has(event.version) && event.output === "chart"
      ? chartIn(event.metadata)
      : []
  ).slice(0, 1);
}

/** A TypeScript step may give its chart with its rows; it is kept in the version's metadata. */
function drawnByStep(view: View, asset: AssetKey): readonly ChartDefinition[] {
  const drawn: ChartDefinition[] = [];
  for (const head of view.state.heads.get(asset)?.values() ?? []) {
    if (head.published?.output === "chart") drawn.push(...chartIn(head.published.metadata));
  }
  return drawn.slice(0, 1);
}

function chartIn({ chart }: JsonObject): readonly ChartDefinition[] {
  return typeof chart === "object" && chart !== null && "type" in chart
    ? [chart as ChartDefinition]
    : [];
}

export interface Result {
  readonly asset: AssetKey;
  readonly description: string;
  /** Null where only charts are shown. */
  readonly table: Rows | null;
  readonly charts: readonly DrawnChart[];
}

/** Charts of more values than a reader wants to see in rows beside it. */
const OWN_PICTURE: ReadonlySet<string> = new Set([
  "map",
  "heat",
  "calendar",
  "histogram",
  "box",
  "scatter",
  "number",
  "gantt",
  "table",
]);
const SHOWN_ROWS = 10;
const FEW_ROWS = 20;

/** The first ten of many rows add nothing to a picture of all their columns, or to several pictures. */
function saysAll(charts: readonly DrawnChart[], { schema }: InputTable): boolean {
  const [first, ...more] = charts;
  if (first === undefined) return false;
  const named = new Set(Object.values(first.chart).flat());
  return more.length > 0 || schema?.every(({ name }) => named.has(name)) === true;
}

/**
 * Of the assets that were made those that a person looks at: whatever has a chart, and tables on which nothing
 * stands. In the order of the graph.
 */
export async function resultsOf(
  session: Session,
  view: View,
  made: ReadonlySet<AssetKey>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const asset of view.layout.graph.keys) {
    if (!made.has(asset)) continue;
    const def = view.layout.def(asset);
    const leaf = view.layout.graph.downstream(asset).length === 0;
    const input = inputOf(view.layout, view.state, asset, null);
    if (!isReadable(input)) continue;
    const charts = await chartsOf(session, view, asset);
    if (charts.length === 0 && !leaf) continue;
    const isTable = input.view !== null ||
      input.versions.some((each) => each.file !== null && each.file.format !== "other");
    if (!isTable) continue;
    const rows = input.versions.reduce((sum, each) => sum + each.rows, 0);
    const wide = charts.some(({ chart }) => OWN_PICTURE.has(chartType(chart.type) ?? "")) ||
      (rows > FEW_ROWS && saysAll(charts, input));
    const warehouse = await session.warehouse();
    const preview = wide
      ? null
      : await warehouse.preview(input, rows <= FEW_ROWS ? FEW_ROWS : SHOWN_ROWS);
    if (preview !== null && !preview.ok) throw new ProblemError(preview.error);
    results.push({
      asset,
      description: def.description,
      table: preview === null ? null : preview.value,
      charts,
    });
  }
  return results;
}
