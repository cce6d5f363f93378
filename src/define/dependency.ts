/** Dependencies as written (objects, names, options, listed or by name) in one form. Finds no asset by itself. */
import type { Json } from "../core/json.ts";
import type { SpecProblem } from "../core/spec.ts";
import { plain } from "./plain.ts";
import { definitionOf, isRecord, type Live } from "./spec.ts";
import { wrong } from "./trouble.ts";

/** One dependency of a live definition. */
export interface LiveDependency {
  /** `deps[0]`, `deps.zones`. */
  readonly path: string;
  /** The name under which `upstream` has it; null: its own. */
  readonly alias: string | null;
  /** A name, or the definition whose name is to be found. */
  readonly asset: string | Live;
  readonly mapping: Json;
  readonly lookback: number | null;
  readonly lookahead: number | null;
}

/** All dependencies of a `deps` option; what is none is left out (`dependencyTroubles` tells it). */
export function dependenciesOf(deps: unknown): readonly LiveDependency[] {
  return entries(deps, "deps").flatMap(([path, alias, value]) => {
    const options = optionsOf(value);
    const asset = assetOf(options === null ? value : options["asset"]);
    if (asset === null) return [];
    const count = (key: string) => {
      const found = options?.[key];
      return typeof found === "number" ? found : null;
    };
    return [{
      path,
      alias,
      asset,
      mapping: options?.["mapping"] === undefined ? null : plain(options["mapping"]),
      lookback: count("lookback"),
      lookahead: count("lookahead"),
    }];
  });
}

/** A name, a definition of something that can be read, or null. */
export function assetOf(value: unknown): string | Live | null {
  if (typeof value === "string") return value;
  const found = definitionOf(value);
  return found !== null && ["asset", "assets", "shell", "source"].includes(found.kind)
    ? found
    : null;
}

export function dependencyTroubles(deps: unknown, at: string): readonly SpecProblem[] {
  if (deps === undefined) return [];
  if (typeof deps === "string" || definitionOf(deps) || typeof deps !== "object" || deps === null) {
    return [
      wrong(deps, at, "a list of assets or their names", `${at}: [taxi_zones, "taxi_trips"]`),
    ];
  }
  return entries(deps, at).flatMap(([path, , value]) => {
    const options = optionsOf(value);
    if (assetOf(options === null ? value : options["asset"]) === null) {
      const inner = options === null ? path : `${path}.asset`;
      return [noAsset(options === null ? value : options["asset"], inner)];
    }
    return Object.keys(options ?? {}).filter((key) => !KEYS.includes(key)).map((key) => ({
      path: `${path}.${key}`,
      message: `Cannot use ${JSON.stringify(key)} as a key of a dependency`,
      why: "no such key",
      hint: `there is ${KEYS.join(", ")}`,
    }));
  });
}

function noAsset(value: unknown, path: string): SpecProblem {
  const hint = 'write its name as a text, e.g. deps: ["taxi_zones"]';
  const found = wrong(value, path, "an asset or its name", hint);
  return value === undefined
    ? { ...found, why: "no import has that name, or two modules import each other" }
    : found;
}

const KEYS = ["asset", "mapping", "lookback", "lookahead"];

function optionsOf(value: unknown): Record<string, unknown> | null {
  return isRecord(value) && definitionOf(value) === null ? value : null;
}

function entries(deps: unknown, at: string): [string, string | null, unknown][] {
  if (Array.isArray(deps)) return deps.map((each, index) => [`${at}[${index}]`, null, each]);
  if (!isRecord(deps) || definitionOf(deps)) return [];
  return Object.entries(deps).map(([key, each]) => [`${at}.${key}`, key, each]);
}
