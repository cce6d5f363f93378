/** What stands on what, as a drawing that is walked over: left and right along arrows, up and down in a layer. */
import type { AssetKey } from "../../core/key.ts";
import { canvas, canvasLines, put } from "../../term/canvas.ts";
import { fit, width } from "../../term/width.ts";
import { type GraphLabel, paintLabel, paintLines } from "../../views/graph_drawing.ts";
import type { BoardData } from "../board.ts";
import { drawnFor, nodeOf, pathOf } from "../lineage_drawn.ts";
import { movedTo, windowOn } from "../lineage_moves.ts";
import { aboutLines } from "../lineage_about.ts";
import { lineageHead } from "../lineage_head.ts";
import type { Model, Room } from "../model.ts";
import type { Answered, Screen, Subject } from "../screen.ts";
import { FIRST_STATES, type LineageState } from "../states.ts";

/** Columns at the left for the sign of the marked node. */
const MARGIN = 1;

export const lineage: Screen<LineageState> = {
  title: "lineage",
  act(model, state, action, room) {
    const { data } = model;
    const { drawn } = state;
    if (data === null || drawn === null) return null;
    const selected = movedTo(drawn, state.selected, action, drawingRoom(room).rows);
    if (selected !== null) return { state: { ...state, selected } };
    const node = nodeOf(drawn, state.selected);
    switch (action) {
      case "open":
        return opened(state);
      case "fold":
        return state.folded || drawn.whole.hasGroups
          ? { state: { ...state, folded: !state.folded } }
          : said(model, "no group has two assets: nothing is to be folded");
      case "focus-up":
      case "focus-down": {
        const of = node?.members[0];
        if (of === undefined || node?.folded) return said(model, "unfold the groups first: space");
        return {
          state: {
            ...state,
            focus: { kind: action === "focus-up" ? "up" : "down", of },
            from: null,
          },
        };
      }
      case "focus-path":
        return pathTo(model, data, state, node?.folded ? undefined : node?.members[0]);
      case "focus-none":
        return { state: { ...state, focus: null, from: null } };
      case "back":
        return state.focus === null && state.from === null
          ? null
          : { state: { ...state, focus: null, from: null } };
      case "why":
        return opened(state);
      case "logs":
        return node === null || node.folded ? {} : {
          go: { screen: "asset", subject: state.selected },
          opened: { asset: { ...FIRST_STATES.asset, section: "log" } },
        };
      default:
        return null;
    }
  },
  settle(model, state, room) {
    const { data } = model;
    if (data === null) return state;
    const shown = model.shown.keys;
    // What was asked for from elsewhere is shown, whatever was focused on before.
    const lost = state.focus !== null && state.drawn?.whole.focus === state.focus &&
      nodeOf(state.drawn.whole, state.selected) === null &&
      shown.some((key) => key === state.selected);
    const isGone = state.focus !== null && !data.graph.has(state.focus.of);
    const focus = lost || isGone ? null : state.focus;
    const view = drawingRoom(room);
    const asked = {
      data,
      shown,
      focus,
      folded: state.folded,
      columns: view.columns,
      style: model.style,
    };
    let drawn = drawnFor({ ...asked, selected: state.selected }, state.drawn);
    const selected = selectedIn(data, drawn, state.selected);
    if (selected !== state.selected) drawn = drawnFor({ ...asked, selected }, drawn);
    const at = drawn.at.get(selected);
    if (at === undefined) {
      return drawn === state.drawn && selected === state.selected
        ? state
        : { ...state, drawn, selected, focus, left: 0, top: 0 };
    }
    const place = drawn.placed.nodes[at] as { x: number; y: number };
    const { x, y } = windowOn(
      windowBefore(state, drawn, selected, place),
      place,
      drawn.sizes[at] ?? 1,
      drawn.placed,
      view,
    );
    return drawn === state.drawn && selected === state.selected && focus === state.focus &&
        x === state.left && y === state.top
      ? state
      : { ...state, drawn, selected, focus, left: x, top: y };
  },
  press(_model, state, room, column, row) {
    const { drawn } = state;
    const view = drawingRoom(room);
    if (drawn === null || row < 1 || row > view.rows) return null;
    const x = column - MARGIN + state.left, y = row - 1 + state.top;
    const at = drawn.placed.nodes.findIndex((place, each) =>
      place.y === y && x >= place.x - 1 && x <= place.x + (drawn.sizes[each] ?? 0)
    );
    const id = drawn.nodes[at]?.id;
    if (id === undefined) return null;
    return id === state.selected ? opened(state) : { state: { ...state, selected: id } };
  },
  subject(_model, state): Subject {
    const node = state.drawn === null ? null : nodeOf(state.drawn, state.selected);
    if (node === null) return null;
    return node.folded
      ? { kind: "group", group: node.id.slice(0, -1) }
      : { kind: "asset", asset: node.id };
  },
  view(model, state, room) {
    const { data } = model;
    const { drawn } = state;
    if (data === null || drawn === null) return [];
    const view = drawingRoom(room);
    return [
      lineageHead(model, data, state, view, room.columns),
      ...drawing(model, state, room.columns, view.rows),
      ...aboutLines(model, data, nodeOf(drawn, state.selected), room.columns, view.foot),
    ];
  },
};

/** The part of the room that the drawing has: a line above, and what is said of the marked one below. */
function drawingRoom({ columns, rows }: Room): Room & { readonly foot: number } {
  const foot = rows >= 16 ? 3 : rows >= 9 ? 2 : rows >= 6 ? 1 : 0;
  return { columns: Math.max(1, columns - 2 * MARGIN), rows: Math.max(1, rows - 1 - foot), foot };
}

/** What is marked: what was, as an asset or as its group; else what failed, what runs, the first. */
function selectedIn(
  data: BoardData,
  drawn: NonNullable<LineageState["drawn"]>,
  selected: string,
): string {
  const { nodes, at } = drawn.whole;
  if (at.has(selected)) return selected;
  const group = selected.endsWith("/") ? selected.slice(0, -1) : null;
  const key = data.graph.find(selected);
  const found = group !== null
    ? nodes.find(({ members }) => members.some((each) => data.graph.def(each).group === group))
    : key === null
    ? undefined
    : nodes.find(({ members }) => members.includes(key));
  const stateIs = (word: string) =>
    nodes.find(({ members }) => members.some((each) => data.statuses.get(each)?.state === word));
  return (found ?? stateIs("failed") ?? stateIs("running") ?? nodes[0])?.id ?? "";
}

/** Where the window stands before it follows the mark: in a new drawing, so that the marked one stays where it was. */
function windowBefore(
  { drawn: before, left, top }: LineageState,
  drawn: NonNullable<LineageState["drawn"]>,
  selected: string,
  place: { readonly x: number; readonly y: number },
): { readonly x: number; readonly y: number } {
  if (before === null || before.placed === drawn.placed) return { x: left, y: top };
  const at = before.at.get(selected);
  const old = at === undefined ? undefined : before.placed.nodes[at];
  return old === undefined
    ? { x: 0, y: 0 }
    : { x: place.x - old.x + left, y: place.y - old.y + top };
}

/** The asset; a folded group is unfolded. */
function opened(state: LineageState): Answered<LineageState> {
  const node = state.drawn === null ? null : nodeOf(state.drawn, state.selected);
  if (node === null) return {};
  return node.folded
    ? { state: { ...state, folded: false, selected: node.members[0] ?? "" } }
    : { go: { screen: "asset", subject: node.id } };
}

/** For a while. */
const NOTICE_MS = 8_000;

function said({ now }: Model, text: string): Answered<LineageState> {
  return { notice: { text, role: "warn", until: now + NOTICE_MS } };
}

/** From where it was focused, or from where the key was pressed first, to here. */
function pathTo(
  model: Model,
  { graph }: BoardData,
  state: LineageState,
  here: AssetKey | undefined,
): Answered<LineageState> {
  if (here === undefined) return said(model, "unfold the groups first: space");
  const from = state.from ?? state.focus?.of ?? null;
  const start = from === null ? null : graph.find(from);
  if (start === null || start === here) {
    return {
      state: { ...state, from: here },
      notice: {
        text: `from ${here}: mark where it is to lead, and press p again`,
        role: "dim",
        until: model.now + NOTICE_MS,
      },
    };
  }
  if (pathOf(graph, start, here).size === 0) {
    return said(model, `no way leads between ${start} and ${here}`);
  }
  return { state: { ...state, focus: { kind: "path", of: start, to: here }, from: null } };
}

function drawing(
  { style }: Model,
  { drawn, left, top, selected }: LineageState,
  columns: number,
  rows: number,
): string[] {
  if (drawn === null) return [];
  const on = canvas(columns, rows);
  const corner = { x: left - MARGIN, y: top };
  paintLines(on, drawn.placed, "right", style, corner);
  const own = drawn.at.get(selected) ?? -1;
  // What the marked one reads and what reads it stand out, where a line is hard to follow.
  const tied = new Set(
    style.color === "none" ? [] : drawn.edges.filter((e) => e.includes(own)).flat(),
  );
  drawn.placed.nodes.forEach(({ x, y }, at) => {
    if (y < top || y >= top + rows) return;
    const label = drawn.labels[at] as GraphLabel;
    const place = { x: x - corner.x, y: y - top };
    const size = 2 + width(label.name) + width(label.rest);
    if (place.x >= columns || place.x + size < 0) return;
    if (at !== own) return paintLabel(on, place, label, style, tied.has(at) ? "1" : "");
    const over = style.color === "none" ? "" : "1;7";
    const [open, close] = over === "" ? ["[", "]"] : [" ", " "];
    put(on, place.x - 1, place.y, open as string, over);
    paintLabel(on, place, label, style, over);
    put(on, place.x + size, place.y, close as string, over);
  });
  return canvasLines(on).map((line) => fit(line, columns, style));
}
