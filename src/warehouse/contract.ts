/**
 * Columns as declared in a definition against columns as a query gives them. Decides only names and
 * types; that a column has no NULL is a check, made on the rows.
 */
import type { StepOrder } from "../core/order.ts";
import { type Problem, problem } from "../core/problem/problem.ts";
import type { Column } from "../core/version.ts";
import { decideType } from "./column_types.ts";
import type { Session } from "./driver.ts";
import { ident } from "./sql_text.ts";

/** What is wrong with the columns, or null. Other columns than the declared ones are fine. */
export async function contractProblem(
  session: Session,
  order: StepOrder,
  asset: string,
  schema: readonly Column[],
): Promise<Problem | null> {
  const { columns, key, origin } = order.definition;
  if (columns.length === 0 || asset !== key) return null;
  const missing = columns.filter((each) => !find(schema, each.name));
  if (missing.length > 0) {
    return problem("contract-broken", {
      message: `Cannot build ${asset}: it has no column ${missing[0]!.name}`,
      where: { asset, file: origin.file, ...lineOf(missing[0]!) },
      why: `columns: declares it; the result has ${schema.map((each) => each.name).join(", ")}`,
      hint: "add it to the query, or take it out of columns:",
    });
  }
  const typed = await declaredTypes(session, columns);
  for (const { name, type } of typed) {
    const found = find(schema, name)!;
    if (found.type === type) continue;
    return problem("contract-broken", {
      message: `Cannot build ${asset}: column ${name} is ${found.type}`,
      where: { asset, file: origin.file, ...lineOf(columns.find((each) => each.name === name)) },
      why: `columns: declares it as ${type}`,
      hint: `write ${ident(name)}::${type} as ${ident(name)}, or change columns:`,
    });
  }
  return null;
}

/** The declared types as the engine spells them (`decimal(18, 2)` is `DECIMAL(18,2)`). */
export async function declaredTypes(
  session: Session,
  columns: readonly { readonly name: string; readonly type: string | null }[],
): Promise<Column[]> {
  const typed = columns.filter((each) => each.type !== null);
  if (typed.length === 0) return [];
  const found = await session.columns(
    `select ${typed.map((each) => `null::${each.type} as ${ident(each.name)}`).join(", ")}`,
  );
  return found.map((each) => {
    const decided = decideType(each.type);
    return decided.kind === "cast" ? { name: each.name, type: decided.type } : each;
  });
}

function find(schema: readonly Column[], name: string): Column | undefined {
  return schema.find((each) => each.name === name) ??
    schema.find((each) => each.name.toLowerCase() === name.toLowerCase());
}

function lineOf(column: { readonly line?: number } | undefined): { readonly line?: number } {
  return column?.line === undefined ? {} : { line: column.line };
}
