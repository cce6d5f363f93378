/**
 * What must hold before a step starts: every query of the plan fits the columns that it would see. A definition that
 * does not is the project's mistake, so nothing starts; where only data has changed a table's columns, the steps that
 * it hits fail by themselves and all others are done.
 */
import { mayChange } from "../core/compile.ts";
import type { JsonObject } from "../core/json.ts";
import { ProblemError } from "../core/problem/problem.ts";
import type { Chosen } from "./choose.ts";
import type { Session, View } from "./session.ts";

/** Throws all that is wrong, roots only. Loads no engine where nothing is new. */
export async function compileBeforeRun(
  session: Session,
  view: View,
  { plan }: Chosen,
  settings: JsonObject,
): Promise<void> {
  const steps = plan.steps.filter((step) => step.action === "materialize");
  const assets = new Set(steps.flatMap((step) => [...step.together]));
  if (![...assets].some((asset) => view.layout.def(asset).sql !== null)) return;
  const { compile } = await import("./compile.ts");
  const changing = mayChange(steps, view.state);
  const { found } = await compile(session, view, { assets, changing, settings });
  const wrong = found.filter((each) => each.defined).map((each) => each.problem);
  if (wrong.length > 0) throw new ProblemError(wrong, 2);
}
