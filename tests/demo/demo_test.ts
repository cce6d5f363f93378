// The taxi project as it is after `init`: data made on the spot, no network, nothing set.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { bothWays, oneWay } from "../rig/program.ts";
import { certain, initTaxi, rowsOf, up } from "./taxi.ts";

bothWays("demo: init and up give tables, charts, exports and a mirror", async (rig) => {
  await initTaxi(rig);
  const first = await up(rig);
  // A line chart and a map are on the screen.
  assert.match(first.stdout, /── trips_by_week ─[^]*2023-01-01[^]*┤[^]*Jan/);
  assert.match(first.stdout, /── manhattan_map ─[^]*[█▓▒░]{3}[^]*Upper East Side/);
  const [counts] = await rowsOf(
    rig,
    `select (select count(*) from taxi_trips) as trips, (select count(*) from trips_by_week) as weeks,
       (select sum(num_trips)::bigint from manhattan_stats) as manhattan,
       (select count(*) from hourly_pattern) as hours,
       (select count_if(pickup_datetime < file_month
         or pickup_datetime >= file_month + interval 1 month)::bigint from taxi_trips) as strays`,
  );
  assert.ok(counts);
  assert.ok(Number(counts["trips"]) > 250_000, JSON.stringify(counts));
  assert.ok(Number(counts["manhattan"]) > 100_000, JSON.stringify(counts));
  assert.ok(Number(counts["strays"]) > 10, JSON.stringify(counts));
  assert.deepEqual([counts["weeks"], counts["hours"]], [13, 168]);
  // Strays are kept, and told with each month.
  const shown = await rig.json(["show", "taxi_trips", "--json"]) as {
    keys: { metadata: { stray_trips: number } }[];
  };
  const told = shown.keys.map(({ metadata }) => metadata.stray_trips);
  assert.equal(told.length, 3);
  assert.equal(told.reduce((sum, each) => sum + each), counts["strays"]);

  const csv = rig.read("exports/trips_by_week.csv").trim().split("\n");
  assert.equal(csv[0], "period,num_trips,total_amount,trip_distance,passenger_count");
  assert.deepEqual(
    csv.slice(1).map((line) => line.slice(0, 10)),
    [...csv.slice(1)].sort().map((
      line,
    ) => line.slice(0, 10)),
  );
  assert.equal(csv.length, 14);
  const map = JSON.parse(rig.read("exports/manhattan_stats.geojson")) as {
    features: { properties: { zone: string }; geometry: { type: string } }[];
  };
  assert.equal(map.features.length, 67);
  assert.ok(map.features.every(({ geometry }) => geometry.type === "MultiPolygon"));
  assert.ok(existsSync(rig.path("warehouse.duckdb")));

  assert.deepEqual(await certain(rig), []);
});

oneWay(
  "demo: another service is a reason, other months are none for those there",
  async (rig) => {
    await initTaxi(rig);
    await up(rig, { TAXI_TO: "2023-02" });
    assert.deepEqual(await certain(rig, { TAXI_TO: "2023-02", TAXI_SERVICE: "green" }), [
      "taxi_trips_file[2023-01] config",
      "taxi_trips_file[2023-02] config",
    ]);
    const more = await certain(rig);
    assert.ok(more.includes("taxi_trips_file[2023-03] missing"), more.join("\n"));
    assert.ok(!more.some((step) => step.startsWith("taxi_trips_file[2023-01]")), more.join("\n"));
    // Fewer months: what read them all has lost an input.
    const fewer = await certain(rig, { TAXI_TO: "2023-01" });
    assert.ok(fewer.includes("manhattan_stats upstream"), fewer.join("\n"));
    assert.ok(!fewer.some((step) => step.startsWith("taxi_trips[")), fewer.join("\n"));
  },
);
