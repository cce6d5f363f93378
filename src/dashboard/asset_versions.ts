/** What was published when: a line for each change of an asset, newest first, and how far back each one is. */
import { type AssetChange, assetChanges, changesIn, type VersionChange } from "../core/history.ts";
import { foldRanges } from "../core/partition/fold_ranges.ts";
import { grouped } from "../term/number.ts";
import { relativeTime } from "../term/duration.ts";
import { paint } from "../term/style.ts";
import { table } from "../term/table.ts";
import type { CellValue } from "../term/cell.ts";
import { timesIn } from "../views/times.ts";
import { shortId } from "../views/words.ts";
import type { Shown } from "./asset_sections.ts";
import { ownAnswer } from "./asset_wants.ts";
import { MOST_HISTORY } from "./board.ts";
import { listLine, SIGN } from "./marked.ts";
import type { Model } from "./model.ts";

export interface Listed {
  readonly change: AssetChange;
  /** What was before it is not known: it lies too far back. */
  readonly cut: boolean;
  /** Changes of content since: what `rollback -n` counts; 0 for what is current. */
  readonly back: number;
}

/** Newest first; null while it is not known. */
export function versionsOf(model: Model, { key }: Shown): readonly Listed[] | null {
  const answer = ownAnswer(model, "asset:history", key);
  if (answer?.kind !== "events") return null;
  const kept = lists.get(answer.events);
  if (kept !== undefined) return kept;
  const cut = answer.events.length >= MOST_HISTORY;
  const changes = changesIn([...answer.events].sort((a, b) => a.id - b.id));
  const newest = assetChanges(changes).toReversed();
  let back = 0;
  const list = newest.map((change): Listed => {
    const listed = { change, back, cut };
    if (change.differs) back++;
    return listed;
  });
  lists.set(answer.events, list);
  return list;
}
const lists = new WeakMap<object, readonly Listed[]>();

const HEAD = 2;
/** From so many columns on the time of day is told, too. */
const WIDE = 100;

/** Heading, rule and the lines of the list that are seen. */
export function versionsLines(
  model: Model,
  shown: Shown,
  list: readonly Listed[],
  scroll: { readonly cursor: number; readonly top: number },
  room: { readonly columns: number; readonly rows: number },
): readonly string[] {
  const { style, data, now } = model;
  if (data === null) return [];
  const seen = list.slice(scroll.top, scroll.top + Math.max(1, room.rows - HEAD));
  const times = timesIn(data.timezone);
  const wide = room.columns >= WIDE;
  const partitioned = shown.def.partitions !== null;
  const rows = seen.map(({ change, back, cut }): CellValue[] => [
    { text: relativeTime(change.at, now) },
    ...(wide ? [{ text: times.wall(change.at, now), role: "dim" } as const] : []),
    { text: wordsOf(change, back, cut), role: change.differs ? undefined : "dim" },
    rowsOf(change),
    ...(partitioned ? [{ text: partsText(change) } as const] : []),
    { text: byText(change), role: "dim" },
  ]);
  const lines = table(
    [
      { title: "when", kind: "text" },
      ...(wide ? [{ title: "at", kind: "text" } as const] : []),
      { title: "what changed", kind: "text" },
      { title: "rows", kind: "number" },
      ...(partitioned ? [{ title: "partitions", kind: "text" } as const] : []),
      { title: "by", kind: "text" },
    ],
    rows,
    { width: room.columns - SIGN, style, layout: "grid" },
  );
  return [
    ...lines.slice(0, HEAD).map((line) => `  ${line}`),
    ...lines.slice(HEAD, HEAD + seen.length).map((line, at) =>
      listLine(line, scroll.top + at === scroll.cursor, style, room.columns)
    ),
    ...(list.length === 0 ? [paint(style, "dim", "  nothing was published yet")] : []),
  ];
}

/** Lines of the list that are seen below its heading. */
export function versionRows(rows: number): number {
  return Math.max(1, rows - HEAD);
}

function partsText({ changes }: AssetChange): string {
  return foldRanges(changes.map(({ partition }) => partition).sort());
}

function rowsOf({ changes }: AssetChange): CellValue {
  const last = new Map(changes.map((each) => [each.partition, each.after]));
  const after = [...last.values()].flatMap((each) => each ?? []);
  return after.length === 0 ? { text: "" } : after.reduce((sum, { rows }) => sum + rows, 0);
}

/** `current, +120 rows`; `the same content`; `forgotten`. */
function wordsOf(change: AssetChange, back: number, cut: boolean): string {
  const { changes, differs } = change;
  const words: string[] = [];
  if (back === 0 && differs) words.push("current");
  const forgotten = changes.filter(({ after }) => after === null).length;
  if (forgotten > 0) words.push(forgotten === changes.length ? "forgotten" : "part forgotten");
  else if (!differs) words.push("the same content");
  else if (changes.every(({ before }) => before === null)) words.push(cut ? "" : "the first");
  else words.push(deltaText(changes));
  if (columnsDiffer(changes)) words.push("other columns");
  if (change.run === null && forgotten === 0) words.push("rolled back");
  return words.filter((each) => each !== "").join(", ");
}

function deltaText(changes: readonly VersionChange[]): string {
  const sum = (read: (each: VersionChange) => number) =>
    changes.reduce((total, each) => total + read(each), 0);
  const delta = sum((each) => each.after?.rows ?? 0) - sum((each) => each.before?.rows ?? 0);
  if (delta === 0) return "as many rows, other values";
  return `${delta > 0 ? "+" : "-"}${grouped(Math.abs(delta))} ${
    Math.abs(delta) === 1 ? "row" : "rows"
  }`;
}

function columnsDiffer(changes: readonly VersionChange[]): boolean {
  return changes.some(({ before, after }) =>
    before !== null && after !== null &&
    JSON.stringify(before.schema) !== JSON.stringify(after.schema)
  );
}

function byText({ run, changes }: AssetChange): string {
  if (run === null) return "by hand";
  const seconds = changes.reduce((sum, each) => sum + (each.source?.event.seconds ?? 0), 0);
  return `run ${shortId(run)}, ${seconds.toFixed(1)} s`;
}
