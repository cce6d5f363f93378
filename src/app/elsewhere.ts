/** Is everything that could start now being worked on by another live process? Then there is nothing for us to do. */
import { stepKey } from "../core/key.ts";
import type { Plan } from "../core/plan.ts";
import type { View } from "./session.ts";

export function heldElsewhere(view: View, plan: Plan): boolean {
  const first = plan.steps.filter((step) => step.after.length === 0 && step.afterAny.length === 0);
  return first.length > 0 && first.every((step) =>
    step.together.some((asset) => {
      const claim = view.state.claims.get(stepKey(asset, step.partition));
      return claim !== undefined && !view.dead.has(claim.holder);
    })
  );
}
