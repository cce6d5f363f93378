/** What begins by itself: schedules and sensors, what each did last and does next, and what sensors have asked for. */
import { rule } from "../../term/box.ts";
import { sanitize } from "../../term/sanitize.ts";
import { paint } from "../../term/style.ts";
import { fit } from "../../term/width.ts";
import { type Item, itemsOf, KEYS, nothing, sensorIn } from "../automation_items.ts";
import { scheduleAbout, sensorAbout } from "../automation_about.ts";
import { headRow, keyRow, nameColumns, scheduleRow, sensorRow } from "../automation_rows.ts";
import type { BoardData } from "../board.ts";
import { freshnessLines } from "../freshness_panel.ts";
import { listLine, SIGN } from "../marked.ts";
import type { Model, Place, Room } from "../model.ts";
import { type Section, sectionAt, sectionsLine } from "../sections.ts";
import type { Answered, Screen, Subject } from "../screen.ts";
import { AT_TOP, moved, settled } from "../scroll.ts";
import { AUTOMATION_SECTIONS, type AutomationState } from "../states.ts";

/** Sections and the titles of columns. */
const HEADS = 2;
/** From so many columns on what is said of the marked one stands beside the list. */
const BESIDE = 124;

export const automation: Screen<AutomationState> = {
  title: "automation",
  act(model, state, action, room) {
    const items = itemsOf(model, state);
    const scroll = moved(state.scroll, action, items.length, layoutOf(model, state, room).list);
    if (scroll !== null) {
      return { state: { ...state, scroll, selected: items[scroll.cursor]?.name ?? "" } };
    }
    const item = items[state.scroll.cursor];
    switch (action) {
      case "next-section":
      case "previous-section": {
        const by = action === "next-section" ? 1 : -1;
        const at = AUTOMATION_SECTIONS.indexOf(state.section) + by;
        const section = AUTOMATION_SECTIONS.at(at % AUTOMATION_SECTIONS.length) ?? "schedules";
        return { state: inSection(model, state, section, item) };
      }
      case "right":
        return item?.kind === "sensor" ? { state: inSection(model, state, "keys", item) } : {};
      case "left":
        return state.section === "keys" ? { state: toSensor(state) } : {};
      case "back":
        return state.section === "keys" ? { state: toSensor(state) } : null;
      case "open":
        return opened(model, state, item);
      case "edit":
        return editing(model, item);
      default:
        return null;
    }
  },
  settle(model, state, room) {
    const items = itemsOf(model, state);
    const at = items.findIndex((each) => each.name === state.selected);
    const scroll = settled(
      { ...state.scroll, cursor: at < 0 ? state.scroll.cursor : at },
      items.length,
      layoutOf(model, state, room).list,
    );
    const selected = items[scroll.cursor]?.name ?? "";
    const sensor = sensorIn(model, state);
    return scroll === state.scroll && selected === state.selected && sensor === state.sensor
      ? state
      : { ...state, scroll, selected, sensor };
  },
  wants(model, state) {
    if (state.section !== "keys" || state.sensor === "") return [];
    const version = `${state.sensor} ${model.data?.last ?? 0}`;
    return [{ name: KEYS, version, columns: 0, ask: { kind: "keys", sensor: state.sensor } }];
  },
  press(model, state, room, column, row) {
    const items = itemsOf(model, state);
    if (row === 0 && model.data !== null) {
      const name = sectionAt(sectionsOf(model.data), column);
      const section = AUTOMATION_SECTIONS.find((each) => each === name);
      return section === undefined
        ? null
        : { state: inSection(model, state, section, items[state.scroll.cursor]) };
    }
    const index = state.scroll.top + row - HEADS;
    const item = items[index];
    const { list } = layoutOf(model, state, room);
    if (item === undefined || row < HEADS || row >= HEADS + list) return null;
    if (item.name === state.selected) return opened(model, state, item);
    const scroll = { ...state.scroll, cursor: index };
    return { state: { ...state, selected: item.name, scroll } };
  },
  subject(model, state): Subject {
    const item = itemsOf(model, state)[state.scroll.cursor];
    if (item?.kind === "schedule" || item?.kind === "sensor") {
      return { kind: item.kind, name: item.name, on: item.of.on };
    }
    const sensor = model.data?.sensors.find((each) => each.name === state.sensor);
    return state.section !== "keys" || sensor === undefined
      ? null
      : { kind: "sensor", name: sensor.name, on: sensor.on };
  },
  view(model, state, room) {
    const { data, style } = model;
    if (data === null) return [];
    const layout = layoutOf(model, state, room);
    const sections = sectionsLine(
      model,
      sectionsOf(data),
      state.section,
      room.columns,
      state.section === "keys" && state.sensor !== "" ? `of ${sanitize(state.sensor, style)}` : "",
    );
    const list = listView(model, state, layout.columns, layout.list);
    const about = { style, now: model.now, data };
    if (layout.beside > 0) {
      const right = aboutOf(model, state, layout.beside);
      const bar = paint(style, "dim", style.unicode ? "│" : "|");
      const lines = filled(list, layout.list + 1).map((line, at) =>
        `${fit(line, layout.columns, style)} ${bar} ${right[at] ?? ""}`
      );
      return [
        sections,
        ...lines,
        ...freshnessLines({ ...about, columns: room.columns }, layout.fresh),
      ];
    }
    const below = layout.about === 0
      ? []
      : [rule({ width: room.columns, style }), ...aboutOf(model, state, room.columns)]
        .slice(0, layout.about);
    const used = 1 + layout.list + 1 + below.length;
    const fresh = freshnessLines({ ...about, columns: room.columns }, room.rows - used);
    return [sections, ...filled(list, layout.list + 1), ...below, ...fresh];
  },
  copied(model, state) {
    return itemsOf(model, state)[state.scroll.cursor]?.name ?? null;
  },
};

function sectionsOf({ schedules, sensors }: BoardData): readonly Section[] {
  return [
    { name: "schedules", count: schedules.length },
    { name: "sensors", count: sensors.length },
    { name: "keys" },
  ];
}

interface Layout {
  /** Lines of the list, without its titles. */
  readonly list: number;
  readonly columns: number;
  /** Columns beside the list; 0: what is said of the marked one stands below. */
  readonly beside: number;
  /** Lines below the list for that. */
  readonly about: number;
  /** Lines below all for what is to be fresh. */
  readonly fresh: number;
}

function layoutOf(model: Model, state: AutomationState, room: Room): Layout {
  const left = Math.max(1, room.rows - HEADS);
  const count = Math.max(1, itemsOf(model, state).length);
  if (state.section === "keys") {
    return { list: left, columns: room.columns, beside: 0, about: 0, fresh: 0 };
  }
  if (room.columns >= BESIDE) {
    const columns = Math.floor(room.columns * 0.55);
    const some = [...model.data?.statuses.values() ?? []].filter((each) => each.freshness !== null);
    const fresh = some.length === 0 || room.rows < 20
      ? 0
      : Math.min(Math.max(3, some.length + 1), Math.floor(room.rows * 0.4));
    const list = Math.max(1, left - fresh);
    return { list, columns, beside: room.columns - columns - 3, about: 0, fresh };
  }
  // The list has what it needs, up to a half; on very few rows there is only the list.
  const list = left < 7 ? left : Math.min(count, Math.max(3, Math.floor(left * 0.45)));
  return { list, columns: room.columns, beside: 0, about: left - list, fresh: 0 };
}

function inSection(
  model: Model,
  state: AutomationState,
  section: AutomationState["section"],
  item: Item | undefined,
): AutomationState {
  const sensor = item?.kind === "sensor" ? item.name : sensorIn(model, state);
  const selected = section === "sensors" ? sensor : "";
  return { ...state, section, sensor, selected, scroll: AT_TOP };
}

function toSensor(state: AutomationState): AutomationState {
  return { ...state, section: "sensors", selected: state.sensor, scroll: AT_TOP };
}

/** The run of the last tick, or what it is for; a sensor's keys; a key's run, or its asset. */
function opened(
  model: Model,
  state: AutomationState,
  item: Item | undefined,
): Answered<AutomationState> {
  const { data } = model;
  if (item === undefined || data === null) return {};
  if (item.kind === "sensor") return { state: inSection(model, state, "keys", item) };
  const go = (screen: Place["screen"], subject: string) => ({ go: { screen, subject } });
  if (item.kind === "key") {
    const { run, asset } = item.of;
    return run !== null ? go("run", run) : asset !== null ? go("asset", asset) : {};
  }
  const last = item.of.fact?.last.find((each) => each.runs.length > 0)?.runs.at(-1);
  if (last !== undefined) return go("run", last);
  const asset = data.graph.find(item.of.select);
  return asset === null ? {} : go("asset", asset);
}

/** Where a schedule or a sensor is defined. */
function editing(model: Model, item: Item | undefined): Answered<AutomationState> | null {
  if (model.readOnly || item === undefined || item.kind === "key") return null;
  const { file, line } = item.of;
  return { effects: [{ kind: "edit", file, line }] };
}

function listView(
  model: Model,
  state: AutomationState,
  columns: number,
  rows: number,
): readonly string[] {
  const { style, now } = model;
  const items = itemsOf(model, state);
  if (items.length === 0) return [`  ${paint(style, "dim", nothing(model, state))}`];
  const inner = columns - SIGN;
  const names = nameColumns(items.map(({ name }) => name), inner, style);
  const look = { style, columns: inner, now, names };
  const { top, cursor } = state.scroll;
  return [
    `  ${headRow(state.section, look)}`,
    ...items.slice(top, top + rows).map((item, at) =>
      listLine(rowOf(item, look), top + at === cursor, style, columns)
    ),
  ];
}

function rowOf(item: Item, look: Parameters<typeof keyRow>[1]): string {
  switch (item.kind) {
    case "schedule":
      return scheduleRow(item.of, look);
    case "sensor":
      return sensorRow(item.of, look);
    case "key":
      return keyRow(item.of, look);
  }
}

function aboutOf(model: Model, state: AutomationState, columns: number): readonly string[] {
  const { data, style, now } = model;
  const item = itemsOf(model, state)[state.scroll.cursor];
  if (data === null || item === undefined) return [];
  const look = { style, columns, now, data };
  return item.kind === "schedule"
    ? scheduleAbout(item.of, look)
    : item.kind === "sensor"
    ? sensorAbout(item.of, look)
    : [];
}

function filled(lines: readonly string[], rows: number): readonly string[] {
  return [...lines, ...Array.from({ length: Math.max(0, rows - lines.length) }, () => "")];
}
