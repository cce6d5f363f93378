/** The order in which problems are told: what may be the cause of others first, then by place. */
import type { Problem, ProblemCode } from "../core/problem/problem.ts";

const RANKS: Readonly<Partial<Record<ProblemCode, number>>> = {
  "runner-failed": 0,
  "file-unreadable": 1,
  "config-invalid": 2,
  "module-import": 3,
  "module-throws": 3,
  "module-hangs": 3,
  "environment-missing": 3,
  "header-yaml": 4,
  "sql-syntax": 4,
  "sql-not-a-query": 4,
  "duplicate-asset": 6,
  "unknown-dependency": 7,
  "cycle": 8,
  "no-assets": 9,
};
const REST = 5;

export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const rank = (each: Problem) => RANKS[each.code] ?? REST;
  const place = (each: Problem) => each.where?.file ?? "";
  return problems.toSorted((a, b) =>
    rank(a) - rank(b) ||
    (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0) ||
    (a.where?.line ?? 0) - (b.where?.line ?? 0) ||
    (a.where?.column ?? 0) - (b.where?.column ?? 0)
  );
}
