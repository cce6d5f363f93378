/** Lays a project out at one instant. Keys and mappings are made when asked for, and kept. */
import type { ProjectDefinition } from "./definition.ts";
import { buildGraph, type Graph } from "./graph/graph.ts";
import type { State } from "./heads.ts";
import { type AssetKey, type Instant, type PartitionKey, WHOLE } from "./key.ts";
import type { Layout, Mapped } from "./layout.ts";
import { checkMapping } from "./partition/fit.ts";
import { keysOf, newestKeys, type Partitions } from "./partition/keys.ts";
import { isSameForAll, mapKeys } from "./partition/mapping.ts";
import { resolveSchemes, type Schemes } from "./partition/resolve.ts";
import { windowOf } from "./partition/window.ts";
import type { Problem } from "./problem/problem.ts";
import { err, ok, type Result } from "./result.ts";

/** A layout with what the parsers of partition keys need. */
export interface FullLayout extends Layout {
  partitions(asset: AssetKey): Partitions;
}

/** The layout, or all that is wrong with graph and schemes. */
export function makeLayout(
  project: ProjectDefinition,
  state: State,
  now: Instant,
): Result<FullLayout, readonly Problem[]> {
  const graph = buildGraph(project.assets);
  if (!graph.ok) return graph;
  const { schemes, problems } = resolveSchemes(graph.value, project.timezone);
  const unmapped = problems.length > 0
    ? []
    : graph.value.keys.flatMap((key) =>
      graph.value.dependencies(key).flatMap((dependency) => {
        if (dependency.asset === key) return [];
        const own = schemes.get(key) ?? null;
        const theirs = schemes.get(dependency.asset) ?? null;
        if (own === null && theirs === null) return [];
        return checkMapping(graph.value.def(key), own, theirs, dependency) ?? [];
      })
    );
  if (problems.length + unmapped.length > 0) return err([...problems, ...unmapped]);
  return ok(layoutOf(graph.value, schemes, state, project.timezone, now));
}

const WHOLE_KEYS: readonly PartitionKey[] = [WHOLE];
const NO_KEYS: readonly PartitionKey[] = [];

function layoutOf(
  graph: Graph,
  schemes: Schemes,
  state: State,
  timezone: string,
  now: Instant,
): FullLayout {
  const partitions = new Map<AssetKey, Partitions>();
  const lists = new Map<AssetKey, readonly PartitionKey[]>();
  const plain = new Map<AssetKey, readonly Mapped[]>();
  let last: { asset: AssetKey; partition: PartitionKey; mapped: readonly Mapped[] } | null = null;

  const of = (asset: AssetKey): Partitions => {
    const known = partitions.get(asset);
    if (known !== undefined) return known;
    const scheme = schemes.get(asset) ?? null;
    const made = { scheme, keys: keysOf(scheme, now, dynamicKeys(state, asset)) };
    partitions.set(asset, made);
    return made;
  };
  const keys = (asset: AssetKey) => {
    if ((schemes.get(asset) ?? null) === null) return WHOLE_KEYS;
    const known = lists.get(asset);
    if (known !== undefined) return known;
    const made = [...of(asset).keys];
    lists.set(asset, made);
    return made;
  };
  const alike = new Map<AssetKey, readonly boolean[]>();
  const sameKeys = (asset: AssetKey): readonly boolean[] => {
    const known = alike.get(asset);
    if (known !== undefined) return known;
    const made = graph.dependencies(asset).map((dependency) =>
      isSameForAll(of(asset), of(dependency.asset), dependency)
    );
    alike.set(asset, made);
    return made;
  };
  const map = (asset: AssetKey, partition: PartitionKey): readonly Mapped[] => {
    const same = sameKeys(asset);
    const own = [partition];
    return graph.dependencies(asset).map((dependency, at) => {
      if (same[at] === true) return { dependency, required: own, optional: NO_KEYS };
      const { mapping, lookback, lookahead } = dependency;
      const scheme = schemes.get(asset) ?? null;
      if (scheme === null && (mapping.type === "default" || mapping.type === "all")) {
        return { dependency, required: keys(dependency.asset), optional: [] };
      }
      const up = of(dependency.asset);
      const required = [...mapKeys(scheme, partition, up, { mapping, lookback: 0, lookahead: 0 })];
      if (lookback === 0 && lookahead === 0) return { dependency, required, optional: [] };
      const within = new Set(required);
      const optional = [...mapKeys(scheme, partition, up, dependency)].filter((key) =>
        !within.has(key)
      );
      return { dependency, required, optional };
    });
  };
  return {
    graph,
    timezone,
    def: (asset) => graph.def(asset),
    keys,
    sameKeys,
    among(asset, within) {
      if (within === null) return keys(asset);
      const all = of(asset).keys;
      // One of ten thousand is found by its place; nobody else needs the list of all.
      const placed = [...within].map((key) => [all.indexOf(key), key] as const);
      return placed.filter(([at]) => at >= 0).sort(([a], [b]) => a - b).map(([, key]) => key);
    },
    has: (asset, partition) => of(asset).keys.has(partition),
    mapped(asset, partition) {
      if (partition === WHOLE) {
        const known = plain.get(asset);
        if (known !== undefined) return known;
        const made = map(asset, partition);
        plain.set(asset, made);
        return made;
      }
      if (last?.asset === asset && last.partition === partition) return last.mapped;
      last = { asset, partition, mapped: map(asset, partition) };
      return last.mapped;
    },
    window: (asset, partition) => windowOf(schemes.get(asset) ?? null, partition),
    newest(asset) {
      const { scheme } = of(asset);
      if (scheme === null) return WHOLE;
      return newestKeys(of(asset)).at(-1) ?? null;
    },
    partitions: of,
  };
}

/** Keys that came while running, in the order in which they came. */
function* dynamicKeys(state: State, asset: AssetKey): Iterable<string> {
  const prefix = `partition:${asset}:`;
  for (const name of state.facts.keys()) {
    if (name.startsWith(prefix)) yield name.slice(prefix.length);
  }
}
