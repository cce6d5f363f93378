/**
 * Which versions are packed: small partitions, many of one asset, into one file, since opening ten thousand files costs
 * more than reading them. Decides that; the bytes are the warehouse's, and a version stays the version that it is.
 */
import type { State } from "./heads.ts";
import type { AssetKey } from "./key.ts";
import type { Published } from "./heads.ts";
import type { VersionFile, VersionRef } from "./version.ts";

/** So many small files of one asset are packed into one. */
export const LEAST_TO_PACK = 64;
/** A partition of more than this is no small one. */
export const SMALL_BYTES = 256 * 1024;
/** A packed file is not larger than this. */
export const MOST_BYTES = 64 * 1024 * 1024;
const MOST_AT_ONCE = 1_000;

/** The versions to be put into one file each; empty where nothing is worth it. */
export function packable(
  state: State,
  assets: Iterable<AssetKey>,
): readonly (readonly VersionRef[])[] {
  const packs: VersionRef[][] = [];
  for (const asset of assets) {
    const heads = state.heads.get(asset);
    if (heads === undefined || heads.size < LEAST_TO_PACK) continue;
    const groups = new Map<string, VersionRef[]>();
    for (const { partition, published, pinned } of heads.values()) {
      if (published === null || pinned !== null || !isSmall(published)) continue;
      const key = JSON.stringify(published.schema);
      const group = groups.get(key) ?? [];
      groups.set(key, group);
      const { version, dataVersion, output, file, rows, schema, ordered, at } = published;
      group.push({
        asset,
        partition,
        version,
        dataVersion,
        output,
        file,
        rows,
        schema,
        ordered,
        at,
      });
    }
    for (const group of groups.values()) packs.push(...shared(group));
  }
  return packs;
}

function isSmall({ output, file, ordered }: Published): boolean {
  return output === "table" && file?.format === "parquet" && !ordered && file.range === undefined &&
    file.parts === undefined && file.bytes <= SMALL_BYTES;
}

function shared(group: readonly VersionRef[]): VersionRef[][] {
  const sorted = [...group].sort((a, b) => a.partition < b.partition ? -1 : 1);
  const packs: VersionRef[][] = [];
  let bytes = Infinity;
  for (const each of sorted) {
    const last = packs.at(-1);
    if (last === undefined || bytes > MOST_BYTES || last.length >= MOST_AT_ONCE) {
      packs.push([each]);
      bytes = 0;
    } else last.push(each);
    bytes += each.file?.bytes ?? 0;
  }
  return packs.filter((each) => each.length >= LEAST_TO_PACK);
}

/** Where each of the versions stands in the file. */
export function placesIn(
  versions: readonly VersionRef[],
  path: string,
  bytes: number,
): readonly VersionFile[] {
  const total = versions.reduce((sum, each) => sum + each.rows, 0);
  let from = 0;
  return versions.map(({ rows }) => {
    const range = { from, rows };
    from += rows;
    // Its share of the file, so that sums over partitions are the file's size.
    const share = total === 0 ? 0 : Math.round(bytes * rows / total);
    return { path, format: "parquet", bytes: share, range };
  });
}
