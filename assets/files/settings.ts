/**
 * Where the files come from, and whose cabs: TAXI_SOURCE and TAXI_SERVICE, from the environment or from `.env`.
 *
 * The assets read them by the `env` of their context, while they run. So the values are part of what was built:
 * with another source or service, what is there is out of date, and `nycflow plan` says so.
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fatal, type Files } from "nycflow";

/** The `env` of a context. */
export type Env = (name: string, fallback?: string) => string;

/** `demo` is made here, `tlc` is fetched from the TLC, and everything else names a folder. */
export function sourceIn(env: Env): "demo" | "tlc" | { readonly folder: string } {
  const value = env("TAXI_SOURCE", "demo") || "demo";
  if (value === "demo" || value === "tlc") return value;
  if (statSync(value, { throwIfNoEntry: false })?.isDirectory()) return { folder: value };
  // Another try would find the same: `fatal` is an error that is not retried.
  throw fatal(
    `TAXI_SOURCE=${value}: there is no such folder; it is demo, tlc, or a folder with files like ` +
      "yellow_tripdata_2023-01.parquet (or .csv, .csv.gz) and taxi_zones.csv, seen from the project",
  );
}

export function serviceIn(env: Env): "yellow" | "green" {
  const value = env("TAXI_SERVICE", "yellow") || "yellow";
  if (value === "yellow" || value === "green") return value;
  throw fatal(`TAXI_SERVICE=${value} is no taxi service; it is yellow or green`);
}

/**
 * The one file in `folder` that is called `name` with one of these endings; null where there is none. Looked for by
 * the context's `files`, so that a file that comes later is a reason to run, as one that changes is.
 */
export function fileIn(
  files: Pick<Files, "exists">,
  folder: string,
  name: string,
  endings: readonly string[],
): string | null {
  const found = endings.map((ending) => `${name}${ending}`)
    .filter((file) => files.exists(join(folder, file)));
  if (found.length > 1) {
    throw fatal(`${folder} has ${found.join(" and ")}; keep one of them, or it is a guess`);
  }
  return found[0] === undefined ? null : join(folder, found[0]);
}

/** What to say where a file is missing: what was looked for, and what is there, its like first. */
export function missingIn(folder: string, wanted: string): Error {
  const alike = (file: string) => file.startsWith(wanted.slice(0, wanted.indexOf("_") + 1));
  const files = readdirSync(folder).filter((file) => /\.(parquet|csv|csv\.gz)$/.test(file))
    .sort((a, b) => Number(alike(b)) - Number(alike(a)) || (a < b ? -1 : 1));
  const more = files.length > 4 ? `, and ${files.length - 4} more` : "";
  const there = files.length === 0 ? "no such files at all" : files.slice(0, 4).join(", ") + more;
  return fatal(`TAXI_SOURCE=${folder} has no ${wanted}; there is ${there}`);
}
