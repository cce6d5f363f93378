/**
 * What a query that is being typed may go on with: columns of the tables that it names, tables, words of SQL; behind a
 * dot the columns of what stands before it. Pure; which tables there are is given.
 */

export interface CatalogTable {
  readonly name: string;
  readonly columns: readonly string[];
}

export interface SqlCatalog {
  readonly tables: readonly CatalogTable[];
  /** What the shell itself understands, with its dot. */
  readonly commands: readonly string[];
}

export interface SqlCompletion {
  readonly from: number;
  readonly items: readonly string[];
}

/** Tables of what happened: name, what it is, columns. */
export const HISTORY_TABLES = [
  [
    "nycflow.runs",
    "runs",
    "run state trigger selection command requested_at started_at ended_at seconds planned",
  ],
  [
    "nycflow.steps",
    "steps of runs",
    "run asset partition at outcome rows bytes seconds version data_version error",
  ],
  [
    "nycflow.checks",
    "results of checks",
    "run asset partition at check severity blocking outcome failing text",
  ],
] as const;

/** What people type most; DuckDB knows many more. */
const KEYWORDS: readonly string[] = (
  "all and anti approx_count_distinct( as asc asof at avg( between by case cast coalesce( columns( count( cross date " +
  "date_trunc( desc describe distinct else end except exclude exists false filter first( from full group " +
  "having ilike in inner intersect interval is join lag( last( lead( left like limit list( max( median( min( name not " +
  "null nulls offset on or order over partition pivot qualify quantile_cont( rank( recursive replace right round( " +
  "row_number( select semi strftime( sum( summarize then timestamp true try_cast union unnest( unpivot using values " +
  "when where window with"
).split(" ");

/** Behind these words stands a table. */
const BEFORE_TABLE = /\b(?:from|join|describe|summarize|table)\s+$|\b(?:from|join)\s[^()]*,\s*$/i;

/** What the word before the cursor may become. */
export function completeSql(catalog: SqlCatalog, text: string, at: number): SqlCompletion {
  const head = text.slice(0, at);
  const line = head.slice(head.lastIndexOf("\n") + 1);
  if (/^\s*\.[\w]*$/.test(line)) {
    const from = at - line.trimStart().length;
    return { from, items: starting(catalog.commands, line.trimStart()) };
  }
  if (/^\s*\.(?:schema|tables)\s+\S*$/.test(line)) {
    return named(catalog.tables.map(nameOf), head, at);
  }
  if (/^\s*\.mode\s+\S*$/.test(line)) {
    return named(["csv", "json", "table", "vertical"], head, at);
  }
  const dotted = /(?:"([^"]+)"|([\p{L}_][\p{L}\p{N}_]*))\.("?[\p{L}\p{N}_]*)$/u.exec(head);
  if (dotted !== null) {
    const [, quoted, plain, typed = ""] = dotted;
    const of = tableOf(catalog, text, quoted ?? plain ?? "");
    const from = at - typed.length;
    if (of !== null) return { from, items: starting(of.columns.map(ident), typed) };
    // A schema: nycflow.runs
    const schema = `${plain ?? quoted}.`.toLowerCase();
    const inside = catalog.tables.filter(({ name }) => name.toLowerCase().startsWith(schema));
    return { from, items: starting(inside.map(({ name }) => name.slice(schema.length)), typed) };
  }
  const typed = /"?[\p{L}_][\p{L}\p{N}_]*$|"$/u.exec(head)?.[0] ?? "";
  const from = at - typed.length;
  const tables = starting(catalog.tables.map(nameOf), typed);
  if (BEFORE_TABLE.test(head.slice(0, from))) return { from, items: tables };
  // With nothing typed everything would fit: the columns of what is read are what helps.
  const read = namedIn(catalog, text);
  const columns = read.flatMap((table) => table.columns.map(ident));
  if (typed === "") return { from, items: [...new Set(columns)] };
  // Nothing is read yet: whoever types the columns first means one of some table.
  const any = read.length > 0 ? columns : catalog.tables.flatMap((each) => each.columns.map(ident));
  const own = starting([...new Set(any)], typed);
  const upper = typed === typed.toUpperCase() && typed !== typed.toLowerCase();
  const words = starting(KEYWORDS, typed).map((each) => upper ? each.toUpperCase() : each);
  return { from, items: [...new Set([...own, ...tables, ...words])] };
}

function named(names: readonly string[], head: string, at: number): SqlCompletion {
  const typed = /\S*$/.exec(head)?.[0] ?? "";
  return { from: at - typed.length, items: starting(names, typed) };
}

function starting(items: readonly string[], typed: string): readonly string[] {
  const wanted = typed.replace(/^"/, "").toLowerCase();
  return items.filter((each) => each.replace(/^"/, "").toLowerCase().startsWith(wanted));
}

/** The table of this name or alias: `from trips t`, `join trips as t`. */
function tableOf({ tables }: SqlCatalog, text: string, name: string): CatalogTable | null {
  const wanted = name.toLowerCase();
  const own = tables.find((each) => each.name.toLowerCase() === wanted);
  if (own !== undefined) return own;
  const pattern =
    /(?:from|join|,)\s+"?([\p{L}_][\p{L}\p{N}_.]*)"?\s+(?:as\s+)?"?([\p{L}_][\p{L}\p{N}_]*)"?/giu;
  for (const [, table = "", alias = ""] of text.matchAll(pattern)) {
    if (alias.toLowerCase() !== wanted) continue;
    return tables.find((each) => each.name.toLowerCase() === table.toLowerCase()) ?? null;
  }
  return null;
}

/** The tables whose names the text holds as words. */
function namedIn({ tables }: SqlCatalog, text: string): readonly CatalogTable[] {
  const words = new Set(text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_.]*/gu) ?? []);
  return tables.filter((each) => words.has(each.name.toLowerCase()));
}

/** Names of assets are plain or quoted; a schema's table keeps its dot. */
function nameOf({ name }: CatalogTable): string {
  return /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)?$/u.test(name) ? name : ident(name);
}

function ident(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
