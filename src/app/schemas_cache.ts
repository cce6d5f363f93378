/**
 * Columns that were found by binding, beside the definition cache: by what they were found from. Losing it costs time
 * only, so a broken one is ignored and one that cannot be written is done without.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Known } from "../core/compile.ts";
import { VERSION } from "../core/product.ts";

const FILE = "schemas.json";
/** Raised with every change of what is kept, or of how columns are found. */
const KEY = `nycflow ${VERSION}, format 1`;

/** By asset: what it was bound from, and its columns. */
export type Schemas = Readonly<Record<string, readonly [key: string, columns: Known]>>;

export function readSchemas(project: string): Schemas {
  try {
    const kept = JSON.parse(readFileSync(join(folderOf(project), FILE), "utf8")) as {
      readonly key?: string;
      readonly schemas?: Schemas;
    };
    return kept.key === KEY ? kept.schemas ?? {} : {};
  } catch {
    return {};
  }
}

/** Keeps them, at once or not at all. */
export function writeSchemas(project: string, schemas: Schemas): void {
  const folder = folderOf(project);
  const part = join(folder, `${FILE}.${process.pid}.${Math.random().toString(36).slice(2)}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(part, JSON.stringify({ key: KEY, schemas }));
    renameSync(part, join(folder, FILE));
  } catch {
    // A project that may not be written works without.
    try {
      rmSync(part, { force: true });
    } catch {
      // Where it cannot be written, there is none.
    }
  }
}

function folderOf(project: string): string {
  return join(project, ".nycflow", "cache");
}
