/** What a project's tables hold, read by an engine of the test's own, so that two projects can be compared. */
import { join } from "node:path";
import type { State } from "../../src/core/heads.ts";
import { openDuckDb } from "../../src/warehouse/driver.ts";

/** A sum over all rows of each published table, by asset and partition. */
export async function contentsOf(
  project: string,
  state: State,
): Promise<Readonly<Record<string, string>>> {
  const db = await openDuckDb({
    limits: { memoryMb: 256, threads: 1, scratch: join(project, ".nycflow", "tmp") },
    timezone: "UTC",
    prepare: () => Promise.resolve(),
  });
  const found: Record<string, string> = {};
  try {
    for (const heads of state.heads.values()) {
      for (const { asset, partition, published } of heads.values()) {
        if (published?.file?.format !== "parquet") continue;
        const file = join(project, published.file.path).replaceAll("'", "''");
        const { rows } = await db.use((session) =>
          session.rows(`select count(*), sum(hash(t)::hugeint)::varchar from '${file}' t`)
        );
        found[`${asset} ${partition}`] = JSON.stringify(rows[0]);
      }
    }
  } finally {
    db.close();
  }
  return found;
}
