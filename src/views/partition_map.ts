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
import { pad, truncate, width } from "../term/width.ts";
import {
  type Along,
  type Field,
  field,
  type FieldCell,
  type FieldLine,
  fieldLine,
} from "./partition_field.ts";
import { legendOf } from "./partition_grid.ts";
import { partitionGrid } from "./partition_plain.ts";

/** At most `most` lines of cells, the legend besides; no line is longer than `columns`. */
export function partitionMap(
  scheme: PartitionScheme,
  keys: readonly PartitionStatus[],
  style: Style,
  columns: number,
  most = 16,
): string[] {
  if (keys.length === 0) return [paint(style, "dim", "no partitions")];
  const laid = laidOut(scheme, keys, style, columns, most);
  const told = (hidden: readonly string[]) =>
    hidden.map((line) => truncate(line + unseen(laid, keys, style), columns, style));
  return [
    ...told(laid.before),
    ...laid.lines.map((line) => fieldLine(line, keys, style)),
    ...told(laid.after),
    truncate(legendOf(keys, style), columns, style),
  ];
}

/** What is not well among the keys that have no cell here: nobody should have to guess where it is. */
function unseen({ lines, also }: LaidOut, keys: readonly PartitionStatus[], style: Style): string {
  // Where all are alike the legend says it.
  if (keys.every(({ state }) => state === keys[0]?.state)) return "";
  const seen = new Set(lines.flatMap((line) => line.cells.map(({ key }) => key)));
  const parts = (["failed", "missing", "stale", "running"] as const).flatMap((state) => {
    const hidden = keys.filter((each, key) =>
      each.state === state && !seen.has(key) && !also?.has(key)
    );
    return hidden.length === 0 ? [] : [`${grouped(hidden.length)} ${state}`];
  });
  return parts.length === 0 ? "" : paint(style, "warn", `: ${parts.join(", ")}`);
}

/** All of it with the places of the cells, however many lines that takes. */
export function partitionField(
  scheme: PartitionScheme,
  keys: readonly PartitionStatus[],
  style: Style,
  columns: number,
): Field {
  const { lines, along, also } = laidOut(scheme, keys, style, columns, ALL_LINES);
  return field(lines, along, also);
}

const ALL_LINES = 1_000_000;

interface LaidOut {
  readonly lines: readonly FieldLine[];
  readonly along: Along;
  /** Keys that have no cell of their own, and whose they share. */
  readonly also?: ReadonlyMap<number, number>;
  /** What is said of keys that there was no room for. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

function laidOut(
  scheme: PartitionScheme,
  keys: readonly PartitionStatus[],
  style: Style,
  columns: number,
  most: number,
): LaidOut {
  if (scheme.type === "time") {
    if (scheme.unit === "day") return calendar(keys, style, columns, most);
    return grid(yearly(scheme.unit, keys), style, columns, most);
  }
  if (scheme.type === "multi") {
    const time = scheme.dimensions.findIndex((each) => each.scheme.type === "time");
    return grid(crossed(keys, time === 1 ? 1 : 0, style), style, columns, most);
  }
  return named(keys, style, columns, most) ?? plain(keys, style, columns, most);
}

function plain(
  keys: readonly PartitionStatus[],
  style: Style,
  columns: number,
  most: number,
): LaidOut {
  const { lines, hidden } = partitionGrid(keys, style, columns, most);
  return { lines, along: "across", before: [], after: hiddenLine(hidden, "more", style) };
}

interface Laid {
  /** Cells by column: which key; null for none. */
  readonly rows: readonly { readonly label: string; readonly cells: (number | null)[] }[];
  /** What stands above the cells, by column; "" for nothing. */
  readonly heads: readonly string[];
  readonly along: Along;
  readonly also?: ReadonlyMap<number, number>;
}

const INITIALS = ["J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "N", "D"];

/** A line for each year, decade or day. */
function yearly(unit: Exclude<TimeUnit, "day">, keys: readonly PartitionStatus[]): Laid {
  const rows = new Map<string, (number | null)[]>();
  const also = new Map<number, number>();
  const wide = { year: 10, month: 12, week: 53, hour: 24 }[unit];
  keys.forEach(({ partition, state }, key) => {
    const local = readTime(partition)?.local;
    if (local === undefined) return;
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
    const cells = rows.get(label) ?? Array<number | null>(wide).fill(null);
    rows.set(label, cells);
    // The doubled hour of autumn has one cell: the worse of the two.
    const other = cells[column] ?? null;
    const shown = other === null || isWorse(state, keys[other]?.state ?? state) ? key : other;
    if (other !== null) also.set(shown === key ? other : key, shown);
    cells[column] = shown;
  });
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
  return {
    rows: [...rows].map(([label, cells]) => ({ label, cells })),
    heads,
    along: "across",
    also,
  };
}

/** The month's initial over the first week that begins in it, in a year that is no leap year. */
function weekHead(week: number): string {
  const month = (at: number) => new Date(Date.UTC(2023, 0, 1 + at * 7)).getUTCMonth();
  return week === 0 || month(week) !== month(week - 1) ? INITIALS[month(week)] ?? "" : "";
}

const WORST: readonly StepState[] = ["running", "failed", "missing", "stale", "fresh"];

function isWorse(one: StepState, other: StepState): boolean {
  return WORST.indexOf(one) < WORST.indexOf(other);
}

/** Two dimensions: a line for each key of the second, or of the first where that is without time. */
function crossed(keys: readonly PartitionStatus[], across: 0 | 1, style: Style): Laid {
  const columns = new Map<string, number>();
  const rows = new Map<string, (number | null)[]>();
  for (const { partition } of keys) {
    const column = splitKey(partition)?.[across] ?? "";
    if (!columns.has(column)) columns.set(column, columns.size);
  }
  keys.forEach(({ partition }, key) => {
    const parts = splitKey(partition);
    if (parts === null) return;
    const label = parts[across === 0 ? 1 : 0];
    const cells = rows.get(label) ?? Array<number | null>(columns.size).fill(null);
    rows.set(label, cells);
    cells[columns.get(parts[across]) ?? 0] = key;
  });
  return {
    rows: [...rows].map(([label, cells]) => ({ label, cells })),
    heads: sparse([...columns.keys()].map((each) => sanitize(each, style))),
    along: "neither",
  };
}

/** Names above some columns, as many as do not touch. */
function sparse(names: readonly string[]): string[] {
  const widest = Math.max(1, ...names.slice(0, 500).map((each) => width(each)));
  const each = Math.max(1, Math.ceil((widest + 1) / 2));
  return names.map((name, at) => at % each === 0 ? name : "");
}

/** Lines of cells under their heads; a row that is too long for a line takes several. */
function grid(laid: Laid, style: Style, columns: number, most: number): LaidOut {
  const labels = laid.rows.map((row) => sanitize(row.label, style));
  const widest = labels.reduce((wide, label) => Math.max(wide, width(label)), 0);
  const left = Math.min(widest, Math.floor(columns / 3)) + 2;
  const room = Math.max(4, columns - left);
  const count = laid.heads.length;
  const size = count * 2 <= room ? 2 : 1;
  const each = Math.max(1, Math.floor(room / size));
  const blocks = Math.ceil(count / each);
  const fits = Math.max(1, Math.floor((most - blocks) / blocks));
  const from = Math.max(0, laid.rows.length - fits);
  const lines: FieldLine[] = [];
  const chunks = Array.from({ length: blocks }, (_, at) => at * each).filter((first) =>
    laid.rows.some((row) => row.cells.slice(first, first + each).some((cell) => cell !== null))
  );
  for (const first of chunks.slice(-Math.max(1, Math.floor(most / (fits + 1))))) {
    lines.push({
      label: headLine(laid.heads.slice(first, first + each), left, size, columns),
      size,
      cells: [],
    });
    laid.rows.slice(from).forEach((row, at) => {
      const label = pad(truncate(labels[from + at] ?? "", left - 2, style), left);
      lines.push({ label, size, cells: cellsAt(row.cells.slice(first, first + each), left, size) });
    });
  }
  return {
    lines,
    along: laid.along,
    ...(laid.also === undefined ? {} : { also: laid.also }),
    before: hiddenLine(from, "lines above", style),
    after: [],
  };
}

function cellsAt(cells: readonly (number | null)[], left: number, size: number): FieldCell[] {
  return cells.flatMap((key, at) => key === null ? [] : [{ x: left + at * size, key }]);
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
): LaidOut {
  const byDay = new Map<number, number>();
  keys.forEach(({ partition }, key) => {
    const local = readTime(partition)?.local;
    if (local !== undefined) byDay.set(Math.floor(local / DAY_MS), key);
  });
  const all = weeksOf([...byDay.keys()].map((day) => ({ day, value: null })));
  const size = all.length * 2 <= columns - LEFT ? 2 : 1;
  const each = Math.max(1, Math.floor((columns - LEFT) / size));
  const blocks = Math.max(1, Math.min(Math.ceil(all.length / each), Math.floor(most / 8)));
  const weeks = all.slice(-blocks * each);
  const lines: FieldLine[] = [];
  for (let first = 0; first < weeks.length; first += each) {
    const own = weeks.slice(first, first + each);
    const heads = own.map(({ label }) => label);
    lines.push({ label: headLine(heads, LEFT, size, columns), size, cells: [] });
    WEEKDAYS.forEach((name, weekday) => {
      const cells = own.map(({ start }) => byDay.get(start + weekday) ?? null);
      lines.push({ label: name.padEnd(LEFT), size, cells: cellsAt(cells, LEFT, size) });
    });
  }
  const shown = weeks[0]?.start ?? 0;
  const hidden = [...byDay.keys()].filter((day) => day - weekdayOf(day) < shown).length;
  return { lines, along: "down", before: hiddenLine(hidden, "days before", style), after: [] };
}

/** Keys without order in time: a cell and its name each; null where there are too many to name. */
function named(
  keys: readonly PartitionStatus[],
  style: Style,
  columns: number,
  most: number,
): LaidOut | null {
  const names = keys.map(({ partition }) => truncate(sanitize(partition, style), 30, style));
  const wide = names.reduce((widest, name) => Math.max(widest, width(name)), 0) + 4;
  const across = Math.max(1, Math.floor((columns + 2) / wide));
  const down = Math.ceil(keys.length / across);
  if (down > Math.min(most, MOST_NAMED)) return null;
  const lines = Array.from({ length: down }, (_, row): FieldLine => {
    const cells: FieldCell[] = [];
    for (let at = row, x = 0; at < keys.length; at += down, x += wide) {
      cells.push({ x, key: at, name: names[at] ?? "" });
    }
    return { label: "", size: 2, cells };
  });
  return { lines, along: "down", before: [], after: [] };
}

/** Lines of names: more of them are no map. */
const MOST_NAMED = 500;
