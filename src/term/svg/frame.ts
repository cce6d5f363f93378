// Decides what stands around a drawing over two axes in SVG: title, legend, grid, ticks and their
// labels, by the same axes as the terminal's. It does not draw data.

import type { Domain } from "../scale.ts";
import { fraction } from "../scale.ts";
import type { Tick } from "../ticks.ts";
import { numberTicks } from "../ticks.ts";
import { timeTicks } from "../timeticks.ts";
import { width, wrap } from "../width.ts";
import type { XAxis } from "../xaxis.ts";
import type { YAxis } from "../yaxis.ts";
import { el, label, n } from "./element.ts";
import { LETTER, seriesClass } from "./theme.ts";

/** A drawing in progress: its parts, and how far down it goes. */
export interface Sheet {
  readonly width: number;
  readonly parts: string[];
  /** Where the next thing begins. */
  y: number;
}

const TITLE = 22;
const LINE = 17;

/** About how wide a text is, in the widest of the usual fonts: a label that is cut off is worse than a little room. */
export function textWidth(text: string): number {
  let sum = 0;
  for (const char of text) sum += letterWidth(char);
  return sum;
}

function letterWidth(char: string): number {
  if (/[iljtfrI.,:;'|!()[\] ]/.test(char)) return LETTER.wide * 0.6;
  if (/[mwMW@%]/.test(char)) return LETTER.wide * 1.45;
  return /[A-Z]/.test(char) ? LETTER.wide * 1.15 : width(char) * LETTER.wide;
}

/** A text cut to a width, with … where something is gone. */
export function cut(text: string, room: number): string {
  if (textWidth(text) <= room) return text;
  let shown = "", used = 2 * LETTER.wide;
  for (const char of text) {
    used += letterWidth(char);
    if (used > room && shown !== "") break;
    shown += char;
  }
  return `${shown}…`;
}

/** The same with both its ends kept: of names that differ at their end. */
export function cutMiddle(text: string, room: number): string {
  if (textWidth(text) <= room) return text;
  const letters = Math.max(2, Math.floor(room / LETTER.wide) - 1);
  const all = [...text], tail = letters >> 1;
  return `${all.slice(0, letters - tail).join("")}…${all.slice(-tail).join("")}`;
}

/** A sheet with its title and, where there are several series, their legend. */
export function sheet(columns: number, title: string, names: readonly string[] = []): Sheet {
  const on: Sheet = { width: columns, parts: [], y: 4 };
  if (title !== "") {
    // Bold and larger than the rest. On a phone it takes a second line, and no third.
    const room = (columns / LETTER.wide / 1.15) | 0;
    const [first = "", ...rest] = wrap(title, room);
    const lines = rest.length === 0 ? [first] : [first, cut(rest.join(" "), columns / 1.2)];
    lines.forEach((line, i) => on.parts.push(label(0, 15 + i * LINE, line, { class: "h" })));
    on.y = TITLE + (lines.length - 1) * LINE;
  }
  if (names.length < 2) return on;
  let x = 0;
  on.y += 12;
  names.forEach((name, i) => {
    const shown = cut(name, columns * 0.6);
    if (x > 0 && x + 16 + textWidth(shown) > columns) {
      x = 0;
      on.y += LINE;
    }
    on.parts.push(
      el("rect", { class: seriesClass(i), x, y: on.y - 9, width: 10, height: 10, rx: 2 }),
      label(x + 14, on.y, shown),
    );
    x += 14 + textWidth(shown) + 14;
  });
  on.y += 8;
  return on;
}

/** What a drawing ends with. */
export interface Ending {
  /** The theme, for a document of its own; null in a page that has it. */
  readonly css: string | null;
  readonly below: readonly string[];
}

/** The drawing as a document of its own, or as part of a page. */
export function finish(on: Sheet, title: string, { css, below }: Ending): string {
  for (const line of below.flatMap((text) => wrap(text, Math.floor(on.width / LETTER.wide)))) {
    on.parts.push(label(0, on.y + 14, line, { class: "a" }));
    on.y += 16;
  }
  const height = Math.ceil(on.y + 4);
  return el(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      class: "nyc",
      viewBox: `0 0 ${n(on.width)} ${height}`,
      ...(css === null ? {} : { width: on.width, height }),
      role: "img",
      "aria-label": title,
    },
    (css === null ? "" : `<style>${css}svg.nyc{background:var(--paper)}</style>`) +
      on.parts.filter((part) => part !== "").join("\n"),
  );
}

/** Where data stands. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Draws the grid and labels of the axis at the left, and answers the room for data. */
export function yFrame(on: Sheet, axis: YAxis, height: number): Plot {
  const left = Math.max(12, ...axis.ticks.map((tick) => textWidth(tick.label))) + 8;
  const plot = { left, right: on.width - 10, top: on.y + 8, bottom: on.y + 8 + height };
  for (const tick of axis.ticks) {
    const y = plot.bottom - fraction(tick.value, axis.domain) * height;
    on.parts.push(
      el("line", { class: "g", x1: left, x2: plot.right, y1: y, y2: y }),
      label(left - 6, y + 4, tick.label, { class: "a e" }),
    );
  }
  return plot;
}

/** Draws the labels along the bottom, as many as do not touch; `inset` is what data keeps from the ends. */
export function xFrame(on: Sheet, axis: XAxis, plot: Plot, inset = 0): void {
  const { left, right, bottom } = plot;
  on.parts.push(el("line", { class: "x", x1: left, x2: right, y1: bottom, y2: bottom }));
  const place = (value: number) =>
    left + inset + fraction(value, axis.domain) * (right - left - 2 * inset);
  let free = 0;
  for (const { value, label: text } of xTicks(axis, right - left)) {
    const x = place(value), half = textWidth(text) / 2;
    const at = Math.min(Math.max(x, half), on.width - half);
    if (at - half < free) continue;
    free = at + half + 10;
    on.parts.push(
      el("line", { class: "x", x1: x, x2: x, y1: bottom, y2: bottom + 4 }),
      label(at, bottom + 16, text, { class: "a m" }),
    );
  }
  on.y = bottom + 22;
}

function xTicks(axis: XAxis, room: number): readonly Tick[] {
  if (axis.kind === "category") {
    const widest = Math.max(1, ...axis.categories.map((name) => Math.min(textWidth(name), 140)));
    const every = Math.max(1, Math.ceil(((widest + 10) * axis.categories.length) / room));
    return axis.categories.map((name, value) => ({ value, label: cut(name, 140) }))
      .filter((_, i) => i % every === 0);
  }
  for (let count = Math.max(1, Math.floor(room / 70)); count >= 1; count--) {
    const ticks = axis.kind === "time"
      ? timeTicks(axis.domain, count)
      : numberTicks(axis.domain, count, axis.whole);
    const needed = ticks.reduce((sum, tick) => sum + textWidth(tick.label) + 10, 0);
    if (ticks.length > 0 && needed <= room + 40) return ticks;
  }
  return endTicks(axis.domain, axis.kind === "time");
}

function endTicks({ min, max }: Domain, time: boolean): Tick[] {
  const text = (value: number) => {
    if (!time) return String(value);
    const at = new Date(value);
    return Number.isNaN(at.getTime()) ? "?" : at.toISOString().slice(0, 10);
  };
  return (min === max ? [min] : [min, max]).map((value) => ({ value, label: text(value) }));
}
