/** What the section of an asset that is open shows, and how its place is divided. */
import type { Answer } from "./board.ts";
import { spinner } from "../term/progress.ts";
import { grouped } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint } from "../term/style.ts";
import { table } from "../term/table.ts";
import { aboutLines, causeOf } from "./asset_about.ts";
import { answerLines } from "./answer_lines.ts";
import { checksLines } from "./asset_checks.ts";
import { type Section, sectionOf, type Shown } from "./asset_sections.ts";
import { versionsOf } from "./asset_versions.ts";
import { type AssetPlace, hasCharts, ownAnswer, type Panes } from "./asset_wants.ts";
import { nowLines } from "./now_panel.ts";
import { isPending, type Model, type Room } from "./model.ts";
import type { AssetState } from "./states.ts";
import { beyondRight, type Pane, paneRows } from "./text_pane.ts";

/** Lines above the section: how it stands, and the names of the sections. */
export const ABOVE = 2;
/** From so many columns on there is a second pane. */
const BESIDE = 120;
const SHARE = 0.45;
/** Columns between two panes. */
export const BETWEEN = 3;

export function panesOf(shown: Shown, section: Section, room: Room): Panes {
  const rows = Math.max(1, room.rows - ABOVE - (hasNote(room) ? 1 : 0));
  const two = room.columns >= BESIDE &&
    (section === "partitions" || section === "versions" ||
      (section === "about" && hasCharts(shown)));
  const beside = two ? Math.floor(room.columns * SHARE) : 0;
  return { rows, columns: two ? room.columns - beside - BETWEEN : room.columns, beside };
}

/** Whether the last line says what part is seen. */
export function hasNote({ rows }: Room): boolean {
  return rows >= 6;
}

const PLACES: Partial<Record<Section, AssetPlace>> = {
  rows: "asset:rows",
  charts: "asset:charts",
  columns: "asset:columns",
  log: "asset:log",
  source: "asset:source",
};

/** Where the answer of a section stands; null where it is drawn from what is known anyway. */
export function placeOfSection(section: Section, state: AssetState): AssetPlace | null {
  if (section === "versions") return state.diff === null ? null : "asset:diff";
  return PLACES[section] ?? null;
}

/** The text of a section that is one; partitions and versions are drawn by their own. */
export function paneOf(model: Model, shown: Shown, state: AssetState, panes: Panes): Pane {
  const { style } = model;
  const section = sectionOf(shown, state);
  if (section === "about") {
    return plain([...workLines(model, shown, panes), ...aboutLines(model, shown, panes.columns)]);
  }
  if (section === "checks") return plain(checksLines(shown, style, panes.columns));
  const place = placeOfSection(section, state);
  if (place === null) return plain([]);
  const answer = ownAnswer(model, place, shown.key);
  if (answer === null && section === "columns") return schemaPane(model, shown, panes);
  const lines = answerLines(answer, style, panes.columns);
  if (section === "log" && answer !== null && lines.length === 0) {
    return plain([paint(style, "dim", "its last attempts printed nothing")]);
  }
  const head = answer?.kind === "lines" ? answer.head ?? 0 : 0;
  return { lines, head: Math.min(head, lines.length) };
}

function plain(lines: readonly string[]): Pane {
  return { lines, head: 0 };
}

/** Lines of steps at work on it, its own line included. */
const MOST_WORK = 6;

/** How far what is at work on it is; nothing where nothing is. */
function workLines(
  { data, style, now, frame }: Model,
  { key }: Shown,
  { columns }: Panes,
): readonly string[] {
  const claims = data?.claims.filter((each) => each.asset === key) ?? [];
  if (data === null || claims.length === 0) return [];
  const look = { style, columns, now, frame, rows: MOST_WORK };
  return [...nowLines({ ...data, claims }, look), ""];
}

/** What is known of the columns before they have been counted. */
function schemaPane({ style }: Model, { def, status }: Shown, { columns }: Panes): Pane {
  const schema = status.last?.published?.schema ??
    def.columns.map(({ name, type }) => ({ name, type: type ?? "" }));
  const lines = table(
    [{ title: "column", kind: "text" }, { title: "type", kind: "text" }],
    schema.map(({ name, type }) => [{ text: name }, { text: type, role: "dim" }]),
    { width: columns, style },
  );
  return { lines, head: Math.min(2, lines.length) };
}

/** The change whose difference is asked for: beside the list that of the marked one. */
export function diffOf(model: Model, state: AssetState, shown: Shown, { beside }: Panes) {
  if (beside === 0) return state.diff;
  return versionsOf(model, shown)?.[state.scroll.cursor]?.change.event ?? null;
}

/** The last line: what part is seen, what is still read, what keys do. */
export function noteLine(
  model: Model,
  shown: Shown,
  state: AssetState,
  pane: Pane,
  panes: Panes,
): string {
  const { style } = model;
  const section = sectionOf(shown, state);
  const place = placeOfSection(section, state);
  const words: string[] = [];
  if (place !== null && isPending(model, place)) {
    words.push(`${spinner(style, model.frame)} reading`);
  }
  const answer = place === null ? null : ownAnswer(model, place, shown.key);
  words.push(...seenWords(section, answer, pane, state, panes));
  if (section === "log" && state.log !== null) {
    words.push(`of ${sanitize(state.log, style)}, esc shows all`);
  }
  const cause = section === "about" ? causeOf(model, shown) : null;
  if (cause !== null) words.push(`enter goes to ${sanitize(cause, style)}, where it comes from`);
  const hint = HINTS[section];
  if (hint !== undefined && !(section === "versions" && state.diff !== null)) words.push(hint);
  return paint(style, "dim", ` ${words.join(style.unicode ? " · " : ", ")}`);
}

const HINTS: Partial<Record<Section, string>> = {
  partitions: "arrows walk, v marks a block, enter its run, o its log",
  versions: "enter shows what changed, u rolls back to it, U unpins",
};

function seenWords(
  section: Section,
  answer: Answer | null,
  pane: Pane,
  state: AssetState,
  panes: Panes,
): string[] {
  const words: string[] = [];
  const length = pane.lines.length - pane.head;
  const rows = paneRows(pane, panes);
  if (length > rows) {
    const last = Math.min(length, state.top + rows);
    words.push(`${grouped(state.top + 1)}-${grouped(last)} of ${grouped(length)}`);
  }
  if (answer?.kind === "lines" && answer.note !== undefined) words.push(answer.note);
  const beyond = beyondRight(pane, state, panes);
  if (beyond > 0) words.push("right shows more");
  if (section === "log" && state.follow) words.push("follows");
  return words;
}
