/**
 * From what is staged to a candidate: checks run on it, and it is compared with what is published.
 * Whether it may be published is decided elsewhere, by what is told here.
 */
import type { Candidate, OrderOutput, StepOrder } from "../core/order.ts";
import type { CheckResult } from "../core/event.ts";
import { type Problem, ProblemError } from "../core/problem/problem.ts";
import { err, ok, type Result } from "../core/result.ts";
import { audit } from "./audit.ts";
import { Cancelled, type Session } from "./driver.ts";
import { engineProblem } from "./engine_words.ts";
import { isSameFile } from "./files.ts";
import type { Staged, StageHooks } from "./make.ts";
import { measure } from "./measure.ts";
import { isSame } from "./same.ts";

/** Audits and compares. Checks of kind `code` are left to the runner. Throws only `Cancelled`. */
export async function finish(
  session: Session,
  order: StepOrder,
  output: OrderOutput,
  staged: Staged,
  hooks: StageHooks = {},
): Promise<Result<Candidate, Problem>> {
  try {
    const hasRows = staged.schema.length > 0;
    const checks = hasRows ? await audit(session, order, output, staged, hooks) : [];
    const bad = checks.some(isBad);
    const measured = hasRows && !bad ? await measure(session, order, output, staged, hooks) : {};
    // What is not published needs no comparison.
    const same = !bad &&
      (staged.same === true || await equalsPublished(session, order, output, staged, hooks));
    return ok({
      asset: output.asset,
      output: staged.output,
      file: staged.file,
      rows: staged.rows,
      schema: staged.schema,
      ordered: staged.ordered,
      same,
      checks,
      metadata: { ...measured, ...staged.metadata },
      notes: staged.notes,
      ...(staged.warnings === undefined ? {} : { warnings: staged.warnings }),
    });
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    if (error instanceof ProblemError && error.problems[0]) return err(error.problems[0]);
    const what = `Cannot compare ${output.asset} with what is published`;
    return err(engineProblem(error, what, { fallback: "step-failed" }));
  }
}

/** What is published cannot be read any more (cut short, gone): then it is another, and is replaced. */
async function equalsPublished(
  session: Session,
  order: StepOrder,
  output: OrderOutput,
  staged: Staged,
  hooks: StageHooks,
): Promise<boolean> {
  try {
    return staged.output === "table"
      ? await isSame(session, order.project, staged, output.previous, hooks)
      : await isSameFile(order.project, staged, output.previous);
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    return false;
  }
}

function isBad(check: CheckResult): boolean {
  return check.blocking && (check.outcome === "failed" || check.outcome === "errored");
}
