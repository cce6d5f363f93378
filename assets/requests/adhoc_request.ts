/**
 * Answers to requests. A file such as requests/june-in-queens.json,
 *
 *     { "start_date": "2023-01-10", "end_date": "2023-01-25", "borough": "Queens" }
 *
 * gives the trips that began in that borough on these days, by hour and weekday: a table, a chart, a CSV and an SVG. Whoever
 * keeps `nycflow up --no-tui` running has only to drop the file; otherwise the next `nycflow up` sees it.
 *
 * A watched folder needs no code. Each file is a partition of its own, named after the file and its content, so no
 * answer overwrites another. A file that does not fit `config` goes to requests/rejected/ with the reason beside it.
 */
import { asset, dynamicKeys, schema, sensor } from "nycflow";

export const adhoc_request = asset({
  description: "Trips by hour and weekday, for the days and the borough that a request names",
  partitions: dynamicKeys(),
  // Exactly these three, and every one of them must be given. `end_date` is the first day that no longer counts.
  config: schema({
    start_date: "date",
    end_date: "date",
    borough: ["Manhattan", "Brooklyn", "Queens", "Bronx", "Staten Island"],
  }),
  deps: [{ asset: "taxi_trips", mapping: "all" }, "taxi_zones"],
  chart: {
    type: "bar",
    x: "hour",
    y: "num_trips",
    color: "weekday",
    stacked: true,
    title: "Trips by hour and weekday",
  },
  export: ["exports/requests/{partition}.csv", "exports/requests/{partition}.svg"],
  // What a request says is bound, never pasted: whatever stands in it, it never becomes SQL. Where no trip was made
  // there is no row, and an empty table makes an empty chart.
  run: ({ config, db }) =>
    db.sql`
      select hour(pickup_datetime) as hour, dayname(pickup_datetime) as weekday, count(*) as num_trips
      from taxi_trips
      join taxi_zones on zone_id = pickup_zone_id
      where borough = ${config.borough}
        and pickup_datetime >= ${config.start_date}::date
        and pickup_datetime < ${config.end_date}::date
      group by hour, weekday, dayofweek(pickup_datetime)
      order by hour, dayofweek(pickup_datetime)
    `,
});

export const requests = sensor({
  description: "A run for each file that is dropped into requests/",
  watch: "requests/*.json",
  select: "adhoc_request",
});
