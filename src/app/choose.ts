/** From what was typed (selection, partitions, ranges) to a plan's scope and its circumstances. */
import { select, type Selection } from "../core/graph/selection.ts";
import { parseSelection } from "../core/graph/selection_parser.ts";
import { type AssetKey, type PartitionKey, stepKey } from "../core/key.ts";
import { notComeYet, parsePartition } from "../core/partition/parse.ts";
import { rangeOf } from "../core/partition/range.ts";
import { type Plan, plan, reach, type Scope } from "../core/plan.ts";
import { at, type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import type { Circumstances } from "../core/reasons.ts";
import { assetStatus, stateWords } from "../core/status.ts";
import { filesChangedSince } from "./changed_since.ts";
import type { View } from "./session.ts";

export interface AskedPartitions {
  readonly partitions: readonly string[];
  readonly from: string | null;
  readonly to: string | null;
}

export interface Asked extends AskedPartitions {
  /** Selection as typed; empty for everything. */
  readonly select: readonly string[];
  readonly exclude: readonly string[];
  readonly force: boolean;
}

export interface Chosen {
  readonly plan: Plan;
  readonly scope: Scope;
  readonly targets: ReadonlySet<AssetKey>;
  readonly around: Circumstances;
}

/** `up` and `plan`: whatever in the selection has a reason. */
export function chooseUp(view: View, asked: Asked): Chosen {
  const targets = chosenAssets(view, asked.select, asked.exclude);
  const scope = scopeOfTargets(view, targets, asked);
  const requested = asked.force ? everything(view, scope) : new Map<string, string>();
  const around = view.around({ force: asked.force, requested });
  return { plan: plan(view.layout, view.state, scope, around), scope, targets, around };
}

/** `run`: the targets, though they be fresh, and first what they stand on. */
export function chooseRun(
  view: View,
  asked: Asked,
  how: { readonly only: boolean; readonly refresh: boolean },
): Chosen {
  const targets = chosenAssets(view, asked.select, asked.exclude);
  const wanted = scopeOfTargets(view, targets, asked);
  const scope = reach(view.layout, wanted, how.only || !how.refresh);
  const requested = everything(view, asked.force ? scope : wanted);
  const around = view.around({ requested, force: asked.force });
  return { plan: plan(view.layout, view.state, scope, around), scope, targets, around };
}

/** The assets that a selection means; all of them where nothing is said. */
export function chosenAssets(
  view: View,
  wanted: readonly string[],
  without: readonly string[],
): ReadonlySet<AssetKey> {
  const all = new Set(view.layout.graph.keys);
  const chosen = wanted.length === 0 ? all : choose(view, parsed(wanted.join(" ")));
  if (without.length === 0) return chosen;
  const left = choose(view, parsed(without.join(" ")));
  return new Set([...chosen].filter((key) => !left.has(key)));
}

function parsed(text: string): Selection {
  const found = parseSelection(text);
  if (!found.ok) throw new ProblemError(found.error);
  return found.value;
}

function choose(view: View, selection: Selection): ReadonlySet<AssetKey> {
  const found = select(selection, view.layout.graph, {
    states: (key) => statesOf(view, key),
    changed: (ref) => changedSince(view, ref),
  });
  if (!found.ok) throw new ProblemError(found.error);
  return found.value;
}

/** The words that `is:` knows for an asset, as it stands now. */
function statesOf(view: View, key: AssetKey): ReadonlySet<string> {
  return stateWords(assetStatus(view.layout, view.state, key, view.around(), view.dead));
}

/** Assets whose file differs from a git revision, files that git does not track included. */
function changedSince(view: View, ref: string): ReadonlySet<AssetKey> {
  const files = filesChangedSince(view.project, ref);
  return new Set(
    view.layout.graph.keys.filter((key) => {
      const def = view.layout.def(key);
      return files.has(def.origin.file) || (def.sources ?? []).some((file) => files.has(file));
    }),
  );
}

/** Every step of a scope, asked for by name. */
function everything(view: View, scope: Scope): Map<string, string> {
  const requested = new Map<string, string>();
  for (const [asset, keys] of scope) {
    for (const key of keys ?? view.layout.keys(asset)) {
      requested.set(stepKey(asset, key), "asked for");
    }
  }
  return requested;
}

/** Of partitioned targets the partitions that were typed; the others whole. */
function scopeOfTargets(view: View, targets: ReadonlySet<AssetKey>, asked: Asked): Scope {
  const narrowed = asked.partitions.length > 0 || asked.from !== null || asked.to !== null;
  const scope = new Map<AssetKey, ReadonlySet<PartitionKey> | null>();
  if (!narrowed) {
    for (const asset of targets) scope.set(asset, null);
    return scope;
  }
  const problems: Problem[] = [];
  let partitioned = 0;
  for (const asset of targets) {
    if (view.layout.partitions(asset).scheme === null) {
      scope.set(asset, null);
      continue;
    }
    partitioned++;
    try {
      scope.set(asset, new Set(partitionsAsked(view, asset, asked)));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      problems.push(...error.problems);
    }
  }
  // A key of one scheme says nothing about assets of another, unless it fits none of them.
  if (partitioned > 0 && problems.length >= partitioned) throw new ProblemError(problems);
  if (partitioned === 0) {
    throw new ProblemError(problem("partition-unknown", {
      message: "Cannot choose partitions: nothing that was selected is partitioned",
      why: `selected: ${[...targets].slice(0, 5).join(", ")}`,
      hint: "leave --partition, --from and --to out",
    }));
  }
  return scope;
}

/** The keys of one asset that were typed, in key order. Throws where a key lies outside of its scheme. */
export function partitionsAsked(
  view: View,
  asset: AssetKey,
  asked: AskedPartitions,
): readonly PartitionKey[] {
  const { scheme, keys } = view.layout.partitions(asset);
  const where = { asset, file: view.layout.def(asset).origin.file };
  const chosen = new Set<PartitionKey>();
  for (const text of asked.partitions) {
    const found = parsePartition(scheme, text, view.now);
    if (!found.ok) throw new ProblemError(at(where, found.error));
    const absent = notComeYet(view.layout.partitions(asset), found.value);
    if (absent !== null) throw new ProblemError(at(where, absent));
    chosen.add(found.value);
  }
  if (asked.from !== null || asked.to !== null) {
    const found = rangeOf(scheme, asked.from, asked.to, view.now, keys);
    if (!found.ok) throw new ProblemError(at(where, found.error));
    for (const key of found.value) chosen.add(key);
    if (chosen.size === 0) {
      throw new ProblemError(problem("partition-unknown", {
        message: `Cannot find a partition of ${asset} in that range`,
        where,
        why: keys.size === 0 ? "it has none yet" : `it has ${keys.at(0)} to ${keys.newest}`,
        hint: "choose --from and --to within it",
      }));
    }
  }
  return [...chosen].sort();
}
