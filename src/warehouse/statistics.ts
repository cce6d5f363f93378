/**
 * What the footer of a Parquet file that we wrote tells about its columns: how many values are NULL, and between which
 * ends the others lie. A check that holds by that needs no row to be read; one that may not is left to the rows.
 */
import type { CheckDefinition } from "../core/definition.ts";
import type { Json } from "../core/json.ts";
import type { Column } from "../core/version.ts";
import type { Asked } from "./check_sql.ts";
import type { Session } from "./driver.ts";
import { filePath, ident, text } from "./sql_text.ts";

// Below this a scan is as fast.
const LEAST_ROWS = 100_000;
// Floating point has NaN, which the ends leave out; ends of text may be cut.
const ORDERED = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT)|DECIMAL\(\d+,\s*\d+\)|DATE|TIMESTAMP)$/;
const NESTED = /[[(]/;
const KINDS: ReadonlySet<string> = new Set(["not_null", "range", "accepted_values"]);

/** A check and what it asks. */
export interface AskedCheck {
  readonly check: CheckDefinition;
  readonly asked: Asked;
}

interface Known {
  readonly nulls: number;
  /** The smallest and the largest value of each row group, as text; null where one does not tell. */
  readonly ends: readonly string[] | null;
}

/** Whether each check is known to hold; false where the rows must be asked. Throws what the engine throws. */
export async function heldByStatistics(
  session: Session,
  path: string,
  schema: readonly Column[],
  rows: number,
  checks: readonly AskedCheck[],
): Promise<boolean[]> {
  const columns = checks.map(({ check }) => askable(check, schema));
  const names = new Set(columns.flat().map(({ name }) => name));
  if (rows < LEAST_ROWS || names.size === 0) return checks.map(() => false);
  const known = await lookUp(session, path, names, rows);
  const held = checks.map(({ check }, at) => {
    const told = columns[at]!.map(({ name }) => known.get(name));
    if (told.length === 0) return false;
    if (check.kind === "not_null") return told.every((each) => each?.nulls === 0);
    const ends = told[0]?.ends ?? null;
    // A range is asked of the ends below.
    return ends !== null && (check.kind === "range" || areAll(check.expect["values"], ends));
  });
  const ranges = checks.flatMap(({ check, asked }, at) =>
    held[at] && check.kind === "range" && asked.kind === "rows"
      ? [{ at, sql: ofEnds(asked.condition, columns[at]![0]!, known) }]
      : []
  );
  if (ranges.length === 0) return held;
  const { rows: [row] } = await session.rows(`select ${ranges.map(({ sql }) => sql).join(", ")}`);
  ranges.forEach(({ at }, index) => held[at] = Number(row?.[index]) === 0);
  return held;
}

/** The columns that a check asks about; none where the footer cannot answer it. */
function askable(check: CheckDefinition, schema: readonly Column[]): readonly Column[] {
  if (!KINDS.has(check.kind)) return [];
  const found = check.columns.map((name) =>
    schema.find((each) => each.name.toLowerCase() === name.toLowerCase())
  );
  const fits = (column: Column | undefined) =>
    column !== undefined &&
    (ORDERED.test(column.type) || (check.kind === "not_null" && !NESTED.test(column.type)));
  return found.every(fits) ? found as Column[] : [];
}

async function lookUp(
  session: Session,
  path: string,
  names: ReadonlySet<string>,
  rows: number,
): Promise<Map<string, Known>> {
  const wanted = [...names].map(text).join(", ");
  const { rows: found } = await session.rows(
    `select path_in_schema, sum(num_values), sum(stats_null_count), count(*) = count(stats_null_count),
       list(stats_min_value) || list(stats_max_value),
       bool_and(num_values = stats_null_count or (stats_min_value is not null and stats_max_value is not null))
     from parquet_metadata(${filePath(path)}) where path_in_schema in (${wanted}) group by all`,
  );
  // Of a name that is there twice, or within another, other numbers of values are told.
  return new Map(
    found.filter(([, count, , whole]) => whole === true && Number(count) === rows)
      .map(([name, , nulls, , ends, all]) => [String(name), {
        nulls: Number(nulls),
        ends: all === true
          ? (ends as Json[]).filter((each): each is string => each !== null)
          : null,
      }]),
  );
}

/** A query that counts the ends for which the condition is true. */
function ofEnds(condition: string, { name, type }: Column, known: ReadonlyMap<string, Known>) {
  const ends = known.get(name)?.ends?.map(text).join(", ") ?? "";
  return `(select count_if(${condition}) from (select unnest([${ends}]::${type}[]) as ${
    ident(name)
  }))`;
}

/** Is every whole number between these ends among the values? */
function areAll(values: Json | undefined, ends: readonly string[]): boolean {
  if (ends.length === 0) return true; // NULL is for not_null to refuse
  const numbers = ends.map(Number);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  if (!Array.isArray(values) || !numbers.every(Number.isSafeInteger)) return false;
  const known = new Set(values);
  if (high - low >= known.size) return false;
  for (let each = low; each <= high; each++) if (!known.has(each)) return false;
  return true;
}
