/**
 * Each kind of check as SQL. Most are a condition that a failing row meets, so that all of them are
 * counted in one scan; `unique`, `relationships` and `query` give their failing rows themselves.
 * Verdicts are not made here.
 */
import type { CheckDefinition } from "../core/definition.ts";
import type { Json } from "../core/json.ts";
import type { Instant } from "../core/key.ts";
import { withVariables } from "./parameters.ts";
import { ident, text } from "./sql_text.ts";

/** What a check asks of the rows called `candidate`. */
export type Asked =
  /** Rows for which `condition` is true fail. */
  | { readonly kind: "rows"; readonly condition: string }
  /** A query that gives the failing rows; `rows` where these are rows of the table itself, from whatever FROM takes. */
  | {
    readonly kind: "query";
    readonly sql: string;
    readonly rows?: (from: string) => string;
  }
  /** An aggregate that must be true; `shown` is what it is told as. */
  | {
    readonly kind: "aggregate";
    readonly holds: string;
    readonly shown: string;
    readonly expected: string;
  }
  /** Only the number of rows. */
  | { readonly kind: "count"; readonly min: number | null; readonly max: number | null }
  /** The check itself makes no sense. */
  | { readonly kind: "wrong"; readonly why: string };

/** `candidate`: FROM's name for the rows; `others`: the same for the other published partitions. */
export interface Names {
  readonly candidate: string;
  readonly others: string | null;
}

export function askedBy(check: CheckDefinition, names: Names, now: Instant): Asked {
  const { columns, expect } = check;
  const one = columns[0];
  if (NEEDS_COLUMN.has(check.kind) && one === undefined) {
    return { kind: "wrong", why: `${check.kind} names no column` };
  }
  const column = ident(one ?? "");
  switch (check.kind) {
    case "not_null":
      return {
        kind: "rows",
        condition: columns.map((each) => `${ident(each)} is null`).join(" or "),
      };
    case "unique":
      return { kind: "query", sql: duplicates(columns, names, check.scope === "asset") };
    case "accepted_values": {
      const values = list(expect["values"]);
      if (!values) return { kind: "wrong", why: "accepted_values has no list of values" };
      const known = values.filter((each) => each !== null).map(literal);
      // NULL is for not_null to refuse.
      const other = known.length > 0 ? `${column} not in (${known.join(", ")})` : "true";
      return { kind: "rows", condition: `${column} is not null and ${other}` };
    }
    case "range": {
      const bounds = [
        ...(has(expect["min"]) ? [`${column} < ${literal(expect["min"])}`] : []),
        ...(has(expect["max"]) ? [`${column} > ${literal(expect["max"])}`] : []),
      ];
      if (bounds.length === 0) return { kind: "wrong", why: "range has neither min nor max" };
      return { kind: "rows", condition: bounds.join(" or ") };
    }
    case "relationships": {
      const to = expect["to"];
      const field = expect["field"] ?? one;
      if (typeof to !== "string" || typeof field !== "string") {
        return { kind: "wrong", why: "relationships does not say to which asset (to, field)" };
      }
      const failing = (from: string) =>
        `select c.* from ${from} c anti join ${ident(to)} r on c.${column} = r.${
          ident(field)
        } where c.${column} is not null`;
      return { kind: "query", sql: failing(names.candidate), rows: failing };
    }
    case "rows":
      return { kind: "count", min: numberOf(expect["min"]), max: numberOf(expect["max"]) };
    case "recent": {
      const within = durationMs(expect["within"]);
      if (within === null) return { kind: "wrong", why: 'recent has no within, e.g. "2d"' };
      const oldest = new Date(now - within).toISOString();
      return {
        kind: "aggregate",
        holds: `max(${column})::timestamptz >= timestamptz ${text(oldest)}`,
        shown: `max(${column})::varchar`,
        expected: `within ${String(expect["within"])}`,
      };
    }
    case "holds": {
      const { condition } = expect;
      if (typeof condition !== "string") return { kind: "wrong", why: "holds has no condition" };
      return { kind: "rows", condition: `(${withVariables(condition).sql}\n) is not true` };
    }
    case "query": {
      const { sql } = expect;
      if (typeof sql !== "string") return { kind: "wrong", why: "query has no SQL" };
      return { kind: "query", sql: withVariables(sql).sql };
    }
    case "code":
      return { kind: "wrong", why: "a check in TypeScript runs in the runner" };
  }
}

const NEEDS_COLUMN = new Set([
  "not_null",
  "unique",
  "accepted_values",
  "range",
  "relationships",
  "recent",
]);

/** Keys that are there more than once, or in another partition too; a key with a NULL is none. */
function duplicates(columns: readonly string[], names: Names, whole: boolean): string {
  const keys = columns.map(ident).join(", ");
  const there = columns.map((each) => `${ident(each)} is not null`).join(" and ");
  const own =
    `select ${keys}, count(*) as "rows" from ${names.candidate} where ${there} group by ${keys}`;
  if (!whole || names.others === null) return `${own} having count(*) > 1`;
  return `select own.* replace (own."rows" + coalesce(o."rows", 0) as "rows") from (${own}) own left join (
    select ${keys}, count(*) as "rows" from ${names.others} semi join (${own}) using (${keys}) group by ${keys}
  ) o using (${keys}) where own."rows" > 1 or o."rows" is not null`;
}

/** The parameters that a check's own text names. */
export function parametersOfCheck(check: CheckDefinition): readonly string[] {
  const own = check.kind === "holds"
    ? check.expect["condition"]
    : check.kind === "query"
    ? check.expect["sql"]
    : null;
  return typeof own === "string" ? withVariables(own).used : [];
}

function literal(value: Json | undefined): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return text(typeof value === "string" ? value : JSON.stringify(value ?? null));
}

function list(value: Json | undefined): readonly Json[] | null {
  return Array.isArray(value) ? value : null;
}

function has(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}

function numberOf(value: Json | undefined): number | null {
  return typeof value === "number" ? value : null;
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

function durationMs(value: Json | undefined): number | null {
  if (typeof value === "number") return value;
  const found = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|d|w)\s*$/.exec(
    typeof value === "string" ? value : "",
  );
  return found ? Number(found[1]) * UNITS[found[2]!]! : null;
}
