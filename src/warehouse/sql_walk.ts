/**
 * Walks DuckDB's serialized syntax tree: which tables, files and unsteady functions a query names.
 * Decides what a CTE hides: a name is one only where its WITH is in scope, so that
 * `with trips as (from raw.trips) from trips` reads `raw.trips` and no `trips`.
 */

export interface Named {
  /** As written, schema included: `raw.trips`. */
  readonly name: string;
  /** Byte of the UTF-8 text, or null where the engine keeps none. */
  readonly byte: number | null;
  /** It has an AT clause of this unit. */
  readonly timed?: "VERSION" | "TIMESTAMP";
}

export interface Walked {
  readonly tables: readonly Named[];
  readonly functions: readonly Named[];
  /** Texts given to functions that read files. */
  readonly files: readonly string[];
  readonly volatile: boolean;
}

type Node = { readonly [key: string]: unknown };

const READS_FILES =
  /^(read_(csv|parquet|json|ndjson|text|blob|xlsx).*|parquet_(scan|metadata|schema|file_metadata|kv_metadata)|sniff_csv|glob)$/;
const UNSTEADY = new Set([
  ..."random uuid gen_random_uuid uuidv4 uuidv7 nextval currval now today current_date".split(" "),
  ..."current_time current_timestamp localtime localtimestamp get_current_time".split(" "),
  ..."get_current_timestamp transaction_timestamp current_localtime current_localtimestamp".split(
    " ",
  ),
  ..."txid_current current_query current_query_id current_connection_id setseed".split(" "),
]);
// Without brackets the parser takes these for columns; no table has such a column in practice.
const UNSTEADY_WORD = /^(current|local)_?(date|time|timestamp)$/;
const NO_SEED = -1;

/** Walks the statements of one `json_serialize_sql` document. */
export function walk(statements: unknown): Walked {
  const tables: Named[] = [];
  const functions: Named[] = [];
  const files: string[] = [];
  let unsteady = false;

  const visit = (value: unknown, scope: ReadonlySet<string>): void => {
    if (Array.isArray(value)) {
      for (const each of value) visit(each, scope);
      return;
    }
    if (typeof value !== "object" || value === null) return;
    const node = value as Node;
    let inner = scope;
    if (isNode(node["cte_map"])) inner = visitCtes(node["cte_map"], scope);
    if (node["type"] === "RECURSIVE_CTE_NODE" && typeof node["cte_name"] === "string") {
      inner = new Set([...inner, fold(node["cte_name"])]);
    }
    if (node["type"] === "BASE_TABLE") table(node, inner);
    if (node["type"] === "TABLE_FUNCTION") tableFunction(node["function"]);
    if (node["class"] === "FUNCTION" && UNSTEADY.has(String(node["function_name"]))) {
      unsteady = true;
    }
    if (node["class"] === "COLUMN_REF" && isUnsteadyWord(node["column_names"])) unsteady = true;
    if (isNode(node["sample"]) && node["sample"]["seed"] === NO_SEED) unsteady = true;
    for (const [key, child] of Object.entries(node)) {
      if (key !== "cte_map") visit(child, inner);
    }
  };

  /** Each query of a WITH sees those before it, and itself only where it recurses. */
  const visitCtes = (ctes: Node, scope: ReadonlySet<string>): ReadonlySet<string> => {
    const seen = new Set(scope);
    const entries = Array.isArray(ctes["map"]) ? ctes["map"] as Node[] : [];
    for (const entry of entries) {
      visit(entry["value"], new Set(seen));
      seen.add(fold(String(entry["key"])));
    }
    return seen;
  };

  const table = (node: Node, scope: ReadonlySet<string>): void => {
    const name = String(node["table_name"] ?? "");
    const schema = typeof node["schema_name"] === "string" ? node["schema_name"] : "";
    const catalog = typeof node["catalog_name"] === "string" ? node["catalog_name"] : "";
    if (schema === "" && scope.has(fold(name))) return;
    // In a recursive CTE with a key, `recurring.x` is all of x so far.
    if (schema === "recurring" && scope.has(fold(name))) return;
    const parts = [catalog, schema, name].filter((part) => part !== "");
    const clause = node["at_clause"];
    const unit = isNode(clause) ? String(clause["unit"]).toUpperCase() : "";
    tables.push({
      name: parts.join("."),
      byte: byteOf(node),
      ...(unit === "VERSION" || unit === "TIMESTAMP" ? { timed: unit } : {}),
    });
    if (isNode(clause)) visit(clause, scope);
  };

  const tableFunction = (found: unknown): void => {
    if (!isNode(found)) return;
    const name = String(found["function_name"]).toLowerCase();
    functions.push({ name, byte: byteOf(found) });
    if (READS_FILES.test(name) && Array.isArray(found["children"])) {
      texts(found["children"][0], files);
    }
  };

  visit(statements, new Set());
  return { tables, functions, files: [...new Set(files)], volatile: unsteady };
}

/** ORDER BY at the top: then row order is part of the content. */
export function isOrdered(statement: unknown): boolean {
  const node = isNode(statement) ? statement["node"] : null;
  const modifiers = isNode(node) ? node["modifiers"] : null;
  return Array.isArray(modifiers) &&
    modifiers.some((each) => isNode(each) && each["type"] === "ORDER_MODIFIER");
}

function texts(value: unknown, into: string[]): void {
  if (Array.isArray(value)) return value.forEach((each) => texts(each, into));
  if (!isNode(value)) return;
  const constant = value["value"];
  if (value["class"] === "CONSTANT" && isNode(constant) && typeof constant["value"] === "string") {
    into.push(constant["value"]);
  }
  if (value["class"] === "FUNCTION" && value["function_name"] === "list_value") {
    texts(value["children"], into);
  }
}

function isUnsteadyWord(names: unknown): boolean {
  return Array.isArray(names) && names.length === 1 &&
    UNSTEADY_WORD.test(String(names[0]).toLowerCase());
}

function byteOf(node: Node): number | null {
  const byte = node["query_location"];
  return typeof byte === "number" && byte < Number.MAX_SAFE_INTEGER ? byte : null;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fold(name: string): string {
  return name.toLowerCase();
}
