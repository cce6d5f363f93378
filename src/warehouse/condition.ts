/** `when:` of a SQL asset: a condition over its inputs that is asked before anything is made. */
import type { StepOrder } from "../core/order.ts";
import { type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import { err, ok, type Result } from "../core/result.ts";
import { Cancelled, type Session } from "./driver.ts";
import { engineProblem } from "./engine_words.ts";
import { ready, type StageHooks } from "./make.ts";

/** Does the condition hold? NULL is no. True where there is none. Throws only `Cancelled`. */
export async function conditionHolds(
  session: Session,
  order: StepOrder,
  hooks: StageHooks,
): Promise<Result<boolean, Problem>> {
  const { when, key, origin } = order.definition;
  if (when === null || when === "code") return ok(true);
  try {
    const sql = `select (${when}\n) as holds`;
    const sent = await ready(session, order, { sql, inputs: order.inputs });
    const { rows } = await session.watched(hooks, () => session.rows(sent.sql));
    const [first] = rows;
    const answer = first?.[0] ?? null;
    if (rows.length === 1 && (typeof answer === "boolean" || answer === null)) {
      return ok(answer === true);
    }
    return err(problem("sql-bind", {
      message: `Cannot decide whether ${key} is to run`,
      where: { file: origin.file },
      why: `its condition gives ${
        JSON.stringify(answer)
      }, which is neither true nor false: ${when}`,
      hint: "write a comparison, e.g. when: (select count(*) from trips) > 0",
    }));
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    const found = error instanceof ProblemError && error.problems[0]
      ? error.problems[0]
      : engineProblem(error, `Cannot decide whether ${key} is to run`, { fallback: "sql-bind" });
    return err({ ...found, where: { file: origin.file, ...found.where } });
  }
}
