/** `check --data`: the data checks of the selected assets, run again on what is published. Makes nothing anew. */
import { stepKey } from "../core/key.ts";
import type { PlannedStep } from "../core/plan.ts";
import { type Chosen, chosenAssets } from "./choose.ts";
import type { View } from "./session.ts";

/** A plan of checks alone; without steps where nothing that is selected has both checks and a version. */
export function chooseChecks(
  view: View,
  select: readonly string[],
  exclude: readonly string[],
): Chosen {
  const targets = chosenAssets(view, select, exclude);
  const steps: PlannedStep[] = [];
  for (const asset of view.layout.graph.keys) {
    const def = view.layout.def(asset);
    if (!targets.has(asset) || def.checks.length === 0) continue;
    for (const partition of view.layout.keys(asset)) {
      if (!view.state.heads.get(asset)?.get(partition)?.published) continue;
      steps.push({
        key: stepKey(asset, partition),
        asset,
        partition,
        action: "check",
        reasons: [{ kind: "requested", text: "its checks were asked for", of: null }],
        certain: true,
        after: [],
        afterAny: [],
        needs: "all",
        priority: def.priority,
        together: [asset],
      });
    }
  }
  const around = { ...view.around(), checks: new Set(steps.map((step) => step.key)) };
  return { plan: { steps, held: [], fresh: 0 }, scope: new Map(), targets, around };
}
