/**
 * Says in our words what is wrong with a query: a column, table or function that is not there, types that do not fit,
 * a value that cannot be cast. Knows the columns of the tables that the query reads; decides words only.
 */
import { nearest } from "../core/graph/nearest.ts";
import type { Column } from "../core/version.ts";

/** What the engine said. */
export interface Said {
  readonly message: string;
  readonly candidates: readonly string[];
}

/** A table that the query reads. */
export interface ReadTable {
  readonly asset: string;
  /** Null where it is not known. */
  readonly schema: readonly Column[] | null;
}

export interface QueryWords {
  readonly why: string;
  readonly hint: string;
  /** What is named wrongly, to be found in the text where the engine does not say where. */
  readonly name?: string;
}

type Rule = readonly [
  RegExp,
  (found: RegExpExecArray, error: Said, tables: readonly ReadTable[]) => QueryWords,
];

const RULES: readonly Rule[] = [
  [
    /^Referenced column "([^]*?)" (?:not found|was not found)/,
    (m, error, tables) => column(m[1]!, error, tables),
  ],
  [
    /^(?:Values list|Table) "([^]*?)" does not have a column named "([^]*?)"/,
    (m, error, tables) => columnOf(m[1]!, m[2]!, error, tables),
  ],
  [
    /^Column "([^]*?)" (?:in (?:EXCLUDE|REPLACE|RENAME) list not found|does not exist on (?:left|right) side)/,
    (m, error, tables) => column(m[1]!, error, tables),
  ],
  [/^Referenced table "([^]*?)" not found/, (m, error) => ({
    why: `nothing that is read here is called ${m[1]}`,
    hint: meant(m[1]!, /Candidate tables: (.*)/.exec(error.message)?.[1]) ??
      "name a table of FROM, or its alias",
    name: m[1]!,
  })],
  [
    /^No function matches the given name and argument types '([^(]+)\(([^]*?)\)'/,
    (m, error) => misfit(m[1]!, m[2]!, error),
  ],
  [
    /^(Scalar |Table |Aggregate |)?(Function|Type) with name "?(.+?)"? does not exist/i,
    (m, error) => ({
      why: `there is no ${m[1]?.trim() === "Table" ? "table function" : m[2]!.toLowerCase()} ${
        m[3]
      }`,
      hint: meant(m[3]!, error.candidates.join(",")) ??
        "look it up at https://duckdb.org/docs/stable/sql/functions/overview",
      name: m[3]!,
    }),
  ],
  [/^column "?([^]*?)"? must appear in the GROUP BY clause/, (m) => ({
    why: `${m[1]} is neither grouped by nor put into an aggregate`,
    hint: `add it to group by, or take any of its values: any_value(${m[1]})`,
    name: m[1]!,
  })],
  [/^Ambiguous reference to column name "([^]*?)" \(use: (.*)\)/, (m) => ({
    why: `more than one table has a column ${m[1]}`,
    hint: `write ${m[2]!.replaceAll('"', "")}`,
    name: m[1]!,
  })],
  [/^Cannot compare values of type (.+?) and (?:values of )?type (.+?)(?: -|\.|$)/m, (m) => ({
    why: `${m[1]} and ${m[2]} cannot be compared`,
    hint: `cast one of them: …::${m[1]}`,
  })],
  [
    /^column "([^]*?)" referenced that exists in the SELECT clause - but/i,
    (m, error, tables) => column(m[1]!, error, tables),
  ],
  [/^Set operations can only apply/, () => ({
    why: "the queries that are put together have different numbers of columns",
    hint: "give both the same columns, or write union by name",
  })],
  [/^(WHERE|GROUP BY) clause cannot contain (aggregates|window functions)/, (m) => ({
    why: `${m[1]!.toLowerCase()} looks at single rows, so it can hold no ${m[2]}`,
    hint: m[2] === "aggregates"
      ? "move the condition to having, after group by"
      : "move the condition to qualify",
  })],
  [/^Subquery returns (\d+) columns - expected (\d+)/, (m) => ({
    why: `a subquery gives ${m[2]} column in this place, and this one gives ${m[1]}`,
    hint: "select the one column that is meant",
  })],
  [/^Cannot extract field '([^]*?)' from expression "([^]*?)"/, (m) => ({
    why: `${m[2]} has no fields, so there is no ${m[2]}.${m[1]}`,
    hint: `name a column that is a STRUCT, or ${m[1]} alone if it is a column`,
    name: m[2]!,
  })],
  [
    /^Could not convert string '([^]*?)' to '?([A-Z0-9_]+)'?(?:[^]*? source column (\S+))?/i,
    (m) => ({
      why: `${JSON.stringify(m[1])}${
        m[3] ? ` in column ${m[3].replace(/[."]+$/g, "")}` : ""
      } is no ${typeName(m[2]!)}`,
      hint: "use try_cast(… as …), which gives NULL, or leave such rows out",
    }),
  ],
  [/^invalid (\w+) field format: "([^]*?)"/i, (m) => ({
    why: `${JSON.stringify(m[2])} is no ${m[1]!.toUpperCase()}`,
    hint: "use try_cast(… as …) or try_strptime(…), which give NULL, or leave such rows out",
  })],
  [
    /^Type (\w+) with value (\S+) can't be cast (?:because the value is out of range for the destination type|to the destination type) (\w+)/i,
    (m) => ({
      why: `${m[2]} does not fit into ${typeName(m[3]!)}`,
      hint: "cast to a larger type (BIGINT, DOUBLE), or use try_cast(… as …), which gives NULL",
    }),
  ],
];

/** Our words for an error in a query; null where the engine's own have to do. */
export function queryWords(
  error: Said,
  tables: readonly ReadTable[],
): QueryWords | null {
  for (const [pattern, words] of RULES) {
    const found = pattern.exec(error.message);
    if (found) return words(found, error, tables);
  }
  return null;
}

function column(name: string, error: Said, tables: readonly ReadTable[]): QueryWords {
  const plain = name.slice(name.lastIndexOf(".") + 1);
  const all = tables.flatMap((each) => each.schema?.map((column) => column.name) ?? []);
  // The engine's own candidates are those in reach; a subquery or CTE may hide the rest.
  const near = nearest(plain, error.candidates.map(lastPart)) ?? nearest(plain, all);
  const known = tables.filter((each) => each.schema !== null);
  const hidden = all.some((each) => each.toLowerCase() === plain.toLowerCase());
  const [only] = known;
  const why = tables.length === 0
    ? `no column ${plain} is in reach at this place`
    : hidden
    ? `no column ${plain} is in reach at this place`
    : known.length === 1 && tables.length === 1 && only
    ? `${only.asset} has no column ${plain}${near === null ? "" : `; it has ${listed(only)}`}`
    : `none of ${tables.map((each) => each.asset).slice(0, 4).join(", ")} has a column ${plain}`;
  return { why, hint: hintOf(near, known), name: plain };
}

function columnOf(
  table: string,
  name: string,
  error: Said,
  tables: readonly ReadTable[],
): QueryWords {
  const one = tables.find((each) => each.asset.toLowerCase() === table.toLowerCase());
  const from = one ? [one] : tables;
  const near = nearest(name, [
    ...error.candidates.map(lastPart),
    ...from.flatMap((each) => each.schema?.map((column) => column.name) ?? []),
  ]);
  return {
    why: `${table} has no column ${name}${one && near !== null ? `; it has ${listed(one)}` : ""}`,
    hint: hintOf(near, from),
    name,
  };
}

function hintOf(near: string | null, tables: readonly ReadTable[]): string {
  if (near !== null) return `did you mean ${near}?`;
  const [only] = tables;
  if (tables.length === 1 && only?.schema) return `name one that it has: ${listed(only)}`;
  return "name a column of the tables that it reads";
}

function listed(table: ReadTable): string {
  const names = (table.schema ?? []).map((each) => each.name);
  return names.length > 12 ? `${names.slice(0, 12).join(", ")}, …` : names.join(", ");
}

function lastPart(candidate: string): string {
  return candidate.slice(candidate.lastIndexOf(".") + 1).replaceAll('"', "");
}

function meant(name: string, candidates: string | undefined): string | null {
  const near = nearest(
    name,
    (candidates ?? "").split(",").map((each) => each.trim().replaceAll('"', "")).filter(Boolean),
  );
  return near === null ? null : `did you mean ${near}?`;
}

function misfit(name: string, types: string, error: Said): QueryWords {
  const given = types.replaceAll("STRING_LITERAL", "VARCHAR").replaceAll("_LITERAL", "");
  const sides = given.split(", ");
  const operator = /^[^\p{L}_]+$/u.test(name);
  const why = operator && sides.length === 2
    ? `${sides[0]} ${name} ${sides[1]} cannot be worked out`
    : `${name} does not take (${given})`;
  const forms = [...error.message.matchAll(/^\t(.+?) -> /gm)].map((each) => each[1]!);
  const taken = !operator && forms.length > 0 && forms.length <= 4
    ? `; it takes ${forms.join(" or ")}`
    : "";
  const first = operator || forms.length === 0
    ? "DOUBLE"
    : /\(([A-Z]+)/.exec(forms[0]!)?.[1] ?? "DOUBLE";
  return {
    why: why + taken,
    hint: `cast what does not fit, e.g. …::${first === "ANY" ? "VARCHAR" : first}`,
  };
}

const NAMES: Readonly<Record<string, string>> = {
  INT8: "TINYINT",
  INT16: "SMALLINT",
  INT32: "INTEGER",
  INT64: "BIGINT",
  INT128: "HUGEINT",
  UINT8: "UTINYINT",
  UINT16: "USMALLINT",
  UINT32: "UINTEGER",
  UINT64: "UBIGINT",
  FLOAT: "FLOAT",
  BOOL: "BOOLEAN",
};

function typeName(engines: string): string {
  return NAMES[engines.toUpperCase()] ?? engines;
}
