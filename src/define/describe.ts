/**
 * A live definition as plain JSON for the loader. What needs other modules, the names of asset objects, is asked
 * from the caller, who has them all.
 */
import type { Json, JsonObject } from "../core/json.ts";
import type { AssetSpec, DependencySpec, Spec, SpecProblem } from "../core/spec.ts";
import { assetOf, dependenciesOf } from "./dependency.ts";
import { partitionsOf } from "./partitions.ts";
import { plain } from "./plain.ts";
import { isRecord, type Live } from "./spec.ts";
import { describeConfig } from "./standard.ts";

/** The names of the assets that a definition makes; null where no module exports it. */
export type NamesOf = (asset: Live) => readonly string[] | null;

/** Describes one definition. Never throws for what the module's author wrote. */
export async function describe(live: Live, namesOf: NamesOf): Promise<Spec> {
  const problems: SpecProblem[] = [...live.problems];
  const name = live.name ?? null;
  const deps = () => describeDependencies(live.options["deps"], namesOf, problems);
  switch (live.kind) {
    case "asset":
    case "assets":
    case "shell":
    case "source":
      return await describeAsset(live, live.kind, deps(), problems);
    case "check": {
      const options = rest(live.options, ["name", "asset", "deps", "run"]);
      const asset = nameOf(live.options["asset"], "asset", namesOf, problems);
      return { kind: "check", name, asset, deps: deps(), options, problems };
    }
    case "schedule":
    case "sensor": {
      const select = selectionOf(live.options["select"], namesOf, problems);
      const options = {
        ...rest(live.options, ["name", "select", "evaluate"]),
        ...(select === null ? {} : { select }),
      };
      if (live.kind === "schedule") return { kind: "schedule", name, options, problems };
      return { kind: "sensor", name, options, code: codeOf(live, ["evaluate"]), problems };
    }
    case "resource":
      return {
        kind: "resource",
        name,
        options: rest(live.options, ["name", "open", "close"]),
        problems,
      };
    case "config":
      // A project's name is an option like others.
      return { kind: "config", name: null, options: rest(live.options, []), problems };
  }
}

async function describeAsset(
  live: Live,
  kind: AssetSpec["kind"],
  deps: readonly DependencySpec[],
  problems: SpecProblem[],
): Promise<AssetSpec> {
  const own = ["name", "deps", "config", "resources", "run", "observe", "partitions", "tags"];
  const several = kind === "assets" || (kind === "shell" && isRecord(live.options["outputs"]));
  if (several) own.push("outputs");
  const { partitions, tags, when, resources } = live.options;
  if (typeof when === "function") own.push("when");
  const options: Record<string, Json> = { ...rest(live.options, own) };
  if (tags !== undefined) options["tags"] = tagsOf(tags);
  if (partitions !== undefined) {
    const scheme = partitionsOf(partitions);
    // A plain object is taken as a header has it, and held against the same table there.
    options["partitions"] = scheme === null ? plain(partitions) : scheme.scheme;
    problems.push(...scheme?.problems ?? []);
  }
  const pool = live.options["pool"] ?? poolOf(resources);
  if (pool !== undefined) options["pool"] = plain(pool);
  const config = await describeConfig(live.options["config"]);
  problems.push(...config.problems);
  return {
    kind,
    name: live.name ?? null,
    options,
    deps,
    outputs: several ? outputsOf(live.options["outputs"]) : null,
    config: config.spec,
    code: codeOf(live, ["run", "when", "observe"]),
    problems,
  };
}

function outputsOf(outputs: unknown): Record<string, JsonObject> {
  if (!isRecord(outputs)) return {};
  return Object.fromEntries(
    Object.entries(outputs).map(([name, each]) => {
      const { tags, ...others } = isRecord(each) ? each : {};
      const options = rest(others, ["file"]);
      return [name, tags === undefined ? options : { ...options, tags: tagsOf(tags) }];
    }),
  );
}

function tagsOf(tags: unknown): Json {
  if (!isRecord(tags)) return plain(tags);
  return Object.entries(tags).map(([name, value]) =>
    value === true ? name : `${name}=${String(value)}`
  );
}

/** A resource's pool is its users' pool, unless they name one. */
function poolOf(resources: unknown): unknown {
  if (!isRecord(resources)) return undefined;
  for (const each of Object.values(resources)) {
    const pool = isRecord(each) && isRecord(each["options"]) ? each["options"]["pool"] : undefined;
    if (pool !== undefined) return pool;
  }
  return undefined;
}

function describeDependencies(
  deps: unknown,
  namesOf: NamesOf,
  problems: SpecProblem[],
): readonly DependencySpec[] {
  return dependenciesOf(deps).flatMap((each) => {
    const mapping = typeof each.mapping === "string" || isRecord(each.mapping)
      ? each.mapping as string | JsonObject
      : null;
    const { lookback, lookahead } = each;
    const names = typeof each.asset === "string" ? [each.asset] : namesOf(each.asset);
    if (names === null) problems.push(unexported(each.path));
    return (names ?? [null]).map((asset) => ({ asset, mapping, lookback, lookahead }));
  });
}

function nameOf(
  value: unknown,
  path: string,
  namesOf: NamesOf,
  problems: SpecProblem[],
): string | null {
  const asset = assetOf(value);
  if (asset === null) return null; // told by the definition itself
  const names = typeof asset === "string" ? [asset] : namesOf(asset);
  if (names === null) problems.push(unexported(path));
  return names?.[0] ?? null;
}

function unexported(path: string): SpecProblem {
  return {
    path,
    message: `Cannot tell which asset ${path} is`,
    why: "it is made here, but no module below assets/ exports it",
    hint: "export it, or name the asset as a text",
  };
}

/** Several assets are a union, which selection writes with spaces. */
export function selectionOf(
  select: unknown,
  namesOf: NamesOf,
  problems: SpecProblem[],
): string | null {
  if (select === undefined) return null;
  const each = Array.isArray(select) ? select : [select];
  return each.flatMap((one) => {
    const asset = assetOf(one);
    if (asset === null) return [];
    if (typeof asset === "string") return [asset];
    const names = namesOf(asset);
    if (names === null) problems.push(unexported("select"));
    return names ?? [];
  }).join(" ");
}

function codeOf(live: Live, keys: readonly string[]): readonly string[] {
  return keys.filter((key) => typeof live.options[key] === "function");
}

function rest(options: Readonly<Record<string, unknown>>, without: readonly string[]): JsonObject {
  const entries = Object.entries(options).filter(([key, value]) =>
    !without.includes(key) && value !== undefined
  );
  return Object.fromEntries(entries.map(([key, value]) => [key, plain(value)]));
}
