/** `partitions`: a heat map for each asset, what is left over from other schemes, and the document with ranges. */
import type { AssetDefinition } from "../core/definition.ts";
import type { JsonObject } from "../core/json.ts";
import type { PartitionKey } from "../core/key.ts";
import { foldRanges } from "../core/partition/fold_ranges.ts";
import type { KeyRange } from "../core/partition/ranges.ts";
import type { AssetStatus, StepState } from "../core/status.ts";
import { counted } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { truncate, wrap } from "../term/width.ts";
import { partitionMap } from "./partition_map.ts";
import { markOf, schemeWord } from "./words.ts";

export interface ShownPartitions {
  readonly def: AssetDefinition;
  readonly status: AssetStatus;
  readonly ranges: Readonly<Record<StepState, readonly KeyRange[]>>;
  readonly orphaned: readonly PartitionKey[];
}

/** A block for each asset. */
export function partitionsLines(
  found: readonly ShownPartitions[],
  style: Style,
  columns: number,
): string[] {
  if (found.length === 0) return ["no asset is partitioned"];
  return found.flatMap(({ def, status, orphaned }, at) => {
    const name = paint(style, "heading", sanitize(def.key, style));
    const scheme = def.partitions === null ? "not partitioned" : schemeWord(def.partitions);
    const title = `${markOf(status.state, style)} ${name}  ${paint(style, "dim", scheme)}`;
    const map = def.partitions === null
      ? []
      : partitionMap(def.partitions, status.partitions, style, columns, MOST);
    return [
      ...(at > 0 ? [""] : []),
      truncate(title, columns, style),
      ...map,
      ...orphanLines(def.key, orphaned, style, columns),
    ];
  });
}

/** Lines of cells for an asset; `show` has fewer. */
const MOST = 32;

/** What is there under keys that the scheme does not have, and what to do about it. */
export function orphanLines(
  asset: string,
  orphaned: readonly PartitionKey[],
  style: Style,
  columns: number,
): string[] {
  if (orphaned.length === 0) return [];
  const keys = orphaned.length === 1 && orphaned[0] === ""
    ? "a version of the whole asset"
    : `${counted(orphaned.length, "partition")} (${foldRanges(orphaned)})`;
  const text = `${keys} of another scheme: no longer read; ` +
    `forget with: nycflow wipe ${asset} --orphaned`;
  return wrap(sanitize(text, style), columns, "  ").map((line) => paint(style, "warn", line));
}

/** `partitions --json`. */
export function partitionsDocument(found: readonly ShownPartitions[]): JsonObject {
  return {
    nycflow: 1,
    assets: found.map(({ def, status, ranges, orphaned }) => ({
      key: def.key,
      scheme: def.partitions === null ? null : schemeWord(def.partitions),
      state: status.state,
      total: status.partitions.length,
      materialized: status.partitions.filter((each) => each.head?.published).length,
      counts: { ...status.counts },
      ranges: Object.fromEntries(
        Object.entries(ranges).map(([state, list]) => [
          state,
          list.map(({ from, to, count }) => ({ from, to, count })),
        ]),
      ),
      orphaned: orphaned.map((key) => key === "" ? null : key),
    })),
  };
}
