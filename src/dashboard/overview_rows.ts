/** How an asset reads in one line of the overview: which columns there is room for, and what stands in them. */
import type { AssetKey } from "../core/key.ts";
import type { AssetStatus } from "../core/status.ts";
import { relativeTime, shortDuration } from "../term/duration.ts";
import { compact } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { sparkline } from "../term/spark.ts";
import { paint, type Style } from "../term/style.ts";
import { fit, pad, truncate, width } from "../term/width.ts";
import { reasonText } from "../views/list.ts";
import { lookOf, markOf, roleOf } from "../views/words.ts";
import type { BoardData } from "./board.ts";

export interface RowLook {
  readonly style: Style;
  readonly columns: number;
  readonly now: number;
  /** Columns of the names. */
  readonly names: number;
  /** Columns in which nothing would stand are left out. */
  readonly empty: ReadonlySet<string>;
}

interface Cell {
  readonly title: string;
  readonly size: number;
  /** From so many columns on. */
  readonly from: number;
  readonly right?: true;
  readonly text: (of: Shown) => string;
}

interface Shown {
  readonly status: AssetStatus;
  readonly data: BoardData;
  readonly look: RowLook;
}

const TREND = 8;

const CELLS: readonly Cell[] = [
  {
    title: "state",
    size: 7,
    from: 46,
    text: ({ status, look }) => paint(look.style, roleOf(status.state), status.state),
  },
  {
    title: "parts",
    size: 7,
    from: 66,
    right: true,
    text: ({ status, data }) =>
      data.graph.def(status.asset).partitions === null ? "" : partsText(status),
  },
  {
    title: "rows",
    size: 6,
    from: 70,
    right: true,
    text: ({ status }) => {
      const made = status.last?.published;
      return !made || made.output === "nothing" || made.output === "view"
        ? ""
        : compact(status.rows);
    },
  },
  {
    title: "last",
    size: 10,
    from: 58,
    text: ({ status, look }) => {
      const made = status.last?.published;
      return made ? paint(look.style, "dim", relativeTime(made.at, look.now)) : "";
    },
  },
  {
    title: "next",
    size: 9,
    from: 104,
    text: ({ status, data, look }) => {
      const next = data.due.get(status.asset);
      return next === undefined ? "" : paint(look.style, "dim", relativeTime(next.at, look.now));
    },
  },
  {
    title: "took",
    size: TREND + 8,
    from: 92,
    text: ({ status, data, look }) => {
      const seconds = data.trends.get(status.asset)?.seconds ?? [];
      const last = seconds.at(-1);
      if (last === undefined) return "";
      const line = sparkline(seconds.slice(-TREND), { style: look.style, width: TREND });
      return `${line} ${paint(look.style, "dim", shortDuration(last * 1000))}`;
    },
  },
  {
    title: "freshness",
    size: 9,
    from: 118,
    text: ({ status, look }) => {
      const word = status.freshness ?? "";
      const role = word === "late" || word === "never"
        ? "bad"
        : word === "soon late"
        ? "warn"
        : "dim";
      return word === "" ? "" : paint(look.style, role, word);
    },
  },
];

const LEAST_WHY = 12;

function cellsAt({ columns, names, empty }: RowLook): readonly Cell[] {
  let left = columns - 2 - names;
  return CELLS.filter(({ title, from }) => columns >= from && !empty.has(title)).filter((cell) => {
    if (left - cell.size - 2 < 0) return false;
    left -= cell.size + 2;
    return true;
  });
}

/** The columns that say nothing of any of these assets. */
export function emptyCells(data: BoardData, keys: readonly AssetKey[]): ReadonlySet<string> {
  const empty = new Set<string>();
  if (!keys.some((key) => data.graph.def(key).partitions !== null)) empty.add("parts");
  if (!keys.some((key) => data.due.has(key))) empty.add("next");
  if (!keys.some((key) => data.trends.has(key))) empty.add("took");
  if (!keys.some((key) => data.statuses.get(key)?.freshness)) empty.add("freshness");
  return empty;
}

/** The columns that names take: as wide as the widest, no wider than a third. */
export function namesOf(keys: readonly AssetKey[], columns: number, style: Style): number {
  let widest = 8;
  for (const key of keys) widest = Math.max(widest, width(sanitize(key, style)));
  const most = columns < 46 ? columns - 4 : Math.max(16, Math.floor(columns * 0.36));
  return Math.min(widest, most);
}

export function headRow(look: RowLook): string {
  const { style, names } = look;
  const parts = cellsAt(look).map(({ title, size, right }) =>
    pad(truncate(title, size, style), size, right ? "right" : "left")
  );
  return paint(style, "dim", `  ${pad("asset", names)}  ${parts.join("  ")}`);
}

/** `✓ trips_by_week   fresh   13/13   13  2 min ago  why`. */
export function assetRow(status: AssetStatus, data: BoardData, look: RowLook): string {
  const { style, names } = look;
  const name = fit(sanitize(status.asset, style), names, style);
  const cells = cellsAt(look);
  const parts = cells.map((cell) =>
    fit(cell.text({ status, data, look }), cell.size, style, cell.right ? "right" : "left")
  );
  const line = `${markOf(status.state, style)} ${name}  ${parts.join("  ")}`;
  const left = look.columns - width(line) - 2;
  if (left < LEAST_WHY) return line;
  const why = whyText(status) || data.graph.def(status.asset).description;
  const role = status.state === "failed" ? "bad" : "dim";
  return `${line}  ${paint(style, role, truncate(sanitize(why, style), left, style))}`;
}

function whyText(status: AssetStatus): string {
  return status.state === "running" && status.partitions.length > 1
    ? `${status.counts.running} of ${status.partitions.length} partitions`
    : isPlain(status)
    ? ""
    : reasonText(status);
}

/** Missing since it was never made: the word of its state has said that already. */
function isPlain({ state, reasons }: AssetStatus): boolean {
  return state === "missing" && reasons.every((each) => each.kind === "missing" && !each.held);
}

function partsText({ partitions }: AssetStatus): string {
  const made = partitions.filter((each) => each.head?.published).length;
  return `${compact(made)}/${compact(partitions.length)}`;
}

/** `reports  5: 1 stale`. */
export function groupRow(
  title: string,
  members: readonly AssetStatus[],
  folded: boolean,
  style: Style,
): string {
  const sign = style.unicode ? (folded ? "▸" : "▾") : folded ? ">" : "v";
  const off = (["running", "failed", "missing", "stale"] as const).flatMap((state) => {
    const count = members.filter((each) => each.state === state).length;
    return count === 0
      ? []
      : [paint(style, roleOf(state), `${lookOf(state, style)} ${count} ${state}`)];
  });
  const name = paint(style, title === "failed" ? "bad" : "key", sanitize(title, style));
  return `${paint(style, "dim", sign)} ${name} ${paint(style, "dim", String(members.length))}${
    off.length === 0 ? "" : `  ${off.join("  ")}`
  }`;
}
