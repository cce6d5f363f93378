/**
 * The branded names that everything else is keyed by, and the only parsers that make them.
 * Decides what a legal asset name is; knows nothing of files or of which assets exist.
 */
import { type Problem, problem } from "./problem/problem.ts";
import { err, ok, type Result } from "./result.ts";

declare const brand: unique symbol;

/** An asset's name: what SQL calls the table. Unique in a project without regard to case. */
export type AssetKey = string & { readonly [brand]: "AssetKey" };
/** The key of one partition, e.g. `2023-01`; `WHOLE` stands for an unpartitioned asset. */
export type PartitionKey = string & { readonly [brand]: "PartitionKey" };
/** `asset` or `asset[partition]`: one thing that can be materialized. */
export type StepKey = string & { readonly [brand]: "StepKey" };
export type RunId = string & { readonly [brand]: "RunId" };
/** One try of one step; unique for ever, so that a late attempt can be told from its successor. */
export type AttemptId = string & { readonly [brand]: "AttemptId" };
/** One published materialization; also the name of its file. */
export type VersionId = string & { readonly [brand]: "VersionId" };
/** One live process; alive exactly while it holds its lock (`ports/liveness.ts`). */
export type HolderId = string & { readonly [brand]: "HolderId" };
/** Position in the event log, from 1; 0 is before the first event. */
export type EventId = number;
/** Milliseconds since 1970-01-01T00:00Z. */
export type Instant = number;

/** The partition key of what is not partitioned. Written `null` in JSON for users. */
export const WHOLE = "" as PartitionKey;

const NAME = /^[\p{L}_][\p{L}\p{N}\p{M}_]*$/u;

/** Parses an asset's name; letters, digits and `_`, not beginning with a digit, at most 200 characters. */
export function parseAssetKey(text: string): Result<AssetKey, Problem> {
  if (NAME.test(text) && text.length <= 200) return ok(text.normalize("NFC") as AssetKey);
  const better = text.normalize("NFC").replace(/[^\p{L}\p{N}\p{M}_]+/gu, "_").replace(
    /^(\p{N})/u,
    "_$1",
  )
    .slice(0, 200);
  return err(problem("bad-asset-name", {
    message: `Cannot use ${JSON.stringify(text)} as an asset name`,
    why:
      "a name is letters, digits and _, does not begin with a digit, and has at most 200 characters",
    hint: NAME.test(better) ? `rename it to ${better}` : "give it a name such as my_table",
  }));
}

/** Two names that differ only in case are the same asset to SQL and to many file systems. */
export function foldName(key: string): string {
  return key.normalize("NFC").toLowerCase();
}

export function stepKey(asset: AssetKey, partition: PartitionKey): StepKey {
  return (partition === WHOLE ? asset : `${asset}[${partition}]`) as StepKey;
}

/** The asset and partition of a step's key: an asset's name holds no bracket. */
export function readStepKey(
  key: StepKey,
): { readonly asset: AssetKey; readonly partition: PartitionKey } {
  const open = key.indexOf("[");
  return open < 0
    ? { asset: key as string as AssetKey, partition: WHOLE }
    : { asset: key.slice(0, open) as AssetKey, partition: key.slice(open + 1, -1) as PartitionKey };
}

/** For JSON documents: an unpartitioned asset's partition is null. */
export function partitionOrNull(partition: PartitionKey): string | null {
  return partition === WHOLE ? null : partition;
}
