/**
 * The project as defined: from the cache what has not changed, anew what has (`rebuild.ts`, loaded only then), linked
 * to one definition. Tells all problems at once, root causes first.
 */
import { basename, join } from "node:path";
import { digestAll } from "../core/digest.ts";
import type { Loaded, Loader } from "../ports/loader.ts";
import type { Problem } from "../core/problem/problem.ts";
import { ProblemError } from "../core/problem/problem.ts";
import { selectProblems } from "./check_selects.ts";
import { type Cache, readCache, type Sources, writeCache } from "./cache.ts";
import { unpackModule } from "./compact.ts";
import { configOf, missingVariables, variablesOf } from "./config.ts";
import { discover, noAssets } from "./discover.ts";
import { projectEnvironment } from "./environment.ts";
import { link } from "./link.ts";
import { type LoaderOptions, type Look, lookAt } from "./look.ts";
import type { Rebuilt } from "./rebuild.ts";
import { inOrder } from "./problem_order.ts";
import { lineOf } from "./source_text.ts";

/** A loader of one project; each `load` looks at it anew. */
export function createLoader(options: LoaderOptions): Loader {
  return { load: () => load(options) };
}

const NOTHING_BROKEN = { broken: [], suspects: new Map<string, string>(), loose: [] };

type Answer = Awaited<ReturnType<Loader["load"]>>;

async function load(options: LoaderOptions): Promise<Answer> {
  const { project, version } = options;
  const folder = options.cacheDir ?? join(project, ".nycflow", "cache");
  const { env: set, problems } = projectEnvironment(project, options.env);
  // Before anything is looked at: what changes from now on is not in what is kept.
  const now = (options.now ?? Date.now)();
  const found = discover(project);
  const known = readCache(folder, version);
  const env = { ...variablesOf(known?.config?.options ?? {}), ...set };
  const look = lookAt(options, env, found, known, now);
  const { cache } = look;
  const unchanged = cache !== null && look.configIsFresh &&
    look.fresh.size === found.modules.length &&
    Object.keys(cache.modules).length === found.modules.length;
  const before: readonly Problem[] = [...problems, ...found.problems];

  if (unchanged) {
    const linked = before.length === 0 && cache.fingerprint !== null;
    const answer = conclude(look, cache, NOTHING_BROKEN, before, found.exists, linked, true);
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
  const source = (file: string, line: number) => {
    const text = texts.get(file) ?? look.files.text(file) ?? "";
    texts.set(file, text);
    return lineOf(text, line);
  };
  const linked = link({
    drafts,
    broken: failed.broken,
    loose: failed.loose,
    mayBeBroken: (name) => mentions(failed.suspects, name),
    timezone: config.timezone,
    settings: new Set(Object.keys(config.settings)),
    defaults: config.defaults,
    source,
    known,
  });
  const all = [...problems, ...linked.problems];
  if (all.length === 0 && !known) {
    const selecting = drafts.flatMap((each) => [...each.schedules, ...each.sensors]);
    all.push(...selectProblems(linked.assets, selecting, source));
  }
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
    warnings: missingVariables(
      cache.config?.options ?? {},
      look.env,
      () => look.config === null ? null : look.files.text(look.config),
    ),
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
