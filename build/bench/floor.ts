// The floors: programs that do the same writing as nycflow and nothing else, in the same runtime. Run from source or
// compiled; the first argument says which floor.
//
//   chain N FOLDER            COPY, fsyncs and commits of a chain of N small tables
//   pipeline SOURCE FOLDER    the taxi pipeline: the queries of the demo's assets, COPY and fsyncs, one script
//   native SOURCE FOLDER      the same queries as native tables in one DuckDB file
//   generate FOLDER N         three months of N yellow trips each, and the zones, as the TLC names its files
//
// FOLDER must not exist. `QUERIES` names a JSON file with the pipeline's queries (build/bench/pipeline.ts).

import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import type { DuckDBConnection } from "@duckdb/node-api";
import { VERSION } from "../../src/core/product.ts";
import { prepareDuckDb } from "../../src/host/duckdb_library.ts";
import { chainName, chainSql } from "./projects.ts";
import type { Queries } from "./pipeline.ts";

const [what, ...args] = process.argv.slice(2);
switch (what) {
  case "--version":
    console.log(VERSION);
    break;
  case "chain":
    await chain(Number(args[0]), args[1]!);
    break;
  case "pipeline":
    await pipeline(args[0]!, args[1]!);
    break;
  case "native":
    await native(args[0]!, args[1]!);
    break;
  case "generate":
    await generate(args[0]!, Number(args[1]));
    break;
  default:
    throw new Error(`no floor ${what}`);
}
process.exit(0);

async function open(file: string, settings: Record<string, string>): Promise<DuckDBConnection> {
  await prepareDuckDb();
  const { DuckDBInstance } = await import("@duckdb/node-api");
  return await (await DuckDBInstance.create(file, settings)).connect();
}

/** What anybody would set who has measured once. */
const COPYING = { preserve_insertion_order: "false" };

async function chain(length: number, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const connection = await open(":memory:", COPYING);
  const state = new DatabaseSync(join(folder, "state.db"));
  state.exec("pragma journal_mode = wal; create table events (id integer primary key, body text)");
  const insert = state.prepare("insert into events (body) values (?)");
  const commit = (text: string, synchronous: string) => {
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
    commit(`claim ${file}`, "normal");
    const before = join(lake, chainName(at - 1), "_", "0.parquet");
    const sql = chainSql(at).replace(/ from s\d+$/, ` from read_parquet('${before}')`);
    await connection.run(`copy (${sql}) to '${file}' (format parquet)`);
    for (const path of [file, own, dirname(own), lake]) sync(path);
    commit(`published ${file}`, "full");
  }
  state.close();
}

async function pipeline(source: string, folder: string): Promise<void> {
  const connection = await open(":memory:", COPYING);
  const queries = readQueries();
  mkdirSync(folder, { recursive: true });
  await connection.run("set TimeZone = 'America/New_York'");
  const trips = queries.months.map(({ key }) => join(folder, `taxi_trips_${key}.parquet`));
  const copy = async (sql: string, file: string) => {
    await connection.run(`copy (${sql}) to '${file}' (format parquet)`);
    sync(file);
    sync(folder);
  };
  await copy(queries.zones(source), join(folder, "taxi_zones.parquet"));
  for (const [at, month] of queries.months.entries()) {
    await copy(month.sql(source), trips[at]!);
  }
  const table = `read_parquet([${trips.map((each) => `'${each}'`).join(", ")}])`;
  const zones = `read_parquet('${join(folder, "taxi_zones.parquet")}')`;
  for (const [at, week] of queries.weeks.entries()) {
    const months = queries.months.flatMap((month, at) => week.months.includes(month.key) ? [trips[at]] : []);
    const read = `read_parquet([${months.map((each) => `'${each}'`).join(", ")}])`;
    await copy(week.sql(read), join(folder, `trips_by_week_${at}.parquet`));
  }
  await copy(queries.stats(table, zones), join(folder, "manhattan_stats.parquet"));
}

async function native(source: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const connection = await open(join(folder, "taxi.duckdb"), {});
  const queries = readQueries();
  await connection.run("set TimeZone = 'America/New_York'");
  await connection.run(`create table taxi_zones as ${queries.zones(source)}`);
  for (const [at, month] of queries.months.entries()) {
    const verb = at === 0 ? "create table taxi_trips as" : "insert into taxi_trips";
    await connection.run(`${verb} ${month.sql(source)}`);
  }
  for (const [at, week] of queries.weeks.entries()) {
    const verb = at === 0 ? "create table trips_by_week as" : "insert into trips_by_week";
    await connection.run(`${verb} ${week.sql("taxi_trips")}`);
  }
  await connection.run(
    `create table manhattan_stats as ${queries.stats("taxi_trips", "taxi_zones")}`,
  );
  await connection.run("checkpoint");
}

function readQueries(): Queries {
  throw new Error("x");
}

async function generate(folder: string, rows: number): Promise<void> {
}

function sync(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
