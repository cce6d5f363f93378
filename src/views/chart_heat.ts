/** Heat maps: one column across, one down, one as shade. Several rows of one cell are added up, and that is said. */
import type { Json } from "../core/json.ts";
import { heatMap } from "../term/heat.ts";
import { grouped } from "../term/number.ts";
import type { Drawing, Drawn } from "./drawing.ts";
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

export function drawHeat(drawing: Drawing): Drawn {
  const { chart, style, columns, title, rows } = drawing;
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
  const log = chart["scale"] === "log" && cells.flat().every((cell) => cell === null || cell >= 0);
  const shown = log
    ? cells.map((line) => line.map((cell) => cell === null ? null : Math.log10(1 + cell)))
    : cells;
  return {
    lines: heatMap({ rows: down.labels, columns: across.labels, values: shown }, {
      width: columns,
      style,
      title,
      numbers: chart["numbers"] === true,
      diverging: chart["diverging"] === true,
      ...(log
        ? { format: (logged: number) => grouped(Number((10 ** logged - 1).toPrecision(6))) }
        : {}),
    }),
    notes: [
      ...(log ? ["logarithmic shades"] : []),
      ...(added > 0 ? [`cells of several rows show their sum`] : []),
    ],
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
