/**
 * Which column types rows from JavaScript have: found while they pass, a type at a time, so that no
 * row has to be kept. Decides what goes together (integers and fractions do) and what is refused.
 */
import { ident } from "./sql_text.ts";

/** What is known of a column so far. */
export type Shape =
  | { readonly kind: "none" }
  | { readonly kind: Scalar }
  | { readonly kind: "list"; readonly item: Shape }
  | { readonly kind: "struct"; readonly fields: ReadonlyMap<string, Shape> };

type Scalar =
  | "boolean"
  | "integer"
  | "double"
  | "bigint"
  | "text"
  | "instant"
  | "date"
  | "datetime"
  | "time"
  | "bytes";

export const NOTHING: Shape = { kind: "none" };

/** Two kinds of value in one place, e.g. a number and a text. */
export class Mixed extends Error {
  readonly path: readonly string[];
  readonly kinds: readonly [string, string];
  constructor(path: readonly string[], kinds: readonly [string, string]) {
    super(kinds.join(" and "));
    this.path = path;
    this.kinds = kinds;
  }
}

/** The shape after one more value. Throws `Mixed`; gives `known` itself where nothing is new. */
export function learn(known: Shape, value: unknown, path: readonly string[]): Shape {
  if (value === null || value === undefined) return known;
  if (Array.isArray(value)) {
    const before: Shape = known.kind === "list" ? known.item : NOTHING;
    if (known.kind !== "list" && known.kind !== "none") throw new Mixed(path, [known.kind, "list"]);
    let item = before;
    for (const each of value) item = learn(item, each, path);
    return known.kind === "list" && item === before ? known : { kind: "list", item };
  }
  const kind = scalarOf(value);
  if (kind === "struct") {
    if (known.kind !== "struct" && known.kind !== "none") {
      throw new Mixed(path, [known.kind, "object"]);
    }
    const before: ReadonlyMap<string, Shape> = known.kind === "struct" ? known.fields : new Map();
    let fields: Map<string, Shape> | null = null;
    for (const [name, each] of Object.entries(value as object)) {
      const old = before.get(name);
      const now = learn(old ?? NOTHING, each, [...path, name]);
      if (now !== old) (fields ??= new Map(before)).set(name, now);
    }
    return fields === null && known.kind === "struct"
      ? known
      : { kind: "struct", fields: fields ?? before };
  }
  if (known.kind === kind) return known;
  if (known.kind === "none") return { kind };
  const both = WIDER[`${known.kind} ${kind}`];
  if (both) return both === known.kind ? known : { kind: both };
  throw new Mixed(path, [known.kind, kind]);
}

const WIDER: Readonly<Record<string, Scalar>> = {
  "integer double": "double",
  "double integer": "double",
  "integer bigint": "bigint",
  "bigint integer": "bigint",
};

const TEMPORAL: Readonly<Record<string, Scalar>> = {
  "Temporal.Instant": "instant",
  "Temporal.ZonedDateTime": "instant",
  "Temporal.PlainDate": "date",
  "Temporal.PlainDateTime": "datetime",
  "Temporal.PlainTime": "time",
};

export function scalarOf(value: unknown): Scalar | "struct" {
  switch (typeof value) {
    case "boolean":
      return "boolean";
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? "integer" : "double";
    case "bigint":
      return "bigint";
    case "string":
      return "text";
    case "object":
      if (value instanceof Date) return "instant";
      if (value instanceof Uint8Array) return "bytes";
      return TEMPORAL[(value as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] ?? ""] ??
        "struct";
    default:
      throw new TypeError(`a ${typeof value} cannot be a value`);
  }
}

const TYPES: Readonly<Record<Scalar, string>> = {
  boolean: "BOOLEAN",
  integer: "BIGINT",
  double: "DOUBLE",
  // Whether each fits into BIGINT is seen where HUGEINT is cast, value by value.
  bigint: "HUGEINT",
  text: "VARCHAR",
  instant: "TIMESTAMP WITH TIME ZONE",
  date: "DATE",
  datetime: "TIMESTAMP",
  time: "TIME",
  bytes: "BLOB",
};

/** DuckDB's type for a shape; what held only NULL is INTEGER, as in DuckDB. */
export function typeOf(shape: Shape): string {
  switch (shape.kind) {
    case "none":
      return "INTEGER";
    case "list":
      return `${typeOf(shape.item)}[]`;
    case "struct":
      if (shape.fields.size === 0) return "JSON";
      return `STRUCT(${
        [...shape.fields].map(([name, each]) => `${ident(name)} ${typeOf(each)}`).join(", ")
      })`;
    default:
      return TYPES[shape.kind];
  }
}
