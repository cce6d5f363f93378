/**
 * Does a candidate hold the same rows as what is published? Asked of rebuilds of equal size alone, by
 * comparing now, never with a hash that was kept (they differ between engine versions). Three ways,
 * cheapest first: the same row groups byte for byte; the same sum of row hashes; and, where only
 * floating point differs, row by row with a tolerance, since parallel sums of doubles differ in
 * their last bits at every rebuild.
 */
import type { VersionRef } from "../core/version.ts";
import { sameSchema } from "./column_types.ts";
import type { Session } from "./driver.ts";
import { canonical, closeTo, holdsFloat } from "./float_digits.ts";
import type { Staged, StageHooks } from "./make.ts";
import { type Readable, reader } from "./read.ts";
import { sameRowGroups } from "./row_groups.ts";
import { ident } from "./sql_text.ts";

// Above this many rows two tables that differ only in digits are not compared row by row.
const MOST_ROWS_COMPARED = 2_000_000;
// Beyond it a double cannot be cut the fast way.
const LARGEST = "1e300::double";

/** True where row count, schema and every row are equal. Throws what the engine throws. */
export async function isSame(
  session: Session,
  project: string,
  staged: Staged,
  previous: VersionRef | null,
  hooks: StageHooks = {},
): Promise<boolean> {
  if (!previous?.file || !staged.file || staged.output !== "table") return false;
  // Rows of several files are compared when they are written as one.
  if (previous.file.parts || staged.file.parts) return false;
  if (previous.output !== "table" || previous.file.format !== "parquet") return false;
  if (previous.rows !== staged.rows || !sameSchema(previous.schema, staged.schema)) return false;
  if (previous.ordered !== staged.ordered) return false;
  const { ordered, rows } = staged;
  const one: Side = { file: staged.file, schema: staged.schema, project, ordered };
  const other: Side = { file: previous.file, schema: previous.schema, project, ordered };
  return await session.watched(hooks, async () => {
    if (await sameRowGroups(session, project, one.file, other.file, ordered)) return true;
    if (await sumOf(session, one, "all", rows) === await sumOf(session, other, "all", rows)) {
      return true;
    }
    if (!one.schema.some((each) => holdsFloat(each.type)) || rows > MOST_ROWS_COMPARED) {
      return false;
    }
    const exact =
      await sumOf(session, one, "exact", rows) === await sumOf(session, other, "exact", rows);
    return exact && await closeRowByRow(session, one, other);
  });
}

interface Side extends Readable {
  readonly project: string;
  readonly ordered: boolean;
}

/**
 * The sum of all rows' hashes (never xor: equal pairs would cancel out). `exact` leaves floating
 * point out. Refuses a read that gave fewer rows than the version has.
 */
async function sumOf(
  session: Session,
  side: Side,
  of: "all" | "exact",
  rows: number,
): Promise<string> {
  const floats = of === "exact" ? [] : side.schema.filter((each) => holdsFloat(each.type));
  const exact = side.schema.filter((each) => !holdsFloat(each.type)).map((each) =>
    ident(each.name)
  );
  if (side.ordered) exact.unshift(ROW);
  const sum = async (careful: boolean) => {
    const cut = floats.map((each) => canonical(ident(each.name), each.type, careful));
    const hashed = [...exact, ...cut];
    const plain = floats.filter((each) => each.type === "DOUBLE").map((each) => ident(each.name));
    const large = plain.map((each) =>
      `not (max(${each}) < ${LARGEST} and min(${each}) > -${LARGEST})`
    );
    const found = await session.rows(
      `select count(*), ${hashed.length === 0 ? "0" : `sum(hash(${hashed.join(", ")}))`}::varchar,
        ${large.length === 0 ? "false" : large.join(" or ")} from ${rowsOf(side)}`,
    );
    return found.rows[0]!;
  };
  let [count, total, large] = await sum(false);
  if (large === true) [count, total, large] = await sum(true);
  if (Number(count) !== rows) throw new Error(`a read gave ${count} of ${rows} rows`);
  return String(total);
}

const ROW = "file_row_number";

function rowsOf({ file, schema, project, ordered }: Side): string {
  const names = schema.map((each) => ident(each.name)).join(", ");
  if (!ordered && !file.range) return `(select ${names} from ${reader([file], project)})`;
  const { from = 0, rows = null } = file.range ?? {};
  const numbered = reader([file], project, `, ${ROW}=true`);
  const range = rows === null ? "" : ` where ${ROW} >= ${from} and ${ROW} < ${from + rows}`;
  return `(select ${names}, ${ROW} - ${from} as ${ROW} from ${numbered}${range})`;
}

/**
 * Two values that differ in the 16th digit may still lie on both sides of where the 12th is cut.
 * So where all else is equal the tables are laid beside each other, sorted, and compared closely.
 */
async function closeRowByRow(session: Session, one: Side, other: Side): Promise<boolean> {
  const { schema, ordered } = one;
  const keys = schema.filter((each) => !holdsFloat(each.type)).map((each) => ident(each.name));
  const simple = schema.filter((each) => /^(DOUBLE|FLOAT)$/.test(each.type));
  const by = ordered ? [ROW] : [...keys, ...simple.map((each) => ident(each.name))];
  const order = by.length > 0 ? `order by ${by.join(", ")}` : "";
  const side = (of: Side) =>
    `(select *, row_number() over (${order}) as nycflow_row from ${rowsOf(of)})`;
  const equal = schema.map(({ name, type }) =>
    closeTo(`a.${ident(name)}`, `b.${ident(name)}`, type)
  );
  const { rows } = await session.rows(
    `select count(*) from ${side(one)} a join ${side(other)} b using (nycflow_row)
     where (${equal.join(" and ")}) is not true`,
  );
  return Number(rows[0]![0]) === 0;
}
