/** The partitions of an asset as a map that the cursor walks: which one it is on, which are marked, what is said of it. */
import type { PartitionScheme } from "../core/partition/scheme.ts";
import { splitKey } from "../core/partition/keyset.ts";
import type { PartitionStatus } from "../core/status.ts";
import { duration, relativeTime } from "../term/duration.ts";
import { bytes, counted } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { truncate, wrap } from "../term/width.ts";
import { type Direction, type Field, fieldLine, neighbour } from "../views/partition_field.ts";
import { legendOf } from "../views/partition_grid.ts";
import { partitionField } from "../views/partition_map.ts";
import { problemLines } from "../views/problem.ts";
import { markOf, roleOf, shortId } from "../views/words.ts";
import type { Shown } from "./asset_sections.ts";
import type { Model } from "./model.ts";
import type { Marked } from "./screen.ts";
import type { AssetState } from "./states.ts";

/** Lines that say something of the partition under the cursor, where that stands below the map. */
const WORDS = 5;
const LEAST_MAP = 3;

export interface MapRoom {
  readonly columns: number;
  readonly rows: number;
  /** Columns of the words beside the map; 0: they stand below it. */
  readonly beside: number;
}

/** The map; kept while keys and width are the same, since it is asked for with every key. */
export function fieldOf({ def, status }: Shown, style: Style, columns: number): Field | null {
  if (def.partitions === null || status.partitions.length === 0) return null;
  const kept = fields.get(status.partitions);
  if (kept?.columns === columns && kept.unicode === style.unicode) return kept.field;
  const field = partitionField(def.partitions, status.partitions, style, columns);
  fields.set(status.partitions, { columns, unicode: style.unicode, field });
  return field;
}
const fields = new WeakMap<
  readonly PartitionStatus[],
  { readonly columns: number; readonly unicode: boolean; readonly field: Field }
>();

/** Which of the partitions the cursor is on: at first what failed last, else the newest. */
export function cursorOf({ status }: Shown, state: AssetState): number {
  const at = status.partitions.findIndex((each) => each.partition === state.partition);
  if (at >= 0) return at;
  const failed = status.partitions.findLastIndex((each) => each.state === "failed");
  return failed >= 0 ? failed : status.partitions.length - 1;
}

/** Lines of the map that are seen, besides its legend. */
export function mapRows(field: Field, { rows, beside }: MapRoom): number {
  const words = beside > 0 ? 0 : Math.min(WORDS, Math.floor(rows / 3));
  const room = Math.max(LEAST_MAP, rows - 1 - words);
  return Math.max(1, Math.min(field.lines.length, room));
}

/** The state with the cursor moved; null where the action moves nothing. */
export function walked(
  shown: Shown,
  state: AssetState,
  action: string,
  style: Style,
  room: MapRoom,
): AssetState | null {
  const field = fieldOf(shown, style, room.columns);
  const keys = shown.status.partitions;
  if (field === null) return null;
  const at = cursorOf(shown, state);
  const page = mapRows(field, room);
  const to = (key: number): AssetState => ({ ...state, partition: keys[key]?.partition ?? "" });
  switch (action) {
    case "left":
    case "right":
    case "up":
    case "down":
      return to(neighbour(field, at, action, keys.length));
    case "page-up":
    case "page-down": {
      let key = at;
      const direction: Direction = action === "page-up" ? "up" : "down";
      for (let step = 0; step < page; step++) key = neighbour(field, key, direction, keys.length);
      return to(key);
    }
    case "first":
      return to(0);
    case "last":
      return to(keys.length - 1);
    default:
      return null;
  }
}

/** The first line of the map that is seen: the cursor is, with the heads above its line where they fit. */
export function mapTop(shown: Shown, state: AssetState, style: Style, room: MapRoom): number {
  const field = fieldOf(shown, style, room.columns);
  if (field === null) return 0;
  const rows = mapRows(field, room);
  const line = field.places.get(cursorOf(shown, state))?.line ?? 0;
  const most = Math.max(0, field.lines.length - rows);
  const top = Math.max(0, Math.min(most, state.top, line), line - rows + 1);
  return line === 1 && rows > 1 && top === 1 ? 0 : top;
}

/** Indices of the partitions that are marked: the block between where it began and the cursor; empty for none. */
export function blockOf(shown: Shown, state: AssetState): ReadonlySet<number> {
  const keys = shown.status.partitions;
  const from = state.marked === null
    ? -1
    : keys.findIndex((each) => each.partition === state.marked);
  if (from < 0) return new Set();
  const to = cursorOf(shown, state);
  if (shown.def.partitions?.type !== "multi") {
    const [first, last] = from < to ? [from, to] : [to, from];
    return new Set(Array.from({ length: last - first + 1 }, (_, at) => first + at));
  }
  // Of two dimensions it is a block in both.
  const all = placesOf(keys);
  const [a, b] = [all[from], all[to]];
  if (a === undefined || b === undefined) return new Set();
  const within = (part: 0 | 1, place: number) =>
    place >= Math.min(a[part], b[part]) && place <= Math.max(a[part], b[part]);
  return new Set(all.flatMap((each, at) => within(0, each[0]) && within(1, each[1]) ? [at] : []));
}

/** Of keys of two dimensions where each stands in both; kept, since a block is asked for with every key. */
function placesOf(keys: readonly PartitionStatus[]): readonly (readonly [number, number])[] {
  const kept = places.get(keys);
  if (kept !== undefined) return kept;
  const seen = [new Map<string, number>(), new Map<string, number>()] as const;
  const place = (part: 0 | 1, name: string) => {
    const known = seen[part].get(name) ?? seen[part].size;
    seen[part].set(name, known);
    return known;
  };
  const made = keys.map(({ partition }) => {
    const [first, second] = splitKey(partition) ?? [partition, ""];
    return [place(0, first), place(1, second)] as const;
  });
  places.set(keys, made);
  return made;
}
const places = new WeakMap<
  readonly PartitionStatus[],
  readonly (readonly [number, number])[]
>();

/** What acting keys are about: the block, or the partition under the cursor. */
export function markedOf(shown: Shown, state: AssetState): Marked | undefined {
  const keys = shown.status.partitions;
  if (shown.def.partitions === null || keys.length === 0) return undefined;
  const block = [...blockOf(shown, state)].sort((a, b) => a - b);
  const indices = block.length > 0 ? block : [cursorOf(shown, state)];
  const names = indices.map((at) => keys[at]?.partition ?? "");
  const [from = "", to = from] = [names[0], names.at(-1)];
  return {
    from,
    to,
    count: names.length,
    ...(isRange(shown.def.partitions) ? {} : { keys: names }),
  };
}

/** Whether all between two keys are what a range of the command line means. */
function isRange(scheme: PartitionScheme): boolean {
  return scheme.type === "time";
}

/** The map, its legend, and what is said of the partition under the cursor, beside or below it. */
export function partitionsLines(
  model: Model,
  shown: Shown,
  state: AssetState,
  room: MapRoom,
): { readonly lines: readonly string[]; readonly side: readonly string[] } {
  const { style } = model;
  const field = fieldOf(shown, style, room.columns);
  if (field === null) return { lines: [paint(style, "dim", "no partitions")], side: [] };
  const keys = shown.status.partitions;
  const rows = mapRows(field, room);
  const top = mapTop(shown, state, style, room);
  const marks = { cursor: cursorOf(shown, state), block: blockOf(shown, state) };
  const map = field.lines.slice(top, top + rows).map((line) =>
    truncate(fieldLine(line, keys, style, marks), room.columns, style)
  );
  const legend = truncate(legendOf(keys, style), room.columns, style);
  const words = partitionWords(model, shown, state, room.beside > 0 ? room.beside : room.columns);
  return room.beside > 0
    ? { lines: [...map, legend], side: words }
    : { lines: [...map, legend, ...words], side: [] };
}

/** Where the cursor's cell stands in the map as it is seen; null where there is none. */
export function cursorPlace(
  shown: Shown,
  state: AssetState,
  style: Style,
  room: MapRoom,
): { readonly x: number; readonly y: number } | null {
  const field = fieldOf(shown, style, room.columns);
  const place = field?.places.get(cursorOf(shown, state));
  return place === undefined
    ? null
    : { x: place.x, y: place.line - mapTop(shown, state, style, room) };
}

/** State and reason of the partition under the cursor, or what is marked. */
function partitionWords(
  { style, now, readOnly }: Model,
  shown: Shown,
  state: AssetState,
  columns: number,
): readonly string[] {
  const at = cursorOf(shown, state);
  const each = shown.status.partitions[at];
  if (each === undefined) return [];
  const name = paint(style, "heading", sanitize(each.partition, style));
  const word = paint(style, roleOf(each.state), each.state);
  const block = blockOf(shown, state);
  const acts = readOnly ? "" : "b backfills, r runs, ";
  const marked = block.size === 0 ? [] : [
    paint(style, "accent", `${counted(block.size, "partition")} marked: ${acts}v or esc unmarks`),
  ];
  const why = each.reasons.filter(({ kind }) => kind !== "failed").map(({ text }) => text);
  const held = each.held === null ? [] : [`held: ${each.held.text}`];
  const failure = each.head?.failure;
  const made = each.head?.published;
  const size = made?.file ? `, ${bytes(made.file.bytes)}` : "";
  const last = made
    ? [
      `${counted(made.rows, "row")}${size}, ${relativeTime(made.at, now)}, took ${
        duration(made.seconds * 1000)
      }, run ${shortId(made.run)}`,
    ]
    : [];
  return [
    ...marked,
    truncate(`${markOf(each.state, style)} ${name}  ${word}`, columns, style),
    ...[...why, ...held, ...last].flatMap((text) => wrap(sanitize(text, style), columns)),
    ...(failure ? ["", ...problemLines(failure.problem, style, columns)] : []),
  ];
}
