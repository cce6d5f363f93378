// The floors: programs that do the same writing as nycflow and nothing else, in the same runtime. Run from source or
// compiled; the first argument says which.
//
//   chain N FOLDER                   COPY, fsyncs and commits of a chain of N small tables
//   pipeline ASSETS SOURCE FOLDER    the taxi pipeline as one script: files copied, the assets' queries, COPY, fsyncs
//   native ASSETS SOURCE FOLDER      the same queries as native tables in one DuckDB file
//   hash FOLDER                      one sum of row hashes of each version in a folder of the lake
//   generate FOLDER N                three months of N yellow trips each, and the zones, named as the TLC's files
//
// FOLDER must not exist, but for `hash` and `generate`.

import {
  closeSync,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import type { DuckDBConnection } from "@duckdb/node-api";
import { demoZonesCsv } from "../../fixtures/outlines.ts";
import { demoTripsSql } from "../../fixtures/trips.ts";
import { VERSION } from "../../src/core/product.ts";
import { prepareDuckDb } from "../../src/host/duckdb_library.ts";
import { MONTHS, monthSpan, queryOf, weeks } from "./pipeline.ts";
import { chainName, chainSql } from "./projects.ts";

const [what, ...args] = process.argv.slice(2);
const [first = "", second = "", third = ""] = args;
if (what === "--version") console.log(VERSION);
else if (what === "chain") await chain(Number(first), second);
else if (what === "bare") await chain(Number(first), second, false);
else if (what === "pipeline") await pipeline(first, second, third);
else if (what === "native") await native(first, second, third);
else if (what === "hash") await hash(first);
else if (what === "generate") await generate(first, Number(second));
else throw new Error(`there is no floor ${what}`);
process.exit(0);

/** With what anybody sets who has measured once. */
async function open(file: string): Promise<DuckDBConnection> {
  await prepareDuckDb();
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(file, { preserve_insertion_order: "false" });
  const connection = await instance.connect();
  await connection.run("set TimeZone = 'America/New_York'");
  return connection;
}

/** `logged`: with a claim before and a publication after each table, as a log of one's own would have them. */
async function chain(length: number, folder: string, logged = true): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const connection = await open(":memory:");
  const state = new DatabaseSync(join(folder, "state.db"));
  state.exec("pragma journal_mode = wal; create table events (id integer primary key, body text)");
  const insert = state.prepare("insert into events (body) values (?)");
  const commit = (text: string, synchronous: string) => {
    if (!logged) return;
    state.exec(`pragma synchronous = ${synchronous}; begin immediate`);
    insert.run(text);
    state.exec("commit");
  };
  const lake = join(folder, "lake");
  mkdirSync(lake);
  for (let at = 0; at < length; at++) {
    const own = join(lake, chainName(at), "_");
    mkdirSync(own, { recursive: true });
    const file = join(own, "0.parquet");
    commit(`claimed ${file}`, "normal");
    const before = at === 0 ? "" : join(lake, chainName(at - 1), "_", "0.parquet");
    const sql = chainSql(at).replace(/ from s\d+$/, ` from read_parquet('${before}')`);
    await connection.run(`copy (${sql}) to '${file}' (format parquet)`);
    for (const path of [file, own, dirname(own), lake]) sync(path);
    commit(`published ${file}`, "full");
  }
  state.close();
}

function tripsFrom(source: string, month: string): string {
  return `read_parquet('${join(source, `yellow_tripdata_${month}.parquet`)}')`;
}

function zonesFrom(source: string): string {
  return `read_csv('${join(source, "taxi_zones.csv")}')`;
}

async function pipeline(assets: string, source: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const connection = await open(":memory:");
  const written = (name: string) => join(folder, `${name}.parquet`);
  const copy = async (sql: string, name: string) => {
    await connection.run(`copy (${sql}) to '${written(name)}' (format parquet)`);
    sync(written(name));
    sync(folder);
  };
  const read = (names: readonly string[]) =>
    `read_parquet([${names.map((each) => `'${written(each)}'`).join(", ")}])`;
  const zones = { taxi_zones_file: zonesFrom(source) };
  await copy(queryOf(assets, "tables/taxi_zones.sql", zones), "zones");
  for (const month of MONTHS) {
    // The assets publish the files as they came, so that is written too.
    const file = `yellow_tripdata_${month}.parquet`;
    copyFileSync(join(source, file), join(folder, file));
    sync(join(folder, file));
    sync(folder);
    const tables = { taxi_trips_file: tripsFrom(folder, month) };
    await copy(queryOf(assets, "tables/taxi_trips.sql", tables, monthSpan(month)), month);
  }
  for (const week of weeks()) {
    const tables = { taxi_trips: read(week.months) };
    await copy(queryOf(assets, "reports/trips_by_week.sql", tables, week), week.start);
  }
  const both = { taxi_trips: read(MONTHS), taxi_zones: read(["zones"]) };
  await copy(queryOf(assets, "reports/manhattan_stats.sql", both), "stats");
}

async function native(assets: string, source: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const connection = await open(join(folder, "taxi.duckdb"));
  const table = (name: string, sql: string, begun: boolean) =>
    connection.run(begun ? `insert into ${name} ${sql}` : `create table ${name} as ${sql}`);
  const zones = { taxi_zones_file: zonesFrom(source) };
  await table("taxi_zones", queryOf(assets, "tables/taxi_zones.sql", zones), false);
  for (const [at, month] of MONTHS.entries()) {
    const tables = { taxi_trips_file: tripsFrom(source, month) };
    const sql = queryOf(assets, "tables/taxi_trips.sql", tables, monthSpan(month));
    await table("taxi_trips", sql, at > 0);
  }
  for (const [at, week] of weeks().entries()) {
    await table("trips_by_week", queryOf(assets, "reports/trips_by_week.sql", {}, week), at > 0);
  }
  await table("manhattan_stats", queryOf(assets, "reports/manhattan_stats.sql", {}), false);
  await connection.run("checkpoint");
}

async function hash(folder: string): Promise<void> {
  const connection = await open(":memory:");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((each) => each.endsWith(".parquet"));
  if (names.length === 0) throw new Error(`there are no versions in ${folder}`);
  for (const name of names) {
    const rows = `read_parquet('${join(folder, name)}') as r`;
    await connection.runAndReadAll(`select sum(hash(r)::hugeint) from ${rows}`);
  }
}

/** The demo's month, again and again with other times and amounts, until it has as many rows as are wanted. */
async function generate(folder: string, rows: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const connection = await open(":memory:");
  for (const month of MONTHS) {
    await connection.run(
      `create or replace temp table month as ${demoTripsSql({ service: "yellow", month })}`,
    );
    const counted = await connection.runAndReadAll("select count(*) from month");
    const copies = Math.ceil(rows / Number(counted.getRows()[0]![0]));
    const again = `select * replace (
        tpep_pickup_datetime + to_seconds((hash(rowid, n) % 1800)::integer) as tpep_pickup_datetime,
        tpep_dropoff_datetime + to_seconds((hash(rowid, n) % 1800)::integer) as tpep_dropoff_datetime,
        trip_distance + (hash(n, rowid) % 100) / 100 as trip_distance,
        total_amount + (hash(n, rowid) % 500) / 100 as total_amount
      ) from month cross join range(${copies}) as copies(n) limit ${rows}`;
    const columns = "select * exclude (n) from";
    const file = join(folder, `yellow_tripdata_${month}.parquet`);
    await connection.run(`copy (${columns} (${again})) to '${file}' (format parquet)`);
  }
  writeFileSync(join(folder, "taxi_zones.csv"), demoZonesCsv());
}

function sync(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
