/** The columns of an asset with what is in them. */
import { assetNamed, tableOf } from "../../app/look.ts";
import type { Session } from "../../app/session.ts";
import { ProblemError } from "../../core/problem/problem.ts";
import type { InputTable } from "../../core/order.ts";
import type { ColumnProfile } from "../../core/rows.ts";
import type { Answer, Ask } from "../../dashboard/board.ts";
import type { Warehouse } from "../../ports/warehouse.ts";
import { counted } from "../../term/number.ts";
import { type ProfiledColumn, profileLines } from "../../views/profile.ts";
import { isNumeric, isTime } from "../../views/table.ts";
import type { ReplyLook } from "./replies_asset.ts";

/** Classes of a distribution. */
const CLASSES = 12;
/** Of larger tables only so many rows are looked at for it. */
const MOST = 2_000_000;

export async function profile(
  session: Session,
  ask: Extract<Ask, { kind: "profile" }>,
  { style }: ReplyLook,
): Promise<Answer> {
  const view = await session.view();
  const asset = assetNamed(view, ask.asset);
  const table = tableOf(view, asset, null);
  const warehouse = await session.warehouse();
  const found = await warehouse.profile(table);
  if (!found.ok) throw new ProblemError(found.error);
  const rows = table.view === null
    ? table.versions.reduce((sum, each) => sum + each.rows, 0)
    : await countRows(warehouse, table);
  const columns: ProfiledColumn[] = [];
  for (const column of found.value) {
    columns.push({ ...column, classes: await classesOf(warehouse, table, column) });
  }
  const { columns: contracts } = view.layout.def(asset);
  const shown = profileLines(columns, rows, contracts, style);
  return { kind: "lines", ...shown, note: `${counted(rows, "row")}, counts are within 2 %` };
}

async function countRows(warehouse: Warehouse, table: InputTable): Promise<number> {
  const found = await warehouse.query(`select count(*) from ${name(table)}`, [table]);
  return found.ok ? Number(found.value.rows[0]?.[0] ?? 0) : 0;
}

/** Null where the column has no order in which equal steps mean anything, or has one value alone. */
async function classesOf(
  warehouse: Warehouse,
  table: InputTable,
  { name: column, type, min, max, distinct }: ColumnProfile,
): Promise<readonly number[] | null> {
  if (distinct < 2 || min === null || max === null) return null;
  if (!isNumeric(type) && !isTime(type)) return null;
  // Of few whole numbers each is a class of its own.
  const classes = Math.min(CLASSES, /INT/.test(type) ? distinct : CLASSES);
  const ident = `"${column.replaceAll('"', '""')}"`;
  const value = isTime(type) ? `epoch(${ident})` : `${ident}::double`;
  const found = await warehouse.query(
    `with v as (select ${value} as x from (select * from ${
      name(table)
    } limit ${MOST}) where ${ident} is not null),
      e as (select min(x) as a, max(x) as b from v where isfinite(x))
     select least(${classes - 1}, floor((x - a) / nullif(b - a, 0) * ${classes}))::int as class,
       count(*) as n
     from v, e where isfinite(x) group by all`,
    [table],
  );
  // A picture that cannot be had is left out: the numbers stand without it.
  if (!found.ok) return null;
  const counts = Array<number>(classes).fill(0);
  for (const [at, n] of found.value.rows) counts[Number(at)] = Number(n);
  return counts;
}

function name({ asset }: InputTable): string {
  return `"${asset.replaceAll('"', '""')}"`;
}
