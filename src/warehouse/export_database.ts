/**
 * The whole warehouse as one native DuckDB file that needs nothing of this project: made aside, then put in place at
 * once. It carries a list of what is in it, by which a later export knows the file as one that it may replace.
 */
import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import type { InputTable } from "../core/order.ts";
import { type Problem, problem } from "../core/problem/problem.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { DatabaseExport, ExportedDatabase } from "../ports/warehouse.ts";
import type { Session } from "./driver.ts";
import { makeFolder, syncFile } from "./durable.ts";
import { engineError, engineProblem } from "./engine_words.ts";
import type { Engines } from "./engines.ts";
import { relation } from "./read.ts";
import { ident, text } from "./sql_text.ts";

const ALIAS = "nycflow_export";
/** Says which tables there are, of which data version. */
const CONTENTS = "nycflow.contents";

/** Writes the file; refuses to replace one that no export made, unless `force`. */
export async function exportDatabase(
  engines: Engines,
  { file, part, tables, force }: DatabaseExport,
): Promise<Result<ExportedDatabase, Problem>> {
  try {
    if (existsSync(file) && !force) {
      const refusal = await refuse(engines, file);
      if (refusal !== null) return err(refusal);
    }
    const folders = makeFolder(file);
    rmSync(part, { force: true });
    try {
      const rows = await fill(engines, part, tables);
      await syncFile(part, folders);
      renameSync(part, file);
      // What an earlier file had not yet taken in would be taken in by this one.
      rmSync(`${file}.wal`, { force: true });
      return ok({ tables: tables.length, rows, bytes: statSync(file).size });
    } finally {
      for (const suffix of ["", ".wal"]) rmSync(part + suffix, { force: true });
    }
  } catch (error) {
    return err(engineProblem(error, `Cannot write ${file}`, { fallback: "export-failed" }));
  }
}

/** Why the file that is there may not be replaced; null where it may. */
async function refuse(engines: Engines, file: string): Promise<Problem | null> {
  const told = (why: string, hint: string) =>
    problem("exists-already", { message: `Cannot write ${file}: it is there already`, why, hint });
  const hint = "name another file, or replace it with --force";
  const db = await engines.for([]);
  return await db.use(async (session) => {
    try {
      await session.run(`attach ${text(file)} as ${ALIAS} (type duckdb, read_only)`);
    } catch (error) {
      const { message } = engineError(error);
      return /Could not set lock on file|Conflicting lock is held/i.test(message)
        ? told("another program has it open", "close it there, then do the same again")
        : told("it is no DuckDB file", hint);
    }
    try {
      const { rows } = await session.rows(
        `select 1 from duckdb_tables() where database_name = '${ALIAS}' and ` +
          `schema_name || '.' || table_name = '${CONTENTS}'`,
      );
      return rows.length > 0 ? null : told("no export of nycflow made it", hint);
    } finally {
      await session.run(`detach ${ALIAS}`);
    }
  });
}

/** Makes the tables, those whose rows have an order in an engine that keeps it; gives their rows. */
async function fill(
  engines: Engines,
  file: string,
  tables: DatabaseExport["tables"],
): Promise<number> {
  const { project } = engines.options;
  const ordered = tables.filter(({ table }) => hasOrder(table));
  const plain = tables.filter(({ table }) => !hasOrder(table));
  let rows = 0;
  for (const group of [plain, ordered]) {
    if (group.length === 0 && group === ordered) continue;
    const db = await engines.for(group.map(({ table }) => table));
    await db.use(async (session) => {
      await session.run(`attach ${text(file)} as ${ALIAS}`);
      try {
        await session.run(`create schema if not exists ${ALIAS}.nycflow`);
        await session.run(
          `create table if not exists ${ALIAS}.${CONTENTS} (asset varchar, data_versions varchar[], ` +
            "rows bigint, exported_at timestamptz default now())",
        );
        for (const each of group) rows += await addTable(session, each, project);
        await session.run(`checkpoint ${ALIAS}`);
      } finally {
        await session.run(`detach ${ALIAS}`);
      }
    });
  }
  return rows;
}

async function addTable(
  session: Session,
  { table, description }: DatabaseExport["tables"][number],
  project: string,
): Promise<number> {
  const name = `${ALIAS}.main.${ident(table.asset)}`;
  await session.run(`create table ${name} as ${relation(table, project)}`);
  const counted = await session.rows(`select count(*)::double from ${name}`);
  const rows = Number(counted.rows[0]?.[0] ?? 0);
  if (description !== "") await session.run(`comment on table ${name} is ${text(description)}`);
  const versions = table.versions.map((each) => text(each.dataVersion)).join(", ");
  await session.run(
    `insert into ${ALIAS}.${CONTENTS} (asset, data_versions, rows) values ` +
      `(${text(table.asset)}, [${versions}], ${rows})`,
  );
  return rows;
}

function hasOrder(table: InputTable): boolean {
  return table.versions.some((each) => each.ordered) ||
    (table.view?.inputs.some(hasOrder) ?? false);
}
