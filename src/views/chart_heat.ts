/** Shades: heat maps and calendars. One column across, one down, one as shade. Several rows of one cell are added up, and that is said. */
import type { Json } from "../core/json.ts";
import { counted, grouped } from "../term/number.ts";
import type { Drawing, Figured } from "./drawing.ts";
import {
  columnOf,
  columnsOf,
  firstColumn,
  type Found,
  isMeasure,
  labelOf,
  needed,
  numberOf,
  numbersOf,
} from "./chart_columns.ts";
import { isNumeric, isTime } from "./table.ts";

export function heatFigure(drawing: Drawing): Figured {
  const { chart, rows } = drawing;
  const named = { x: columnOf(drawing, "x"), y: columnsOf(drawing, "y")[0] ?? null };
  const value = needed(
    drawing,
    "value",
    columnOf(drawing, "value") ?? columnOf(drawing, "color") ??
      lastMeasure(drawing, [named.x, named.y]),
    "a number",
  );
  const x = needed(
    drawing,
    "x",
    named.x ?? firstColumn(drawing, () => true, [value, named.y]),
    "a column",
  );
  const y = needed(
    drawing,
    "y",
    named.y ?? firstColumn(drawing, () => true, [value, x]),
    "a column",
  );
  const numbers = numbersOf(drawing, "value", value);
  const across = placesOf(drawing, x), down = placesOf(drawing, y);
  const cells = down.labels.map(() => new Array<number | null>(across.labels.length).fill(null));
  let added = 0;
  rows.rows.forEach((row, i) => {
    const number = numbers[i] ?? null;
    const line = cells[down.at.get(labelOf(row[y.at] ?? null)) ?? 0];
    const place = across.at.get(labelOf(row[x.at] ?? null)) ?? 0;
    if (number === null || line === undefined) return;
    const before = line[place] ?? null;
    if (before !== null) added++;
    line[place] = (before ?? 0) + number;
  });
  const shades = shadesOf(chart, cells.flat());
  return {
    figure: {
      kind: "heat",
      data: {
        rows: down.labels,
        columns: across.labels,
        values: cells.map((line) => line.map(shades.of)),
      },
      numbers: chart["numbers"] === true,
      ...shades.look,
    },
    notes: [
      ...shades.notes,
      ...(added > 0 ? [`cells of several rows show their sum`] : []),
    ],
  };
}

/** A shade for each day. */
export function calendarFigure(drawing: Drawing): Figured {
  const { chart } = drawing;
  const named = columnOf(drawing, "x");
  const x = needed(
    drawing,
    "x",
    named ?? firstColumn(drawing, ({ type }) => isTime(type)),
    "a column of days",
  );
  const value = needed(
    drawing,
    "value",
    columnOf(drawing, "value") ?? columnsOf(drawing, "y")[0] ??
      firstColumn(drawing, isMeasure, [x]),
    "a number",
  );
  const numbers = numbersOf(drawing, "value", value);
  const sums = new Map<number, number | null>();
  let without = 0, added = 0;
  drawing.rows.rows.forEach((row, i) => {
    const day = dayOf(row[x.at] ?? null);
    if (day === null) {
      without++;
      return;
    }
    const number = numbers[i] ?? null, before = sums.get(day) ?? null;
    if (number !== null && before !== null) added++;
    sums.set(day, number === null ? before : (before ?? 0) + number);
  });
  const shades = shadesOf(chart, [...sums.values()]);
  return {
    figure: {
      kind: "calendar",
      days: [...sums].map(([day, number]) => ({ day, value: shades.of(number) })),
      ...shades.look,
    },
    notes: [
      ...shades.notes,
      ...(added > 0 ? ["days of several rows show their sum"] : []),
      ...(without > 0 ? [`${counted(without, "row")} without a day`] : []),
    ],
  };
}

/** Days since 1970-01-01; null for what is no date. */
function dayOf(value: Json): number | null {
  const text = typeof value === "string" ? /^\d{4}-\d\d-\d\d/.exec(value)?.[0] : undefined;
  const at = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(at) ? null : Math.round(at / 86_400_000);
}

/** How numbers become shades: as they are, or by their logarithm where that is asked for and can be had. */
function shadesOf(chart: Drawing["chart"], values: readonly (number | null)[]) {
  const log = chart["scale"] === "log" && values.every((value) => value === null || value >= 0);
  return {
    of: (value: number | null) => log && value !== null ? Math.log10(1 + value) : value,
    look: {
      diverging: chart["diverging"] === true,
      ...(typeof chart["unit"] === "string" ? { unit: chart["unit"] } : {}),
      ...(log
        ? { format: (logged: number) => grouped(Number((10 ** logged - 1).toPrecision(6))) }
        : {}),
    },
    notes: log
      ? ["logarithmic shades"]
      : chart["scale"] === "log"
      ? ["on a linear scale: a logarithmic one has no place for what is below 0"]
      : [],
  };
}

function lastMeasure(drawing: Drawing, but: readonly (Found | null)[]): Found | null {
  const { columns } = drawing.rows;
  for (let at = columns.length - 1; at >= 0; at--) {
    const column = columns[at];
    if (column !== undefined && isMeasure(column) && but.every((other) => other?.at !== at)) {
      return { ...column, at };
    }
  }
  return null;
}

/** Numbers and times by size; words as they come, days of the week and months by the calendar. */
function placesOf(drawing: Drawing, column: Found): { labels: string[]; at: Map<string, number> } {
  const values = new Map<string, Json>();
  for (const row of drawing.rows.rows) {
    const value = row[column.at] ?? null;
    values.set(labelOf(value), value);
  }
  let labels = [...values.keys()];
  if (isNumeric(column.type)) {
    const size = (label: string) => numberOf(values.get(label) ?? null) ?? Infinity;
    labels.sort((a, b) => size(a) - size(b));
  } else if (isTime(column.type)) labels.sort();
  else labels = byCalendar(labels) ?? labels;
  return { labels, at: new Map(labels.map((label, i) => [label, i])) };
}

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun"]
  .concat(["jul", "aug", "sep", "oct", "nov", "dec"]);

function byCalendar(labels: readonly string[]): string[] | null {
  for (const calendar of [DAYS, MONTHS]) {
    const place = (label: string) => calendar.indexOf(label.slice(0, 3).toLowerCase());
    if (labels.length > 0 && labels.every((label) => place(label) >= 0)) {
      return [...labels].sort((a, b) => place(a) - place(b));
    }
  }
  return null;
}
