/**
 * Binds one asset's query against the columns of what it reads: which columns it would give, or what is wrong with it.
 * Reads no rows; of data files only as much as tells their columns.
 */
import { join } from "node:path";
import type { StepOrder } from "../core/order.ts";
import type { Problem } from "../core/problem/problem.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { Column } from "../core/version.ts";
import { contractProblem, declaredTypes } from "./contract.ts";
import type { Session } from "./driver.ts";
import { sniff } from "./files.ts";
import { proveBytes } from "./file_proof.ts";
import { shapeOf } from "./kept_columns.ts";
import { hasSteadyColumns, inColumns, ready } from "./make.ts";
import { queryProblem, type Sent } from "./query_problem.ts";
import { isMeaning, tokenize } from "./sql_tokens.ts";

export async function bindStep(
  session: Session,
  order: StepOrder,
): Promise<Result<readonly Column[] | null, Problem>> {
  const { definition } = order;
  const { sql, kind } = definition;
  if (kind === "csv" || kind === "parquet" || kind === "json") {
    return ok(await columnsOfFile(session, order, kind));
  }
  if (sql === null || findsColumnsInRows(sql.text)) return ok(null);
  const place = { file: definition.origin.file, line: sql.line, text: sql.text };
  let sent: Sent | null = null;
  try {
    const source = { sql: sql.text, inputs: order.inputs };
    const text = await ready(session, order, source);
    sent = inColumns(text);
    const steady = hasSteadyColumns(order, source, text);
    const columns = await session.columns(sent.sql, undefined, text.sql, steady);
    if (definition.materialized === "view") return ok(columns);
    const { schema } = shapeOf(columns, definition.key, text.sql);
    const broken = await contractProblem(session, order, definition.key, schema);
    return broken === null ? ok(schema) : err(broken);
  } catch (error) {
    const what = `Cannot build ${definition.key}`;
    return err(queryProblem(error, what, { place, inputs: order.inputs }, sent));
  }
}

/** A PIVOT makes columns of values, unless they are listed. */
function findsColumnsInRows(sql: string): boolean {
  if (!/pivot/i.test(sql)) return false;
  return tokenize(sql).filter(isMeaning).some((each) =>
    each.kind === "name" && /^(pivot|pivot_wider)$/i.test(each.text)
  );
}

/** Null where the file is not as it should be: its own step says so. */
async function columnsOfFile(
  session: Session,
  order: StepOrder,
  format: "csv" | "parquet" | "json",
): Promise<readonly Column[] | null> {
  const { definition } = order;
  const path = join(order.project, definition.dataFile ?? definition.origin.file);
  try {
    if (await proveBytes(path, format, "") !== null) return null;
    const declared = await declaredTypes(session, definition.columns);
    const found = await sniff(session, path, format, "", declared, false);
    return found.ok ? shapeOf(found.value.schema, definition.key, "").schema : null;
  } catch {
    return null;
  }
}
