/**
 * What would run now, in which order, and why: the reasons of all steps in reach, and what may follow from them.
 * Decides order and reach; whether one step has reasons is decided in `reasons.ts`.
 */
import type { Reason, StepAction } from "./event.ts";
import type { Head, State } from "./heads.ts";
import { type AssetKey, type Instant, type PartitionKey, type StepKey, stepKey } from "./key.ts";
import type { Layout } from "./layout.ts";
import { settledOf } from "./settled.ts";
import { type Circumstances, evaluate, type Evaluation, type Held } from "./reasons.ts";

/** What is in reach: assets, and which of their partitions; `null` for all of them. */
export type Scope = ReadonlyMap<AssetKey, ReadonlySet<PartitionKey> | null>;

export interface PlannedStep {
  readonly key: StepKey;
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly action: StepAction;
  readonly reasons: readonly Reason[];
  /** False: it runs only if an upstream comes to another data version. */
  readonly certain: boolean;
  /** Asset partitions, made by steps of this plan, that must be there first. */
  readonly after: readonly StepKey[];
  /** Steps of this plan that are awaited, whatever becomes of them. */
  readonly afterAny: readonly StepKey[];
  /** Upstream assets of which a needed partition is there already: a skip of another one does not matter. */
  readonly partly?: readonly AssetKey[];
  readonly needs: "all" | "any" | "done";
  readonly priority: number;
  /** Tries of its policy that a run which is gone has used up, and when the next one is due. */
  readonly retry?: { readonly tries: number; readonly at: Instant };
  /** The other assets that the same function makes. */
  readonly together: readonly AssetKey[];
}

export interface HeldStep {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly reasons: readonly Reason[];
  readonly held: Held;
}

export interface Plan {
  /** In an order in which every step stands after what it waits for. */
  readonly steps: readonly PlannedStep[];
  readonly held: readonly HeldStep[];
  /** How many asset partitions in reach are up to date. */
  readonly fresh: number;
}

/** What is planned so far, by asset and partition, with the key that names it: a hundred thousand are looked up. */
type Planned = Map<
  AssetKey,
  Map<PartitionKey, { readonly key: StepKey; readonly action: StepAction }>
>;

/** Published partitions that stand on a failure, however far before them, and what to say of it. */
type Behind = Map<AssetKey, Map<PartitionKey, Held>>;

/** Most lists of a step are empty: one list serves them all. */
const NONE: readonly never[] = [];

const orNone = <T>(list: readonly T[]): readonly T[] => list.length === 0 ? NONE : list;

/** Plans everything in `scope`, in topological order, over one state. */
export function plan(layout: Layout, state: State, scope: Scope, around: Circumstances): Plan {
  const steps: PlannedStep[] = [];
  const held: HeldStep[] = [];
  const planned: Planned = new Map();
  const stuck = new Map<StepKey, Held>();
  const behind: Behind = new Map();
  let fresh = 0;
  for (const asset of layout.graph.keys) {
    const within = scope.get(asset);
    if (within === undefined) continue;
    const def = layout.def(asset);
    if (def.kind === "source") continue;
    const members = def.together.length > 1 ? def.together : [asset];
    const lead = members[0] ?? asset;
    const reads = [...readByChecks(layout, members)];
    // Where an upstream is planned, whatever stands on it may follow; where one stands on a failure, it waits.
    const quiet = layout.graph.dependencies(asset).every((each) =>
      !planned.has(each.asset) && !behind.has(each.asset)
    );
    const settled = quiet ? settledOf(layout, state, asset, around) : null;
    const heads = state.heads.get(asset);
    for (const partition of layout.among(asset, within)) {
      if (settled?.(partition, heads?.get(partition))) {
        fresh++;
        continue;
      }
      if (planned.get(asset)?.has(partition)) continue;
      const found = evaluateTogether(layout, state, members, partition, around);
      const links = linksOf(layout, state, asset, partition, { planned, stuck, behind });
      const asked = around.requested.size > 0 &&
        members.some((each) => around.requested.has(stepKey(each, partition)));
      const failing = failureOf(heads?.get(partition), asset) ?? links.failing;
      /** What it has is not what it would have, had all before it ended well. */
      const leaveBehind = () => {
        if (failing === null || asked) return;
        const own = behind.get(asset) ?? new Map<PartitionKey, Held>();
        if (own.size === 0) behind.set(asset, own);
        own.set(partition, failing);
      };
      // Upstreams that are only checked come to no other data version, so nothing may follow from them.
      if (found.reasons.length === 0 && links.may.length === 0) {
        leaveBehind();
        fresh++;
        continue;
      }
      const own = found.held;
      const waits = links.waits ?? (asked ? null : links.failing);
      const hold = own ?? (found.reasons.length > 0 ? waits : null);
      // It is held until something differs, and something may be about to: that is seen when it is claimed.
      const mayChange = (own?.kind === "failed" || own?.kind === "skipped") &&
        links.may.length > 0 && waits === null;
      if (hold !== null && !mayChange) {
        stuck.set(stepKey(asset, partition), hold);
        leaveBehind();
        held.push({ asset, partition, reasons: found.reasons, held: hold });
        continue;
      }
      const certain = found.reasons.length > 0 && own === null;
      const reasons = certain ? found.reasons : links.may;
      // Only `eager` runs because something may change before it.
      if (!certain && def.automation !== "eager") {
        leaveBehind();
        fresh++;
        continue;
      }
      const key = stepKey(lead, partition);
      for (const member of members) {
        const own = planned.get(member) ?? new Map();
        if (own.size === 0) planned.set(member, own);
        own.set(partition, {
          key: member === lead ? key : stepKey(member, partition),
          action: found.action,
        });
      }
      steps.push({
        key,
        asset: lead,
        partition,
        action: found.action,
        reasons,
        certain,
        after: orNone(links.after),
        afterAny: orNone([
          ...links.afterAny,
          ...links.before,
          ...checkReads(layout, reads, partition, planned),
        ]),
        partly: orNone(links.partly),
        needs: def.needs,
        priority: def.priority,
        together: members,
        ...(found.retry ? { retry: { tries: found.retry.tries, at: found.retry.at } } : {}),
      });
    }
  }
  return { steps, held, fresh };
}

/** One function makes all of `members`: a reason of one is a reason for the step. */
export function evaluateTogether(
  layout: Layout,
  state: State,
  members: readonly AssetKey[],
  partition: PartitionKey,
  around: Circumstances,
): Evaluation {
  const all = members.map((member) => evaluate(layout, state, member, partition, around));
  const first = all[0];
  if (first === undefined || all.length === 1) {
    return first ?? { action: "check", reasons: [], held: null };
  }
  const due = all.filter((each) => each.reasons.length > 0);
  const making = due.filter((each) => each.action === "materialize");
  const chosen = making.length > 0 ? making : due;
  const texts = new Map(chosen.flatMap((each) => each.reasons).map((each) => [each.text, each]));
  const free = chosen.some((each) => each.held === null);
  return {
    action: making.length > 0 ? "materialize" : first.action,
    reasons: [...texts.values()],
    held: free ? null : chosen[0]?.held ?? null,
    retry: chosen.find((each) => each.retry)?.retry ?? null,
  };
}

interface Links {
  readonly after: StepKey[];
  readonly afterAny: StepKey[];
  /** Other partitions of its own that it reads: awaited, and no reason to run. */
  readonly before: StepKey[];
  readonly partly: AssetKey[];
  /** Reasons that will stand if an upstream changes. */
  readonly may: Reason[];
  /** An upstream that is needed, has no version and will not get one. */
  readonly waits: Held | null;
  /**
   * A needed upstream that has a version, but whose last attempt failed, or that of one which it stands on: what comes
   * after waits as it would have in that run, so that nothing mixes what came of it with what did not (one month of
   * another service beside those of this one). A request goes on with the last good version.
   */
  readonly failing: Held | null;
}

function linksOf(
  layout: Layout,
  state: State,
  asset: AssetKey,
  partition: PartitionKey,
  { planned, stuck, behind }: {
    readonly planned: Planned;
    readonly stuck: ReadonlyMap<StepKey, Held>;
    readonly behind: Behind;
  },
): Links {
  const after: StepKey[] = [];
  const afterAny: StepKey[] = [];
  const before: StepKey[] = [];
  const partly: AssetKey[] = [];
  const may: Reason[] = [];
  let waits: Held | null = null;
  let failing: Held | null = null;
  let there = 0;
  const needs = layout.def(asset).needs;
  for (const { dependency, required, optional } of layout.mapped(asset, partition)) {
    const upstream = dependency.asset;
    if (upstream === asset) {
      for (const key of required) {
        const own = planned.get(asset)?.get(key);
        if (own !== undefined) before.push(own.key);
      }
      continue;
    }
    const heads = state.heads.get(upstream);
    const coming = planned.get(upstream);
    const left = behind.get(upstream);
    let changes = false;
    let promised = false;
    let published = false;
    let skipped: Held | null = null;
    const look = (key: PartitionKey, list: StepKey[], needed: boolean) => {
      const head = heads?.get(key);
      const step = coming?.get(key);
      if (step !== undefined) {
        list.push(step.key);
        changes ||= step.action === "materialize";
        promised ||= needed;
        there++;
      } else if (head?.published) {
        published ||= needed;
        there++;
        if (needed) failing ??= left?.get(key) ?? failureOf(head, upstream);
      } else if (needed) {
        const name = stepKey(upstream, key);
        const found = waitsFor(name, stuck.get(name));
        if (found.skipped) skipped ??= found;
        else waits ??= found;
      }
    };
    for (const key of required) look(key, after, true);
    for (const key of optional) look(key, afterAny, false);
    // Of several partitions some may be skipped ("not published yet"): it is made of the others.
    if (published) partly.push(upstream);
    if (!published && !promised) waits ??= skipped;
    if (changes) may.push({ kind: "upstream", text: `if ${upstream} changes`, of: upstream });
  }
  if (needs === "done" || (needs === "any" && there > 0)) waits = null;
  if (needs !== "all") failing = null;
  return { after, afterAny, before, partly, may, waits, failing };
}

/** What waits for a partition that has a version, but whose last attempt failed. */
function failureOf(head: Head | undefined, asset: AssetKey): Held | null {
  if (!head?.published || head.failure === null) return null;
  const text = `waits for ${stepKey(asset, head.partition)}, which failed`;
  return { kind: "upstream", text, until: null, of: asset };
}

function waitsFor(step: StepKey, why: Held | undefined): Held {
  const skipped = why?.skipped === true;
  const word = skipped ? "was skipped" : why?.kind === "failed" ? "failed" : "has no version yet";
  return {
    kind: "upstream",
    text: `waits for ${step}, which ${word}`,
    until: why?.until ?? null,
    ...(skipped ? { skipped } : {}),
  };
}

/**
 * Steps of this plan that make what is read by checks (`reads`): awaited, since a check should see what will be
 * there, and no reason to run. Where the other asset has the same partition, that one is enough.
 */
function checkReads(
  layout: Layout,
  reads: readonly AssetKey[],
  partition: PartitionKey,
  planned: Planned,
): readonly StepKey[] {
  if (reads.length === 0) return NONE;
  return reads.flatMap((asset) => {
    const steps = planned.get(asset);
    const same = steps?.get(partition);
    if (same !== undefined) return [same.key];
    return layout.keys(asset).flatMap((key) => steps?.get(key)?.key ?? []);
  });
}

/** Assets that the checks of these look at besides them. */
function readByChecks(layout: Layout, members: readonly AssetKey[]): ReadonlySet<AssetKey> {
  const reads = new Set<AssetKey>();
  for (
    const name of members.flatMap((each) => layout.def(each).checks.flatMap((check) => check.reads))
  ) {
    const key = layout.graph.find(name);
    if (key !== null && !members.includes(key)) reads.add(key);
  }
  return reads;
}

/** The scope of `up`: the named assets, all partitions. */
export function scopeOf(assets: Iterable<AssetKey>): Scope {
  return new Map([...assets].map((asset) => [asset, null]));
}

/**
 * The scope of `run`: the targets (some of their partitions, where said) and, unless `only`, whatever they
 * stand on, partition by partition.
 */
export function reach(layout: Layout, targets: Scope, only: boolean): Scope {
  const scope = new Map<AssetKey, Set<PartitionKey> | null>();
  for (const [asset, keys] of targets) scope.set(asset, keys === null ? null : new Set(keys));
  if (only) return scope;
  const order = [...layout.graph.keys].reverse();
  for (const asset of order) {
    const within = scope.get(asset);
    if (within === undefined) continue;
    for (const read of readByChecks(layout, [asset])) scope.set(read, null);
    for (const partition of within ?? layout.keys(asset)) {
      for (const { dependency, required, optional } of layout.mapped(asset, partition)) {
        if (dependency.asset === asset) continue;
        const have = scope.get(dependency.asset);
        if (have === null) continue;
        const keys = have ?? new Set<PartitionKey>();
        for (const key of required) keys.add(key);
        for (const key of optional) keys.add(key);
        scope.set(dependency.asset, keys);
      }
    }
  }
  return scope;
}
