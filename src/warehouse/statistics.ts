/**
 * What the footer of a Parquet file that we wrote tells about its columns: how many values are NULL, and between which
 * ends the others lie. Counts failing rows by that where it is certain, so that large tables are not read for it; says
 * nothing where it is not.
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

interface Known {
  readonly nulls: number;
  /** Of how many ends (smallest and largest value) the condition of each check on this column is true. */
  readonly ends: ReadonlyMap<number, number>;
  readonly low: Json;
  readonly high: Json;
}

/** How many rows fail, by check; null where the rows must be asked. Throws what the engine throws. */
export async function failingByStatistics(
  session: Session,
  path: string,
  schema: readonly Column[],
  rows: number,
  checks: readonly { readonly check: CheckDefinition; readonly asked: Asked }[],
): Promise<(number | null)[]> {
  const unknown = checks.map(() => null);
  if (rows < LEAST_ROWS) return unknown;
  const wanted = new Map<string, Column>();
  for (const { check } of checks) {
    for (const column of askable(check, schema)) wanted.set(column.name, column);
  }
  if (wanted.size === 0) return unknown;
  const known = await lookUp(session, path, [...wanted.values()], rows, checks);
  return checks.map(({ check }, at) => {
    const columns = askable(check, schema).map(({ name }) => known.get(name));
    if (columns.length === 0 || columns.some((each) => each === undefined)) return null;
    const [one, ...more] = columns as [Known, ...Known[]];
    switch (check.kind) {
      case "not_null": {
        // Of two columns with NULLs it is not known whether they are NULL in the same rows.
        const counts = [one, ...more].map(({ nulls }) => nulls).filter((nulls) => nulls > 0);
        return counts.length > 1 ? null : counts[0] ?? 0;
      }
      case "range":
        return one.ends.get(at) === 0 ? 0 : null;
      case "accepted_values":
        return areAll(check.expect["values"], one.low, one.high) ? 0 : null;
      default:
        return null;
    }
  });
}

/** The columns that a check asks about; none where the footer cannot answer it. */
function askable(check: CheckDefinition, schema: readonly Column[]): readonly Column[] {
  if (!["not_null", "range", "accepted_values"].includes(check.kind)) return [];
  const found = check.columns.map((name) =>
    schema.find((each) => each.name.toLowerCase() === name.toLowerCase())
  );
  const fit = found.every((each) =>
    each !== undefined &&
    (check.kind === "not_null"
      ? /^DECIMAL/.test(each.type) || !NESTED.test(each.type)
      : ORDERED.test(each.type))
  );
  return fit ? found as Column[] : [];
}

async function lookUp(
  session: Session,
  path: string,
  columns: readonly Column[],
  rows: number,
  checks: readonly { readonly check: CheckDefinition; readonly asked: Asked }[],
): Promise<Map<string, Known>> {
  const values: string[] = [];
  const ends: { readonly column: number; readonly check: number }[] = [];
  columns.forEach(({ name, type }, at) => {
    const own = `filter (where path_in_schema = ${text(name)})`;
    const end = (of: string) => `try_cast(stats_${of}_value as ${type})`;
    values.push(
      `sum(num_values) ${own} as v${at}`,
      // A group that does not say how many are NULL makes the sum NULL.
      `if(count(stats_null_count) ${own} = count(*) ${own}, sum(stats_null_count) ${own}, null) as n${at}`,
      ...(ORDERED.test(type)
        ? [
          `bool_and(num_values = stats_null_count or (${end("min")} is not null and ${
            end("max")
          } is not null)) ${own} as k${at}`,
          `min(${end("min")}) ${own} as l${at}`,
          `max(${end("max")}) ${own} as h${at}`,
        ]
        : [`false as k${at}`, `null as l${at}`, `null as h${at}`]),
    );
  });
  const told = columns.flatMap((_, at) => [`v${at}`, `n${at}`, `k${at}`, `l${at}`, `h${at}`]);
  checks.forEach(({ check, asked }, at) => {
    const column = columns.findIndex(({ name }) =>
      name.toLowerCase() === check.columns[0]?.toLowerCase()
    );
    if (check.kind !== "range" || asked.kind !== "rows" || column < 0) return;
    ends.push({ column, check: at });
    told.push(
      `(select count_if(${asked.condition}) from (select unnest([l${column}, h${column}]) as ${
        ident(columns[column]!.name)
      }))`,
    );
  });
  const { rows: found } = await session.rows(
    `select ${told.join(", ")} from (select ${values.join(", ")} from parquet_metadata(${
      filePath(path)
    }))`,
  );
  const row = found[0]!;
  const known = new Map<string, Known>();
  columns.forEach(({ name, type }, at) => {
    const [count, nulls, whole, low, high] = row.slice(at * 5, at * 5 + 5);
    // Of a name that is there twice, or within another, more values are counted.
    if (Number(count) !== rows || nulls === null) return;
    if (ORDERED.test(type) && whole !== true) return;
    const mine = ends.flatMap(({ column, check }, index) =>
      column === at ? [[check, Number(row[columns.length * 5 + index])] as const] : []
    );
    known.set(name, {
      nulls: Number(nulls),
      ends: new Map(mine),
      low: low ?? null,
      high: high ?? null,
    });
  });
  return known;
}

/** Is every whole number from `low` to `high` among the values? */
function areAll(values: Json | undefined, low: Json, high: Json): boolean {
  if (low === null && high === null) return true; // NULL is for not_null to refuse
  if (typeof low !== "number" || typeof high !== "number" || !Array.isArray(values)) return false;
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high)) return false;
  const known = new Set(values);
  if (high - low >= known.size) return false;
  for (let each = low; each <= high; each++) if (!known.has(each)) return false;
  return true;
}
