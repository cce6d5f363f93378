/** Writes the rows of many small versions into one file, in their order, and proves that they are all there. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { VersionRef } from "../core/version.ts";
import type { Session } from "./driver.ts";
import { makeFolder, syncFile } from "./durable.ts";
import { reader } from "./read.ts";
import { ident, text } from "./sql_text.ts";

/** Files named in one query; more are read in several, which takes no longer and holds fewer open. */
const AT_ONCE = 100;
const PLACE = "nycflow_place";

/**
 * Throws what engine and disk throw, and where the file does not hold what went into it; then it is removed. All
 * versions have one schema. Which file a row is from the reader says in `file_index`; where a column of the table's own
 * hides that, the counts do not agree, and the files stay as they are.
 */
export async function packVersions(
  session: Session,
  project: string,
  versions: readonly VersionRef[],
  path: string,
): Promise<{ readonly bytes: number }> {
  const file = join(project, path);
  const schema = versions[0]?.schema ?? [];
  const columns = schema.map((each) => ident(each.name)).join(", ");
  const table = `nycflow_pack`;
  try {
    const folders = makeFolder(file);
    for (let from = 0; from < versions.length; from += AT_ONCE) {
      const files = versions.slice(from, from + AT_ONCE).flatMap((each) => each.file ?? []);
      const some = `select ${from} + file_index as ${PLACE}, ${columns} from ${
        reader(files, project)
      }`;
      await session.run(
        from === 0
          ? `create or replace temp table ${table} as ${some}`
          : `insert into ${table} ${some}`,
      );
    }
    const counts = await session.rows(
      `select ${PLACE}, count(*) from ${table} group by all order by all`,
    );
    const found = new Map(counts.rows.map(([place, count]) => [Number(place), Number(count)]));
    versions.forEach((each, at) => {
      const rows = found.get(at) ?? 0;
      if (rows !== each.rows) throw new Error(`a read gave ${rows} of ${each.rows} rows`);
    });
    await session.run(
      `copy (select ${columns} from ${table} order by ${PLACE}) to ${text(file)} (format parquet)`,
    );
    // Each row at its place: the order is what a partition is found by.
    const sum = async (from: string, place: string) =>
      String(
        (await session.rows(
          `select count(*)::varchar || ' ' || coalesce(sum(hash(${place}, ${columns})), 0)::varchar from ${from}`,
        )).rows[0]?.[0],
      );
    const bounds = placesTable(versions);
    const written = await sum(
      `(select p.place, r.* from read_parquet(${
        text(file)
      }, hive_partitioning=false, file_row_number=true) r
        asof join ${bounds} p on r.file_row_number >= p.first)`,
      "place::bigint",
    );
    const wanted = await sum(table, `${PLACE}::bigint`);
    if (written !== wanted) throw new Error("the packed file does not hold what went into it");
    return { bytes: await syncFile(file, folders) };
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    await session.run(`drop table if exists ${table}`);
  }
}

/** The place of each version that has rows, and its first row. */
function placesTable(versions: readonly VersionRef[]): string {
  const rows: string[] = [];
  let first = 0;
  versions.forEach((each, place) => {
    if (each.rows > 0) rows.push(`(${place}, ${first})`);
    first += each.rows;
  });
  return `(select * from (values ${rows.join(", ") || "(0, 0)"}) v(place, first))`;
}
