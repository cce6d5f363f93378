/**
 * The partitions of an asset as a heat map of their states: months and weeks as a line a year, days as a calendar,
 * hours as a line a day, two dimensions as a line for each key of the one without time. Decides where each key's cell
 * stands; what a state looks like, `partition_grid.ts` says. Where there is no room the newest are shown.
 */
import { DAY_MS, readTime } from "../core/partition/civil.ts";
import { splitKey } from "../core/partition/keyset.ts";
import type { PartitionScheme, TimeUnit } from "../core/partition/scheme.ts";
import type { PartitionStatus, StepState } from "../core/status.ts";
import { weekdayOf, weeksOf } from "../term/calendar.ts";
import { grouped } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { truncate, width } from "../term/width.ts";
import { cellRun, legendOf, partitionGrid } from "./partition_grid.ts";

/** At most `most` lines of cells, the legend besides; no line is longer than `columns`. */
export function partitionMap(
  scheme: PartitionScheme,
  keys: readonly PartitionStatus[],
  style: Style,
  columns: number,
  most = 16,
): string[] {
  if (keys.length === 0) return [paint(style, "dim", "no partitions")];
  const lines = mapLines(scheme, keys, style, columns, most);
  if (lines === null) return partitionGrid(keys, style, columns, most);
  return [...lines, truncate(legendOf(keys, style), columns, style)];
}

function mapLines(
  scheme: PartitionScheme,
  keys: readonly PartitionStatus[],
  style: Style,
  columns: number,
  most: number,
): string[] | null {
  if (scheme.type === "time") {
    if (scheme.unit === "day") return calendar(keys, style, columns, most);
    return grid(yearly(scheme.unit, keys), style, columns, most);
  }
  if (scheme.type === "multi") {
    const time = scheme.dimensions.findIndex((each) => each.scheme.type === "time");
    return grid(crossed(keys, time === 1 ? 1 : 0), style, columns, most);
  }
  return named(keys, style, columns, most);
}

interface Laid {
  readonly rows: readonly { readonly label: string; readonly cells: (StepState | null)[] }[];
  /** What stands above the cells, by column; "" for nothing. */
  readonly heads: readonly string[];
}

const INITIALS = ["J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "N", "D"];

/** A line for each year, decade or day. */
function yearly(unit: Exclude<TimeUnit, "day">, keys: readonly PartitionStatus[]): Laid {
  const rows = new Map<string, (StepState | null)[]>();
  const wide = { year: 10, month: 12, week: 53, hour: 24 }[unit];
  for (const { partition, state } of keys) {
    const local = readTime(partition)?.local;
    if (local === undefined) continue;
    const text = new Date(local).toISOString();
    const year = text.slice(0, 4);
    const dayOfYear = Math.floor((local - Date.parse(`${year}-01-01`)) / DAY_MS);
    const [label, column] = unit === "year"
      ? [`${year.slice(0, 3)}0s`, Number(year) % 10]
      : unit === "month"
      ? [year, Number(text.slice(5, 7)) - 1]
      : unit === "week"
      ? [year, Math.floor(dayOfYear / 7)]
      : [text.slice(0, 10), Number(text.slice(11, 13))];
    const cells = rows.get(label) ?? Array<StepState | null>(wide).fill(null);
    rows.set(label, cells);
    // The doubled hour of autumn has one cell: the worse of the two.
    cells[column] = worse(cells[column] ?? null, state);
  }
  const heads = Array.from(
    { length: wide },
    (_, at) =>
      unit === "month"
        ? INITIALS[at] ?? ""
        : unit === "year"
        ? String(at)
        : unit === "hour"
        ? (at % 6 === 0 ? String(at) : "")
        : weekHead(at),
  );
  return { rows: [...rows].map(([label, cells]) => ({ label, cells })), heads };
}

/** The month's initial over the first week that begins in it, in a year that is no leap year. */
function weekHead(week: number): string {
  const month = (at: number) => new Date(Date.UTC(2023, 0, 1 + at * 7)).getUTCMonth();
  return week === 0 || month(week) !== month(week - 1) ? INITIALS[month(week)] ?? "" : "";
}

const WORST: readonly StepState[] = ["running", "failed", "missing", "stale", "fresh"];

function worse(one: StepState | null, other: StepState): StepState {
  return one === null || WORST.indexOf(other) < WORST.indexOf(one) ? other : one;
}

/** Two dimensions: a line for each key of the second, or of the first where that is without time. */
function crossed(keys: readonly PartitionStatus[], across: 0 | 1): Laid {
  const columns = new Map<string, number>();
  const rows = new Map<string, (StepState | null)[]>();
  for (const { partition } of keys) {
    const column = splitKey(partition)?.[across] ?? "";
    if (!columns.has(column)) columns.set(column, columns.size);
  }
  for (const { partition, state } of keys) {
    const parts = splitKey(partition);
    if (parts === null) continue;
    const label = parts[across === 0 ? 1 : 0];
    const cells = rows.get(label) ?? Array<StepState | null>(columns.size).fill(null);
    rows.set(label, cells);
    cells[columns.get(parts[across]) ?? 0] = state;
  }
  return {
    rows: [...rows].map(([label, cells]) => ({ label, cells })),
    heads: sparse([...columns.keys()]),
  };
}

/** Names above some columns, as many as do not touch. */
function sparse(names: readonly string[]): string[] {
  const widest = Math.max(1, ...names.slice(0, 500).map((each) => width(each)));
  const each = Math.max(1, Math.ceil((widest + 1) / 2));
  return names.map((name, at) => at % each === 0 ? name : "");
}

/** Lines of cells under their heads; a row that is too long for a line takes several. */
function grid(laid: Laid, style: Style, columns: number, most: number): string[] {
  const labels = laid.rows.map((row) => sanitize(row.label, style));
  const left = Math.min(Math.max(0, ...labels.map(width)), Math.floor(columns / 3)) + 2;
  const room = Math.max(4, columns - left);
  const count = laid.heads.length;
  const size = count * 2 <= room ? 2 : 1;
  const each = Math.max(1, Math.floor(room / size));
  const blocks = Math.ceil(count / each);
  const fits = Math.max(1, Math.floor((most - blocks) / blocks));
  const from = Math.max(0, laid.rows.length - fits);
  const lines: string[] = [];
  const chunks = Array.from({ length: blocks }, (_, at) => at * each).filter((first) =>
    laid.rows.some((row) => row.cells.slice(first, first + each).some((cell) => cell !== null))
  );
  for (const first of chunks.slice(-Math.max(1, Math.floor(most / (fits + 1))))) {
    lines.push(
      paint(style, "dim", headLine(laid.heads.slice(first, first + each), left, size, columns)),
    );
    laid.rows.slice(from).forEach((row, at) => {
      const label = truncate(labels[from + at] ?? "", left - 2, style);
      const gap = " ".repeat(Math.max(0, left - width(label)));
      const cells = cellRun(row.cells.slice(first, first + each), style, size);
      lines.push(`${paint(style, "dim", label)}${gap}${cells}`.trimEnd());
    });
  }
  return [...hiddenLine(from, "lines above", style), ...lines];
}

function headLine(heads: readonly string[], left: number, size: number, columns: number): string {
  let line = " ".repeat(left);
  heads.forEach((head, at) => {
    const x = left + at * size;
    const gap = at > 0 && head.length > 1 ? 1 : 0;
    if (head === "" || line.length + gap > x || x + head.length > columns) return;
    line = line.padEnd(x) + head;
  });
  return line;
}

function hiddenLine(count: number, of: string, style: Style): string[] {
  if (count <= 0) return [];
  return [paint(style, "dim", `${style.unicode ? "…" : "..."} ${grouped(count)} ${of}`)];
}

const WEEKDAYS = ["Mon", "", "Wed", "", "Fri", "", "Sun"];
const LEFT = 5;

/** Weeks across, weekdays down; as many blocks of weeks as it takes. */
function calendar(
  keys: readonly PartitionStatus[],
  style: Style,
  columns: number,
  most: number,
): string[] {
  const states = new Map<number, StepState>();
  for (const { partition, state } of keys) {
    const local = readTime(partition)?.local;
    if (local !== undefined) states.set(Math.floor(local / DAY_MS), state);
  }
  const all = weeksOf([...states.keys()].map((day) => ({ day, value: null })));
  const size = all.length * 2 <= columns - LEFT ? 2 : 1;
  const each = Math.max(1, Math.floor((columns - LEFT) / size));
  const blocks = Math.max(1, Math.min(Math.ceil(all.length / each), Math.floor(most / 8)));
  const weeks = all.slice(-blocks * each);
  const lines: string[] = [];
  for (let first = 0; first < weeks.length; first += each) {
    const own = weeks.slice(first, first + each);
    const heads = own.map(({ label }) => label);
    lines.push(paint(style, "dim", headLine(heads, LEFT, size, columns)));
    WEEKDAYS.forEach((name, weekday) => {
      const cells = own.map(({ start }) => states.get(start + weekday) ?? null);
      lines.push(
        `${paint(style, "dim", name.padEnd(LEFT))}${cellRun(cells, style, size)}`.trimEnd(),
      );
    });
  }
  const shown = weeks[0]?.start ?? 0;
  const hidden = [...states.keys()].filter((day) => day - weekdayOf(day) < shown).length;
  return [...hiddenLine(hidden, "days before", style), ...lines];
}

/** Keys without order in time: a cell and its name each; null where there are too many to name. */
function named(
  keys: readonly PartitionStatus[],
  style: Style,
  columns: number,
  most: number,
): string[] | null {
  const names = keys.map(({ partition }) => truncate(sanitize(partition, style), 30, style));
  const wide = Math.max(...names.map(width)) + 4;
  const across = Math.max(1, Math.floor((columns + 2) / wide));
  const down = Math.ceil(keys.length / across);
  if (down > most) return null;
  return Array.from({ length: down }, (_, row) => {
    let line = "";
    for (let at = row; at < keys.length; at += down) {
      const name = names[at] ?? "";
      const cell = cellRun([keys[at]?.state ?? null], style, 2);
      line += `${cell}${name}${" ".repeat(Math.max(0, wide - 2 - width(name)))}`;
    }
    return line.trimEnd();
  });
}
