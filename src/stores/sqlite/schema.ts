/**
 * The tables of the state store, and how one version of them becomes the next.
 *
 * `user_version` is the schema's number, `application_id` says that the file is ours. A migration is added to
 * the end and never changed; a copy of the file is kept beside before any runs.
 */
import { existsSync, renameSync, rmSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { VERSION } from "../../core/product.ts";
import { ProblemError } from "../../core/problem/problem.ts";
import { damagedProblem, newerProblem } from "./errors.ts";

/** "nycf", as SQLite wants it: a number in the file's header. */
export const APPLICATION_ID = 0x6e796366;

/** Each takes the schema from its index to the next; run inside one write transaction. */
export const MIGRATIONS: readonly string[] = [
  `
  create table events (
    id integer primary key,
    at integer not null,
    kind text not null,
    run text,
    asset text,
    partition text,
    body text not null
  ) strict;
  create index events_of_run on events (run) where run is not null;
  create index events_of_step on events (asset, partition) where asset is not null;

  -- published, rest: see head_row.ts
  create table heads (
    asset text not null,
    partition text not null,
    since integer not null,
    event integer not null,
    published text,
    rest text,
    unique (asset, partition)
  ) strict;

  -- what many heads have in common; ids are never used again
  create table parts (
    id integer primary key autoincrement,
    body text not null unique
  ) strict;

  create table claims (
    asset text not null,
    partition text not null,
    event integer not null,
    body text not null,
    primary key (asset, partition)
  ) strict, without rowid;

  create table runs (
    run text primary key,
    state text not null,
    requested_at integer not null,
    ended_at integer,
    body text not null
  ) strict, without rowid;
  create index runs_open on runs (run) where ended_at is null;
  create index runs_by_time on runs (requested_at);

  create table exports (
    asset text not null,
    partition text not null,
    event integer not null,
    body text not null,
    primary key (asset, partition)
  ) strict, without rowid;

  create table facts (
    name text primary key,
    event integer not null,
    at integer not null,
    value text not null
  ) strict, without rowid;

  create table meta (
    name text primary key,
    value text not null
  ) strict, without rowid;
  `,
];

/** Reads the file's version; throws a problem where it is newer than this program, or not ours at all. */
export function checkVersion(
  db: DatabaseSync,
  file: string,
  migrations: readonly string[] = MIGRATIONS,
): number {
  const found = numberOf(db, "pragma user_version");
  if (found === 0 || numberOf(db, "pragma application_id") !== APPLICATION_ID) {
    throw new ProblemError(damagedProblem(file, "it is no state store of nycflow"));
  }
  if (found > migrations.length) {
    throw new ProblemError(newerProblem(file, found, migrations.length, writtenBy(db)));
  }
  return found;
}

/** Makes the tables in an empty database. */
export function createSchema(
  db: DatabaseSync,
  migrations: readonly string[] = MIGRATIONS,
): void {
  db.exec(`begin immediate; pragma application_id = ${APPLICATION_ID};`);
  for (const migration of migrations) db.exec(migration);
  sign(db, migrations.length);
  db.exec("commit");
}

/** Brings an older file up to date, once, whoever comes first; a copy is kept as `FILE.vN-before-vM`. */
export function upgrade(
  db: DatabaseSync,
  file: string,
  migrations: readonly string[] = MIGRATIONS,
): void {
  const from = checkVersion(db, file, migrations);
  if (from === migrations.length) return;
  const copy = `${file}.v${from}-before-v${migrations.length}`;
  if (!existsSync(copy)) {
    const part = `${copy}.${process.pid}`;
    rmSync(part, { force: true });
    db.prepare("vacuum into ?").run(part);
    renameSync(part, copy);
  }
  db.exec("begin immediate");
  try {
    // Somebody else may have been faster.
    const now = checkVersion(db, file, migrations);
    for (const migration of migrations.slice(now)) db.exec(migration);
    sign(db, migrations.length);
    db.exec("commit");
  } catch (error) {
    db.exec("rollback");
    throw error;
  }
}

function sign(db: DatabaseSync, version: number): void {
  db.exec(`pragma user_version = ${version}`);
  const put = db.prepare("insert or replace into meta (name, value) values (?, ?)");
  put.run("schema", String(version));
  put.run("writtenBy", VERSION);
}

function writtenBy(db: DatabaseSync): string {
  try {
    const row = db.prepare("select value from meta where name = 'writtenBy'").get();
    return typeof row?.["value"] === "string" ? row["value"] : "a later version";
  } catch {
    return "a later version";
  }
}

function numberOf(db: DatabaseSync, sql: string): number {
  const value = Object.values(db.prepare(sql).get() ?? {})[0];
  return typeof value === "number" ? value : 0;
}
