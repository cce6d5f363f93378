/** One look at a project: which of its modules the cache still knows. Opens only what cannot be told by its times. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { digestAll } from "../core/digest.ts";
import { envDigest } from "../core/read_digest.ts";
import type { Describer } from "../ports/loader.ts";
import type { Cache, CachedModule, Sources } from "./cache.ts";
import { CONFIG_FILES } from "./config.ts";
import type { Discovered, FoundModule } from "./discover.ts";
import type { Environment } from "./environment.ts";
import { FileDigests } from "./file_digests.ts";

export interface LoaderOptions {
  /** Absolute. */
  readonly project: string;
  readonly describer: Describer;
  /** The process's environment; `.env` is read beneath it. */
  readonly env: Environment;
  /** Of nycflow: another version makes definitions anew. */
  readonly version: string;
  /** Absolute. @default `.nycflow/cache` in the project */
  readonly cacheDir?: string;
  /** The project's salt, for digests of what modules read while they are imported. */
  readonly salt?: string;
  readonly now?: () => number;
}

const LOCK_FILES = [
  "package-lock.json",
  "package.json",
  "deno.lock",
  "bun.lock",
  "bun.lockb",
  "yarn.lock",
  "pnpm-lock.yaml",
] as const;

/** What one look at the project found. */
export interface Look {
  readonly options: LoaderOptions;
  readonly salt: string;
  readonly env: Environment;
  readonly files: FileDigests;
  readonly modules: readonly FoundModule[];
  readonly config: string | null;
  /** Digest of the lock files: another one makes all that TypeScript defines anew. */
  readonly packages: string;
  readonly cache: Cache | null;
  /** Modules whose cached draft still holds. */
  readonly fresh: ReadonlyMap<string, CachedModule>;
  readonly configIsFresh: boolean;
}

export function lookAt(
  options: LoaderOptions,
  env: Environment,
  { modules, stats }: Discovered,
  cache: Cache | null,
  now: number,
): Look {
  const { project } = options;
  const salt = options.salt ?? "";
  const files = new FileDigests(project, cache?.files ?? [], cache?.at ?? 0, now, stats);
  const config = CONFIG_FILES.find((each) => existsSync(join(project, each))) ?? null;
  const hasTypeScript = config !== null || modules.some((each) => each.kind === "typescript");
  const packages = hasTypeScript
    ? digestAll(
      LOCK_FILES.map((each) => existsSync(join(project, each)) ? files.digest(each) : null),
    )
    : "";
  const holds = (sources: Sources, file: string): boolean =>
    files.digest(file) === sources.digest &&
    (sources.imports ?? []).every(([path, digest]) => files.digest(path) === digest) &&
    (sources.env ?? []).every(([name, digest]) => envDigest(env[name], salt) === digest);
  const samePackages = cache?.packages === packages;
  const known = cache?.config ?? null;
  const configIsFresh = cache !== null &&
    (config === null
      ? known === null
      : known !== null && known.file === config && samePackages && holds(known, config));
  const fresh = new Map<string, CachedModule>();
  for (const { file, kind } of modules) {
    const cached = cache?.modules[file];
    if (cached === undefined || (kind === "typescript" && !samePackages)) continue;
    // Another configuration may give other values to what it read of the environment.
    if (!configIsFresh && (cached.env ?? []).length > 0) continue;
    if (holds(cached, file)) fresh.set(file, cached);
  }
  return { options, salt, env, files, modules, config, packages, cache, fresh, configIsFresh };
}
