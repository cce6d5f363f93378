// `TAXI_TO=latest` and `TAXI_SOURCE=tlc`: what is not published yet is an answer, asked again later, and what stands
// on several months is made of those that there are.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Rig } from "../rig/program.ts";
import { certain, hurry, rowsOf, taxiRig, up } from "./taxi.ts";

/** A stand-in for the TLC: paths to contents, and what was asked for. */
async function publisher() {
  const files = new Map<string, Uint8Array>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const body = files.get(request.url ?? "");
    response.writeHead(body ? 200 : 403, body ? { "content-length": body.length } : {});
    response.end(body ?? "<Error><Code>AccessDenied</Code></Error>");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    files,
    asked,
    address: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A month of one trip, as Parquet bytes. */
async function month(rig: Rig, name: string): Promise<Uint8Array> {
  const path = rig.path("month.parquet");
  const instance = await DuckDBInstance.create();
  const db = await instance.connect();
  await db.run(
    `copy (select 1 as VendorID, timestamp '${name}-10 08:00:00' as tpep_pickup_datetime,
       timestamp '${name}-10 08:20:00' as tpep_dropoff_datetime, 1 as passenger_count,
       3.5 as trip_distance, 1 as RatecodeID, 4 as PULocationID, 4 as DOLocationID,
       1 as payment_type, 12.0 as fare_amount, 0.0 as tip_amount, 0.0 as tolls_amount,
       14.5 as total_amount) to '${path.replaceAll("'", "''")}'`,
  );
  db.closeSync();
  instance.closeSync();
  const bytes = readFileSync(path);
  rmSync(path);
  return bytes;
}

const ZONES =
  'LocationID,zone,borough,the_geom\n4,Alphabet City,Manhattan,"POLYGON ((0 0, 0 1, 1 1, 0 0))"\n';

Deno.test("demo: latest takes the months that are published and asks for the others again", async () => {
  await using tlc = await publisher();
  await using rig = await taxiRig();
  const clock = rig.path("clock");
  const now = (instant: string) => writeFileSync(clock, instant);
  now("2023-04-10T12:00:00Z");
  const env = {
    TAXI_SOURCE: "tlc",
    TAXI_TO: "latest",
    TAXI_TRIPS_URL: `${tlc.address}/trip-data`,
    TAXI_ZONES_URL: `${tlc.address}/zones.csv?accessType=DOWNLOAD`,
    NYCFLOW_TEST_CLOCK: `@${clock}`,
  };
  const path = (name: string) => `/trip-data/yellow_tripdata_${name}.parquet`;
  tlc.files.set("/zones.csv?accessType=DOWNLOAD", new TextEncoder().encode(ZONES));
  tlc.files.set(path("2023-01"), await month(rig, "2023-01"));
  tlc.files.set(path("2023-02"), await month(rig, "2023-02"));

  // March has ended and is not there; April has not ended.
  const first = await up(rig, env);
  assert.match(first.stderr, /2023-03 .*skipped: yellow_tripdata_2023-03 is not published yet/);
  assert.deepEqual(tlc.asked.filter((each) => each.startsWith("/trip")).sort(), [
    path("2023-01"),
    path("2023-02"),
    path("2023-03"),
  ]);
  const trips = async () =>
    await rowsOf(
      rig,
      `select (select sum(num_trips)::bigint from manhattan_stats) as manhattan,
         (select count(*) from trips_by_week) as weeks,
         (select sum(num_trips)::bigint from trips_by_week) as by_week`,
      env,
    );
  // The week of February 26 reaches into March and is made of what February has.
  assert.deepEqual(await trips(), [{ manhattan: 2, weeks: 9, by_week: 2 }]);

  // Asked again only after a while; nothing is fetched twice.
  tlc.asked.length = 0;
  tlc.files.set(path("2023-03"), await month(rig, "2023-03"));
  await up(rig, env);
  assert.deepEqual(tlc.asked, []);
  now("2023-04-10T13:00:00Z");
  await up(rig, env);
  assert.deepEqual(tlc.asked, [path("2023-03")]);
  assert.deepEqual(await trips(), [{ manhattan: 3, weeks: 13, by_week: 3 }]);
  assert.deepEqual(await certain(rig, env), []);

  // A month later there is another month.
  now("2023-05-02T12:00:00Z");
  assert.ok((await certain(rig, env)).includes("taxi_trips_file[2023-04] missing"));
});

Deno.test("demo: a web page instead of a month is told, and what was there stays", async () => {
  await using tlc = await publisher();
  await using rig = await taxiRig();
  hurry(rig);
  const env = {
    TAXI_SOURCE: "tlc",
    TAXI_TO: "2023-01",
    TAXI_TRIPS_URL: tlc.address,
    TAXI_ZONES_URL: `${tlc.address}/zones`,
  };
  const name = "/yellow_tripdata_2023-01.parquet";
  tlc.files.set("/zones", new TextEncoder().encode(ZONES));
  tlc.files.set(name, await month(rig, "2023-01"));
  await up(rig, env);

  tlc.files.set(name, new TextEncoder().encode("<html><title>Sorry</title></html>"));
  const page = await rig.run(["run", "taxi_trips_file"], { env });
  assert.equal(page.code, 1);
  assert.match(page.stderr.replace(/\s+/g, " "), /is a web page or XML, not Parquet: "Sorry"/);
  assert.deepEqual(await rowsOf(rig, "select count(*) as n from taxi_trips_file", env), [{ n: 1 }]);
});
