/**
 * Whole numbers in a CSV that are too long for an integer: the reader makes floating point of them, and digits are lost
 * (an account, a parcel's number). They are kept as text. Decides nothing about columns whose type is declared.
 */
import type { Column } from "../core/version.ts";
import type { Session } from "./driver.ts";
import { filePath, ident, text } from "./sql_text.ts";

/** Beyond it not every whole number is a DOUBLE. */
const EXACT = 2 ** 53;
/** As it is written: a whole number of so many digits. */
export const LONG_NUMBER = "[-+]?\\d{16,}";

/** Of a table's DOUBLE columns those that hold such numbers; `written` is the same data as text, read only if need be. */
export async function longNumbers(
  session: Session,
  schema: readonly Column[],
  parquet: string,
  written: (columns: readonly string[]) => string,
): Promise<readonly string[]> {
  const doubles = schema.filter(({ type }) => type === "DOUBLE").map(({ name }) => name);
  if (doubles.length === 0) return [];
  // The footer tells the greatest values, so that almost no file is read twice.
  const { rows } = await session.rows(
    `select path_in_schema, max(greatest(abs(try_cast(stats_min_value as double)), abs(try_cast(stats_max_value as double))))
     from parquet_metadata(${filePath(parquet)})
     where path_in_schema in (${doubles.map(text).join(", ")}) group by 1`,
  );
  const large = rows.filter(([, most]) => Number(most) >= EXACT).map(([name]) => String(name));
  if (large.length === 0) return [];
  const asked = large.map((name) =>
    `bool_or(regexp_full_match(trim(${ident(name)}), '${LONG_NUMBER}'))`
  );
  const { rows: [found = []] } = await session.rows(
    `select ${asked.join(", ")} from ${written(large)}`,
  );
  return large.filter((_, at) => found[at] === true);
}
