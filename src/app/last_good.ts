/**
 * The last definitions that were right, kept by an `up` that stays: a broken edit does not stop what is already
 * running by itself. Queries are kept with them; code is not, so assets of modules that are broken now are left out.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { VERSION } from "../core/product.ts";
import type { Problem } from "../core/problem/problem.ts";
import type { Loaded } from "../ports/loader.ts";

/** The variable by which a child is told to use them: the file's path. */
export const LAST_GOOD = "NYCFLOW_LAST_GOOD";

interface Kept {
  /** Of nycflow: another reads definitions in another way. */
  readonly version: string;
  readonly loaded: Loaded;
}

export function readKept(file: string): Loaded {
  return (JSON.parse(readFileSync(file, "utf8")) as Kept).loaded;
}

/** What an earlier process has kept; null where there is nothing that this one can use. */
export function findKept(file: string): Loaded | null {
  try {
    const kept = JSON.parse(readFileSync(file, "utf8")) as Partial<Kept>;
    return kept.version === VERSION ? kept.loaded ?? null : null;
  } catch {
    return null;
  }
}

/** Writes them, at once. */
export function keep(file: string, loaded: Loaded): void {
  mkdirSync(dirname(file), { recursive: true });
  const kept: Kept = { version: VERSION, loaded };
  writeFileSync(`${file}.part`, JSON.stringify(kept));
  renameSync(`${file}.part`, file);
}

/** Assets whose code is in a module that is broken now. */
export function brokenAssets(loaded: Loaded, problems: readonly Problem[]): readonly string[] {
  const files = new Set(problems.flatMap(({ where }) => where?.file ?? []));
  return loaded.project.assets.filter(({ origin, sources }) =>
    /\.[cm]?[jt]sx?$/.test(origin.file) &&
    (files.has(origin.file) || (sources ?? []).some((file) => files.has(file)))
  ).map(({ key }) => key);
}
