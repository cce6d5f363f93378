/**
 * Decides which types a version keeps. Parquet holds most of DuckDB's types and values exactly;
 * the rest it would change silently (HUGEINT becomes DOUBLE, ENUM becomes VARCHAR, an INTERVAL
 * loses microseconds), so it is refused here with the cast to write. The one exception: HUGEINT,
 * which `sum(integer)` gives, becomes BIGINT, checked value by value.
 */
import type { Column } from "../core/version.ts";
import { ident } from "./sql_text.ts";
import { tokenize } from "./sql_tokens.ts";

/** A type as the driver describes it; only what is needed of it. */
export interface EngineType {
  readonly alias?: string | undefined;
  readonly valueType?: EngineType;
  readonly keyType?: EngineType;
  readonly length?: number;
  readonly entryNames?: readonly string[];
  readonly entryTypes?: readonly EngineType[];
  readonly memberTags?: readonly string[];
  readonly memberTypes?: readonly EngineType[];
  toString(): string;
}

/** A type as it is kept in events: as DuckDB spells it, names within always quoted, JSON as JSON. */
export function typeText(type: EngineType): string {
  const fields = (names: readonly string[], types: readonly EngineType[]) =>
    names.map((name, at) => `${ident(name)} ${typeText(types[at]!)}`).join(", ");
  if (type.alias === "JSON") return "JSON";
  if (type.entryNames && type.entryTypes) {
    return `STRUCT(${fields(type.entryNames, type.entryTypes)})`;
  }
  if (type.memberTags && type.memberTypes) {
    return `UNION(${fields(type.memberTags, type.memberTypes)})`;
  }
  if (type.keyType && type.valueType) {
    return `MAP(${typeText(type.keyType)}, ${typeText(type.valueType)})`;
  }
  if (type.valueType) return `${typeText(type.valueType)}[${type.length ?? ""}]`;
  return type.toString();
}

export type TypeDecision =
  | { readonly kind: "kept" }
  /** Cast while it is written; `note` is told once. */
  | { readonly kind: "cast"; readonly type: string; readonly note: string | null }
  | { readonly kind: "refused"; readonly type: string; readonly why: string };

const REFUSED: Readonly<Record<string, readonly [becomes: string, why: string]>> = {
  UHUGEINT: ["VARCHAR", "Parquet has no 128-bit integers"],
  BIGNUM: ["VARCHAR", "Parquet has no integers of any length"],
  BIT: ["VARCHAR", "Parquet has no bit strings"],
  ENUM: ["VARCHAR", "Parquet forgets which values an ENUM has"],
  UNION: ["VARCHAR", "Parquet has no unions"],
  VARIANT: ["JSON", "Parquet does not give every value in a VARIANT back"],
  GEOMETRY: ["VARCHAR", "Parquet changes its type"],
  INTERVAL: ["VARCHAR", "Parquet cuts an INTERVAL to milliseconds and knows no negative one"],
  TIME_NS: ["TIME", "Parquet does not give nanoseconds of a time back"],
  TIMESTAMP_S: ["TIMESTAMP", "Parquet gives another type back"],
  TIMESTAMP_MS: ["TIMESTAMP", "Parquet gives another type back"],
  TIMETZ: ["VARCHAR", "Parquet loses its offset"],
};

/** What becomes of a column of this type (a text that `typeText` made). */
export function decideType(type: string): TypeDecision {
  // Names within are quoted, so an unquoted word is a type's.
  const tokens = tokenize(type.replaceAll("TIME WITH TIME ZONE", "TIMETZ"));
  let written = "";
  let why: string | null = null;
  let hugeint = false;
  let nothing = false;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    const word = token.kind === "name" ? token.text : "";
    const refused = REFUSED[word];
    if (refused) {
      written += refused[0];
      why ??= refused[1];
      if (tokens[at + 1]?.text === "(") at = closing(tokens, at + 1);
    } else if (word === "HUGEINT") {
      written += "BIGINT";
      hugeint = true;
    } else if (word === "SQLNULL" || token.text === '"NULL"' && tokens.length === 1) {
      written += "INTEGER";
      nothing = true;
    } else if (token.kind === "number" && tokens[at - 1]?.text === "[") {
      why ??= "Parquet does not keep an array's fixed length";
    } else if (token.text === '""') {
      written += '"name"';
      why ??= "a struct without names cannot be kept";
    } else written += token.text;
  }
  if (why !== null) return { kind: "refused", type: written, why };
  if (hugeint) {
    return { kind: "cast", type: written, note: `${type} is kept as ${written}` };
  }
  return nothing ? { kind: "cast", type: written, note: null } : { kind: "kept" };
}

function closing(tokens: readonly { readonly text: string }[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (tokens[at]!.text === "(") depth += 1;
    if (tokens[at]!.text === ")" && --depth === 0) return at;
  }
  return tokens.length - 1;
}

/** Equal in names, types and order. */
export function sameSchema(one: readonly Column[], other: readonly Column[]): boolean {
  return one.length === other.length &&
    one.every((column, at) => column.name === other[at]!.name && column.type === other[at]!.type);
}
