/**
 * The definition cache: what each module said when it was last looked at, and from which contents. A project that
 * has not changed is answered from here without the runner and without DuckDB. Losing it costs time only, so a broken
 * one is ignored and one that cannot be written is done without.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { JsonObject } from "../core/json.ts";
import type { PackedModule } from "./compact.ts";
import type { FileEntry } from "./file_digests.ts";

const FILE = "definitions.json";
/** Raised with every change of what is kept or of how it is made. */
const FORMAT = 1;

/** What a module was made from, besides itself: contents by path, variables by name. */
export interface Sources {
  readonly digest: string;
  readonly imports?: readonly (readonly [path: string, digest: string | null])[];
  readonly env?: readonly (readonly [name: string, digest: string | null])[];
}

export interface CachedModule extends Sources {
  readonly draft: PackedModule;
}

export interface CachedConfig extends Sources {
  readonly file: string;
  /** Validated, in the one spelling. */
  readonly options: JsonObject;
}

export interface Cache {
  readonly at: number;
  readonly files: readonly FileEntry[];
  readonly modules: Readonly<Record<string, CachedModule>>;
  readonly config: CachedConfig | null;
  /** Digest of the lock files. */
  readonly packages: string;
  /** The fingerprint of the whole, where all of it was valid together; else null. */
  readonly fingerprint: string | null;
}

/** The cache as it was kept by the same version of nycflow; null where there is none of use. */
export function readCache(folder: string, version: string): Cache | null {
  try {
    const kept = JSON.parse(readFileSync(join(folder, FILE), "utf8")) as {
      readonly key?: string;
      readonly cache?: Cache;
    };
    // It is written whole or not at all, so what bears the key has the form.
    return kept.key === keyOf(version) ? kept.cache ?? null : null;
  } catch {
    return null;
  }
}

/** Keeps it, at once or not at all. */
export function writeCache(folder: string, version: string, cache: Cache): void {
  const part = join(folder, `${FILE}.${process.pid}.${Math.random().toString(36).slice(2)}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(part, JSON.stringify({ key: keyOf(version), cache }));
    renameSync(part, join(folder, FILE));
  } catch {
    // A read-only project works without.
    try {
      rmSync(part, { force: true });
    } catch {
      // Then there is nothing to remove either.
    }
  }
}

function keyOf(version: string): string {
  return `nycflow ${version}, format ${FORMAT}`;
}
