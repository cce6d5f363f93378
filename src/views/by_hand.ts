/** What `rollback`, `unpin`, `mark` and `wipe` say when it is done. */
import type { AssetKey, PartitionKey } from "../core/key.ts";
import { foldRanges } from "../core/partition/fold_ranges.ts";
import { counted } from "../term/number.ts";
import { shortId } from "./words.ts";

export interface DoneByHand {
  readonly asset: AssetKey;
  readonly partitions: readonly PartitionKey[];
  readonly moves: readonly {
    readonly partition: PartitionKey;
    readonly from: string;
    readonly to: string;
  }[];
}

/** `trips 2023-01..2023-03`. */
export function namedPartitions({ asset, partitions }: DoneByHand): string {
  const keys = partitions.filter((key) => key !== "");
  return keys.length === 0 ? asset : `${asset} ${foldRanges([...keys].sort())}`;
}

const MOST = 10;

export function rolledBackLines(done: DoneByHand): string[] {
  const moves = done.moves.slice(0, MOST).map(({ partition, from, to }) =>
    `  ${partition === "" ? done.asset : partition}  ${shortId(from)} -> ${shortId(to)}`
  );
  const more = done.moves.length - MOST;
  return [
    `rolled back ${namedPartitions(done)}, and pinned there`,
    ...moves,
    ...(more > 0 ? [`  and ${more} more`] : []),
    `it stays until its code changes, or until: nycflow unpin ${done.asset}`,
  ];
}

export function unpinnedLine(done: DoneByHand): string {
  return `unpinned ${namedPartitions(done)}; nycflow plan ${done.asset} shows what follows`;
}

export function markedLine(done: DoneByHand): string {
  return `marked ${namedPartitions(done)} as done`;
}

export function wipedLine(done: DoneByHand): string {
  return `forgot ${namedPartitions(done)}`;
}

/** `forget 3 partitions of trips (2023-01..2023-03), 9,000 rows?`. */
export function wipeQuestion(done: DoneByHand, rows: number): string {
  const keys = done.partitions.filter((key) => key !== "");
  const what = keys.length === 0
    ? done.asset
    : `${counted(keys.length, "partition")} of ${done.asset} (${foldRanges([...keys].sort())})`;
  return `forget ${what}, ${counted(rows, "row")}?`;
}
