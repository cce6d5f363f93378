/**
 * One file of trips for each month. Fetching is what SQL cannot do, so this is TypeScript; what is made of the
 * files, from `taxi_trips` on, is SQL.
 *
 * A step publishes what its `run` returns. Here that is a file as it came, or, for the demo, a query. Both are a
 * table named `taxi_trips_file` to whatever reads them. A download that is no whole Parquet file is an error, and
 * the month that was there before stays.
 */
import { asset, file, monthly, skip } from "nycflow";
import { months } from "./months.ts";
import { fileIn, missingIn, serviceIn, sourceIn } from "./settings.ts";

const TLC = "https://d37ci6vzurychx.cloudfront.net/trip-data";

export const taxi_trips_file = asset({
  description: "One month of taxi trips, as the TLC publishes them",
  partitions: monthly(months),
  retry: { attempts: 3, delay: "2s", backoff: "exponential", jitter: true },
  timeout: "10m",
  pool: "downloads",
  run: ({ partition, env, download, files, db, demo }) => {
    const month = partition.key;
    const service = serviceIn(env);
    const source = sourceIn(env);
    const name = `${service}_tripdata_${month}`;

    if (source === "demo") return db.query(demo.tripsSql({ service, month }));

    if (source === "tlc") {
      const address = env("TAXI_TRIPS_URL", TLC) || TLC;
      // The TLC takes about two months. A skip is an answer, no failure: it is asked again later.
      return download(`${address}/${name}.parquet`, { orSkip: `${name} is not published yet` });
    }

    const path = fileIn(files, source.folder, name, [".parquet", ".csv", ".csv.gz"]);
    if (path !== null) return file(path);
    // Looked at only here: of a month that is there, TAXI_TO is no part of what it was built from.
    if (env("TAXI_TO", "") === "latest") return skip(`${name} is not in ${source.folder} yet`);
    throw missingIn(source.folder, `${name}.parquet, .csv or .csv.gz`);
  },
});
