/** When each asset comes round next by the clock: by its own cron, or a schedule that selects it. */
import { isOff, nameOf } from "../../core/automation/source.ts";
import { nextDue } from "../../core/automation/ticks.ts";
import type { AssetKey, Instant } from "../../core/key.ts";
import { selected } from "../due.ts";
import type { View } from "../session.ts";

export interface NextDue {
  readonly at: Instant;
  /** The schedule's name. */
  readonly by: string;
}

export interface Next {
  readonly byAsset: ReadonlyMap<AssetKey, NextDue>;
  readonly first: { readonly name: string; readonly at: Instant } | null;
}

export function nextOf(view: View): Next {
  const byAsset = new Map<AssetKey, NextDue>();
  let first: Next["first"] = null;
  for (const source of view.clock().sources) {
    if (isOff(view.state, source.id)) continue;
    const at = nextDue(view.state, [source], view.now);
    if (at === null) continue;
    const name = nameOf(source.id);
    if (first === null || at < first.at) first = { name, at };
    const { select } = source;
    const chosen = "asset" in select ? [select.asset] : choose(view, select.text);
    for (const asset of chosen) {
      const known = byAsset.get(asset);
      if (known === undefined || at < known.at) byAsset.set(asset, { at, by: name });
    }
  }
  return { byAsset, first };
}

function choose(view: View, text: string): Iterable<AssetKey> {
  const found = selected(text, view.layout, view.state, view.plain(), view.dead);
  return found.ok ? found.value : [];
}
