// Decides how horizontal bars look: one series, several side by side, or stacked; from zero to
// the right and, where values are negative, to the left. Missing values have no bar and say so.

import { type Canvas, canvas, canvasLines, put } from "./canvas.ts";
import { compact, grouped } from "./number.ts";
import { drawLegend, type LegendEntry, legendLines } from "./legend.ts";
import { drawBar, fillCodes, fillMark, stackCells } from "./barfill.ts";
import { sanitize } from "./sanitize.ts";
import { roleCodes, type Style } from "./style.ts";
import { pad, truncate, width } from "./width.ts";

export interface BarData {
  readonly labels: readonly string[];
  readonly series: readonly {
    readonly name: string;
    readonly values: readonly (number | null | undefined)[];
  }[];
}

export interface BarOptions {
  /** Every line is exactly as wide. */
  readonly width: number;
  readonly style: Style;
  readonly title?: string | undefined;
  /** What several series do; "grouped" by default. */
  readonly mode?: "grouped" | "stacked" | undefined;
  /** Show at most so many bars; what is left out is said. */
  readonly limit?: number | undefined;
  /** Never more lines than these: what does not fit is left out, and that is said. */
  readonly most?: number | undefined;
  /** How values read; grouped digits, short where there is no room, by default. */
  readonly format?: ((value: number) => string) | undefined;
}

/** One line of a chart: a label, the values that its bars show, and the text after them. */
interface BarRow {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** The series of the first value; a grouped row has but one. */
  readonly owner: number;
  readonly text: string;
}

/** A chart of horizontal bars, a line each. */
export function barChart(data: BarData, options: BarOptions): string[] {
  const { style } = options;
  const stacked = options.mode === "stacked" && data.series.length > 1;
  const limit = limitOf(data, options, stacked);
  const format = options.format ?? formatFor(data, options.width);
  const rows = rowsOf(data, limit, stacked, format, style);
  const legend = data.series.length < 2
    ? []
    : legendLines(legendOf(data, style), options.width, style);
  const more = data.labels.length - limit;
  const head = (options.title === undefined ? 0 : 1) + legend.length;
  const empty = rows.length === 0 ? 1 : 0;
  const on = canvas(options.width, head + rows.length + empty + (more > 0 ? 1 : 0));
  if (options.title !== undefined) {
    put(
      on,
      0,
      0,
      truncate(sanitize(options.title, style), on.width, style),
      roleCodes(style, "heading"),
    );
  }
  drawLegend(on, 0, options.title === undefined ? 0 : 1, legend);
  if (empty === 1) put(on, 0, head, "no data", roleCodes(style, "dim"));
  else drawRows(on, head, rows, stacked, style);
  if (more > 0) {
    const text = `${style.unicode ? "…" : "..."} ${grouped(more)} more`;
    put(on, 0, on.height - 1, truncate(text, on.width, style), roleCodes(style, "dim"));
  }
  return canvasLines(on);
}

/** How many labels are drawn: as asked, within the lines that there are. */
function limitOf(data: BarData, options: BarOptions, stacked: boolean): number {
  const asked = Math.min(options.limit ?? data.labels.length, data.labels.length);
  if (options.most === undefined) return asked;
  const each = stacked ? 1 : Math.max(1, data.series.length);
  const room = options.most - (options.title === undefined ? 0 : 1) - (each > 1 || stacked ? 1 : 0);
  const fits = Math.max(1, Math.floor(room / each));
  return asked <= fits && asked === data.labels.length
    ? asked
    : Math.min(asked, Math.max(1, Math.floor((room - 1) / each)));
}

function legendOf(data: BarData, style: Style): LegendEntry[] {
  return data.series.map(({ name }, i) => ({
    name,
    mark: fillMark(style, i).repeat(2),
    codes: fillCodes(style, i),
  }));
}

function formatFor(data: BarData, room: number): (value: number) => string {
  const all = data.series.flatMap((s) => s.values).filter((v) =>
    typeof v === "number" && Number.isFinite(v)
  );
  const longest = Math.max(0, ...all.map((v) => grouped(v as number).length));
  return longest > Math.max(8, room / 5) ? compact : (value) => grouped(value);
}

function rowsOf(
  data: BarData,
  limit: number,
  stacked: boolean,
  format: (value: number) => string,
  style: Style,
): BarRow[] {
  const rows: BarRow[] = [];
  for (let i = 0; i < limit; i++) {
    const label = sanitize(data.labels[i] ?? "", style);
    const values = data.series.map((s) => finite(s.values[i]));
    if (stacked) {
      const known = values.filter((v) => v !== null);
      const text = known.length === 0 ? missing(style) : format(known.reduce((a, b) => a + b, 0));
      rows.push({ label, values, owner: 0, text });
      continue;
    }
    values.forEach((value, owner) => {
      const text = value === null ? missing(style) : format(value);
      rows.push({ label: owner === 0 ? label : "", values: [value], owner, text });
    });
  }
  return rows;
}

function finite(value: number | null | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function missing(style: Style): string {
  return style.unicode ? "–" : "-";
}

function drawRows(
  on: Canvas,
  top: number,
  rows: readonly BarRow[],
  stacked: boolean,
  style: Style,
): void {
  const labels = Math.min(
    Math.max(...rows.map((row) => width(row.label))),
    Math.max(4, Math.floor(on.width * 0.35)),
  );
  let least = 0, most = 0;
  for (const { values } of rows) {
    const up = values.reduce((sum: number, v) => sum + Math.max(0, v ?? 0), 0);
    const down = values.reduce((sum: number, v) => sum + Math.min(0, v ?? 0), 0);
    least = Math.min(least, down);
    most = Math.max(most, up);
  }
  const texts = Math.max(...rows.map((row) => width(row.text)));
  // The text of a negative bar stands left of it, so both sides keep room for theirs.
  const leftTexts = rows.filter(negative).map((row) => width(row.text) + 1);
  const leftText = Math.max(0, ...leftTexts);
  const rightText = most > 0 || least === 0 ? texts + 1 : 0;
  const start = labels + 1 + leftText;
  const room = Math.max(1, on.width - start - rightText);
  const span = most - least;
  // Halved first: the difference of the largest doubles would overflow.
  const share = span === 0
    ? 0
    : Number.isFinite(span)
    ? -least / span
    : (-least / 2) / (most / 2 - least / 2);
  const zero = least < 0
    ? Math.min(room - (most > 0 ? 1 : 0), Math.max(1, Math.round(share * room)))
    : 0;
  const [up, down] = [room - zero, zero];
  // The side that is tighter sets the scale; in parts of it, as a cell's worth may underflow.
  const byUp = down === 0 || most / up >= -least / down;
  const [reach, cellsOfReach] = byUp ? [most, up] : [-least, down];
  const cells = (value: number) =>
    reach === 0 || value === 0
      ? 0
      // What is there stays there, though a part of it may be too small to be told from none.
      : (value / reach) * cellsOfReach || Math.sign(value) * Number.MIN_VALUE;
  rows.forEach((row, i) => {
    const y = top + i;
    put(on, 0, y, pad(truncate(row.label, labels, style), labels));
    let left = start + zero, right = start + zero;
    if (stacked) {
      const drawn = stackCells(on, y, start + zero, row.values, cells, style);
      [left, right] = [drawn.left, drawn.right];
    } else {
      const end = drawBar(on, y, start + zero, cells(row.values[0] ?? 0), row.owner, style);
      if (end < left) left = end;
      else right = end;
    }
    const codes = roleCodes(style, row.values.every((v) => v === null) ? "dim" : "number");
    if (negative(row)) put(on, left - 1 - width(row.text), y, row.text, codes);
    else put(on, right + 1, y, row.text, codes);
  });
}

function negative(row: BarRow): boolean {
  return row.values.some((v) => (v ?? 0) < 0) && !row.values.some((v) => (v ?? 0) > 0);
}
