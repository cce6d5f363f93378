/**
 * Modules' drafts to one project: which asset each name means, in any case; names that mean nothing, names that
 * are used twice, circles. What a broken module would have defined is known as far as it can be, so that its
 * readers are not told that it does not exist.
 */
import type {
  AssetDefinition,
  CheckDefinition,
  Dependency,
  RetryPolicy,
} from "../core/definition.ts";
import { digestAll } from "../core/digest.ts";
import { buildGraph } from "../core/graph/graph.ts";
import { nearest } from "../core/graph/nearest.ts";
import { type AssetKey, foldName } from "../core/key.ts";
import { type Problem, problem, type Where } from "../core/problem/problem.ts";
import type { AssetDraft, ModuleDraft, Reference } from "./draft.ts";
import { settingProblems } from "./parameters.ts";

export interface LinkInput {
  readonly drafts: readonly ModuleDraft[];
  /** Definitions in the place of those that could not be made: only key and origin count. */
  readonly broken: readonly AssetDefinition[];
  /** True for a name that a module which could not be imported may define. */
  readonly mayBeBroken: (name: string) => boolean;
  readonly timezone: string;
  readonly settings: ReadonlySet<string>;
  readonly defaults: { readonly timeoutMs: number | null; readonly retry: RetryPolicy | null };
  /** Names in definitions that could not be made otherwise. */
  readonly loose: readonly {
    readonly key: AssetKey;
    readonly file: string;
    readonly references: readonly Reference[];
  }[];
  /** A line of a file, for the caret. */
  readonly source: (file: string, line: number) => string;
  /** All of it was linked before, so nothing can be wrong. */
  readonly known: boolean;
}

export interface Linked {
  readonly assets: readonly AssetDefinition[];
  readonly problems: readonly Problem[];
}

export function link(input: LinkInput): Linked {
  const drafts = input.drafts.flatMap((each) => each.assets);
  const names = new Map<string, AssetKey>();
  // By the exact name too: folding costs more than all else here, and most names are written as defined.
  for (const { key } of [...input.broken, ...drafts.map((each) => each.definition)]) {
    names.set(foldName(key), key);
    names.set(key, key);
  }
  const problems: Problem[] = [];
  const linker = new Linker(input, names, problems);

  const apart = new Map<string, CheckDefinition[]>();
  const apartVersions = new Map<string, string[]>();
  for (const draft of input.drafts.flatMap((each) => each.checks)) {
    const about = { key: draft.check.name, file: draft.check.expect["file"] };
    const owner = linker.find(draft.asset, about.key, String(about.file));
    if (owner === null) continue;
    const reads = linker.all(draft.references, about.key, String(about.file));
    const list = apart.get(owner) ?? [];
    list.push({ ...draft.check, reads });
    apart.set(owner, list);
    apartVersions.set(owner, [...apartVersions.get(owner) ?? [], draft.version]);
  }

  const assets = drafts.map((draft) =>
    linker.asset(
      draft,
      apart.get(draft.definition.key) ?? [],
      apartVersions.get(draft.definition.key) ?? [],
    )
  );
  for (const each of input.loose) linker.all(each.references, each.key, each.file);
  if (!input.known) {
    for (const asset of assets) {
      problems.push(
        ...settingProblems(asset, input.settings, (name) => placeOfText(asset, name, input)),
      );
    }
    const graph = buildGraph([...assets, ...input.broken]);
    if (!graph.ok) {
      problems.push(
        ...graph.error.filter((each) => each.code !== "unknown-dependency")
          .map((each) => withSource(each, input)),
      );
    }
  }
  return { assets, problems };
}

class Linker {
  readonly #input: LinkInput;
  readonly #names: ReadonlyMap<string, AssetKey>;
  readonly #problems: Problem[];

  constructor(input: LinkInput, names: ReadonlyMap<string, AssetKey>, problems: Problem[]) {
    this.#input = input;
    this.#names = names;
    this.#problems = problems;
  }

  asset(
    draft: AssetDraft,
    apart: readonly CheckDefinition[],
    apartVersions: readonly string[],
  ): AssetDefinition {
    const { definition, references } = draft;
    const { key, origin } = definition;
    const deps: Dependency[] = [];
    const seen = new Set<string>();
    for (const reference of references) {
      if (reference.of === "check" || reference.of === "mapping") continue;
      const target = this.find(reference, key, origin.file);
      if (target === null) continue;
      // An incremental query reads what it has made so far; that is no input that could change.
      if (target === key && definition.materialized === "incremental") continue;
      const mapped = this.#mapped(reference, references, target);
      const dep: Dependency = {
        asset: target,
        mapping: mapped.mapping,
        lookback: mapped.lookback ?? draft.lookback,
        lookahead: mapped.lookahead ?? draft.lookahead,
        line: reference.line,
        column: reference.column,
      };
      const id = `${target} ${dep.lookback} ${dep.lookahead} ${
        dep.mapping.type === "default" ? "" : JSON.stringify(dep.mapping)
      }`;
      if (seen.has(id)) continue;
      seen.add(id);
      deps.push(dep);
    }
    for (const reference of references) {
      if (reference.of === "mapping") this.#checkMapping(reference, definition, deps);
    }
    const readsOthers = references.some((each) => each.of === "check");
    const own = !readsOthers ? definition.checks : definition.checks.map((check, index) => {
      const entry = draft.checkEntries[index];
      const of = references.filter((each) => each.of === "check" && each.check === entry);
      return of.length === 0 ? check : { ...check, reads: this.all(of, key, origin.file) };
    });
    const { timezone, defaults } = this.#input;
    const isData = definition.dataFile !== null;
    return {
      ...definition,
      deps,
      checks: apart.length === 0 ? own : [...own, ...apart],
      checksVersion: apart.length === 0 ? definition.checksVersion : digestAll([
        definition.checksVersion,
        ...apart.map((each) => JSON.stringify({ ...each, line: 0 })),
        ...apartVersions,
      ]),
      // Windows and every cast between local times and instants stand on it; a file's bytes do not.
      codeVersion: timezone === "UTC" || isData
        ? definition.codeVersion
        : digestAll([definition.codeVersion, timezone]),
      retry: definition.retry ?? (isData ? null : defaults.retry),
      timeoutMs: definition.timeoutMs ?? (isData ? null : defaults.timeoutMs),
    };
  }

  all(references: readonly Reference[], key: string, file: string): readonly AssetKey[] {
    const found = references.map((each) => this.find(each, key, file));
    return [...new Set(found.filter((each) => each !== null))];
  }

  /** The asset that a name means, or null with what is wrong told. */
  find(reference: Reference, key: string, file: string): AssetKey | null {
    const direct = this.#names.get(reference.name) ?? this.#names.get(foldName(reference.name));
    if (direct !== undefined) return direct;
    const dot = reference.name.lastIndexOf(".");
    const schema = dot === -1 ? "" : reference.name.slice(0, dot).toLowerCase();
    if (schema === "main") {
      const found = this.#names.get(foldName(reference.name.slice(dot + 1)));
      if (found !== undefined) return found;
    }
    if (this.#input.mayBeBroken(reference.name)) return null;
    this.#problems.push(
      unknown(reference, schema, key, file, new Set(this.#names.values()), this.#input),
    );
    return null;
  }

  /** What `mapping:` says of it, where it says nothing itself. */
  #mapped(
    reference: Reference,
    references: readonly Reference[],
    target: AssetKey,
  ): Reference {
    if (
      reference.mapping.type !== "default" || reference.lookback !== null ||
      reference.lookahead !== null
    ) return reference;
    return references.find((each) =>
      each.of === "mapping" && foldName(each.name) === foldName(target)
    ) ?? reference;
  }

  #checkMapping(
    reference: Reference,
    definition: AssetDefinition,
    deps: readonly Dependency[],
  ): void {
    if (deps.some((each) => foldName(each.asset) === foldName(reference.name))) return;
    if (definition.key !== undefined && this.#input.mayBeBroken(reference.name)) return;
    const names = deps.map((each) => each.asset);
    const near = nearest(reference.name, names);
    this.#problems.push(problem("header-invalid", {
      message: `Cannot map ${reference.name}, which ${definition.key} does not read`,
      where: place(reference, definition.key, definition.origin.file, this.#input),
      why: names.length === 0 ? "it reads no asset" : `it reads ${names.join(", ")}`,
      hint: near === null ? "remove it" : `did you mean ${near}?`,
    }));
  }
}

function unknown(
  reference: Reference,
  schema: string,
  key: string,
  file: string,
  names: Iterable<string>,
  input: LinkInput,
): Problem {
  const { name } = reference;
  const known = [...names].filter((each) => each !== key);
  const bare = name.slice(name.lastIndexOf(".") + 1);
  const near = nearest(bare, known);
  const where = place(reference, key, file, input);
  const fields = { asset: key, unknown: name, nearest: near };
  if (schema === "nycflow") {
    return problem("unknown-dependency", {
      message: `Cannot build ${key} on ${name}`,
      where,
      why: "the history of runs changes with every run, so nothing that stands on it is ever fresh",
      hint: `nycflow sql 'from ${name}'`,
      fields,
    });
  }
  if (
    /^(information_schema|pg_catalog|system|temp)(\.|$)/.test(schema) ||
    /^(duckdb|sqlite|pragma)_/i.test(bare)
  ) {
    return problem("unknown-dependency", {
      message: `Cannot build ${key} on ${name}`,
      where,
      why: "a catalog is no asset, so nobody could tell when it has changed",
      hint: "read the assets themselves, or use nycflow sql to look at the catalog",
      fields,
    });
  }
  const exact = known.find((each) => foldName(each) === foldName(bare));
  return problem("unknown-dependency", {
    message: `Cannot find ${name}, which ${key} reads`,
    where,
    why: exact !== undefined
      ? "assets stand in no schema of their own"
      : reference.of === "query" || reference.of === "when"
      ? "it is no asset, CTE or function"
      : "it is no asset of this project",
    hint: exact !== undefined
      ? `write ${exact}`
      : near !== null
      ? `did you mean ${near}?`
      : known.length === 0
      ? `add an asset ${bare}: assets/${bare}.sql or .csv`
      : "correct the name; nycflow ls shows those there are",
    fields,
  });
}

function place(reference: Reference, key: string, file: string, input: LinkInput): Where {
  return {
    asset: key,
    file,
    line: reference.line,
    column: reference.column,
    length: Array.from(reference.name).length,
    source: input.source(file, reference.line),
  };
}

function placeOfText(asset: AssetDefinition, name: string, input: LinkInput): Where {
  const { file } = asset.origin;
  const lines = (asset.sql?.text ?? "").split("\n");
  const at = lines.findIndex((line) => line.includes(`$${name}`));
  if (at === -1) return { file, line: asset.origin.line };
  const line = (asset.sql?.line ?? 1) + at;
  const source = input.source(file, line);
  return {
    file,
    line,
    column: Array.from(source.slice(0, Math.max(0, source.indexOf(`$${name}`)))).length + 1,
    length: name.length + 1,
    source,
  };
}

/** The graph knows lines, but has no files to show them from. */
function withSource(found: Problem, input: LinkInput): Problem {
  const { where } = found;
  if (where?.file === undefined || where.line === undefined || where.source !== undefined) {
    return found;
  }
  // A data file has no line worth showing, and may be large.
  if (!/\.(?:sql|ts)$/i.test(where.file)) return found;
  const source = input.source(where.file, where.line);
  return source === "" ? found : { ...found, where: { ...where, source } };
}
