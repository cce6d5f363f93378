/** Whether another process holds a lock file (`begin exclusive` on a small SQLite file), asked without writing. */
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/**
 * Does a process hold this file? Looks without writing, so it works for those who may only read. Nobody is
 * called dead because one could not look (too many open files, a failing disk): that would be work done twice.
 */
export function isHeld(file: string): boolean {
  if (!existsSync(file)) return false;
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(file, { readOnly: true });
    // Deno takes `timeout: 0` for "as usual", which is five seconds.
    db.exec("pragma busy_timeout = 0");
    db.prepare("select count(*) from sqlite_schema").get();
    return false;
  } catch {
    return existsSync(file);
  } finally {
    db?.close();
  }
}
