// The taxi project over files as the TLC published them: the numbers were worked out apart from it.

import assert from "node:assert/strict";
import { bothWays } from "../rig/program.ts";
import { certain, initTaxi, rowsOf, TLC_DATA, up } from "./taxi.ts";

const test: typeof bothWays = TLC_DATA === null
  ? (name) => Deno.test({ name: `${name} (no TLC data here)`, ignore: true, fn: () => {} })
  : bothWays;

test("demo: three published months of green taxis give the known numbers", async (rig) => {
  await initTaxi(rig);
  await up(rig);

  assert.deepEqual(
    await rowsOf(
      rig,
      "select file_month::varchar as m, count(*) as n from taxi_trips group by all order by m",
    ),
    [
      { m: "2023-01-01", n: 68_211 },
      { m: "2023-02-01", n: 64_809 },
      { m: "2023-03-01", n: 72_044 },
    ],
  );
  const weeks = await rowsOf(rig, "from trips_by_week order by period");
  assert.deepEqual(weeks[0], {
    period: "2023-01-01",
    num_trips: 14_652,
    total_amount: "316813.42",
    trip_distance: "92181.72",
    passenger_count: 18_259,
  });
  const trips = Object.fromEntries(weeks.map((week) => [week["period"], week["num_trips"]]));
  assert.equal(weeks.length, 13);
  // Some of their trips are filed a month late.
  assert.equal(trips["2023-01-22"], 16_383);
  assert.equal(trips["2023-02-19"], 15_639);

  assert.deepEqual(
    await rowsOf(
      rig,
      `select zone, count(*) as n from taxi_trips join taxi_zones on pickup_zone_id = zone_id
       group by all order by n desc limit 3`,
    ),
    [
      { zone: "East Harlem North", n: 38_821 },
      { zone: "East Harlem South", n: 27_932 },
      { zone: "Central Harlem", n: 12_500 },
    ],
  );
  assert.deepEqual(
    await rowsOf(
      rig,
      `select count(*) as zones, sum(num_trips)::bigint as trips, min(num_trips) as least,
         count_if(borough <> 'Manhattan')::bigint as elsewhere from manhattan_stats`,
    ),
    [{ zones: 67, trips: 119_342, least: 0, elsewhere: 0 }],
  );
  assert.deepEqual(
    await rowsOf(rig, "select count(*) as zones, count(distinct zone_id) as ids from taxi_zones"),
    [{ zones: 260, ids: 260 }],
  );

  assert.deepEqual(await certain(rig), []);
  assert.match((await up(rig)).stdout, /^nothing to do[^\n]*\n$/);
}, { env: { TAXI_SOURCE: TLC_DATA ?? "", TAXI_SERVICE: "green" } });
