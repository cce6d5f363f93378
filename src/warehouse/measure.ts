/**
 * What a definition wants told with each version (`metadata:`): aggregates over the candidate's rows, all in one scan.
 */
import type { JsonObject } from "../core/json.ts";
import type { OrderOutput, StepOrder } from "../core/order.ts";
import { at, ProblemError } from "../core/problem/problem.ts";
import { Cancelled, type Session } from "./driver.ts";
import { engineProblem } from "./engine_words.ts";
import type { Staged, StageHooks } from "./make.ts";
import { bindVariables, parametersOfView, withVariables } from "./parameters.ts";
import { unionOf, withTables } from "./read.ts";
import { ident } from "./sql_text.ts";

/** The values by name. Throws a `ProblemError` for an aggregate that cannot be worked out, and `Cancelled`. */
export async function measure(
  session: Session,
  order: StepOrder,
  output: OrderOutput,
  staged: Staged,
  hooks: StageHooks,
): Promise<JsonObject> {
  const { metadata, key, origin } = order.definition;
  if (metadata === undefined || output.asset !== key) return {};
  const wanted = Object.entries(metadata).map(([name, sql]) => ({ name, ...withVariables(sql) }));
  const { schema, view, file } = staged;
  const from = view
    ? withTables(withVariables(view.sql).sql, view.inputs, order.project)
    : unionOf([{ file: file!, schema }], schema, order.project);
  try {
    await bindVariables(session, order, [
      ...wanted.flatMap((each) => each.used),
      ...(view ? parametersOfView(view) : []),
    ]);
    const columns = wanted.map((each) => `(${each.sql}\n) as ${ident(each.name)}`);
    const { rows } = await session.watched(
      { signal: hooks.signal, graceMs: hooks.graceMs },
      () => session.rows(`select ${columns.join(", ")} from (${from}\n)`),
    );
    return Object.fromEntries(wanted.map(({ name }, index) => [name, rows[0]?.[index] ?? null]));
  } catch (error) {
    if (error instanceof Cancelled || error instanceof ProblemError) throw error;
    const what = `Cannot tell ${wanted.map((each) => each.name).join(", ")} of ${key}`;
    throw new ProblemError(
      at({ asset: key, file: origin.file, line: origin.line }, engineProblem(error, what)),
    );
  }
}
