/** What is drawn for a message: the run that it is about, the asset's trends, its charts as last published. */
import type { SinkDrawing } from "../core/definition.ts";
import type { AssetKey, RunId } from "../core/key.ts";
import { assetStatus } from "../core/status.ts";
import { chartDrawing, runDrawing, trendsDrawing } from "../views/message.ts";
import { lookRun } from "./look.ts";
import { chartsOf } from "./results.ts";
import type { Session, View } from "./session.ts";
import { trendsBehind } from "./trends.ts";

/** `run` null: that of its last materialization. What cannot be drawn is left out: a message is not held up by it. */
export async function drawingsFor(
  session: Session,
  view: View,
  { asset, run }: { readonly asset: AssetKey; readonly run: RunId | null },
  draw: readonly SinkDrawing[],
  rows: boolean,
): Promise<readonly string[]> {
  const around = { now: view.now, timezone: view.loaded.project.timezone };
  const status = assetStatus(view.layout, view.state, asset, view.around(), view.dead);
  const one = async (what: SinkDrawing): Promise<readonly string[]> => {
    switch (what) {
      case "run": {
        const id = run ?? status.last?.published?.run ?? null;
        const found = id === null ? null : await lookRun(session, id);
        return found === null ? [] : [runDrawing(found.head, found.events, around)];
      }
      case "trends":
        return [
          trendsDrawing(asset, await trendsBehind(session, view.layout.def(asset), status)),
        ];
      case "charts": {
        if (!rows || status.last === null) return [];
        const charts = await chartsOf(session, view, asset);
        return charts.map((each) => chartDrawing(each, asset, around));
      }
    }
  };
  const drawn: string[] = [];
  for (const what of draw) {
    try {
      drawn.push(...await one(what));
    } catch {
      continue; // its file is gone, or its query fails: the message says what matters
    }
  }
  return drawn.filter((each) => each !== "");
}
