/** What `run` says of upstreams that it does not refresh, or that hold back what was asked for. */
import type { AssetKey } from "../core/key.ts";
import { type Problem, problem } from "../core/problem/problem.ts";
import { assetStatus } from "../core/status.ts";
import type { Chosen } from "./choose.ts";
import type { View } from "./session.ts";

/** Upstreams of the targets that are not fresh, in topological order. */
export function staleUpstreams(view: View, targets: ReadonlySet<AssetKey>): readonly AssetKey[] {
  const above = view.layout.graph.ancestors(targets);
  const around = view.around();
  return view.layout.graph.keys.filter((key) =>
    above.has(key) && !targets.has(key) &&
    assetStatus(view.layout, view.state, key, around, view.dead).state !== "fresh"
  );
}

/** Upstreams that failed and are held: what was asked for is made of their last good versions all the same. */
export function failedUpstreams({ plan, targets }: Pick<Chosen, "plan" | "targets">) {
  const failed = plan.held.filter(({ asset, held }) =>
    held.kind === "failed" && !targets.has(asset)
  );
  return [...new Set(failed.map(({ asset }) => asset))];
}

/** A target that was asked for and is held all the same: because of what it waits for. */
export function heldProblem(view: View, chosen: Chosen): Problem | null {
  const held = chosen.plan.held.find((each) => chosen.targets.has(each.asset));
  if (held === undefined) return null;
  const def = view.layout.def(held.asset);
  return problem("step-failed", {
    message: `Cannot run ${held.asset}${held.partition === "" ? "" : ` ${held.partition}`}`,
    where: { asset: held.asset, file: def.origin.file },
    why: held.held.text,
    hint: `see the cause with: nycflow why ${held.asset}`,
  });
}
