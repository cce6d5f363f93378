/** What holds for the project as a whole. All of it is optional; so is this file. */
import { defineConfig } from "nycflow";

export default defineConfig({
  name: "taxi",
  // Of partitions, schedules and the times that are shown. The meters' clocks are New York's.
  timezone: "America/New_York",
  // Everything published, in one file for any DuckDB client.
  warehouse: { mirror: "warehouse.duckdb" },
  // An asset with `pool: downloads` waits for one of these slots: the servers are other people's.
  pools: { downloads: 2 },
  // To be told when an asset begins to fail, and when it works again:
  // notify: { command: "notify-send \"taxi\" \"look at nycflow status\"", on: ["failure", "recovery"] },
});
