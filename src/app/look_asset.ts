/** `show ASSET`: everything that is known of one asset. */
import type { AssetDefinition } from "../core/definition.ts";
import type { AssetKey } from "../core/key.ts";
import type { Rows } from "../core/rows.ts";
import { type AssetStatus, assetStatus } from "../core/status.ts";
import type { Trend } from "../core/trend.ts";
import { inputOf } from "../engine/order.ts";
import { partitionsAsked } from "./choose.ts";
import { assetNamed } from "./look.ts";
import { chartsOf, type DrawnChart } from "./results.ts";
import type { Session, View } from "./session.ts";
import { trendsBehind } from "./trends.ts";

export interface AssetFound {
  readonly view: View;
  readonly def: AssetDefinition;
  readonly status: AssetStatus;
  readonly upstream: readonly AssetKey[];
  readonly downstream: readonly AssetKey[];
  readonly trends: readonly Trend[];
  readonly preview: Rows | null;
  readonly charts: readonly DrawnChart[];
}

const PREVIEW = 10;

/** Null asks for all of them. */
function limitOf(rows: number | null | undefined): number {
  return rows === undefined ? PREVIEW : rows ?? Number.MAX_SAFE_INTEGER;
}

export async function lookAsset(
  session: Session,
  name: string,
  partition: string | null,
  asked: { readonly rows?: number | null | undefined } = {},
): Promise<AssetFound> {
  const view = await session.view();
  const asset = assetNamed(view, name);
  const def = view.layout.def(asset);
  const keys = partition === null
    ? null
    : partitionsAsked(view, asset, { partitions: [partition], from: null, to: null });
  const input = inputOf(view.layout, view.state, asset, keys);
  const readable = input.view !== null ||
    input.versions.some((each) => each.file !== null && each.file.format !== "other");
  const rows = readable
    ? await (await session.warehouse()).preview(input, limitOf(asked.rows))
    : null;
  const status = assetStatus(view.layout, view.state, asset, view.around(), view.dead);
  return {
    view,
    def,
    status,
    upstream: view.layout.graph.upstream(asset),
    downstream: view.layout.graph.downstream(asset),
    trends: await trendsBehind(session, def, status),
    preview: rows !== null && rows.ok ? rows.value : null,
    charts: readable && partition === null ? await chartsOf(session, view, asset) : [],
  };
}
