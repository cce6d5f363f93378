/**
 * The project as defined: from the cache what has not changed, anew what has (`rebuild.ts`, loaded only then), linked
 * to one definition. Tells all problems at once, root causes first.
 */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { digestAll } from "../core/digest.ts";
import { envDigest } from "../core/read_digest.ts";
import type { Describer, Loaded, Loader } from "../ports/loader.ts";
import type { Problem } from "../core/problem/problem.ts";
import { ProblemError } from "../core/problem/problem.ts";
import { type Cache, type CachedModule, readCache, type Sources, writeCache } from "./cache.ts";
import { unpackModule } from "./compact.ts";
import { CONFIG_FILES, configOf, missingVariables } from "./config.ts";
import { discover, type FoundModule, noAssets } from "./discover.ts";
import { type Environment, projectEnvironment } from "./environment.ts";
import { FileDigests } from "./file_digests.ts";
import { link } from "./link.ts";
import type { Rebuilt } from "./rebuild.ts";
import { inOrder } from "./problem_order.ts";
import { lineOf } from "./source_text.ts";

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

/** What one look at the project found; shared with `rebuild.ts`. */
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

export function createLoader(options: LoaderOptions): Loader {
  return { load: () => load(options) };
}

const NOTHING_BROKEN = { broken: [], suspects: new Map<string, string>(), loose: [] };

type Answer = Awaited<ReturnType<Loader["load"]>>;

async function load(options: LoaderOptions): Promise<Answer> {
  const { project, version } = options;
  const folder = options.cacheDir ?? join(project, ".nycflow", "cache");
  const { env, problems } = projectEnvironment(project, options.env);
  const found = discover(project);
  const look = lookAt(options, env, found.modules, readCache(folder, version));
  const { cache } = look;
  const unchanged = cache !== null && look.configIsFresh &&
    look.fresh.size === found.modules.length &&
    Object.keys(cache.modules).length === found.modules.length;
  const before: readonly Problem[] = [...problems, ...found.problems];

  if (unchanged) {
    const known = before.length === 0 && cache.fingerprint !== null;
    const answer = conclude(look, cache, NOTHING_BROKEN, before, found.exists, known, true);
    const fingerprint = answer.ok ? answer.value.fingerprint : null;
    if (look.files.changed || fingerprint !== cache.fingerprint) {
      writeCache(folder, version, { ...cache, ...kept(look), fingerprint });
    }
    return answer;
  }
  const { rebuild } = await import("./rebuild.ts");
  try {
    const made = await rebuild(look);
    const next: Cache = {
      ...kept(look),
      ...made.cache,
      packages: look.packages,
      fingerprint: null,
    };
    const answer = conclude(
      look,
      next,
      made,
      [...before, ...made.problems],
      found.exists,
      false,
      false,
    );
    writeCache(folder, version, {
      ...next,
      fingerprint: answer.ok ? answer.value.fingerprint : null,
    });
    return answer;
  } catch (error) {
    // The runner itself does not work; what it could not describe is not known.
    if (error instanceof ProblemError) {
      return { ok: false, error: inOrder([...before, ...error.problems]) };
    }
    throw error;
  }
}

function kept(look: Look): Pick<Cache, "at" | "files"> {
  return { at: look.files.at, files: look.files.entries() };
}

function lookAt(
  options: LoaderOptions,
  env: Environment,
  modules: readonly FoundModule[],
  cache: Cache | null,
): Look {
  const { project } = options;
  const salt = options.salt ?? "";
  const now = (options.now ?? Date.now)();
  const files = new FileDigests(project, cache?.files ?? [], cache?.at ?? 0, now);
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
  const fresh = new Map<string, CachedModule>();
  for (const { file, kind } of modules) {
    const cached = cache?.modules[file];
    if (cached === undefined || (kind === "typescript" && !samePackages)) continue;
    if (holds(cached, file)) fresh.set(file, cached);
  }
  const known = cache?.config ?? null;
  const configIsFresh = cache !== null &&
    (config === null
      ? known === null
      : known !== null && known.file === config && samePackages && holds(known, config));
  return { options, salt, env, files, modules, config, packages, cache, fresh, configIsFresh };
}

/** From all modules' drafts to the answer. `known`: this very content was linked before without a problem. */
function conclude(
  look: Look,
  cache: Cache,
  failed: Pick<Rebuilt, "broken" | "suspects" | "loose">,
  problems: readonly Problem[],
  exists: boolean,
  known: boolean,
  cached: boolean,
): Answer {
  const { project } = look.options;
  const config = configOf(cache.config?.options ?? {}, project);
  const drafts = Object.entries(cache.modules).map(([file, { draft }]) =>
    unpackModule(draft, file)
  );
  const texts = new Map<string, string>();
  const linked = link({
    drafts,
    broken: failed.broken,
    loose: failed.loose,
    mayBeBroken: (name) => mentions(failed.suspects, name),
    timezone: config.timezone,
    settings: new Set(Object.keys(config.settings)),
    defaults: config.defaults,
    source: (file, line) => {
      const text = texts.get(file) ?? look.files.text(file) ?? "";
      texts.set(file, text);
      return lineOf(text, line);
    },
    known,
  });
  const all = [...problems, ...linked.problems];
  if (all.length === 0 && linked.assets.length === 0) {
    all.push(noAssets(exists, look.modules.length));
  }
  if (all.length > 0) return { ok: false, error: inOrder(all) };
  const { defaults: _defaults, ...definition } = config;
  const value: Loaded = {
    project: {
      ...definition,
      name: definition.name === "" ? basename(project) : definition.name,
      assets: linked.assets,
      schedules: drafts.flatMap((each) => each.schedules),
      sensors: drafts.flatMap((each) => each.sensors),
    },
    fingerprint: known && cache.fingerprint !== null
      ? cache.fingerprint
      : fingerprintOf(look, cache),
    warnings: missingVariables(cache.config?.options ?? {}, look.env),
    cached,
  };
  return { ok: true, value };
}

function mentions(suspects: ReadonlyMap<string, string>, name: string): boolean {
  const word = name.slice(name.lastIndexOf(".") + 1).replace(/[^\p{L}\p{N}_]/gu, "");
  if (word === "") return false;
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])${word}(?![\\p{L}\\p{N}_])`, "iu");
  return [...suspects.values()].some((text) => pattern.test(text));
}

/** Of all that the definitions were made from: contents by file, variables by name, packages, nycflow. */
function fingerprintOf(look: Look, cache: Cache): string {
  const of = (name: string, sources: Sources): readonly (string | null)[] => [
    name,
    sources.digest,
    ...(sources.imports ?? []).flat(),
    ...(sources.env ?? []).flat(),
  ];
  const modules = Object.entries(cache.modules).sort(([a], [b]) => a < b ? -1 : 1);
  return digestAll([
    look.options.version,
    cache.packages,
    ...(cache.config === null ? [] : of(cache.config.file, cache.config)),
    ...modules.flatMap(([file, module]) => of(file, module)),
  ]);
}
