/**
 * Are two Parquet files made of the same row groups, byte for byte? A rebuild of the same rows often
 * is, in another sequence, and then no value has to be decoded. A no says nothing: the same rows may
 * have been cut into other groups.
 */
import { Buffer } from "node:buffer";
import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers";
import type { VersionFile } from "../core/version.ts";
import type { Session } from "./driver.ts";
import { filePath } from "./sql_text.ts";

interface RowGroup {
  readonly from: number;
  readonly to: number;
  /** Rows and the compressed size of each column: groups that differ here differ. */
  readonly shape: string;
}

export async function sameRowGroups(
  session: Session,
  project: string,
  one: VersionFile,
  other: VersionFile,
  ordered: boolean,
): Promise<boolean> {
  // A packed file's groups hold other partitions too.
  if (one.range || other.range) return false;
  const paths = [join(project, one.path), join(project, other.path)] as const;
  const mine = await groupsOf(session, paths[0]);
  const theirs = await groupsOf(session, paths[1]);
  const shapes = (groups: readonly RowGroup[]) => {
    const all = groups.map((each) => each.shape);
    return (ordered ? all : all.sort()).join("\n");
  };
  if (shapes(mine) !== shapes(theirs)) return false;
  const files = [openSync(paths[0], "r"), openSync(paths[1], "r")] as const;
  try {
    const left = [...theirs];
    for (const group of mine) {
      const bytes = read(files[0], group);
      const at = left.findIndex((each, index) =>
        (!ordered || index === 0) && each.shape === group.shape &&
        bytes.equals(read(files[1], each))
      );
      if (at < 0) return false;
      left.splice(at, 1);
      // Large files take a while; other steps of this process go on between two groups.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return left.length === 0;
  } finally {
    closeSync(files[0]);
    closeSync(files[1]);
  }
}

async function groupsOf(session: Session, path: string): Promise<RowGroup[]> {
  const start = "coalesce(least(dictionary_page_offset, data_page_offset), data_page_offset)";
  const { rows } = await session.rows(
    `select min(${start}), max(${start} + total_compressed_size),
      any_value(row_group_num_rows)::varchar || list(total_compressed_size order by column_id)::varchar
     from parquet_metadata(${filePath(path)}) group by row_group_id order by row_group_id`,
  );
  return rows.map(([from, to, shape]) => ({
    from: Number(from),
    to: Number(to),
    shape: String(shape),
  }));
}

function read(descriptor: number, { from, to }: RowGroup): Buffer {
  const bytes = Buffer.allocUnsafe(to - from);
  for (let at = 0; at < bytes.length;) {
    const got = readSync(descriptor, bytes, at, bytes.length - at, from + at);
    if (got === 0) return bytes.subarray(0, at);
    at += got;
  }
  return bytes;
}
