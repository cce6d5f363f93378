/** What is said when a live process holds what a command wants. */
import { type Problem, problem } from "../core/problem/problem.ts";
import type { Left } from "../engine/context.ts";

export function leftProblem(left: readonly Left[], now: number): Problem {
  const first = left[0];
  const since = first === undefined ? 0 : Math.max(0, Math.round((now - first.since) / 1000));
  const others = left.length > 1 ? ` and ${left.length - 1} more` : "";
  return problem("busy", {
    message: `Cannot run ${first?.step.key ?? "it"}${others} now`,
    why: `${first?.text ?? "another process works on it"}, for ${since} s`,
    hint: "wait for it with --wait 10m, or see it with: nycflow",
    fields: { holder: first?.holder ?? null, steps: left.map((each) => each.step.key) },
  });
}
