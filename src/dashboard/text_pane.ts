/** A text that is wider and longer than its place: which part of it is seen, and how movements move that. */
import type { Style } from "../term/style.ts";
import { slice, truncate, width } from "../term/width.ts";
import { scrolled } from "./scroll.ts";

export interface Pane {
  readonly lines: readonly string[];
  /** So many lines at the beginning stay. */
  readonly head: number;
}

export interface PaneView {
  readonly top: number;
  readonly left: number;
}

export interface PaneRoom {
  readonly columns: number;
  readonly rows: number;
}

const SIDEWAYS = 8;

/** Rows in which the part that moves is seen. */
export function paneRows({ head }: Pane, { rows }: PaneRoom): number {
  return Math.max(1, rows - head);
}

/** The view where it may stand. */
export function settledPane(pane: Pane, at: PaneView, room: PaneRoom): PaneView {
  const most = Math.max(0, pane.lines.length - pane.head - paneRows(pane, room));
  const top = Math.max(0, Math.min(most, at.top));
  const left = Math.max(0, Math.min(mostLeft(pane, top, room), at.left));
  return top === at.top && left === at.left ? at : { top, left };
}

/** The view after a movement; null where the action is none. */
export function movedPane(pane: Pane, at: PaneView, action: string, room: PaneRoom) {
  if (action === "left" || action === "right") {
    const left = at.left + (action === "left" ? -SIDEWAYS : SIDEWAYS);
    return settledPane(pane, { top: at.top, left }, room);
  }
  const length = pane.lines.length - pane.head;
  const top = scrolled(at.top, action, length, paneRows(pane, room));
  return top === null ? null : settledPane(pane, { top, left: at.left }, room);
}

/** What is seen, never more lines or columns than there is room. */
export function paneLines(pane: Pane, at: PaneView, room: PaneRoom, style: Style): string[] {
  return seen(pane, at.top, room).map((line) => truncate(from(line, at.left), room.columns, style));
}

/** A line from a column on. */
export function from(line: string, left: number): string {
  return left <= 0 ? line : slice(line, left, Math.max(0, width(line) - left));
}

/** What is beyond the right edge, in columns. */
export function beyondRight(pane: Pane, at: PaneView, room: PaneRoom): number {
  return Math.max(0, widest(seen(pane, at.top, room)) - at.left - room.columns);
}

function mostLeft(pane: Pane, top: number, room: PaneRoom): number {
  return Math.max(0, widest(seen(pane, top, room)) - room.columns);
}

function seen(pane: Pane, top: number, room: PaneRoom): readonly string[] {
  const from = pane.head + top;
  return [
    ...pane.lines.slice(0, Math.min(pane.head, room.rows)),
    ...pane.lines.slice(from, from + Math.max(0, room.rows - pane.head)),
  ];
}

function widest(lines: readonly string[]): number {
  let most = 0;
  for (const line of lines) most = Math.max(most, width(line));
  return most;
}
