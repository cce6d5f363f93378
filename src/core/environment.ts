/**
 * An environment: heads, claims and runs of its own laid over production's versions. Decides what one sees of the
 * other: production's heads and dynamic keys where it has none of its own, and nothing of production's claims, runs,
 * ticks and exports, which are production's own affair.
 */
import type { Stored } from "./event.ts";
import { touched } from "./fold.ts";
import type { Head, State } from "./heads.ts";
import type { AssetKey, EventId, PartitionKey } from "./key.ts";
import { type Problem, problem } from "./problem/problem.ts";
import { err, ok, type Result } from "./result.ts";

/** The environment that is there without being named. */
export const PRODUCTION = "prod";

/** Parses an environment's name; null is production. */
export function parseEnvironment(text: string | null | undefined): Result<string | null, Problem> {
  const name = text?.trim() ?? "";
  if (name === "" || name === PRODUCTION) return ok(null);
  if (/^[a-z0-9][a-z0-9_-]{0,39}$/i.test(name)) return ok(name);
  return err(problem("usage", {
    message: `Cannot use ${JSON.stringify(name)} as the name of an environment`,
    why: "a name is up to 40 letters, digits, - and _, and begins with a letter or digit",
    hint: `e.g. --env ${
      name.toLowerCase().replace(/[^a-z0-9_-]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40) || "dev"
    }`,
  }));
}

/**
 * Production's events come before all of the environment's own: their ids are counted down from 0, in order, so that
 * whatever compares ids of both is right.
 */
export function earlier(event: EventId, last: EventId): EventId {
  return event - last;
}

/** The two events of a head moved before all of the environment's own. */
export function baseHead(head: Head, last: EventId): Head {
  const { published } = head;
  return {
    ...head,
    since: earlier(head.since, last),
    event: earlier(head.event, last),
    published: published === null ? null : { ...published, event: earlier(published.event, last) },
  };
}

/** What the environment sees of one asset partition. */
export function mergedHead(base: Head | null, own: Head | null, last: EventId): Head | null {
  if (own === null) return base === null ? null : baseHead(base, last);
  // It failed or was skipped before it had a version of its own.
  if (own.published !== null || base === null || base.published === null) return own;
  return { ...own, published: baseHead(base, last).published };
}

/** Puts the environment's view into `seen`: production's state where `own` says nothing. */
export function lay(seen: State, base: State, own: State): void {
  seen.last = own.last;
  seen.heads.clear();
  for (const asset of new Set([...base.heads.keys(), ...own.heads.keys()])) {
    layAsset(seen, base, own, asset);
  }
  refill(seen.claims, own.claims);
  refill(seen.runs, own.runs);
  refill(seen.exports, own.exports);
  refill(seen.facts, own.facts);
  for (const [name, fact] of base.facts) {
    if (name.startsWith("partition:") && !seen.facts.has(name)) seen.facts.set(name, fact);
  }
}

function layAsset(seen: State, base: State, own: State, asset: AssetKey): void {
  const theirs = base.heads.get(asset);
  const ours = own.heads.get(asset);
  const heads = new Map<PartitionKey, Head>();
  for (const key of new Set([...theirs?.keys() ?? [], ...ours?.keys() ?? []])) {
    const head = mergedHead(theirs?.get(key) ?? null, ours?.get(key) ?? null, base.last);
    if (head !== null) heads.set(key, head);
  }
  if (heads.size > 0) seen.heads.set(asset, heads);
}

/** Follows events of the environment's own, which `own` has taken up already. */
export function follow(seen: State, base: State, own: State, news: readonly Stored[]): void {
  for (const { event } of news) {
    for (const cell of touched(event)) {
      if (cell.kind !== "head") continue;
      const { asset, partition } = cell;
      const head = mergedHead(
        base.heads.get(asset)?.get(partition) ?? null,
        own.heads.get(asset)?.get(partition) ?? null,
        base.last,
      );
      const heads = seen.heads.get(asset) ?? new Map<PartitionKey, Head>();
      seen.heads.set(asset, heads);
      if (head === null) heads.delete(partition);
      else heads.set(partition, head);
    }
  }
  seen.last = own.last;
  refill(seen.claims, own.claims);
  refill(seen.runs, own.runs);
  refill(seen.exports, own.exports);
  for (const [name, fact] of own.facts) seen.facts.set(name, fact);
}

function refill<K, V>(target: Map<K, V>, source: ReadonlyMap<K, V>): void {
  target.clear();
  for (const [key, value] of source) target.set(key, value);
}
