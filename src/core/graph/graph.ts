/**
 * Which asset stands on which: the definitions as one graph, in an order in which everything comes after what
 * it reads. Finds what cannot be ordered (`cycle.ts`) and names that mean nothing; knows no states.
 */
import type { AssetDefinition, Dependency } from "../definition.ts";
import { type AssetKey, foldName } from "../key.ts";
import { type Problem, problem } from "../problem/problem.ts";
import { err, ok, type Result } from "../result.ts";
import { findCycles } from "./cycle.ts";
import { NameHeap } from "./heap.ts";
import { nearest } from "./nearest.ts";

export interface Graph {
  /** Every asset after all that it reads; among those that could come next, by name. */
  readonly keys: readonly AssetKey[];
  has(name: string): boolean;
  /** The key as it is defined, whatever the case it is asked for in; null where there is none. */
  find(name: string): AssetKey | null;
  /** Throws for a key that is not in the graph: keys come from it. */
  def(key: AssetKey): AssetDefinition;
  /** The dependencies with the upstreams' own spelling, one for each upstream and mapping, itself included. */
  dependencies(key: AssetKey): readonly Dependency[];
  /** Direct ones, in the order of the definition, itself left out. */
  upstream(key: AssetKey): readonly AssetKey[];
  /** Direct ones, in the order of `keys`. */
  downstream(key: AssetKey): readonly AssetKey[];
  /** The keys and all that they stand on, at most `depth` arrows away (default: however far). */
  ancestors(keys: Iterable<AssetKey>, depth?: number): ReadonlySet<AssetKey>;
  /** The keys and all that stands on them, at most `depth` arrows away. */
  descendants(keys: Iterable<AssetKey>, depth?: number): ReadonlySet<AssetKey>;
  /** The place in `keys`, from 0. */
  rank(key: AssetKey): number;
}

interface Node {
  readonly def: AssetDefinition;
  readonly deps: readonly Dependency[];
  readonly up: readonly AssetKey[];
  readonly down: AssetKey[];
  rank: number;
}

/** The graph, or all that is wrong with it: doubles, then unknown names, then cycles. */
export function buildGraph(
  assets: readonly AssetDefinition[],
): Result<Graph, readonly Problem[]> {
  const byName = new Map<string, AssetDefinition>();
  const problems: Problem[] = [...findDoubles(assets, byName)];
  const names = [...byName.values()].map((each) => each.key);
  const lookup = finder(byName);
  const nodes = new Map<AssetKey, Node>();
  for (const def of byName.values()) {
    const deps: Dependency[] = [];
    const seen = new Set<string>();
    for (const dep of def.deps) {
      const target = lookup(dep.asset);
      if (target === undefined) {
        const id = `? ${foldName(dep.asset)}`;
        if (!seen.has(id)) problems.push(unknown(def, dep.asset, dep, names));
        seen.add(id);
        continue;
      }
      if (def.deps.length > 1) {
        const id = JSON.stringify([target.key, dep.mapping, dep.lookback, dep.lookahead]);
        if (seen.has(id)) continue;
        seen.add(id);
      }
      deps.push(dep.asset === target.key ? dep : { ...dep, asset: target.key });
    }
    if (def.checks.length > 0) problems.push(...unknownReads(def, lookup, names));
    const up = [...new Set(deps.map((each) => each.asset))].filter((each) => each !== def.key);
    nodes.set(def.key, { def, deps, up, down: [], rank: -1 });
  }
  for (const [key, node] of nodes) for (const up of node.up) nodes.get(up)?.down.push(key);

  const units = unitsOf(byName, lookup);
  const keys = order(nodes, units, lookup);
  problems.push(...selfLoops(nodes));
  if (keys.length < nodes.size) {
    problems.push(...findCycles(
      [...nodes.values()].map((each) => ({ def: each.def, deps: each.deps })),
      (key) => units.get(key)?.[0] ?? key,
    ));
  }
  if (problems.length > 0) return err(problems);
  keys.forEach((key, rank) => {
    const node = nodes.get(key);
    if (node !== undefined) node.rank = rank;
  });
  for (const node of nodes.values()) {
    node.down.sort((a, b) => (nodes.get(a)?.rank ?? 0) - (nodes.get(b)?.rank ?? 0));
  }
  return ok(graphOf(keys, nodes, lookup));
}

type Lookup = (name: string) => AssetDefinition | undefined;

/** Finds by exact spelling first: folding ten thousand names for every arrow is what building a graph would cost. */
function finder(byName: ReadonlyMap<string, AssetDefinition>): Lookup {
  const exact = new Map<string, AssetDefinition>();
  for (const def of byName.values()) exact.set(def.key, def);
  return (name) => exact.get(name) ?? byName.get(foldName(name));
}

function graphOf(
  keys: readonly AssetKey[],
  nodes: ReadonlyMap<AssetKey, Node>,
  lookup: Lookup,
): Graph {
  const node = (key: AssetKey): Node => {
    const found = nodes.get(key);
    if (found === undefined) throw new Error(`not in the graph: ${key}`);
    return found;
  };
  const closure = (
    from: Iterable<AssetKey>,
    depth: number,
    next: (key: AssetKey) => readonly AssetKey[],
  ) => {
    const found = new Set<AssetKey>(from);
    let edge: Iterable<AssetKey> = [...found];
    for (let step = 0; step < depth; step++) {
      const beyond: AssetKey[] = [];
      for (const key of edge) {
        for (const each of next(key)) {
          if (found.has(each)) continue;
          found.add(each);
          beyond.push(each);
        }
      }
      if (beyond.length === 0) break;
      edge = beyond;
    }
    return found;
  };
  const graph: Graph = {
    keys,
    has: (name) => lookup(name) !== undefined,
    find: (name) => lookup(name)?.key ?? null,
    def: (key) => node(key).def,
    dependencies: (key) => node(key).deps,
    upstream: (key) => node(key).up,
    downstream: (key) => node(key).down,
    ancestors: (from, depth = Infinity) => closure(from, depth, graph.upstream),
    descendants: (from, depth = Infinity) => closure(from, depth, graph.downstream),
    rank: (key) => node(key).rank,
  };
  return graph;
}

/** Assets that one function makes are one step, ordered together as the function lists them; others are absent. */
function unitsOf(
  byName: ReadonlyMap<string, AssetDefinition>,
  lookup: Lookup,
): ReadonlyMap<AssetKey, readonly AssetKey[]> {
  const units = new Map<AssetKey, readonly AssetKey[]>();
  for (const def of byName.values()) {
    if (def.together.length < 2) continue;
    const members = [...new Set(def.together.map((each) => lookup(each)?.key))]
      .filter((each) => each !== undefined);
    if (members.includes(def.key)) units.set(def.key, members);
  }
  return units;
}

/**
 * Kahn's algorithm over steps, the least name first; shorter than the assets where there is a cycle. What a check
 * reads comes first too, but only as a wish: it is given up where nothing else could come next.
 */
function order(
  nodes: ReadonlyMap<AssetKey, Node>,
  units: ReadonlyMap<AssetKey, readonly AssetKey[]>,
  lookup: Lookup,
): readonly AssetKey[] {
  const leader = (key: AssetKey) => units.get(key)?.[0] ?? key;
  const waiting = new Map<AssetKey, number>();
  const wishes = new Map<AssetKey, Set<AssetKey>>();
  const wishedBy = new Map<AssetKey, AssetKey[]>();
  for (const [key, { def, up }] of nodes) {
    const own = leader(key);
    waiting.set(own, (waiting.get(own) ?? 0) + up.length);
    for (const read of def.checks.flatMap((check) => check.reads)) {
      const wished = lookup(read)?.key;
      if (wished === undefined || leader(wished) === own) continue;
      const all = wishes.get(own) ?? new Set();
      if (!all.has(wished)) wishedBy.set(wished, [...wishedBy.get(wished) ?? [], own]);
      wishes.set(own, all.add(wished));
    }
  }
  const ready = new NameHeap<AssetKey>();
  const wishing = new NameHeap<AssetKey>();
  const offer = (key: AssetKey) => ((wishes.get(key)?.size ?? 0) > 0 ? wishing : ready).push(key);
  for (const [key, count] of waiting) if (count === 0) offer(key);
  const keys: AssetKey[] = [];
  const done = new Set<AssetKey>();
  for (;;) {
    const next = ready.pop() ?? wishing.pop();
    if (next === undefined) return keys;
    if (done.has(next)) continue;
    done.add(next);
    for (const member of units.get(next) ?? [next]) {
      keys.push(member);
      for (const down of nodes.get(member)?.down ?? []) {
        const own = leader(down);
        const left = (waiting.get(own) ?? 0) - 1;
        waiting.set(own, left);
        if (left === 0) offer(own);
      }
      for (const wisher of wishedBy.get(member) ?? []) {
        const left = wishes.get(wisher);
        left?.delete(member);
        if (left?.size === 0 && waiting.get(wisher) === 0) ready.push(wisher);
      }
    }
  }
}

const placeOf = (def: AssetDefinition) => `${def.origin.file}:${def.origin.line}`;

function findDoubles(
  assets: readonly AssetDefinition[],
  byName: Map<string, AssetDefinition>,
): readonly Problem[] {
  const groups = new Map<string, AssetDefinition[]>();
  for (const def of assets) {
    const name = foldName(def.key);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [def]);
    else group.push(def);
  }
  const problems: Problem[] = [];
  for (const [name, group] of groups) {
    const [first, second] = group;
    if (first === undefined) continue;
    byName.set(name, first);
    if (second === undefined) continue;
    const spellings = [...new Set(group.map((each) => each.key))];
    problems.push(problem("duplicate-asset", {
      message: `${group.length === 2 ? "Two" : group.length} assets have the name ${first.key}`,
      where: whereOf(second, second.origin.line, second.origin.column),
      why: `they stand in ${group.map(placeOf).join(" and ")}` +
        (spellings.length > 1 ? ` (${spellings.join(", ")}: case makes no difference)` : ""),
      hint: "rename one of them",
      fields: { asset: first.key, places: group.map(placeOf) },
    }));
  }
  return problems;
}

function whereOf(def: AssetDefinition, line?: number, column?: number, length?: number) {
  return {
    asset: def.key,
    file: def.origin.file,
    line: line ?? def.origin.line,
    ...(column === undefined ? {} : { column }),
    ...(length === undefined ? {} : { length }),
  };
}

function unknown(
  def: AssetDefinition,
  name: string,
  place: { readonly line?: number; readonly column?: number },
  names: readonly string[],
): Problem {
  const close = nearest(name, names.filter((each) => each !== def.key));
  return problem("unknown-dependency", {
    message: `${def.key} reads ${name}, and there is no such asset`,
    where: whereOf(
      def,
      place.line,
      place.column,
      place.column === undefined ? undefined : name.length,
    ),
    why: close === null
      ? `none of the ${names.length} assets has a name like it`
      : `the nearest name is ${close}`,
    hint: close === null
      ? `add an asset ${name}, or correct the name; nycflow ls lists them all`
      : `write ${close}`,
    fields: { asset: def.key, unknown: name, nearest: close },
  });
}

function unknownReads(
  def: AssetDefinition,
  lookup: Lookup,
  names: readonly string[],
): readonly Problem[] {
  return def.checks.flatMap((check) =>
    check.reads.filter((each) => lookup(each) === undefined).map((each) => {
      const found = unknown(
        def,
        each,
        check.line === undefined ? {} : { line: check.line },
        names,
      );
      return {
        ...found,
        message: `The check ${check.name} reads ${each}, and there is no such asset`,
      };
    })
  );
}

/** An asset may read its own partitions before or after the one being made, but not that one. */
function selfLoops(nodes: ReadonlyMap<AssetKey, Node>): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { def, deps } of nodes.values()) {
    const loop = deps.find((each) =>
      each.asset === def.key &&
      !(def.partitions !== null && each.mapping.type === "offset" && each.mapping.by !== 0 &&
        each.lookback === 0 && each.lookahead === 0)
    );
    if (loop === undefined) continue;
    problems.push(problem("cycle", {
      message: `${def.key} reads itself: ${def.key} -> ${def.key}`,
      where: whereOf(def, loop.line, loop.column),
      why: def.partitions === null
        ? "an asset cannot be made from what it is about to be"
        : "a partition cannot be made from itself",
      hint: def.partitions === null
        ? "read another asset, or make it incremental"
        : "to read the partition before, map the dependency with an offset of -1",
      fields: { trail: [def.key, def.key] },
    }));
  }
  return problems;
}
