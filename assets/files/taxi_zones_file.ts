/**
 * The taxi zones: number, name, borough and outline of each, as a CSV.
 *
 * New York has published them under two sets of column names. Either will do (`taxi_zones` knows both); a CSV
 * with neither is refused here, where it is still known where it came from.
 */
import { writeFileSync } from "node:fs";
import { asset, type Database, fatal, file } from "nycflow";
import { fileIn, missingIn, sourceIn } from "./settings.ts";

const OPEN_DATA = "https://data.cityofnewyork.us/api/views/8meu-9t5y/rows.csv?accessType=DOWNLOAD";
const NUMBER = ["locationid", "location id"];
const OUTLINE = ["the_geom", "shape geometry"];
const COLUMNS = [NUMBER, ["zone"], ["borough"], OUTLINE];

export const taxi_zones_file = asset({
  description: "The taxi zones of New York with their outlines, as the city publishes them",
  retry: { attempts: 3, delay: "2s", backoff: "exponential", jitter: true },
  timeout: "5m",
  pool: "downloads",
  checks: [{ rows: { min: 1 } }],
  run: async ({ env, download, files, db, demo }) => {
    const source = sourceIn(env);

    if (source === "demo") {
      // `files` is a folder of this step's own, gone when it has ended.
      const path = files.path("taxi_zones.csv");
      writeFileSync(path, demo.zonesCsv());
      return file(path);
    }

    if (source === "tlc") {
      const address = env("TAXI_ZONES_URL", OPEN_DATA) || OPEN_DATA;
      const fetched = await download(address, { as: "taxi_zones.csv" });
      await proveColumns(db, fetched.path, address);
      return fetched;
    }

    const path = fileIn(files, source.folder, "taxi_zones", [".csv"]);
    if (path === null) throw missingIn(source.folder, "taxi_zones.csv");
    await proveColumns(db, path, path);
    return file(path);
  },
});

async function proveColumns(db: Database, path: string, from: string): Promise<void> {
  // A value in `db.sql` is bound: whatever a path has in it, it never becomes SQL.
  const columns = await db.sql<{ column_name: string }>`describe from read_csv(${path})`.rows();
  const names = columns.map((column) => column.column_name.toLowerCase());
  // The head of a file that was cut within an outline: no delimiter fits, and all of a line is one column.
  if (names.length === 1 && names[0]?.includes(",")) {
    throw fatal(`${from} is no whole CSV: its lines do not fit its header; fetch it again`);
  }
  const missing = COLUMNS.filter((spellings) => !spellings.some((name) => names.includes(name)));
  if (missing.length > 0) {
    throw fatal(
      `${from} is no list of taxi zones: it has no column ${missing[0]?.join(" or ")}; ` +
        `its columns are ${names.slice(0, 8).join(", ")}`,
    );
  }
}
