/** Values of `` db.sql`…` `` on their way into SQL: numbers as literals, everything else as named values, bound and never pasted. */
import { resultKind } from "../define/results.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import type { SqlName } from "../core/context.ts";

/** A query in parts, before its values have places. */
export interface SqlParts {
  readonly texts: readonly string[];
  readonly values: readonly unknown[];
  /** A name that FROM takes as it is, not a query. */
  readonly table?: boolean;
}

/** Puts parts together; what has to be bound is added to `values`. */
export function compile(
  parts: SqlParts,
  partsOf: (relation: object) => SqlParts | null,
  values: Record<string, string>,
): string {
  return parts.texts.map((text, index) =>
    index < parts.values.length ? text + valueSql(parts.values[index], partsOf, values) : text
  ).join("");
}

function valueSql(
  value: unknown,
  partsOf: (relation: object) => SqlParts | null,
  values: Record<string, string>,
): string {
  const bind = (text: string, cast: string) => {
    const name = `nycflow_${Object.keys(values).length + 1}`;
    values[name] = text;
    return `$${name}::${cast}`;
  };
  switch (typeof value) {
    case "string":
      return bind(value, "VARCHAR");
    case "number":
      if (Number.isSafeInteger(value)) return String(value);
      return Number.isFinite(value) ? `${value}::DOUBLE` : `'${value}'::DOUBLE`;
    case "bigint":
    case "boolean":
      return String(value);
    case "undefined":
      throw new ProblemError(problem("result-invalid", {
        message: "Cannot put undefined into a query",
        why: "a name is misspelled there, or what it holds was never set",
        hint: "write null where NULL is meant, e.g. ${value ?? null}",
      }));
    case "object":
      break;
    default:
      throw unusable(`a ${typeof value}`);
  }
  if (value === null) return "NULL";
  const kind = resultKind(value);
  if (kind === "name") return (value as SqlName).sql;
  const inner = partsOf(value);
  if (inner) {
    const sql = compile(inner, partsOf, values);
    return inner.table ? sql : `(${sql}\n)`;
  }
  if (kind !== null) throw unusable(`a ${kind}`);
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw unusable("an invalid date");
    return bind(value.toISOString(), "TIMESTAMPTZ");
  }
  if (value instanceof Uint8Array) {
    const hex = Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return `unhex(${bind(hex, "VARCHAR")})`;
  }
  if (Array.isArray(value)) {
    return `[${value.map((each) => valueSql(each, partsOf, values)).join(", ")}]`;
  }
  return bind(JSON.stringify(value), "JSON");
}

function unusable(what: string): ProblemError {
  return new ProblemError(problem("result-invalid", {
    message: `Cannot put ${what} into a query`,
    why: "a value there is a text, number, date, list, object, relation or dependency",
    hint: "put in the value itself; a column's name goes through db.name()",
  }));
}
