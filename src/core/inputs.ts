/**
 * Which upstream versions a step stands on, as one comparable text, and what differs between two such texts.
 * Two texts are equal exactly when the same input partitions are there in the same data versions.
 */
import { digest } from "./digest.ts";
import type { Head, State } from "./heads.ts";
import type { AssetKey, PartitionKey } from "./key.ts";
import { WHOLE } from "./key.ts";
import type { Layout } from "./layout.ts";

/** Above so many versions of one upstream only their digest is kept: `why` then names the asset, not the partitions. */
const LISTED = 64;

/** Gives the text for one step as its upstreams stand in `state`. */
export function digestInputs(
  layout: Layout,
  state: State,
  asset: AssetKey,
  partition: PartitionKey,
): string {
  const parts: string[] = [];
  for (const { dependency, required, optional } of layout.mapped(asset, partition)) {
    if (dependency.asset === asset) continue;
    const heads = state.heads.get(dependency.asset);
    const [only] = required;
    if (only !== undefined && required.length === 1 && optional.length === 0) {
      // By far the commonest case, and there may be a hundred thousand of it.
      parts.push(inputText(dependency.asset, only, heads?.get(only)));
      continue;
    }
    const versions: string[] = [];
    const add = (key: PartitionKey) => {
      const published = heads?.get(key)?.published;
      if (published) versions.push(`${escape(key)}=${published.dataVersion}`);
    };
    for (const key of required) add(key);
    for (const key of optional) add(key);
    if (optional.length > 0) versions.sort();
    parts.push(
      versions.length <= LISTED
        ? `${dependency.asset}:${versions.join(",")}`
        : `${dependency.asset}:#${versions.length}=${digest(versions.join(","))}`,
    );
  }
  return parts.join(";");
}

/** The part of the text for an upstream of which exactly one partition is read. */
export function inputText(
  upstream: AssetKey,
  partition: PartitionKey,
  head: Head | undefined,
): string {
  const published = head?.published ?? null;
  const version = published === null ? "" : `${escape(partition)}=${published.dataVersion}`;
  return `${upstream}:${version}`;
}

/** What became different of one upstream asset. */
export interface InputChange {
  readonly asset: AssetKey;
  readonly kind: "changed" | "added" | "removed" | "dependency";
  /** The partitions concerned; empty where only a digest is known or the upstream is not partitioned. */
  readonly partitions: readonly PartitionKey[];
}

/** Tells `before` and `after` apart; empty exactly where the texts are equal. */
export function compareInputs(before: string, after: string): readonly InputChange[] {
  if (before === after) return [];
  const old = parse(before);
  const now = parse(after);
  const changes: InputChange[] = [];
  for (const [asset, versions] of now) {
    const earlier = old.get(asset);
    if (earlier === undefined) {
      changes.push({ asset, kind: "dependency", partitions: [] });
      continue;
    }
    if (earlier.text === versions.text) continue;
    const changed: PartitionKey[] = [];
    const added: PartitionKey[] = [];
    const removed: PartitionKey[] = [];
    if (earlier.listed !== null && versions.listed !== null) {
      for (const [key, version] of versions.listed) {
        const was = earlier.listed.get(key);
        if (was === undefined) added.push(key);
        else if (was !== version) changed.push(key);
      }
      for (const key of earlier.listed.keys()) if (!versions.listed.has(key)) removed.push(key);
    }
    const named = (keys: PartitionKey[]) => keys.filter((key) => key !== WHOLE);
    if (changed.length > 0) changes.push({ asset, kind: "changed", partitions: named(changed) });
    if (added.length > 0) changes.push({ asset, kind: "added", partitions: named(added) });
    if (removed.length > 0) changes.push({ asset, kind: "removed", partitions: named(removed) });
    if (changed.length + added.length + removed.length === 0) {
      changes.push({ asset, kind: "changed", partitions: [] });
    }
  }
  for (const asset of old.keys()) {
    if (!now.has(asset)) changes.push({ asset, kind: "removed", partitions: [] });
  }
  return changes;
}

/** The upstreams that such a text names; the partitions of one, or null where only their digest is known. */
export function upstreamsIn(
  text: string,
): ReadonlyMap<AssetKey, readonly PartitionKey[] | null> {
  return new Map(
    [...parse(text)].map(([asset, { listed }]) => [asset, listed && [...listed.keys()]]),
  );
}

interface Parsed {
  readonly text: string;
  readonly listed: ReadonlyMap<PartitionKey, string> | null;
}

function parse(text: string): Map<AssetKey, Parsed> {
  const parsed = new Map<AssetKey, Parsed>();
  if (text === "") return parsed;
  for (const part of text.split(";")) {
    const colon = part.indexOf(":");
    if (colon < 0) continue;
    const rest = part.slice(colon + 1);
    const listed = rest.startsWith("#") ? null : new Map(
      rest === "" ? [] : rest.split(",").map((pair) => {
        const equals = pair.lastIndexOf("=");
        const key = decodeURIComponent(pair.slice(0, equals)) as PartitionKey;
        return [key, pair.slice(equals + 1)] as const;
      }),
    );
    parsed.set(part.slice(0, colon) as AssetKey, { text: rest, listed });
  }
  return parsed;
}

/** Static and dynamic keys may hold the separators. */
function escape(key: PartitionKey): string {
  return /[%,;=#]/.test(key) ? encodeURIComponent(key) : key;
}
