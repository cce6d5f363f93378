/** All assets by group with how each stands, what failed first; below what is at work; beside it a chart. */
import type { AssetKey } from "../../core/key.ts";
import type { AssetStatus } from "../../core/status.ts";
import { paint } from "../../term/style.ts";
import { sanitize } from "../../term/sanitize.ts";
import { fit, wrap } from "../../term/width.ts";
import { answerLines } from "../answer_lines.ts";
import type { BoardData, Want } from "../board.ts";
import { listLine, SIGN } from "../marked.ts";
import type { Model, Room } from "../model.ts";
import { dueLine, nowLines, nowSize } from "../now_panel.ts";
import { type OverviewItem, overviewItems } from "../overview_items.ts";
import { assetRow, emptyCells, groupRow, headRow, namesOf } from "../overview_rows.ts";
import type { Answered, Screen, Subject } from "../screen.ts";
import { moved, settled } from "../scroll.ts";
import { FIRST_STATES, type OverviewState } from "../states.ts";

/** From so many columns on the chart of what is marked stands beside the list. */
const BESIDE = 120;
const LIST = 0.52;
const LEAST_LIST = 76;
/** Lines of what is at work, at most. */
const MOST_NOW = 7;

export const overview: Screen<OverviewState> = {
  title: "overview",
  act(model, state, action, room) {
    const items = itemsOf(model, state);
    const scroll = moved(state.scroll, action, items.length, listRows(model, room));
    if (scroll !== null) {
      return { state: { ...state, scroll, selected: items[scroll.cursor]?.id ?? "" } };
    }
    const item = items[state.scroll.cursor];
    switch (action) {
      case "fold":
        return { state: folded(model, state, item) };
      case "open":
        return item?.kind === "head" ? { state: folded(model, state, item) } : opened(item);
      case "right":
        if (item?.kind === "head") {
          return item.folded ? { state: folded(model, state, item) } : {};
        }
        return opened(item);
      case "left":
        return item?.kind === "head" && item.folded ? {} : { state: folded(model, state, item) };
      case "why":
        return item?.kind === "asset" ? { go: { screen: "asset", subject: item.asset } } : {};
      case "logs":
        return item?.kind === "asset"
          ? {
            go: { screen: "asset", subject: item.asset },
            opened: { asset: { ...FIRST_STATES.asset, section: "log" } },
          }
          : {};
      case "lineage":
        return {
          go: { screen: "lineage", subject: "" },
          opened: {
            lineage: {
              ...model.states.lineage,
              selected: item?.kind === "asset" ? item.asset : "",
            },
          },
        };
      default:
        return null;
    }
  },
  settle(model, state, room) {
    const items = itemsOf(model, state);
    const at = items.findIndex((each) => each.id === state.selected);
    const first = items.findIndex((each) => each.kind === "asset");
    const wanted = state.selected === "" ? Math.max(0, first) : at < 0 ? state.scroll.cursor : at;
    const scroll = settled(
      { ...state.scroll, cursor: wanted },
      items.length,
      listRows(model, room),
    );
    // A heading above the first line is seen with it.
    const top = scroll.cursor === 1 && scroll.top === 1 ? 0 : scroll.top;
    const selected = items[scroll.cursor]?.id ?? "";
    return scroll === state.scroll && selected === state.selected && top === scroll.top
      ? state
      : { ...state, scroll: { ...scroll, top }, selected };
  },
  wants(model, state, room) {
    const want = chartWant(model, state, room);
    return want === null ? [] : [want];
  },
  press(model, state, room, column, row) {
    if (column >= listColumns(room)) return null;
    const items = itemsOf(model, state);
    const index = state.scroll.top + row - 1;
    const item = items[index];
    if (item === undefined || row === 0 || row > listRows(model, room)) return null;
    if (item.id === state.selected && item.kind === "asset") return opened(item);
    const next = {
      ...state,
      selected: item.id,
      scroll: { ...state.scroll, cursor: index },
    };
    return { state: item.kind === "head" ? folded(model, next, item) : next };
  },
  subject(model, state): Subject {
    const item = itemsOf(model, state)[state.scroll.cursor];
    if (item === undefined) return null;
    if (item.kind === "asset") return { kind: "asset", asset: item.asset };
    return item.id.endsWith("/") && item.id !== "/"
      ? { kind: "group", group: item.id.slice(0, -1) }
      : null;
  },
  view(model, state, room) {
    const { data, style } = model;
    if (data === null) return [];
    const columns = listColumns(room);
    const list = listView(model, data, state, room, columns);
    const body = room.columns === columns ? list : beside(model, state, room, columns, list);
    const look = { style, columns: room.columns, now: model.now, frame: model.frame };
    const now = nowLines(data, { ...look, rows: nowRows(model, room) });
    const due = hasDue(model, room) ? dueLine(data, { ...look, rows: 1 }) : "";
    return [...body, ...now, ...(due === "" ? [] : [due])];
  },
};

function itemsOf(model: Model, state: OverviewState): readonly OverviewItem[] {
  if (model.data === null) return [];
  return overviewItems(model.data, model.shown.keys, state.folded);
}

function nowRows(model: Model, room: Room): number {
  const size = model.data === null ? 0 : nowSize(model.data);
  if (size === 0) return 0;
  return Math.min(size, MOST_NOW, Math.max(2, Math.floor(room.rows / 3)));
}

function hasDue(model: Model, room: Room): boolean {
  return room.rows >= 16 && (model.data?.schedules.some((each) => each.on) ?? false);
}

/** Lines of the list, its heading left out. */
function listRows(model: Model, room: Room): number {
  return Math.max(1, room.rows - 1 - nowRows(model, room) - (hasDue(model, room) ? 1 : 0));
}

function listColumns({ columns }: Room): number {
  return columns >= BESIDE ? Math.max(LEAST_LIST, Math.floor(columns * LIST)) : columns;
}

function opened(item: OverviewItem | undefined): Answered<OverviewState> {
  return item?.kind === "asset" ? { go: { screen: "asset", subject: item.asset } } : {};
}

/** The group of an item folded, or unfolded; the cursor stays on its heading. */
function folded(
  model: Model,
  state: OverviewState,
  item: OverviewItem | undefined,
): OverviewState {
  if (item === undefined || model.data === null) return state;
  const items = itemsOf(model, state);
  // The list is made anew each time: its lines are told apart by what they are about.
  const at = items.findIndex((each) => each.id === item.id);
  const head = items.slice(0, at + 1).findLast((each) => each.kind === "head");
  if (head?.kind !== "head") return state;
  const others = state.folded.filter((each) => each !== head.id);
  return {
    ...state,
    folded: head.folded ? others : [...others, head.id],
    selected: head.id,
  };
}

function listView(
  model: Model,
  data: BoardData,
  state: OverviewState,
  room: Room,
  columns: number,
): string[] {
  const { style, now } = model;
  const items = itemsOf(model, state);
  const rows = listRows(model, room);
  if (items.length === 0) {
    const text = data.graph.keys.length === 0 && data.problems.length > 0
      ? "the definitions cannot be read: 6 shows why"
      : data.graph.keys.length === 0
      ? "no assets yet: a .sql, .ts or .csv file in assets/ is one"
      : `nothing fits ${model.filter}`;
    return filled([`  ${paint(style, "dim", text)}`], rows + 1);
  }
  const inner = columns - SIGN;
  const { keys } = model.shown;
  const names = namesOf(keys, inner, style);
  const look = { style, columns: inner, now, names, empty: emptyCells(data, keys) };
  const lines = items.slice(state.scroll.top, state.scroll.top + rows).map((item, index) => {
    const marked = state.scroll.top + index === state.scroll.cursor;
    return listLine(itemText(item, data, look), marked, style, columns);
  });
  return filled([`  ${headRow(look)}`, ...lines], rows + 1);
}

function itemText(
  item: OverviewItem,
  data: BoardData,
  look: Parameters<typeof headRow>[0],
): string {
  if (item.kind === "asset") {
    const status = data.statuses.get(item.asset);
    return status === undefined ? item.asset : assetRow(status, data, look);
  }
  const members = item.members.flatMap((key): AssetStatus[] => {
    const status = data.statuses.get(key);
    return status === undefined ? [] : [status];
  });
  return groupRow(item.title, members, item.folded, look.style);
}

function filled(lines: readonly string[], rows: number): string[] {
  return [...lines, ...Array.from({ length: Math.max(0, rows - lines.length) }, () => "")];
}

const CHART = "overview:chart";

/** The chart of what is marked, where there is room for it beside the list. */
function chartWant(model: Model, state: OverviewState, room: Room): Want | null {
  if (model.data === null || listColumns(room) === room.columns) return null;
  const item = itemsOf(model, state)[state.scroll.cursor];
  if (item?.kind !== "asset") return null;
  const made = model.data.statuses.get(item.asset)?.last?.published;
  if (!made || model.data.graph.def(item.asset).charts.length === 0) return null;
  const rows = room.rows;
  return {
    name: CHART,
    version: `${item.asset} ${made.event} ${rows}`,
    columns: room.columns - listColumns(room) - 3,
    ask: { kind: "charts", asset: item.asset, rows },
  };
}

function beside(
  model: Model,
  state: OverviewState,
  room: Room,
  columns: number,
  list: readonly string[],
): string[] {
  const { style } = model;
  const want = chartWant(model, state, room);
  const known = model.known.get(CHART);
  const item = itemsOf(model, state)[state.scroll.cursor];
  const asset = item?.kind === "asset" ? item.asset : null;
  // An answer about another asset is not shown as this one's.
  const own = known?.version.split(" ")[0] === asset && want !== null;
  const right = own
    ? answerLines(known?.answer ?? null, style, room.columns - columns - 3)
    : asset === null
    ? []
    : aboutLines(model, asset, room.columns - columns - 3);
  const bar = paint(style, "dim", style.unicode ? "│" : "|");
  return list.map((line, row) => `${fit(line, columns, style)} ${bar} ${right[row] ?? ""}`);
}

function aboutLines(model: Model, asset: AssetKey, columns: number): readonly string[] {
  const def = model.data?.graph.def(asset);
  if (def === undefined) return [];
  const text = def.description === "" ? def.origin.file : def.description;
  return wrap(sanitize(text, model.style), columns).map((line) => paint(model.style, "dim", line));
}
