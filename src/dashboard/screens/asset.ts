/** One asset: how it stands and why, its rows, charts, columns, checks, partitions, versions, log and source. */
import { sanitize } from "../../term/sanitize.ts";
import { paint } from "../../term/style.ts";
import { fit, truncate } from "../../term/width.ts";
import { keyAt } from "../../views/partition_field.ts";
import { answerLines } from "../answer_lines.ts";
import { acted } from "../asset_actions.ts";
import { ABOVE, diffOf, hasNote, noteLine, paneOf, panesOf } from "../asset_content.ts";
import { assetHead } from "../asset_head.ts";
import {
  cursorOf,
  cursorPlace,
  fieldOf,
  mapTop,
  markedOf,
  partitionsLines,
} from "../asset_partitions.ts";
import {
  sectionAt,
  sectionLine,
  sectionOf,
  sectionsOf,
  type Shown,
  shownAsset,
} from "../asset_sections.ts";
import { entered } from "../asset_actions.ts";
import { versionRows, versionsLines, versionsOf } from "../asset_versions.ts";
import { assetWants, ownAnswer, type Panes } from "../asset_wants.ts";
import { type Model, placeOf } from "../model.ts";
import type { Screen, Subject } from "../screen.ts";
import { settled } from "../scroll.ts";
import type { AssetState } from "../states.ts";
import { paneLines, settledPane } from "../text_pane.ts";

export const asset: Screen<AssetState> = {
  title: "asset",
  act(model, state, action, room) {
    const shown = shownAsset(model);
    return shown === null ? null : acted(model, state, shown, action, room);
  },
  settle(model, state, room) {
    const shown = shownAsset(model);
    if (shown === null) return state;
    const section = sectionOf(shown, state);
    const panes = panesOf(shown, section, room);
    const at = section === state.section ? state : { ...state, section };
    if (section === "partitions") {
      const top = mapTop(shown, at, model.style, panes);
      const gone = at.marked !== null &&
        !shown.status.partitions.some((each) => each.partition === at.marked);
      return top === at.top && !gone ? at : { ...at, top, marked: gone ? null : at.marked };
    }
    if (section === "versions" && (at.diff === null || panes.beside > 0)) {
      const list = versionsOf(model, shown);
      if (list === null) return at;
      const scroll = settled(at.scroll, list.length, versionRows(panes.rows));
      return scroll === at.scroll ? at : { ...at, scroll };
    }
    const pane = paneOf(model, shown, at, panes);
    const wanted = section === "log" && at.follow ? { ...at, top: pane.lines.length } : at;
    // What is still being read may be as long as it was.
    if (pane.lines.length === 0) return at;
    const view = settledPane(pane, wanted, panes);
    return view.top === at.top && view.left === at.left
      ? at
      : { ...at, top: view.top, left: view.left };
  },
  wants(model, state, room) {
    const shown = shownAsset(model);
    if (shown === null) return [];
    const panes = panesOf(shown, sectionOf(shown, state), room);
    return assetWants(
      model,
      { ...state, diff: diffOf(model, state, shown, panes) },
      shown,
      panes,
    );
  },
  press(model, state, room, column, row) {
    const shown = shownAsset(model);
    if (shown === null) return null;
    const section = sectionOf(shown, state);
    if (row === 1) {
      const to = sectionAt(sectionsOf(shown), section, room.columns, column);
      return to === null ? null : { state: entered(state, shown, to) };
    }
    const panes = panesOf(shown, section, room);
    if (section === "partitions") {
      const field = fieldOf(shown, model.style, panes.columns);
      const line = row - ABOVE + mapTop(shown, state, model.style, panes);
      const key = field === null ? null : keyAt(field, line, column);
      const found = shown.status.partitions[key ?? -1];
      return found === undefined ? null : { state: { ...state, partition: found.partition } };
    }
    if (section === "versions" && (state.diff === null || panes.beside > 0)) {
      const cursor = state.scroll.top + row - ABOVE - 2;
      if (row < ABOVE + 2 || cursor >= (versionsOf(model, shown)?.length ?? 0)) return null;
      return cursor === state.scroll.cursor
        ? acted(model, state, shown, "open", room)
        : { state: { ...state, scroll: { ...state.scroll, cursor } } };
    }
    return null;
  },
  subject(model, state): Subject {
    const shown = shownAsset(model);
    if (shown === null) return null;
    const section = sectionOf(shown, state);
    const own = { kind: "asset", asset: shown.key } as const;
    if (section === "partitions") {
      const partitions = markedOf(shown, state);
      return partitions === undefined ? own : { ...own, partitions };
    }
    if (section === "versions") {
      const back = versionsOf(model, shown)?.[state.scroll.cursor]?.back ?? 0;
      return back === 0 ? own : { ...own, back };
    }
    return own;
  },
  view(model, state, room) {
    const shown = shownAsset(model);
    const { style } = model;
    if (shown === null) {
      const name = sanitize(placeOf(model).subject, style);
      return [` ${paint(style, "warn", `there is no asset ${name} any more`)}`];
    }
    const section = sectionOf(shown, state);
    const panes = panesOf(shown, section, room);
    const { lines, side, note } = bodyOf(model, shown, state, panes);
    const bar = paint(style, "dim", style.unicode ? "│" : "|");
    const body = Array.from(
      { length: panes.rows },
      (_, row) =>
        panes.beside === 0
          ? lines[row] ?? ""
          : `${fit(lines[row] ?? "", panes.columns, style)} ${bar} ${
            truncate(side[row] ?? "", panes.beside, style)
          }`,
    );
    return [
      assetHead(model, shown),
      sectionLine(model, shown, section),
      ...body,
      ...(hasNote(room) ? [truncate(note, room.columns, style)] : []),
    ];
  },
  cursor(model, state, room) {
    const shown = shownAsset(model);
    if (shown === null || sectionOf(shown, state) !== "partitions") return null;
    const panes = panesOf(shown, "partitions", room);
    const place = cursorPlace(shown, state, model.style, panes);
    return place === null ? null : { x: place.x, y: place.y + ABOVE };
  },
  copied(model, state) {
    const shown = shownAsset(model);
    if (shown === null) return null;
    switch (sectionOf(shown, state)) {
      case "partitions":
        return shown.status.partitions[cursorOf(shown, state)]?.partition ?? null;
      case "versions": {
        const change = versionsOf(model, shown)?.[state.scroll.cursor]?.change.changes.at(-1);
        return change?.after?.version ?? null;
      }
      case "source":
        return shown.def.origin.file;
      default:
        return null;
    }
  },
};

/** The section itself: its lines, those beside it, and what is said below. */
function bodyOf(model: Model, shown: Shown, state: AssetState, panes: Panes) {
  const { style } = model;
  const section = sectionOf(shown, state);
  const pane = paneOf(model, shown, state, panes);
  const note = noteLine(model, shown, state, pane, panes);
  const answered = (place: "asset:diff" | "asset:charts", columns: number) =>
    answerLines(ownAnswer(model, place, shown.key), style, columns);
  if (section === "partitions") return { ...partitionsLines(model, shown, state, panes), note };
  if (section === "versions" && (state.diff === null || panes.beside > 0)) {
    const list = versionsOf(model, shown) ?? [];
    return {
      lines: versionsLines(model, shown, list, state.scroll, panes),
      side: panes.beside > 0 ? answered("asset:diff", panes.beside) : [],
      note,
    };
  }
  return {
    lines: paneLines(pane, state, panes, style),
    side: panes.beside > 0 ? answered("asset:charts", panes.beside) : [],
    note,
  };
}
