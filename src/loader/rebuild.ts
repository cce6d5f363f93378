/**
 * Makes anew what the cache does not know: reads headers, asks the runner to describe modules and to parse SQL, and
 * drafts what came back. One conversation with the runner where it will do; none where only data files changed.
 */
import type { AssetDefinition } from "../core/definition.ts";
import { envDigest } from "../core/read_digest.ts";
import { type AssetKey, parseAssetKey } from "../core/key.ts";
import { type Problem, problem } from "../core/problem/problem.ts";
import type { DescribedModule, ParsedSql } from "../ports/loader.ts";
import type { Cache, CachedConfig, CachedModule, Sources } from "./cache.ts";
import { packModule } from "./compact.ts";
import { variablesOf } from "./config.ts";
import { readConfig } from "./read_config.ts";
import { type FoundModule, unreadable } from "./discover.ts";
import { type ModuleDraft, NOTHING } from "./draft.ts";
import type { LinkInput } from "./link.ts";
import { localImports } from "./local_imports.ts";
import type { Look } from "./look.ts";
import { draftModule, modulePieces, namedIn } from "./module_asset.ts";
import { normalise } from "./normalise.ts";
import { type FailedImport, toldOnce } from "./told_once.ts";
import { draftOf, draftSql, type ReadSql, readSql } from "./sql_asset.ts";

export interface Rebuilt {
  readonly cache: Pick<Cache, "modules" | "config">;
  readonly problems: readonly Problem[];
  /** For each asset whose definition could not be made, one that holds its name. */
  readonly broken: readonly AssetDefinition[];
  /** Texts of modules that could not be described: whatever they name may be what they define. */
  readonly suspects: ReadonlyMap<string, string>;
  /** What the queries read of those assets whose headers could not be used. */
  readonly loose: LinkInput["loose"];
}

export async function rebuild(look: Look): Promise<Rebuilt> {
  const { files, fresh, modules } = look;
  const made = new Map<string, CachedModule>(fresh);
  const problems: Problem[] = [];
  const broken: AssetDefinition[] = [];
  const suspects = new Map<string, string>();
  const loose: LinkInput["loose"][number][] = [];

  const keyOf = (module: FoundModule): AssetKey | null => {
    const parsed = parseAssetKey(module.name);
    if (parsed.ok) return parsed.value;
    problems.push({ ...parsed.error, where: { file: module.file } });
    return null;
  };

  const queries: ReadSql[] = [];
  const changed: FoundModule[] = [];
  const byFile = new Map(modules.map((each) => [each.file, each]));
  for (const module of modules) {
    if (fresh.has(module.file)) continue;
    if (module.kind === "typescript") changed.push(module);
    else if (module.kind === "sql") {
      const key = keyOf(module);
      const text = files.text(module.file);
      if (text === null) {
        problems.push(unreadable(module.file, files.errorOf(module.file)));
        if (key !== null) broken.push(placeholder(key, module.file));
      } else if (key !== null) {
        queries.push(await readSql({ file: module.file, text, key, group: module.group }));
      }
    } else {
      const key = keyOf(module);
      const digest = files.digest(module.file);
      if (digest === null) {
        problems.push(unreadable(module.file, files.errorOf(module.file)));
        if (key !== null) broken.push(placeholder(key, module.file));
      } else if (key !== null) {
        made.set(module.file, { digest, draft: packModule(dataDraft(module, key, digest)) });
      }
    }
  }

  const asked = withTheirImports(look, changed, byFile);
  const config = look.configIsFresh ? null : look.config;
  // Read before it is described: if it changes meanwhile, its digest will not fit, and it is described again.
  if (config !== null) files.text(config);
  const texts: Record<string, string> = {};
  for (const query of queries) for (const piece of query.pieces) texts[piece.id] = piece.sql;
  const { describer, project } = look.options;
  const answer = asked.length + Object.keys(texts).length > 0 || config !== null
    ? await describer.describe({
      project,
      modules: asked.map((each) => each.file),
      config,
      variables: variablesOf(look.cache?.config?.options ?? {}),
      sql: texts,
    })
    : { modules: [], sql: {} };

  for (const query of queries) {
    const { file, key } = query.source;
    const { draft, tables, problems: found } = draftSql(query, answer.sql);
    problems.push(...found);
    const digest = files.digest(file);
    if (draft === null) {
      broken.push(placeholder(key, file));
      loose.push({ key, file, references: tables });
    } else if (digest !== null) {
      made.set(file, { digest, draft: packModule({ ...NOTHING, assets: [draft] }) });
    }
  }

  const described = new Map(answer.modules.map((each) => [each.file, each]));
  const pieces = asked.flatMap((each) => {
    const found = described.get(each.file);
    return found === undefined ? [] : modulePieces(found);
  });
  const parsed: Readonly<Record<string, ParsedSql>> = pieces.length === 0 ? {} : (await describer
    .describe({
      project,
      modules: [],
      config: null,
      sql: Object.fromEntries(pieces.map((each) => [each.id, each.sql])),
    })).sql;
  const failed: FailedImport[] = [];
  for (const module of asked) {
    const found = described.get(module.file);
    const text = files.text(module.file);
    made.delete(module.file);
    if (text === null) {
      problems.push(unreadable(module.file, files.errorOf(module.file)));
      continue;
    }
    if (found === undefined) {
      problems.push(silent(module.file));
      suspects.set(module.file, text);
      continue;
    }
    const drafted = draftModule({ ...module, text }, found, parsed);
    if (drafted.problems.length > 0) {
      if (found.problems.length > 0) failed.push({ ...module, problems: drafted.problems });
      else problems.push(...drafted.problems);
      // It was imported, so its names are known, whatever is wrong with what they stand for.
      if (found.problems.length === 0) {
        for (const each of namedIn({ ...module, text }, found)) {
          broken.push({ ...placeholder(each.key, module.file), origin: each.origin });
          loose.push({ key: each.key, file: module.file, references: each.references });
        }
      } else suspects.set(module.file, text);
      continue;
    }
    made.set(module.file, {
      ...sourcesOf(look, module.file, found),
      draft: packModule(drafted.draft),
    });
  }

  const settled = settleConfig(look, config, config === null ? undefined : described.get(config));
  const ofConfig = config === null ? undefined : described.get(config)?.problems;
  if (config !== null && ofConfig !== undefined && ofConfig.length > 0) {
    failed.push({ file: config, problems: settled.problems });
  } else problems.push(...settled.problems);
  const imports = (file: string) => localImports(file, files.text(file) ?? "");
  problems.push(...toldOnce(failed, imports));
  return {
    cache: {
      modules: Object.fromEntries(
        [...made].sort(([a], [b]) => a < b ? -1 : 1).filter(([file]) => byFile.has(file)),
      ),
      config: settled.config,
    },
    problems,
    broken,
    suspects,
    loose,
  };
}

function settleConfig(
  look: Look,
  asked: string | null,
  described: DescribedModule | undefined,
): { readonly config: CachedConfig | null; readonly problems: readonly Problem[] } {
  if (asked === null) {
    return { config: look.config === null ? null : look.cache?.config ?? null, problems: [] };
  }
  if (described === undefined) return { config: null, problems: [silent(asked)] };
  const { options, problems } = readConfig(described, look.files.text(asked) ?? "");
  return problems.length > 0
    ? { config: null, problems }
    : { config: { ...sourcesOf(look, asked, described), file: asked, options }, problems };
}

/**
 * The changed modules and the asset modules that they import: an asset object is known by the name under which its
 * own module exports it, so that module has to be looked at as well.
 */
function withTheirImports(
  look: Look,
  changed: readonly FoundModule[],
  byFile: ReadonlyMap<string, FoundModule>,
): readonly FoundModule[] {
  const wanted = new Set<string>();
  const waiting = changed.map((each) => each.file);
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (wanted.has(file)) continue;
    wanted.add(file);
    const text = look.files.text(file);
    if (text !== null) waiting.push(...localImports(file, text));
  }
  return [...wanted].sort().flatMap((file) => {
    const module = byFile.get(file);
    return module?.kind === "typescript" ? [module] : [];
  });
}

function sourcesOf(look: Look, file: string, described: DescribedModule): Sources {
  const read = described.reads.filter((each) => each.kind === "file").map((each) => each.name);
  const imports = [...new Set([...described.imports, ...read])].sort();
  const names = described.reads.filter((each) => each.kind === "env").map((each) => each.name);
  return {
    digest: look.files.digest(file) ?? "",
    ...(imports.length === 0
      ? {}
      : { imports: imports.map((path) => [path, look.files.settledDigest(path)] as const) }),
    ...(names.length === 0
      ? {}
      : { env: names.map((name) => [name, envDigest(look.env[name], look.salt)] as const) }),
  };
}

function dataDraft(module: FoundModule, key: AssetKey, digest: string): ModuleDraft {
  const { definition } = placeholderOf(key, module.file, module.kind, module.group, digest);
  return {
    ...NOTHING,
    assets: [
      draftOf({
        definition,
        mappings: new Map(),
        lookback: 0,
        lookahead: 0,
        checkEntries: [],
        findings: [],
      }, []),
    ],
  };
}

function placeholder(key: AssetKey, file: string): AssetDefinition {
  return placeholderOf(key, file, "sql", "", "").definition;
}

function placeholderOf(
  key: AssetKey,
  file: string,
  kind: FoundModule["kind"],
  group: string,
  code: string,
) {
  return normalise({}, {
    key,
    kind,
    group,
    origin: { file, line: 1, exportName: null },
    code,
    sql: null,
    dataFile: kind === "csv" || kind === "parquet" || kind === "json" ? file : null,
    together: [key],
    config: null,
    whenCode: false,
    lineOf: () => undefined,
  });
}

function silent(file: string): Problem {
  return problem("runner-failed", {
    message: `Cannot describe ${file}`,
    where: { file },
    why: "the runner gave no answer for it",
    hint: "try again; if it stays, run nycflow doctor",
  });
}
