/** The trends of an asset, from its heads where it is partitioned, else from the log. */
import type { AssetDefinition } from "../core/definition.ts";
import type { AssetStatus } from "../core/status.ts";
import { type Trend, TREND_POINTS, trendsOf } from "../core/trend.ts";
import type { Session } from "./session.ts";

export async function trendsBehind(
  session: Session,
  def: AssetDefinition,
  status: AssetStatus,
): Promise<readonly Trend[]> {
  if (def.partitions !== null) return trendsOf(true, status, []);
  if (status.last === null) return [];
  const store = await session.store();
  const history = await store.events({
    asset: def.key,
    kinds: ["materialized"],
    reverse: true,
    limit: TREND_POINTS,
  });
  return trendsOf(false, status, history);
}
