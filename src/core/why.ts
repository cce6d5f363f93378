/**
 * The whole chain behind an asset's state, oldest cause first. Follows `upstream` reasons to the asset that changed,
 * and a waiting asset to the one that it waits for. How a version came to be is looked up by the caller's `origin`.
 */
import type { Reason } from "./event.ts";
import type { State } from "./heads.ts";
import { type AssetKey, type Instant, type PartitionKey, WHOLE } from "./key.ts";
import type { Layout } from "./layout.ts";
import type { Held } from "./reasons.ts";
import type { PartitionStatus, StepState } from "./status.ts";
import type { VersionId } from "./key.ts";

export interface WhyLink {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  /** A reason's kind; `materialized` for how the present version came to be; `held` for what holds it. */
  readonly kind: Reason["kind"] | "materialized" | "held" | "running" | "fresh";
  readonly text: string;
  readonly at: Instant | null;
  readonly version: VersionId | null;
  readonly file: string | null;
}

export interface Why {
  readonly asset: AssetKey;
  readonly state: StepState;
  /** The partition that is explained: the first that is not fresh; the newest where all are. */
  readonly partition: PartitionKey;
  readonly chain: readonly WhyLink[];
  /** Of a partitioned asset: how many of its partitions stand as this one does. */
  readonly among?: { readonly alike: number; readonly total: number };
  /** The asset whose failure it waits for, however far before it. */
  readonly waitsFor?: AssetKey;
}

/** The reasons for which the published version of a step was made; empty where the log does not know any more. */
export type Origin = (asset: AssetKey, partition: PartitionKey) => readonly Reason[];

export interface WhyView {
  readonly layout: Layout;
  readonly state: State;
  readonly origin: Origin;
  readonly status: (asset: AssetKey, partition: PartitionKey) => PartitionStatus;
  /** What holds a step that could begin by itself: something before it failed. Null where nothing does. */
  readonly waits?: (asset: AssetKey, partition: PartitionKey) => Held | null;
}

const DEEPEST = 50;

/** Explains one asset partition. */
export function why(view: WhyView, asset: AssetKey, partition: PartitionKey): Why {
  const chain: WhyLink[] = [];
  const seen = new Set<string>();
  const status = view.status(asset, partition);
  explain(view, asset, partition, chain, seen, 0);
  const told = { asset, state: status.state, partition, chain };
  const free = status.reasons.length > 0 && status.held === null && status.claim === null;
  const waits = free ? view.waits?.(asset, partition) ?? null : null;
  if (waits?.of === undefined) return told;
  const { origin } = view.layout.def(asset);
  const { text, until } = waits;
  chain.push({ asset, partition, kind: "held", text, at: until, version: null, file: origin.file });
  return { ...told, waitsFor: waits.of };
}

function explain(
  view: WhyView,
  asset: AssetKey,
  partition: PartitionKey,
  chain: WhyLink[],
  seen: Set<string>,
  depth: number,
): void {
  const id = `${asset} ${partition}`;
  if (seen.has(id) || depth > DEEPEST) return;
  seen.add(id);
  const { head, reasons, held, claim } = view.status(asset, partition);
  const link = (
    kind: WhyLink["kind"],
    text: string,
    at: Instant | null,
    version: VersionId | null = null,
  ) =>
    chain.push({
      asset,
      partition,
      kind,
      text,
      at,
      version,
      file: view.layout.def(asset).origin.file,
    });
  const missing = missingUpstream(view, asset, partition);
  for (const reason of reasons) {
    if (reason.kind === "upstream" && reason.of !== null) {
      descend(view, asset, partition, reason.of as AssetKey, chain, seen, depth);
    }
  }
  if (missing !== null) explain(view, missing.asset, missing.partition, chain, seen, depth + 1);
  if (reasons.length === 0) history(view, asset, partition, chain, seen, depth);
  for (const reason of reasons) {
    const at = reason.kind === "failed" ? head?.failure?.at ?? null : null;
    link(
      reason.kind,
      reason.text,
      at,
      reason.kind === "failed" ? null : head?.published?.version ?? null,
    );
  }
  if (missing !== null && reasons.length > 0) {
    link(
      "held",
      `waits for ${missing.asset}${missing.partition === WHOLE ? "" : ` ${missing.partition}`}`,
      null,
    );
  }
  if (held !== null) link("held", held.text, held.until);
  if (claim !== null) link("running", "it is being worked on", claim.since);
  if (reasons.length === 0 && depth === 0) {
    link(
      "fresh",
      "nothing that it was built from has changed since",
      null,
      head?.published?.version ?? null,
    );
  }
}

/** How the published version came to be, and before it how the input that caused it did. */
function history(
  view: WhyView,
  asset: AssetKey,
  partition: PartitionKey,
  chain: WhyLink[],
  seen: Set<string>,
  depth: number,
): void {
  const published = view.state.heads.get(asset)?.get(partition)?.published;
  if (!published) return;
  const origin = view.origin(asset, partition);
  for (const reason of origin) {
    if (reason.kind === "upstream" && reason.of !== null && view.layout.graph.has(reason.of)) {
      descend(view, asset, partition, reason.of as AssetKey, chain, seen, depth);
    }
  }
  const because = origin.map((reason) => reason.text).join("; ");
  const first = origin.length === 1 && origin[0]?.kind === "missing";
  chain.push({
    asset,
    partition,
    kind: "materialized",
    text: first
      ? "materialized for the first time"
      : because === ""
      ? "materialized"
      : `materialized: ${because}`,
    at: published.at,
    version: published.version,
    file: view.layout.def(asset).origin.file,
  });
}

function descend(
  view: WhyView,
  asset: AssetKey,
  partition: PartitionKey,
  upstream: AssetKey,
  chain: WhyLink[],
  seen: Set<string>,
  depth: number,
): void {
  const mapped = view.layout.mapped(asset, partition).find((each) =>
    each.dependency.asset === upstream
  );
  if (mapped === undefined) return;
  let newest: PartitionKey | null = null;
  let at = -1;
  for (const key of [...mapped.required, ...mapped.optional]) {
    const published = view.state.heads.get(upstream)?.get(key)?.published;
    if (published && published.event > at) {
      at = published.event;
      newest = key;
    }
  }
  if (newest !== null) explain(view, upstream, newest, chain, seen, depth + 1);
}

/** The first upstream partition that is needed and has no version. */
function missingUpstream(
  view: WhyView,
  asset: AssetKey,
  partition: PartitionKey,
): { readonly asset: AssetKey; readonly partition: PartitionKey } | null {
  for (const { dependency, required } of view.layout.mapped(asset, partition)) {
    if (dependency.asset === asset) continue;
    for (const key of required) {
      if (!view.state.heads.get(dependency.asset)?.get(key)?.published) {
        return { asset: dependency.asset, partition: key };
      }
    }
  }
  return null;
}
