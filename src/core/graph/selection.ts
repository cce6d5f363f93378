/**
 * What a selection means: a value made by `selection_parser.ts`, answered against a graph. Decides which assets
 * a name, attribute, state or arrow picks, and that a name which picks nothing is a mistake.
 */
import type { AssetDefinition } from "../definition.ts";
import { type AssetKey, foldName } from "../key.ts";
import { type Problem, problem } from "../problem/problem.ts";
import { err, ok, type Result, unreachable } from "../result.ts";
import type { Graph } from "./graph.ts";
import { nearestSome } from "./nearest.ts";

/** The states that `is:` and `state:` ask for. */
export const STATES = [
  "stale",
  "missing",
  "failed",
  "running",
  "late",
  "pinned",
  "fresh",
] as const;
export type SelectedState = (typeof STATES)[number];

export const ATTRIBUTES = ["key", "tag", "group", "kind", "owner"] as const;
export type Attribute = (typeof ATTRIBUTES)[number];

/** Where in the typed text a part stands: from 0, in characters. */
export interface Span {
  readonly at: number;
  readonly length: number;
}

/** Plain data. `up` and `down` count arrows; null stands for all of them, 0 for none. */
export type Selection =
  | { readonly kind: "all" }
  | {
    readonly kind: "match";
    /** `key` for a bare name. */
    readonly attribute: Attribute;
    readonly pattern: string;
    readonly text: string;
    readonly span: Span;
  }
  | { readonly kind: "state"; readonly state: SelectedState }
  | { readonly kind: "changed"; readonly ref: string }
  | { readonly kind: "union"; readonly of: readonly Selection[] }
  | { readonly kind: "intersection"; readonly of: readonly Selection[] }
  | { readonly kind: "not"; readonly of: Selection }
  | {
    readonly kind: "expand";
    readonly of: Selection;
    readonly up: number | null;
    readonly down: number | null;
  }
  /** `@m`: m, what stands on it, and all that any of these stands on. */
  | { readonly kind: "build"; readonly of: Selection }
  | { readonly kind: "roots" | "sinks"; readonly of: Selection };

/** What a selection may have to ask besides the graph; each is asked only where the selection needs it. */
export interface SelectionFacts {
  states(key: AssetKey): ReadonlySet<string>;
  changed(ref: string): ReadonlySet<AssetKey>;
}

/** `selection` without `excluded`, as `--exclude` means it. */
export function excluding(selection: Selection, excluded: Selection): Selection {
  return { kind: "intersection", of: [selection, { kind: "not", of: excluded }] };
}

/** Whether states must be known before `select` can answer. */
export function needsStates(selection: Selection): boolean {
  return parts(selection).some((each) => each.kind === "state");
}

/** The git references whose changes must be known before `select` can answer. */
export function changedRefs(selection: Selection): readonly string[] {
  return [
    ...new Set(parts(selection).flatMap((each) => each.kind === "changed" ? [each.ref] : [])),
  ];
}

function parts(selection: Selection): readonly Selection[] {
  if (selection.kind === "union" || selection.kind === "intersection") {
    return [selection, ...selection.of.flatMap(parts)];
  }
  return "of" in selection ? [selection, ...parts(selection.of)] : [selection];
}

/**
 * The selected assets, in the graph's order. A name or attribute that picks nothing is a problem with the nearest
 * ones; so is an empty whole, unless a state or a change may rightly pick nothing.
 */
export function select(
  selection: Selection,
  graph: Graph,
  facts: SelectionFacts,
): Result<ReadonlySet<AssetKey>, Problem> {
  const found = evaluate(selection, graph, facts);
  if (!found.ok) return found;
  const mayBeEmpty = parts(selection).some((each) =>
    each.kind === "state" || each.kind === "changed" || each.kind === "all"
  );
  if (found.value.size === 0 && !mayBeEmpty) {
    return err(problem("selection-empty", {
      message: "The selection matches no asset",
      why: "each of its parts matches some, but all of them together leave none",
      hint: "space joins (a b), comma and `and` keep what is in both (a,b)",
    }));
  }
  return ok(new Set([...found.value].sort((a, b) => graph.rank(a) - graph.rank(b))));
}

type Keys = ReadonlySet<AssetKey>;

function evaluate(
  selection: Selection,
  graph: Graph,
  facts: SelectionFacts,
): Result<Keys, Problem> {
  const where = (test: (key: AssetKey) => boolean): Result<Keys, Problem> =>
    ok(new Set(graph.keys.filter(test)));
  switch (selection.kind) {
    case "all":
      return ok(new Set(graph.keys));
    case "match":
      return match(selection, graph);
    case "state":
      return where((key) => facts.states(key).has(selection.state));
    case "changed": {
      const changed = facts.changed(selection.ref);
      return where((key) => changed.has(key));
    }
    case "union":
    case "intersection": {
      let all: Keys | null = null;
      for (const each of selection.of) {
        const next = evaluate(each, graph, facts);
        if (!next.ok) return next;
        all = all === null
          ? next.value
          : selection.kind === "union"
          ? all.union(next.value)
          : all.intersection(next.value);
      }
      return ok(all ?? new Set());
    }
    default: {
      const inner = evaluate(selection.of, graph, facts);
      return inner.ok ? ok(derive(selection, inner.value, graph)) : inner;
    }
  }
}

type Derived = Extract<Selection, { readonly of: Selection }>;

function derive(selection: Derived, inner: Keys, graph: Graph): Keys {
  switch (selection.kind) {
    case "not":
      return new Set(graph.keys.filter((key) => !inner.has(key)));
    case "expand":
      return graph.ancestors(inner, selection.up ?? Infinity)
        .union(graph.descendants(inner, selection.down ?? Infinity));
    case "build":
      return graph.ancestors(graph.descendants(inner));
    case "roots":
      return new Set([...inner].filter((key) => !graph.upstream(key).some((up) => inner.has(up))));
    case "sinks":
      return new Set(
        [...inner].filter((key) => !graph.downstream(key).some((down) => inner.has(down))),
      );
    default:
      return unreachable(selection);
  }
}

type Match = Extract<Selection, { readonly kind: "match" }>;

function match(selection: Match, graph: Graph): Result<Keys, Problem> {
  const { attribute, pattern } = selection;
  if (attribute === "key" && !isGlob(pattern)) {
    const key = graph.find(pattern);
    return key === null ? err(nothing(selection, graph)) : ok(new Set([key]));
  }
  const test = glob(pattern);
  const found = graph.keys.filter((key) => valuesOf(graph.def(key), attribute).some(test));
  return found.length > 0 ? ok(new Set(found)) : err(nothing(selection, graph));
}

/** What a pattern is held against; a group is also in the groups above it, a tag has a name of its own. */
function valuesOf(def: AssetDefinition, attribute: Attribute): readonly string[] {
  switch (attribute) {
    case "key":
      return [def.key];
    case "tag":
      return def.tags.flatMap((tag) => {
        const equals = tag.indexOf("=");
        return equals < 0 ? [tag] : [tag, tag.slice(0, equals)];
      });
    case "group": {
      const steps = def.group.split("/");
      return steps.map((_, index) => steps.slice(0, index + 1).join("/"));
    }
    case "kind":
      return def.kind === "typescript" ? [def.kind, "ts"] : [def.kind];
    case "owner":
      return [def.owner];
    default:
      return unreachable(attribute);
  }
}

function isGlob(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/** `*` any characters, `?` one, `[abc]` and `[a-z]` one of them; case makes no difference. */
function glob(pattern: string): (text: string) => boolean {
  const source = foldName(pattern).replace(/\[(!?)([^\]]+)\]|[\s\S]/gu, (part, negated, set) => {
    if (set !== undefined) return `[${negated ? "^" : ""}${set.replace(/[\\\]^]/g, "\\$&")}]`;
    if (part === "*") return "[^]*";
    if (part === "?") return "[^]";
    return part.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  });
  try {
    const test = new RegExp(`^(?:${source})$`, "u");
    return (text) => test.test(foldName(text));
  } catch {
    // A range that runs backwards ([z-a]) picks nothing, and the problem that follows names it.
    return () => false;
  }
}

function nothing({ attribute, pattern, text, span }: Match, graph: Graph): Problem {
  const values = new Set(graph.keys.flatMap((key) => valuesOf(graph.def(key), attribute)));
  values.delete("");
  const near = nearestSome(pattern.replace(/[*?[\]]/g, ""), values, 3);
  const prefix = attribute === "key" ? "" : `${attribute}:`;
  const groups = new Set(graph.keys.flatMap((key) => valuesOf(graph.def(key), "group")));
  const partition = /^(.+)\[(.+)\]$/.exec(pattern);
  const file = /([^/\\]+)\.(?:sql|ts|csv|json|parquet)$/i.exec(pattern)?.[1];
  const hint = attribute === "key" && partition?.[1] !== undefined && graph.has(partition[1])
    ? `for one partition write ${partition[1]} --partition ${partition[2]}`
    : attribute === "key" && file !== undefined && graph.has(file)
    ? `write the asset's name: ${file}`
    : attribute === "key" && groups.has(pattern)
    ? `there is a group of that name: group:${pattern}`
    : near.length > 0
    ? `did you mean ${near.map((each) => prefix + each).join(", ")}?`
    : attribute === "key"
    ? "nycflow ls lists all assets"
    : values.size === 0
    ? `no asset has ${attribute === "owner" ? "an" : "a"} ${attribute}`
    : `there is ${[...values].sort().slice(0, 8).map((each) => prefix + each).join(", ")}`;
  return problem("selection-empty", {
    message: isGlob(pattern)
      ? `No asset matches ${prefix}${pattern}`
      : attribute === "key"
      ? `There is no asset ${pattern}`
      : `No asset has ${prefix}${pattern}`,
    where: { line: 1, column: span.at + 1, length: span.length, source: text },
    why: attribute === "key"
      ? graph.keys.length === 1
        ? `the only asset is ${graph.keys[0]}`
        : `none of the ${graph.keys.length} assets ${
          isGlob(pattern) ? "fits the pattern" : "is called that"
        }`
      : `no asset has that ${attribute}`,
    hint,
    fields: { pattern: prefix + pattern, nearest: near },
  });
}
