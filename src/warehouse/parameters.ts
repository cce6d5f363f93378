/**
 * `$partition_start`, `$partition_key`, `$config.x`: what they are, and how they get into a query.
 * They are bound into one variable of the connection and read from there, so that no value is ever
 * pasted as text, a dotted name works, and the engine knows them as constants with a type.
 */
import type { Json, JsonObject } from "../core/json.ts";
import type { InputTable, StepOrder } from "../core/order.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import type { Bound, Session } from "./driver.ts";
import { text } from "./sql_text.ts";
import { tokenize } from "./sql_tokens.ts";

const VARIABLE = "nycflow";

export interface Rewritten {
  readonly sql: string;
  /** The names it uses, without `$`. */
  readonly used: readonly string[];
  /** From an offset in `sql` to the offset in what it was made from. */
  readonly original: (offset: number) => number;
}

/** Puts the variable's field in the place of each `$name` (never inside strings or comments). */
export function withVariables(sql: string): Rewritten {
  if (!/[$?]/.test(sql)) return { sql, used: [], original: (offset) => offset };
  const used = new Set<string>();
  const shifts: { readonly at: number; readonly by: number }[] = [];
  let written = "";
  for (const token of tokenize(sql)) {
    if (token.kind !== "parameter") {
      written += token.text;
      continue;
    }
    const name = token.text.replace(/^\$/, "");
    used.add(name);
    const field = `struct_extract(getvariable('${VARIABLE}'), ${text(name)})`;
    written += field;
    shifts.push({ at: written.length, by: field.length - token.text.length });
  }
  return { sql: written, used: [...used], original: (offset) => unshift(offset, shifts) };
}

/** The parameters that a view names, and the views that it reads. */
export function parametersOfView(view: NonNullable<InputTable["view"]>): string[] {
  const inner = view.inputs.flatMap((each) => each.view ? parametersOfView(each.view) : []);
  return [...withVariables(view.sql).used, ...inner];
}

function unshift(offset: number, shifts: readonly { at: number; by: number }[]): number {
  let by = 0;
  for (const shift of shifts) {
    if (shift.at > offset) break;
    by += shift.by;
  }
  return Math.max(0, offset - by);
}

/** Gives the connection the values of these names. Throws `ProblemError` for one that has none. */
export async function bindVariables(
  session: Session,
  order: StepOrder,
  used: readonly string[],
): Promise<void> {
  if (used.length === 0) return;
  const fields: string[] = [];
  const values: Record<string, Bound[string]> = {};
  for (const [at, name] of [...new Set(used)].entries()) {
    const { value, cast } = valueOf(order, name);
    values[`v${at}`] = value;
    fields.push(`${text(name)}: $v${at}::${cast}`);
  }
  await session.run(`set variable ${VARIABLE} = {${fields.join(", ")}}`, values);
}

function valueOf(order: StepOrder, name: string): { value: Bound[string]; cast: string } {
  const { window } = order;
  switch (name) {
    case "partition_key":
      if (order.definition.partitions) return { value: order.partition, cast: "VARCHAR" };
      break;
    case "partition_start":
      if (window) return { value: window.startLocal, cast: "TIMESTAMP" };
      break;
    case "partition_end":
      if (window) return { value: window.endLocal, cast: "TIMESTAMP" };
      break;
    case "partition_start_tz":
      if (window) return { value: new Date(window.start).toISOString(), cast: "TIMESTAMPTZ" };
      break;
    case "partition_end_tz":
      if (window) return { value: new Date(window.end).toISOString(), cast: "TIMESTAMPTZ" };
      break;
  }
  if (name.startsWith("config.")) {
    const path = name.slice("config.".length).split(".");
    const value = setting(order.settings, path) ?? setting(order.projectSettings, path);
    if (value !== undefined) return bound(value);
    const known = [...Object.keys(order.settings), ...Object.keys(order.projectSettings)];
    throw new ProblemError(problem("setting-invalid", {
      message: `Cannot build ${order.definition.key}`,
      where: { asset: order.definition.key, file: order.definition.origin.file },
      why: `its query uses $${name}, and there is no such setting`,
      hint: known.length > 0
        ? `settings are ${known.slice(0, 8).join(", ")}`
        : `add config: { ${path.join(": { ")}: … } to nycflow.config.ts, or give --set ${
          path.join(".")
        }=VALUE`,
    }));
  }
  const known = ["partition_start", "partition_end", "partition_start_tz", "partition_end_tz"];
  const windowed = known.includes(name);
  throw new ProblemError(problem("sql-bind", {
    message: `Cannot build ${order.definition.key}`,
    where: { asset: order.definition.key, file: order.definition.origin.file },
    why: windowed || name === "partition_key"
      ? `its query uses $${name}, and it is not partitioned${windowed ? " by time" : ""}`
      : `its query uses the parameter ${
        /^\d|^$/.test(name) ? `?${name}` : `$${name}`
      }, which nycflow does not know`,
    hint: windowed || name === "partition_key"
      ? "add partitions: to its header, e.g. partitions: monthly"
      : "parameters are $partition_start, $partition_end, $partition_key and $config.NAME",
  }));
}

function setting(settings: JsonObject, path: readonly string[]): Json | undefined {
  let found: Json | undefined = settings;
  for (const part of path) {
    if (typeof found !== "object" || found === null || Array.isArray(found)) return undefined;
    found = (found as JsonObject)[part];
  }
  return found;
}

function bound(value: Json): { value: Bound[string]; cast: string } {
  if (value === null) return { value: null, cast: "VARCHAR" };
  if (typeof value === "string") return { value, cast: "VARCHAR" };
  if (typeof value === "boolean") return { value, cast: "BOOLEAN" };
  if (typeof value === "number") {
    return Number.isSafeInteger(value)
      ? { value: BigInt(value), cast: "BIGINT" }
      : { value, cast: "DOUBLE" };
  }
  return { value: JSON.stringify(value), cast: "JSON" };
}
