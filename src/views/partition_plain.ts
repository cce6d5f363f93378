/** The plainest layout of partitions: a cell each in key order, as many to a line as people count in. */
import type { PartitionStatus } from "../core/status.ts";
import { sanitize } from "../term/sanitize.ts";
import type { Style } from "../term/style.ts";
import { pad, truncate, width } from "../term/width.ts";
import type { FieldLine } from "./partition_field.ts";

/** Cells to a line: what people count in, so that a year of months or weeks is a line. */
function perLine(keys: readonly PartitionStatus[], room: number): number {
  const key = keys[0]?.partition ?? "";
  const wanted = /^\d{4}-\d\d$/.test(key)
    ? 12
    : /T\d\d/.test(key)
    ? 24
    : /^\d{4}-\d\d-\d\d$/.test(key)
    ? weekly(keys) ? 52 : 31
    : 50;
  return Math.max(1, Math.min(wanted, room));
}

function weekly(keys: readonly PartitionStatus[]): boolean {
  const [a, b] = [keys[0]?.partition ?? "", keys[1]?.partition ?? ""];
  return Date.parse(b) - Date.parse(a) === 7 * 86_400_000;
}

/** A grid of states, each line led by its first key; at most `most` lines of cells. */
export function partitionGrid(
  keys: readonly PartitionStatus[],
  style: Style,
  columns: number,
  most = 12,
): { readonly lines: readonly FieldLine[]; readonly hidden: number } {
  const labels = keys.map(({ partition }) => sanitize(partition, style));
  const left = Math.min(Math.max(...labels.slice(0, 400).map(width)), Math.floor(columns / 3));
  const each = perLine(keys, columns - left - 2);
  const lines: FieldLine[] = [];
  for (let from = 0; from < keys.length && lines.length < most; from += each) {
    lines.push({
      label: pad(truncate(labels[from] ?? "", left, style), left + 2),
      size: 1,
      cells: Array.from(
        { length: Math.min(each, keys.length - from) },
        (_, at) => ({ x: left + 2 + at, key: from + at }),
      ),
    });
  }
  return { lines, hidden: Math.max(0, keys.length - lines.length * each) };
}
