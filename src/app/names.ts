/**
 * What can be named in a project, for completion: answered from the definition cache and the state store. Never starts
 * a runner and never complains: what cannot be known quickly is left out.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { AssetDefinition } from "../core/definition.ts";
import { foldName } from "../core/key.ts";
import { makeLayout } from "../core/layout_make.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { VERSION } from "../core/product.ts";
import type { Loaded } from "../ports/loader.ts";
import { relativeTime } from "../term/duration.ts";
import type { Session } from "./session.ts";

export interface NamedAsset {
  readonly key: string;
  readonly description: string;
  readonly group: string;
  readonly tags: readonly string[];
  readonly owner: string;
  readonly kind: string;
}

export interface Names {
  assets(): Promise<readonly NamedAsset[]>;
  /** Partition keys, newest first; of the named assets where any of these is one, else of all. */
  partitions(assets: readonly string[]): Promise<readonly string[]>;
  /** Newest first, by the short id. */
  runs(): Promise<readonly { readonly value: string; readonly about: string }[]>;
  environments(): Promise<readonly string[]>;
  /** Schedules, and assets with one of their own. */
  schedules(): Promise<readonly string[]>;
  sensors(): Promise<readonly string[]>;
  templates(): Promise<readonly string[]>;
  /** Names of the settings that the named assets take. */
  settings(assets: readonly string[]): Promise<readonly string[]>;
}

/** More than these nobody reads. */
const MOST_KEYS = 400;
const MOST_RUNS = 20;

/** The names of one project; null for a place that is none. */
export function namesOf(session: Session | null): Names {
  if (session === null) return NO_NAMES;
  let loaded: Promise<Loaded | null> | null = null;
  const load = () => loaded ??= quickLoad(session);
  return {
    async assets() {
      const known = await load();
      const defs = known === null ? await draftsOf(session) : known.project.assets;
      return defs.map(({ key, description, group, tags, owner, kind }) => ({
        key,
        description: description.split("\n", 1)[0] ?? "",
        group,
        tags,
        owner,
        kind,
      })).sort((a, b) => a.key < b.key ? -1 : 1);
    },
    async partitions(assets) {
      const known = await load();
      if (known === null) return [];
      const state = await (await session.store()).load();
      const layout = makeLayout(known.project, state, session.host.clock.now());
      if (!layout.ok) return [];
      const wanted = named(known.project.assets, assets);
      const keys = new Set<string>();
      for (const { key } of wanted.length > 0 ? wanted : known.project.assets) {
        for (const partition of layout.value.keys(key).slice(-MOST_KEYS)) {
          if (partition !== "") keys.add(partition);
        }
      }
      return [...keys].sort().reverse().slice(0, MOST_KEYS);
    },
    async runs() {
      const now = session.host.clock.now();
      const runs = await (await session.store()).runs({ limit: MOST_RUNS });
      return runs.map((run) => ({
        value: run.run.slice(-6),
        about: `${run.trigger} ${run.state}, ${
          relativeTime(run.startedAt ?? run.requestedAt, now)
        }`,
      }));
    },
    environments: () =>
      Promise.resolve(["prod", ...foldersIn(join(session.project, ".nycflow/env"))]),
    async schedules() {
      const known = await load();
      if (known === null) return [];
      const own = known.project.assets.filter((def) => def.schedule !== null);
      return [...known.project.schedules.map(({ name }) => name), ...own.map(({ key }) => key)]
        .sort();
    },
    async sensors() {
      const known = await load();
      return known?.project.sensors.map(({ name }) => name).sort() ?? [];
    },
    templates,
    async settings(assets) {
      const known = await load();
      if (known === null) return [];
      const wanted = named(known.project.assets, assets);
      return [...new Set(wanted.flatMap((def) => settingsOf(def)))].sort();
    },
  };
}

async function templates(): Promise<readonly string[]> {
  const { TEMPLATES } = await import("../host/templates.ts");
  return [...Object.keys(TEMPLATES), "empty"];
}

const NO_NAMES: Names = {
  assets: () => Promise.resolve([]),
  partitions: () => Promise.resolve([]),
  runs: () => Promise.resolve([]),
  environments: () => Promise.resolve([]),
  schedules: () => Promise.resolve([]),
  sensors: () => Promise.resolve([]),
  templates,
  settings: () => Promise.resolve([]),
};

/** From the cache alone: what would have to be described is refused. */
async function quickLoad(session: Session): Promise<Loaded | null> {
  const { createLoader } = await import("../loader/load.ts");
  const refused = problem("runner-failed", { message: "Not for a completion" });
  const found = await createLoader({
    project: session.project,
    describer: { describe: () => Promise.reject(new ProblemError(refused)) },
    env: session.host.env,
    version: VERSION,
    salt: await session.salt(),
  }).load();
  return found.ok ? found.value : null;
}

/** What the modules said when they were last looked at, though some have been edited since. */
async function draftsOf(session: Session): Promise<readonly AssetDefinition[]> {
  const { readCache } = await import("../loader/cache.ts");
  const { unpackModule } = await import("../loader/compact.ts");
  const cache = readCache(join(session.project, ".nycflow", "cache"), VERSION);
  return Object.entries(cache?.modules ?? {}).flatMap(([file, { draft }]) =>
    unpackModule(draft, file).assets.map((each) => each.definition)
  );
}

function named(
  defs: readonly AssetDefinition[],
  words: readonly string[],
): readonly AssetDefinition[] {
  const wanted = new Set(
    words.flatMap((word) => word.split(/[^\p{L}\p{N}\p{M}_]+/u)).map(foldName),
  );
  return defs.filter((def) => wanted.has(foldName(def.key)));
}

function settingsOf({ config }: AssetDefinition): readonly string[] {
  const properties = config?.schema?.["properties"];
  const declared = typeof properties === "object" && properties !== null ? properties : {};
  return [...Object.keys(config?.defaults ?? {}), ...Object.keys(declared)];
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter((each) => each.isDirectory())
      .map((each) => each.name);
  } catch {
    return [];
  }
}
