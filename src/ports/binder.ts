/**
 * Finds out what a step would give without doing it.
 *
 * Invariants: reads no rows of any asset; publishes and writes nothing; an error is the one that the step itself
 * would end with, in the same words.
 */
import type { StepOrder } from "../core/order.ts";
import type { Problem } from "../core/problem/problem.ts";
import type { Result } from "../core/result.ts";
import type { Column } from "../core/version.ts";

export interface Binder {
  /**
   * The columns of a SQL step or a data file, from the schemas of `order.inputs` (their versions are not looked at);
   * null where only the data itself tells.
   */
  bind(order: StepOrder): Promise<Result<readonly Column[] | null, Problem>>;
}
