/**
 * The mirror: a DuckDB file with real tables, for other clients. It is attached for one table at a
 * time and briefly, since whoever writes a DuckDB file locks its readers out; who holds its lock is
 * waited for by nobody.
 */
import type { InputTable } from "../core/order.ts";
import type { Problem } from "../core/problem/problem.ts";
import type { Session } from "./driver.ts";
import { engineError, engineProblem } from "./engine_words.ts";
import { relation } from "./read.ts";
import type { Engines } from "./engines.ts";
import { ident, text } from "./sql_text.ts";

const ALIAS = "nycflow_mirror";

/** Replaces these tables and drops those; each is there whole, old or new, at any time. */
export async function bringUpToDate(
  engines: Engines,
  file: string,
  tables: readonly InputTable[],
  drop: readonly string[],
): Promise<"done" | "locked" | Problem> {
  const { project } = engines.options;
  const one = async (tables: readonly InputTable[], statements: readonly string[]) => {
    const db = await engines.for(tables);
    return await db.use((session) => attached(session, file, statements));
  };
  try {
    for (const table of tables) {
      const name = `${ALIAS}.main.${ident(table.asset)}`;
      const told = await one([table], [
        `create or replace table ${name} as ${relation(table, project)}`,
      ]);
      if (told !== "done") return told;
    }
    if (drop.length === 0) return "done";
    return await one([], drop.map((each) => `drop table if exists ${ALIAS}.main.${ident(each)}`));
  } catch (error) {
    return engineProblem(error, `Cannot bring ${file} up to date`, { fallback: "export-failed" });
  }
}

async function attached(
  session: Session,
  file: string,
  statements: readonly string[],
): Promise<"done" | "locked"> {
  try {
    await session.run(`attach ${text(file)} as ${ALIAS}`);
  } catch (error) {
    if (/Could not set lock on file|Conflicting lock is held/i.test(engineError(error).message)) {
      return "locked";
    }
    throw error;
  }
  try {
    await session.run("begin");
    try {
      for (const each of statements) await session.run(each);
      await session.run("commit");
    } catch (error) {
      await session.run("rollback").catch(() => {});
      throw error;
    }
    await session.run(`checkpoint ${ALIAS}`);
  } finally {
    await session.run(`detach ${ALIAS}`);
  }
  return "done";
}
