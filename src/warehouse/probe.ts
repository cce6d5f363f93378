/** Whether DuckDB works here, and whether a DuckDB file can be read now: for `doctor`. Changes nothing. */
import { openDuckDb } from "./driver.ts";
import { engineError } from "./engine_words.ts";
import type { ReaderOptions } from "./engines.ts";
import { text } from "./sql_text.ts";

/** The engine's version, or what it said instead of starting. */
export async function probeEngine(
  options: ReaderOptions,
): Promise<{ readonly version: string } | { readonly error: string }> {
  try {
    const db = await openDuckDb({ ...options, folder: options.project });
    try {
      const { rows } = await db.use((session) => session.rows("select version()"));
      return { version: String(rows[0]?.[0] ?? "") };
    } finally {
      db.close();
    }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

export type FileState = "free" | "locked" | { readonly error: string };

/** Who else writes a file locks it; that is a state, not a fault. */
export async function probeFile(options: ReaderOptions, file: string): Promise<FileState> {
  const db = await openDuckDb({ ...options, folder: options.project });
  try {
    return await db.use(async (session): Promise<FileState> => {
      try {
        await session.run(`attach ${text(file)} as nycflow_probe (type duckdb, read_only)`);
      } catch (error) {
        const { message } = engineError(error);
        return /Could not set lock on file|Conflicting lock is held/i.test(message)
          ? "locked"
          : { error: message.split("\n", 1)[0] ?? message };
      }
      await session.run("detach nycflow_probe");
      return "free";
    });
  } finally {
    db.close();
  }
}
