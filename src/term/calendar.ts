// Decides how days become a calendar of shades: weeks across, weekdays down, months named above;
// where the weeks do not fit side by side, as many rows of them as it takes.

import { canvas, canvasLines, put } from "./canvas.ts";
import { drawTitle } from "./head.ts";
import { domainOf, drawCell, drawRampLegend, type HeatOptions } from "./heat.ts";
import { roleCodes } from "./style.ts";
import { width } from "./width.ts";

export interface CalendarDay {
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly value: number | null;
}

export interface CalendarOptions extends HeatOptions {
  readonly most?: number | undefined;
}

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const LEFT = 4;
const WIDEST = 3;

/** Monday 0 to Sunday 6. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

export interface CalendarWeek {
  /** Its Monday. */
  readonly start: number;
  /** The month and, in January or at the start, the year that begin in it; "" where none does. */
  readonly label: string;
}

/** The weeks that hold all days, without a hole, each with what is written above it. */
export function weeksOf(days: readonly CalendarDay[]): CalendarWeek[] {
  let first = Infinity, last = -Infinity;
  for (const { day } of days) {
    first = Math.min(first, day);
    last = Math.max(last, day);
  }
  const weeks: CalendarWeek[] = [];
  if (first > last) return weeks;
  let before = -1;
  for (let start = first - weekdayOf(first); start <= last; start += 7) {
    // A month is named over the week in which its first days are.
    const at = new Date((start + 6) * 86_400_000);
    const month = at.getUTCMonth(), year = at.getUTCFullYear();
    const named = month !== before;
    const label = !named
      ? ""
      : before === -1 || month === 0
      ? `${MONTHS[month]} ${year}`
      : MONTHS[month] as string;
    weeks.push({ start, label });
    before = month;
  }
  return weeks;
}

/** Longer than this is no calendar any more: only the newest weeks are drawn. */
const MOST_WEEKS = 53 * 12;

/** A calendar heat map. */
export function calendarChart(days: readonly CalendarDay[], options: CalendarOptions): string[] {
  const { style } = options;
  const head = options.title === undefined ? 0 : 1;
  const all = weeksOf(days).slice(-MOST_WEEKS);
  const room = Math.max(1, options.width - LEFT);
  const size = Math.max(1, Math.min(WIDEST, Math.floor(room / Math.max(1, all.length))));
  const each = Math.max(1, Math.floor(room / size));
  let blocks = Math.max(1, Math.ceil(all.length / each));
  const fits = Math.max(1, Math.floor(((options.most ?? Infinity) - head - 1) / 9));
  // What does not fit is the oldest.
  const weeks = blocks > fits ? all.slice(-fits * each) : all;
  blocks = Math.min(blocks, fits);
  const on = canvas(options.width, head + (weeks.length === 0 ? 1 : blocks * 8 + blocks - 1 + 1));
  drawTitle(on, options.title, style);
  const dim = roleCodes(style, "dim");
  if (weeks.length === 0) {
    put(on, 0, head, "no data", dim);
    return canvasLines(on);
  }
  const byDay = new Map(days.map(({ day, value }) => [day, value]));
  const domain = domainOf([[...byDay.values()]], options);
  const last = Math.max(...byDay.keys()), first = Math.min(...byDay.keys());
  let gaps = false;
  for (let block = 0; block < blocks; block++) {
    const top = head + block * 9;
    const own = weeks.slice(block * each, (block + 1) * each);
    WEEKDAYS.forEach((name, row) => {
      if (row % 2 === 0) put(on, 0, top + 1 + row, name, dim);
    });
    let free = 0;
    own.forEach(({ start, label }, i) => {
      const x = LEFT + i * size;
      const said = i === 0 && label === "" ? monthAt(start) : label;
      if (said !== "" && x >= free && x + width(said) <= on.width) {
        put(on, x, top, said, dim);
        free = x + width(said) + 1;
      }
      for (let row = 0; row < 7; row++) {
        const day = start + row;
        if (day < first || day > last) continue;
        const value = byDay.get(day) ?? null;
        if (value === null) gaps = true;
        drawCell(on, x, top + 1 + row, size, value, domain, { ...options, numbers: false });
      }
    });
  }
  drawRampLegend(on, on.height - 1, LEFT, domain, options, 1, gaps);
  return canvasLines(on);
}

function monthAt(start: number): string {
  const at = new Date((start + 6) * 86_400_000);
  return `${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
}
