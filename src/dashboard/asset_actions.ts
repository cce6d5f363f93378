/** What actions do on the asset screen. */
import type { Action } from "./bindings.ts";
import { causeOf } from "./asset_about.ts";
import { paneOf, panesOf } from "./asset_content.ts";
import { cursorOf, walked } from "./asset_partitions.ts";
import { type Section, sectionOf, sectionsOf, type Shown } from "./asset_sections.ts";
import { versionRows, versionsOf } from "./asset_versions.ts";
import { ownAnswer, type Panes } from "./asset_wants.ts";
import type { Model, Room } from "./model.ts";
import type { Answered } from "./screen.ts";
import { moved } from "./scroll.ts";
import type { AssetState } from "./states.ts";
import { movedPane, paneRows } from "./text_pane.ts";

type Done = Answered<AssetState> | null;

/** Rows that are asked for grow so, up to so many. */
const GROWS = 7;
const MOST_ROWS = 10_000;
const NOTICE_MS = 8_000;

export function acted(
  model: Model,
  state: AssetState,
  shown: Shown,
  action: Action,
  room: Room,
): Done {
  const section = sectionOf(shown, state);
  const panes = panesOf(shown, section, room);
  switch (action) {
    case "next-section":
    case "previous-section": {
      const all = sectionsOf(shown);
      const step = action === "next-section" ? 1 : all.length - 1;
      const to = all[(all.indexOf(section) + step) % all.length] ?? "about";
      return { state: entered(state, shown, to) };
    }
    case "logs":
      return section === "partitions" ? logOfPartition(state, shown) : {
        state: { ...entered(state, shown, "log"), log: null },
      };
    case "lineage":
      return {
        go: { screen: "lineage", subject: "" },
        opened: { lineage: { ...model.states.lineage, selected: shown.key } },
      };
    case "mark":
      return marking(model, state, shown, section);
    case "back":
      return back(state, section);
    case "open":
      return opened(model, state, shown, section, panes);
    case "edit":
      return section === "source" && !model.readOnly && state.top > 0
        ? { effects: [{ kind: "edit", file: shown.def.origin.file, line: state.top + 1 }] }
        : null;
    default:
      return movement(model, state, shown, action, panes);
  }
}

/** The state with another section open, seen from its beginning; a source from where the asset begins in it. */
export function entered(state: AssetState, shown: Shown, section: Section): AssetState {
  const { line } = shown.def.origin;
  return {
    ...state,
    section,
    top: section === "source" && line > 3 ? line - 1 : 0,
    left: 0,
    follow: true,
    diff: null,
    marked: section === "partitions" ? state.marked : null,
  };
}

function logOfPartition(state: AssetState, shown: Shown): Done {
  const each = shown.status.partitions[cursorOf(shown, state)];
  return {
    state: {
      ...entered(state, shown, "log"),
      log: each?.partition ?? null,
      partition: each?.partition ?? "",
    },
  };
}

function marking(model: Model, state: AssetState, shown: Shown, section: Section): Done {
  if (shown.def.partitions === null) {
    const text = `${shown.key} has no partitions to mark`;
    return { notice: { text, role: "warn", until: model.now + NOTICE_MS } };
  }
  if (section !== "partitions") return { state: entered(state, shown, "partitions") };
  const each = shown.status.partitions[cursorOf(shown, state)]?.partition ?? "";
  return {
    state: { ...state, partition: each, marked: state.marked === null ? each : null },
  };
}

function back(state: AssetState, section: Section): Done {
  if (section === "versions" && state.diff !== null) {
    return { state: { ...state, diff: null, top: 0, left: 0 } };
  }
  if (section === "partitions" && state.marked !== null) {
    return { state: { ...state, marked: null } };
  }
  if (section === "log" && state.log !== null) {
    return { state: { ...state, log: null, follow: true } };
  }
  return null;
}

function opened(
  model: Model,
  state: AssetState,
  shown: Shown,
  section: Section,
  panes: Panes,
): Done {
  if (section === "about") {
    const cause = causeOf(model, shown);
    return cause === null ? {} : { go: { screen: "asset", subject: cause } };
  }
  if (section === "versions") {
    const change = versionsOf(model, shown)?.[state.scroll.cursor]?.change;
    if (change === undefined || state.diff !== null || panes.beside > 0) return {};
    return { state: { ...state, diff: change.event, top: 0, left: 0 } };
  }
  if (section === "partitions") {
    const each = shown.status.partitions[cursorOf(shown, state)];
    const run = each?.claim?.run ?? each?.head?.failure?.run ?? each?.head?.published?.run;
    return run === undefined ? {} : { go: { screen: "run", subject: run } };
  }
  return null;
}

function movement(
  model: Model,
  state: AssetState,
  shown: Shown,
  action: Action,
  panes: Panes,
): Done {
  const section = sectionOf(shown, state);
  if (section === "partitions") {
    const next = walked(shown, state, action, model.style, panes);
    return next === null ? null : { state: next };
  }
  if (section === "versions" && (state.diff === null || panes.beside > 0)) {
    const list = versionsOf(model, shown) ?? [];
    const scroll = moved(state.scroll, action, list.length, versionRows(panes.rows));
    return scroll === null ? null : { state: { ...state, scroll } };
  }
  const pane = paneOf(model, shown, state, panes);
  const view = movedPane(pane, state, action, panes);
  if (view === null) return null;
  const next: AssetState = { ...state, top: view.top, left: view.left };
  const atEnd = view.top >= pane.lines.length - pane.head - paneRows(pane, panes);
  if (section === "log") return { state: { ...next, follow: atEnd } };
  const answer = section === "rows" ? ownAnswer(model, "asset:rows", shown.key) : null;
  const more = answer?.kind === "lines" && answer.more === true && atEnd &&
    state.limit < MOST_ROWS && ["down", "page-down", "last"].includes(action);
  return { state: more ? { ...next, limit: Math.min(MOST_ROWS, state.limit * GROWS) } : next };
}
