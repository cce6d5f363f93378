/** `diff`: how many rows came, went and changed, which columns, and a few rows of each. */
import type { TableDiff } from "../core/diff.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { Instant, PartitionKey } from "../core/key.ts";
import { foldRanges } from "../core/partition/fold_ranges.ts";
import type { CellValue } from "../term/cell.ts";
import { relativeTime } from "../term/duration.ts";
import { counted, grouped } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Role, type Style } from "../term/style.ts";
import { table } from "../term/table.ts";
import { truncate } from "../term/width.ts";
import { type Around, timesIn } from "./times.ts";

export interface ShownDiff {
  readonly asset: string;
  readonly partitions: readonly PartitionKey[];
  readonly before: Instant | null;
  readonly after: Instant | null;
  readonly diff: TableDiff;
}

/** For people. */
export function diffLines(
  shown: ShownDiff,
  around: Around,
  style: Style,
  columns: number,
): string[] {
  const { diff } = shown;
  const lines = [truncate(titleOf(shown, around, style), columns, style)];
  const keys = shown.partitions.filter((each) => each !== "");
  if (keys.length > 0) lines.push(truncate(`partitions ${foldRanges(keys)}`, columns, style));
  const same = diff.added + diff.removed + diff.changed === 0;
  if (same) lines.push("no row differs");
  else lines.push(countsLine(diff, style));
  lines.push(...columnLines(diff, style, columns));
  const show = (mark: string, role: Role, rows: readonly (readonly Json[])[], count: number) => {
    if (rows.length === 0) return;
    lines.push("", paint(style, role, `${mark} ${sampleWord(rows.length, count)}`));
    lines.push(...rowTable(diff.names, rows, style, columns));
  };
  show("+", "good", diff.sample.added, diff.added);
  show("-", "bad", diff.sample.removed, diff.removed);
  if (diff.sample.changed.length > 0) {
    lines.push(
      "",
      paint(style, "warn", `~ ${sampleWord(diff.sample.changed.length, diff.changed)}`),
    );
    lines.push(...changedTable(diff, style, columns));
  }
  return lines;
}

function titleOf({ asset, before, after, diff }: ShownDiff, { now }: Around, style: Style): string {
  const when = (at: Instant | null) => at === null ? "nothing" : relativeTime(at, now);
  const arrow = style.unicode ? "→" : "->";
  return `${paint(style, "heading", sanitize(asset, style))}  ${when(before)} ${arrow} ${
    when(after)
  }  ${grouped(diff.before)} ${arrow} ${counted(diff.after, "row")}`;
}

function countsLine(diff: TableDiff, style: Style): string {
  const parts = [
    paint(style, "good", `+${grouped(diff.added)} added`),
    paint(style, "bad", `-${grouped(diff.removed)} removed`),
    ...(diff.keyBy === null ? [] : [paint(style, "warn", `~${grouped(diff.changed)} changed`)]),
  ];
  const key = diff.keyBy === null
    ? "no key tells rows apart, so a changed row is one removed and one added"
    : `by ${diff.key.join(", ")}${diff.keyBy === "found" ? " (found)" : ""}`;
  return `${parts.join("  ")}  ${paint(style, "dim", key)}`;
}

function columnLines({ columns }: TableDiff, style: Style, width: number): string[] {
  const changed = Object.entries(columns.changed).sort(([, a], [, b]) => b - a);
  const line = (text: string) => truncate(sanitize(text, style), width, style);
  return [
    ...columns.added.map(({ name, type }) => line(`+ column ${name} ${type}`)),
    ...columns.removed.map(({ name, type }) => line(`- column ${name} ${type}`)),
    ...columns.retyped.map(({ name, from, to }) => line(`~ column ${name} was ${from}, is ${to}`)),
    ...(changed.length === 0 ? [] : [
      line(`in ${changed.map(([name, count]) => `${name} (${grouped(count)})`).join(", ")}`),
    ]),
  ];
}

function sampleWord(shown: number, count: number): string {
  return shown < count ? `${grouped(shown)} of ${grouped(count)}` : counted(count, "row");
}

function rowTable(
  names: readonly string[],
  rows: readonly (readonly Json[])[],
  style: Style,
  columns: number,
): string[] {
  return table(names.map((title) => ({ title })), rows.map((row) => row.map(cellOf)), {
    width: columns,
    style,
  });
}

/** The key, and of the other columns those that differ somewhere in the sample, old and new beside each other. */
function changedTable({ names, key, sample }: TableDiff, style: Style, columns: number): string[] {
  const isKey = (name: string) => key.some((each) => each.toLowerCase() === name.toLowerCase());
  const shown = names.map((name, at) => ({ name, at })).filter(({ name, at }) =>
    isKey(name) || sample.changed.some(({ before, after }) => !equal(before[at], after[at]))
  );
  const arrow = style.unicode ? "→" : "->";
  const rows = sample.changed.map(({ before, after }) =>
    shown.map(({ name, at }): CellValue => {
      if (isKey(name) || equal(before[at], after[at])) return cellOf(after[at] ?? null);
      return `${plain(before[at])} ${arrow} ${plain(after[at])}`;
    })
  );
  return table(shown.map(({ name }) => ({ title: name })), rows, { width: columns, style });
}

function equal(one: Json | undefined, other: Json | undefined): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

function plain(value: Json | undefined): string {
  return value === undefined || value === null
    ? "NULL"
    : typeof value === "object"
    ? JSON.stringify(value)
    : String(value);
}

function cellOf(value: Json): CellValue {
  return value !== null && typeof value === "object" ? JSON.stringify(value) : value;
}

/** `diff --json`. */
export function diffDocument(shown: ShownDiff, timezone: string): JsonObject {
  const iso = timesIn(timezone).iso;
  const { diff } = shown;
  const row = (values: readonly Json[]) =>
    Object.fromEntries(diff.names.map((name, at) => [name, values[at] ?? null]));
  const type = ({ name, type }: { readonly name: string; readonly type: string }) => ({
    name,
    type,
  });
  return {
    nycflow: 1,
    asset: shown.asset,
    partitions: shown.partitions.map((each) => each === "" ? null : each),
    before: { at: shown.before === null ? null : iso(shown.before), rows: diff.before },
    after: { at: shown.after === null ? null : iso(shown.after), rows: diff.after },
    key: diff.key,
    keyBy: diff.keyBy,
    added: diff.added,
    removed: diff.removed,
    changed: diff.changed,
    columns: {
      added: diff.columns.added.map(type),
      removed: diff.columns.removed.map(type),
      retyped: diff.columns.retyped.map(({ name, from, to }) => ({ name, from, to })),
      changed: { ...diff.columns.changed },
    },
    sample: {
      added: diff.sample.added.map(row),
      removed: diff.sample.removed.map(row),
      changed: diff.sample.changed.map(({ before, after }) => ({
        before: row(before),
        after: row(after),
      })),
    },
  };
}
