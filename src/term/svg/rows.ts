// Draws what stands in rows as SVG: bars, boxes, spans of time, courses, one number, a table.

import { boxAxis } from "../boxplot.ts";
import { changeText } from "../bignumber.ts";
import { kindOf, showColumn } from "../cell.ts";
import type { Figure } from "../figure.ts";
import { logAxis } from "../logaxis.ts";
import { compact, grouped } from "../number.ts";
import { extent, fraction } from "../scale.ts";
import { lastText } from "../sparks.ts";
import { plainStyle } from "../style.ts";
import { numberTicks } from "../ticks.ts";
import { el, hint, label, n } from "./element.ts";
import { cut, type Ending, finish, type Sheet, sheet, textWidth } from "./frame.ts";
import { seriesClass } from "./theme.ts";

export type Of<K extends Figure["kind"]> = Extract<Figure, { kind: K }>;

export const BAR = 16;
const GAP = 6;

/** Room for names at the left: what they need, a third of the width at most. */
export function namesRoom(names: readonly string[], width: number): number {
  return Math.min(Math.max(26, ...names.map(textWidth)), width * 0.34) + 8;
}

export function barSvg(
  figure: Of<"bar">,
  width: number,
  title: string,
  end: Ending,
): string {
  const { data } = figure;
  const stacked = figure.stacked && data.series.length > 1;
  const on = sheet(width, title, data.series.map(({ name }) => name));
  on.y += 6;
  const count = Math.min(figure.limit ?? data.labels.length, data.labels.length);
  const values = data.series.map((s) =>
    Array.from({ length: count }, (_, i) => {
      const value = s.values[i];
      return typeof value === "number" && Number.isFinite(value) ? value : null;
    })
  );
  const sums = (sign: 1 | -1) =>
    Array.from(
      { length: count },
      (_, i) => values.reduce((sum, own) => sum + Math.max(0, sign * (own[i] ?? 0)), 0),
    );
  const each = values.flat().filter((v) => v !== null);
  const most = Math.max(0, ...(stacked ? sums(1) : each));
  const least = Math.min(0, ...(stacked ? sums(-1).map((v) => -v) : each));
  const read = figure.format ?? ((value: number) => {
    const text = grouped(value);
    return text.length > 12 ? compact(value) : text;
  });
  const texts = each.map((v) => textWidth(read(v)));
  const left = namesRoom(data.labels.slice(0, count), width);
  const right = most > 0 || least === 0 ? Math.max(20, ...texts) + 10 : 6;
  const leftText = least < 0 ? Math.max(0, ...texts) + 8 : 0;
  const start = left + leftText, room = Math.max(20, width - start - right);
  const span = most - least || 1;
  const x = (value: number) => start + fraction(value, { min: least, max: least + span }) * room;
  for (let i = 0; i < count; i++) {
    const tall = stacked || values.length === 1 ? BAR : Math.max(7, BAR - 2 * values.length);
    const height = stacked ? tall : tall * values.length;
    on.parts.push(label(left - 8, on.y + height / 2 + 4, cut(data.labels[i] ?? "", left - 8), {
      class: "e",
    }));
    let up = 0, down = 0;
    values.forEach((own, series) => {
      const value = own[i] ?? null;
      const y = stacked ? on.y : on.y + series * tall;
      if (value === null) {
        if (!stacked) on.parts.push(label(x(0) + 4, y + tall - 4, "–", { class: "a" }));
        return;
      }
      const from = stacked ? (value < 0 ? down : up) : 0;
      const to = from + value;
      if (value < 0) down = to;
      else up = to;
      const [a, b] = [x(Math.min(from, to)), x(Math.max(from, to))];
      on.parts.push(el("rect", {
        class: seriesClass(series),
        x: a,
        y,
        width: Math.max(value === 0 ? 0 : 1, b - a),
        height: tall - (values.length > 1 && !stacked ? 1 : 0),
      }, hint(`${data.series[series]?.name}: ${read(value)}`)));
      if (!stacked) {
        on.parts.push(
          value < 0
            ? label(a - 4, y + tall / 2 + 4, read(value), { class: "a e" })
            : label(b + 4, y + tall / 2 + 4, read(value), { class: "a" }),
        );
      }
    });
    if (stacked) {
      on.parts.push(label(x(up) + 4, on.y + tall / 2 + 4, read(up + down), { class: "a" }));
    }
    on.y += height + GAP;
  }
  if (least < 0) {
    on.parts.push(el("line", { class: "x", x1: x(0), x2: x(0), y1: on.y - GAP, y2: sheetTop(on) }));
  }
  if (count === 0) on.parts.push(label(0, on.y + 10, "no data", { class: "a" }));
  if (count === 0 || count < data.labels.length) on.y += 18;
  if (count > 0 && count < data.labels.length) {
    on.parts.push(
      label(0, on.y - 4, `… ${grouped(data.labels.length - count)} more`, { class: "a" }),
    );
  }
  return finish(on, title, end);

  function sheetTop(of: Sheet): number {
    return of.y -
      count *
        (GAP +
          (stacked || values.length === 1
            ? BAR
            : Math.max(7, BAR - 2 * values.length) * values.length));
  }
}

export function boxSvg(
  figure: Of<"box">,
  width: number,
  title: string,
  end: Ending,
): string {
  const { boxes } = figure;
  const log = figure.log === true;
  const on = sheet(width, title);
  on.y += 6;
  if (boxes.length === 0) {
    on.parts.push(label(0, on.y + 10, "no data", { class: "a" }));
    on.y += 20;
    return finish(on, title, end);
  }
  const left = namesRoom(boxes.map((box) => box.label), width), right = width - 12;
  const domain = boxAxis(boxes, log, Math.floor((right - left) / 60));
  const x = (value: number) => left + fraction(value, domain) * (right - left);
  const top = on.y;
  const bottom = top + boxes.length * (BAR + 8);
  const ticks = log
    ? logAxis(domain, Math.floor((right - left) / 60)).ticks
    : numberTicks(domain, Math.max(2, Math.floor((right - left) / 80)));
  let free = 0;
  for (const tick of ticks) {
    const at = x(tick.value), half = textWidth(tick.label) / 2;
    on.parts.push(el("line", { class: "g", x1: at, x2: at, y1: top, y2: bottom }));
    if (at - half < free) continue;
    free = at + half + 8;
    const place = Math.min(at, width - half);
    on.parts.push(label(place, bottom + 14, tick.label, { class: "a m" }));
  }
  boxes.forEach((box, i) => {
    const y = top + i * (BAR + 8) + 4, middle = y + BAR / 2;
    const value = log ? 10 ** box.median : box.median;
    on.parts.push(
      label(left - 8, middle + 4, cut(box.label, left - 8), { class: "e" }),
      ...box.outliers.map((each) =>
        el("circle", { class: `o l${i % 7}`, cx: x(each), cy: middle, r: 2 })
      ),
      el("path", {
        class: "x",
        d: `M${n(x(box.low))} ${n(middle)}H${n(x(box.high))}M${n(x(box.low))} ${n(middle - 4)}v8M${
          n(x(box.high))
        } ${n(middle - 4)}v8`,
      }),
      el("rect", {
        class: seriesClass(i),
        x: x(box.q1),
        y,
        width: Math.max(1, x(box.q3) - x(box.q1)),
        height: BAR,
      }, hint(`${box.label}: median ${grouped(Number(value.toPrecision(4)))}`)),
      el("line", { class: "w", x1: x(box.median), x2: x(box.median), y1: y, y2: y + BAR }),
    );
  });
  on.y = bottom + 22;
  return finish(on, title, end);
}

export function sparkSvg(
  figure: Of<"spark">,
  width: number,
  title: string,
  end: Ending,
): string {
  const on = sheet(width, title);
  on.y += 4;
  const left = namesRoom(figure.rows.map((row) => row.name), width);
  const right = Math.max(30, ...figure.rows.map(({ values }) => textWidth(lastText(values)))) + 8;
  for (const { name, values } of figure.rows) {
    on.parts.push(
      label(left - 8, on.y + 14, cut(name, left - 8), { class: "e" }),
      sparkPath(values, left, on.y + 2, width - left - right, 16),
      label(width, on.y + 14, lastText(values), { class: "a e" }),
    );
    on.y += 24;
  }
  return finish(on, title, end);
}

/** A course alone, to stand in a line of text or a cell of a table. */
export function courseSvg(
  values: readonly (number | null)[],
  width: number,
  height: number,
): string {
  return el("svg", {
    class: "nyc",
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    "aria-hidden": "true",
  }, sparkPath(values, 3, 3, width - 6, height - 6));
}

/** A small line with a dot at its end. */
function sparkPath(
  values: readonly (number | null)[],
  left: number,
  top: number,
  width: number,
  height: number,
): string {
  const domain = extent(values);
  if (domain === undefined) return "";
  const x = (i: number) => left + (values.length < 2 ? 0 : (i / (values.length - 1)) * width);
  const y = (v: number) => top + height - fraction(v, domain) * height;
  let d = "", open = false, end: [number, number] | null = null;
  values.forEach((value, i) => {
    if (value === null || !Number.isFinite(value)) open = false;
    else {
      d += `${open ? "L" : "M"}${n(x(i))} ${n(y(value))}`;
      open = true;
      end = [x(i), y(value)];
    }
  });
  const [ex, ey] = end ?? [left, top];
  return el("path", { class: "l l0", d }) + el("circle", { class: "s0", cx: ex, cy: ey, r: 2.4 });
}

export function numberSvg(
  figure: Of<"number">,
  width: number,
  title: string,
  end: Ending,
): string {
  const { data } = figure;
  const on = sheet(width, title);
  const text = data.value === null ? (data.empty ? "no rows" : "NULL") : grouped(data.value);
  // Long numbers shrink to what there is.
  const wide = bigWidth(text);
  const size = Math.max(16, Math.min(44, (width - 20) / Math.max(1, wide)));
  const style = size < 44 ? `font-size:${Math.floor(size)}px` : undefined;
  on.y += size * 0.9 + 6;
  on.parts.push(
    label(0, on.y, text, { class: "big", style }),
    label(wide * size + 8, on.y, cut(data.unit, width / 3), { class: "a" }),
  );
  on.y += 10;
  const change = changeText(data, plainStyle);
  if (change !== "") {
    on.parts.push(label(0, on.y + 12, cut(change, width), { class: "a" }));
    on.y += 20;
  }
  if (data.course.length > 2) {
    on.parts.push(sparkPath(data.course, 2, on.y + 2, Math.min(width, 320) - 8, 26));
    on.y += 34;
  }
  return finish(on, title, end);
}

/** Of bold digits, in letters' heights, in the widest of the usual fonts. */
function bigWidth(text: string): number {
  let sum = 0;
  for (const char of text) sum += char === "," || char === "." ? 0.38 : 0.7;
  return sum;
}

const MOST_ROWS = 40;

export function tableSvg(
  figure: Of<"table">,
  width: number,
  title: string,
  end: Ending,
): string {
  const on = sheet(width, title);
  const rows = figure.rows.slice(0, MOST_ROWS);
  let x = 0, hidden = 0;
  const top = on.y;
  for (const [i, column] of figure.columns.entries()) {
    const values = rows.map((row) => row[i]);
    const kind = column.kind ?? kindOf(values);
    const cells = showColumn(values, kind, plainStyle, column.group ?? true);
    const own = Math.min(
      Math.max(textWidth(column.title), ...cells.map((cell) => textWidth(cell.text))),
      width / 2,
    );
    if (x + own > width && i > 0) {
      hidden++;
      continue;
    }
    const right = kind === "number";
    const at = right ? x + own : x;
    on.parts.push(label(at, top + 14, cut(column.title, own), { class: right ? "h e" : "h" }));
    cells.forEach((cell, row) => {
      on.parts.push(label(at, top + 34 + row * 18, cut(cell.text.trim(), own), {
        class: `${cell.role === "null" ? "a" : ""}${right ? " e" : ""}`.trim() || undefined,
      }));
    });
    x += own + 18;
  }
  on.parts.push(
    el("line", { class: "x", x1: 0, x2: Math.min(width, x), y1: top + 19, y2: top + 19 }),
  );
  on.y = top + 26 + rows.length * 18;
  const more = figure.total - rows.length;
  const notes = [
    ...(more > 0 ? [`${grouped(more)} more rows`] : []),
    ...(hidden > 0 ? [`${hidden} more columns`] : []),
  ].join(", ");
  if (notes !== "") {
    on.parts.push(label(0, on.y + 14, `… ${notes}`, { class: "a" }));
    on.y += 22;
  }
  return finish(on, title, end);
}
