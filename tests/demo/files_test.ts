// The many forms in which a month of trips comes: all of them give one table with one set of types.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Rig } from "../rig/program.ts";
import { certain, rowsOf, taxiRig, up } from "./taxi.ts";

/** Two trips of a month, in the types of the TLC's first schema; the second is a stray. */
const trips = (month: string, prefix = "tpep") =>
  `select 2::bigint as VendorID, timestamp '${month}-05 10:00:00' as ${prefix}_pickup_datetime,
     timestamp '${month}-05 10:12:30' as ${prefix}_dropoff_datetime, 1.0::double as passenger_count,
     2.5::double as trip_distance, 1.0::double as RatecodeID, 'N' as store_and_fwd_flag,
     43::bigint as PULocationID, 151::bigint as DOLocationID, 1::bigint as payment_type,
     10.1::double as fare_amount, 2.3::double as tip_amount, 0.0::double as tolls_amount,
     null::integer as ehail_fee, 15.9::double as total_amount
   union all by name
   select 1 as VendorID, timestamp '2008-12-31 23:59:00' as ${prefix}_pickup_datetime,
     timestamp '2009-01-01 00:10:00' as ${prefix}_dropoff_datetime, 3 as trip_distance,
     43 as PULocationID, 264 as DOLocationID, -4.5 as fare_amount, -5.3 as total_amount`;

/** The forms; each reads `plain`, what `trips` gives. */
const FORMS = {
  "2023-01.parquet": "select *, 2.5 as congestion_surcharge, 1.25 as airport_fee from plain",
  // Whole numbers for fractions, another case, later columns.
  "2023-02.parquet": `select * replace (VendorID::integer as VendorID,
      passenger_count::bigint as passenger_count, RatecodeID::bigint as RatecodeID),
      2.5 as congestion_surcharge, 1.25 as Airport_fee, 0.75 as cbd_congestion_fee from plain`,
  // Without the columns that came later.
  "2023-03.csv": "from plain",
  "2023-04.csv.gz": "select *, 2.5 as congestion_surcharge, 1.25 as airport_fee from plain",
  "2023-05.parquet": `select * replace (tpep_pickup_datetime::timestamp_ns as tpep_pickup_datetime,
      strftime(tpep_dropoff_datetime, '%Y-%m-%d %H:%M:%S') as tpep_dropoff_datetime) from plain`,
  // Nanoseconds in a CSV are text to whoever reads it.
  "2023-06.csv": `select * replace (
      strftime(tpep_pickup_datetime::timestamp_ns, '%Y-%m-%d %H:%M:%S.%n') as tpep_pickup_datetime)
    from plain`,
};

const ZONES = `select 43 as LocationID, 'Central Park' as zone, 'Manhattan' as borough,
    'MULTIPOLYGON (((0 0, 0 1, 1 1, 0 0)))' as the_geom
  union all values (103, 'The Islands', 'Manhattan', 'MULTIPOLYGON (((2 2, 2 3, 3 3, 2 2)))'),
    (103, 'The Islands', 'Manhattan', 'MULTIPOLYGON (((5 5, 5 6, 6 6, 5 5)))'),
    (151, 'Manhattan Valley', 'Manhattan', 'POLYGON ((7 7, 7 8, 8 8, 7 7))'),
    (8, 'Astoria Park', 'Queens', 'MULTIPOLYGON (((9 9, 9 8, 8 8, 9 9)))')`;

/** Writes queries as files below the project's `data`; `plain` is a table while they run. */
async function write(
  rig: Rig,
  files: Readonly<Record<string, { readonly sql: string; readonly plain?: string }>>,
): Promise<void> {
  mkdirSync(rig.path("data"), { recursive: true });
  const instance = await DuckDBInstance.create();
  const db = await instance.connect();
  try {
    for (const [name, { sql, plain }] of Object.entries(files)) {
      if (plain !== undefined) await db.run(`create or replace temp table plain as ${plain}`);
      await db.run(`copy (${sql}) to '${rig.path("data", name).replaceAll("'", "''")}'`);
    }
  } finally {
    db.closeSync();
    instance.closeSync();
  }
}

const yellow = (months: readonly string[]) =>
  Object.fromEntries(
    Object.entries(FORMS).filter(([name]) => months.includes(name.slice(0, 7))).map((
      [name, sql],
    ) => [`yellow_tripdata_${name}`, { sql, plain: trips(name.slice(0, 7)) }]),
  );

const FOLDER = { TAXI_SOURCE: "data" };

Deno.test("demo: Parquet and CSV, old columns and new, give the same table", async () => {
  await using rig = await taxiRig({ ...FOLDER, TAXI_TO: "2023-06" });
  const months = Object.keys(FORMS).map((name) => name.slice(0, 7));
  await write(rig, { ...yellow(months), "taxi_zones.csv": { sql: ZONES } });
  await up(rig);

  const rows = await rowsOf(
    rig,
    `select file_month::varchar as month, service, vendor_id, pickup_datetime::varchar as pickup,
       dropoff_datetime::varchar as dropoff, pickup_zone_id as zone, passenger_count as people,
       total_amount, congestion_surcharge as surcharge, airport_fee as airport,
       cbd_congestion_fee as entry
     from taxi_trips order by file_month, vendor_id desc`,
  );
  assert.equal(rows.length, 12);
  const fees = { surcharge: "2.50", airport: "1.25", entry: null };
  const none = { surcharge: null, airport: null, entry: null };
  const expected = [fees, { ...fees, entry: "0.75" }, none, fees, none, none];
  months.forEach((month, at) => {
    const common = { month: `${month}-01`, service: "yellow", zone: 43, ...expected[at] };
    assert.deepEqual(
      rows.slice(2 * at, 2 * at + 2),
      [
        {
          ...common,
          vendor_id: 2,
          pickup: `${month}-05 10:00:00`,
          dropoff: `${month}-05 10:12:30`,
          people: 1,
          total_amount: "15.90",
        },
        {
          ...common,
          vendor_id: 1,
          pickup: "2008-12-31 23:59:00",
          dropoff: "2009-01-01 00:10:00",
          people: null,
          total_amount: "-5.30",
        },
      ].map((row) => ({ ...row })),
    );
  });

  // Weeks that nobody drove in are there with zeros; strays are in none of them.
  const weeks = await rowsOf(rig, "select * exclude (period) from trips_by_week order by period");
  assert.equal(weeks.length, 26);
  assert.deepEqual(weeks[1], {
    num_trips: 0,
    total_amount: "0.00",
    trip_distance: "0.00",
    passenger_count: 0,
  });
  assert.equal(weeks.reduce((sum, week) => sum + Number(week["num_trips"]), 0), 6);

  assert.deepEqual(
    await rowsOf(rig, "select zone_id, geometry from taxi_zones where zone_id > 100 order by 1"),
    [
      {
        zone_id: 103,
        geometry: "MULTIPOLYGON (((2 2, 2 3, 3 3, 2 2)), ((5 5, 5 6, 6 6, 5 5)))",
      },
      { zone_id: 151, geometry: "MULTIPOLYGON (((7 7, 7 8, 8 8, 7 7)))" },
    ],
  );
  assert.deepEqual(await rowsOf(rig, "select zone, num_trips from manhattan_stats"), [
    { zone: "Central Park", num_trips: 12 },
    { zone: "Manhattan Valley", num_trips: 0 },
    { zone: "The Islands", num_trips: 0 },
  ]);
});

Deno.test("demo: green files, and zones with the city's newer column names", async () => {
  await using rig = await taxiRig({ ...FOLDER, TAXI_SERVICE: "green", TAXI_TO: "2023-01" });
  await write(rig, {
    "green_tripdata_2023-01.csv.gz": { sql: "from plain", plain: trips("2023-01", "lpep") },
    "taxi_zones.csv": {
      sql: `select LocationID as "Location ID", zone as "Zone", borough as "Borough",
        the_geom as "Shape Geometry" from (${ZONES})`,
    },
  });
  await up(rig);
  assert.deepEqual(
    await rowsOf(
      rig,
      `select service, zone, min(pickup_datetime)::varchar as first, count(*) as n
       from taxi_trips join taxi_zones on pickup_zone_id = zone_id group by all`,
    ),
    [{ service: "green", zone: "Central Park", first: "2008-12-31 23:59:00", n: 2 }],
  );
});

Deno.test("demo: a changed file in the folder is a reason; the same rows from CSV change nothing", async () => {
  await using rig = await taxiRig({ ...FOLDER, TAXI_TO: "2023-03" });
  await write(rig, { ...yellow(["2023-01", "2023-02"]), "taxi_zones.csv": { sql: ZONES } });
  await up(rig, {}, 1);
  assert.deepEqual(await certain(rig), []);
  // The month that was missing comes: nobody has to wait, or to ask for it.
  await write(rig, yellow(["2023-03"]));
  assert.deepEqual((await certain(rig))[0], "taxi_trips_file[2023-03] missing,failed");
  await up(rig);
  assert.deepEqual(await certain(rig), []);
  await write(rig, {
    "yellow_tripdata_2023-03.csv": { sql: "from plain limit 1", plain: trips("2023-03") },
  });
  assert.deepEqual(await certain(rig), ["taxi_trips_file[2023-03] config"]);
  await up(rig);
  assert.deepEqual(await rowsOf(rig, "select count(*) as n from taxi_trips"), [{ n: 5 }]);

  // The month comes in another form, with the same trips.
  const { rmSync } = await import("node:fs");
  rmSync(rig.path("data", "yellow_tripdata_2023-03.csv"));
  await write(rig, {
    "yellow_tripdata_2023-03.parquet": { sql: "from plain limit 1", plain: trips("2023-03") },
  });
  const said = await up(rig);
  assert.match(said.stderr, /taxi_trips .*same as before/);
});
