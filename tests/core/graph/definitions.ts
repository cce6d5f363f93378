/** Small definitions for tests of the graph and of partitions: only what these look at. */
import type { AssetDefinition, Dependency } from "../../../src/core/definition.ts";
import type { AssetKey } from "../../../src/core/key.ts";
import { buildGraph, type Graph } from "../../../src/core/graph/graph.ts";
import type { TimeScheme } from "../../../src/core/partition/scheme.ts";
import { plainAsset } from "../../kit/plain_asset.ts";

export function key(name: string): AssetKey {
  return name as AssetKey;
}

export function reads(name: string, extra: Partial<Dependency> = {}): Dependency {
  return { asset: key(name), mapping: { type: "default" }, lookback: 0, lookahead: 0, ...extra };
}

export function asset(
  name: string,
  deps: readonly (string | Dependency)[] = [],
  extra: Partial<AssetDefinition> = {},
): AssetDefinition {
  return {
    ...plainAsset(name),
    deps: deps.map((each) => typeof each === "string" ? reads(each) : each),
    ...extra,
  };
}

export function graphOf(...assets: readonly AssetDefinition[]): Graph {
  const built = buildGraph(assets);
  if (!built.ok) throw new Error(built.error.map((each) => each.message).join("; "));
  return built.value;
}

export function time(unit: TimeScheme["unit"], extra: Partial<TimeScheme> = {}): TimeScheme {
  return {
    type: "time",
    unit,
    start: null,
    end: null,
    timezone: null,
    weekStart: 1,
    includeCurrent: false,
    availableMs: 0,
    ...extra,
  };
}
