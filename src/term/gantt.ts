// Decides how spans of time stand under each other on one axis: label, bar, length. It does not
// know what the spans are; a state is given as a role, and as a fill where there is no colour.

import { type Canvas, canvas, canvasLines, put } from "./canvas.ts";
import { duration, shortDuration } from "./duration.ts";
import { sanitize } from "./sanitize.ts";
import { paint, type Role, roleCodes, type Style } from "./style.ts";
import { niceStep } from "./ticks.ts";
import { fit, pad, truncate, width } from "./width.ts";

export interface GanttRow {
  readonly label: string;
  /** Milliseconds, of any common origin. Null: it has not begun, and has no bar. */
  readonly start: number | null;
  /** Null: it still runs, and its bar ends at `now`. */
  readonly end: number | null;
  /** How it went; "good" where it is not given. */
  readonly role?: Role | undefined;
  /** Behind the length: a state's word, an attempt's number. */
  readonly note?: string | undefined;
  /** True: it is among those that decided how long all took. */
  readonly critical?: boolean | undefined;
}

export interface GanttOptions {
  /** Every line is exactly as wide. */
  readonly width: number;
  readonly style: Style;
  readonly title?: string | undefined;
  /** Where bars without an end stop; the latest moment known by default. */
  readonly now?: number | undefined;
  /** Never more lines than these: what does not fit is left out, and that is said. */
  readonly most?: number | undefined;
}

/** A line per row and an axis of time since the first start; a bar is never less than a cell. */
export function gantt(rows: readonly GanttRow[], options: GanttOptions): string[] {
  const fits = Math.max(1, (options.most ?? Infinity) - (options.title === undefined ? 0 : 1) - 2);
  if (rows.length > fits) {
    const kept = rows.slice(0, Math.max(1, fits - 1));
    const said = `${options.style.unicode ? "…" : "..."} ${rows.length - kept.length} more`;
    const more = fit(said, options.width, options.style);
    return [
      ...gantt(kept, { ...options, most: undefined }),
      paint(options.style, "dim", more),
    ];
  }
  const { style } = options;
  const head = options.title === undefined ? 0 : 1;
  const on = canvas(options.width, head + Math.max(1, rows.length) + (rows.length > 0 ? 2 : 0));
  if (options.title !== undefined) {
    put(
      on,
      0,
      0,
      truncate(sanitize(options.title, style), on.width, style),
      roleCodes(style, "heading"),
    );
  }
  if (rows.length === 0) {
    put(on, 0, head, "nothing to show", roleCodes(style, "dim"));
    return canvasLines(on);
  }
  const labels = rows.map((row) => sanitize(row.label, style));
  const { first, last } = range(rows, options.now);
  const texts = rows.map((row) => textOf(row, last, style));
  const left = Math.min(Math.max(...labels.map(width)), Math.max(4, Math.floor(on.width * 0.35))) +
    1;
  const right = Math.min(Math.max(...texts.map(width)), Math.floor(on.width * 0.3));
  const room = Math.max(1, on.width - left - right - 1);
  const span = Math.max(1e-9, last - first);
  rows.forEach((row, i) => {
    const y = head + i;
    put(on, 0, y, pad(truncate(labels[i] as string, left - 1, style, "middle"), left - 1));
    put(
      on,
      on.width - right,
      y,
      truncate(texts[i] as string, right, style),
      roleCodes(style, "dim"),
    );
    if (row.start === null) return;
    const end = Math.max(row.start, row.end ?? last);
    const from = Math.min(room - 1, Math.floor(((row.start - first) / span) * room + 1e-9));
    const to = Math.max(from + 1, Math.min(room, Math.round(((end - first) / span) * room)));
    put(
      on,
      left + from,
      y,
      fillOf(row, style).repeat(to - from),
      roleCodes(style, row.role ?? "good"),
    );
  });
  drawTimeAxis(on, head + rows.length, left, room, span, style);
  return canvasLines(on);
}

function range(
  rows: readonly GanttRow[],
  now: number | undefined,
): { first: number; last: number } {
  let first = Infinity, last = now ?? -Infinity;
  for (const { start, end } of rows) {
    if (start === null) continue;
    first = Math.min(first, start);
    last = Math.max(last, start, end ?? -Infinity);
  }
  return first === Infinity ? { first: 0, last: 1 } : { first, last: Math.max(first, last) };
}

function textOf(row: GanttRow, last: number, style: Style): string {
  const length = row.start === null ? "" : duration(Math.max(0, (row.end ?? last) - row.start));
  const running = row.start !== null && row.end === null ? (style.unicode ? "…" : "..") : "";
  return [length + running, row.note === undefined ? "" : sanitize(row.note, style)]
    .filter((part) => part !== "").join(" ");
}

/** Without colour the states differ by what fills them; the critical ones are full, the others thin. */
export function fillOf(row: Pick<GanttRow, "role" | "critical">, style: Style): string {
  const role = row.role ?? "good";
  const thin = row.critical === false ? (style.unicode ? "━" : "=") : null;
  if (style.color !== "none") return thin ?? (style.unicode ? "█" : "#");
  if (role === "bad") return style.unicode ? "▓" : "x";
  if (role === "dim" || role === "null") return style.unicode ? "░" : ".";
  if (role === "warn") return style.unicode ? "▒" : "~";
  return thin ?? (style.unicode ? "█" : "#");
}

/** Steps of time since the start: 1, 2, 5 of milliseconds and seconds; by sixty above. */
function timeStep(span: number, count: number): number {
  const raw = span / count;
  if (raw < 30_000) {
    return niceStep(span, count) < 1 ? niceStep(span, count) : Math.max(1, niceStep(span, count));
  }
  const minutes = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440];
  const found = minutes.find((m) => m * 60_000 >= raw);
  return found === undefined ? niceStep(span / 86_400_000, count) * 86_400_000 : found * 60_000;
}

/** The axis of a span of time from column `left` on, in row `y` and the one below. */
export function drawTimeAxis(
  on: Canvas,
  y: number,
  left: number,
  room: number,
  span: number,
  style: Style,
): void {
  const codes = roleCodes(style, "dim");
  const [line, tick] = style.unicode ? ["─", "┴"] as const : ["-", "+"] as const;
  put(on, left, y, line.repeat(room), codes);
  for (let count = Math.max(1, Math.floor(room / 9)); count >= 1; count--) {
    const marks = spanTicks(span, count).map(({ at, label }) => ({
      column: Math.min(room - 1, Math.round((at / span) * room)),
      label,
    }));
    const fits = marks.every((mark, i) =>
      i === 0 || mark.column >= (marks[i - 1] as { column: number; label: string }).column +
          width((marks[i - 1] as { label: string }).label) + 2
    );
    if (!fits && count > 1) continue;
    for (const mark of fits ? marks : marks.slice(0, 1)) {
      const start = Math.min(left + mark.column, on.width - width(mark.label));
      put(on, left + mark.column, y, tick, codes);
      put(on, start, y + 1, mark.label, codes);
    }
    return;
  }
}

/** About so many marks along a span of time, from its start on. */
export function spanTicks(
  span: number,
  count: number,
): readonly { readonly at: number; readonly label: string }[] {
  const step = timeStep(span, count);
  const marks: { at: number; label: string }[] = [];
  for (let i = 0; i * step <= span * (1 + 1e-9) && i < 200; i++) {
    marks.push({ at: i * step, label: i === 0 ? "0" : label(i * step, step) });
  }
  return marks;
}

/** Exact where the step is: 2.5 s would not be told from 3 s otherwise. */
function label(ms: number, step: number): string {
  if (step >= 60_000 && ms % 60_000 === 0) return duration(ms);
  if (ms >= 60_000) return duration(ms);
  if (step < 1) return `${Number(ms.toPrecision(3))} ms`;
  if (ms < 1000) return `${Number(ms.toFixed(1))} ms`;
  return step % 1000 === 0 ? shortDuration(ms) : `${Number((ms / 1000).toFixed(3))} s`;
}
