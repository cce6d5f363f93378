/** `report`: gathers what the page shows; reads only, changes nothing. */
import type { AssetKey } from "../core/key.ts";
import type { Trend } from "../core/trend.ts";
import type { ReportData } from "../views/report.ts";
import { chosenAssets } from "./choose.ts";
import { resultsOf } from "./results.ts";
import { lookList } from "./look.ts";
import type { Session, View } from "./session.ts";
import { trendsBehind } from "./trends.ts";

const RUNS = 20;

/** Everything about the selected assets (all where nothing is selected) that the page shows. */
export async function gatherReport(
  session: Session,
  select: readonly string[],
  exclude: readonly string[],
): Promise<{ readonly view: View; readonly data: ReportData }> {
  const { view, statuses, defs } = await lookList(session, select, exclude);
  const chosen = chosenAssets(view, select, exclude);
  const made = new Set<AssetKey>(
    statuses.filter(({ last, asset }) => chosen.has(asset) && last?.published).map((each) =>
      each.asset
    ),
  );
  const trends = new Map<AssetKey, readonly Trend[]>();
  for (const status of statuses) {
    const def = defs.get(status.asset);
    if (def !== undefined) trends.set(status.asset, await trendsBehind(session, def, status));
  }
  const results = await resultsOf(session, view, made);
  const store = await session.store();
  const runs = await store.runs({ limit: RUNS });
  const worked = runs.find((run) => run.planned > 0 && run.startedAt !== null);
  const lastEvents = worked === undefined ? [] : await store.events({ run: worked.run });
  return {
    view,
    data: {
      project: view.loaded.project.name,
      assets: statuses.flatMap((status) => {
        const def = defs.get(status.asset);
        if (def === undefined) return [];
        const upstream = view.layout.graph.upstream(status.asset).filter((key) => chosen.has(key));
        return [{ def, status, upstream, trends: trends.get(status.asset) ?? [] }];
      }),
      results,
      runs,
      lastEvents,
    },
  };
}
