// Decides how one number that matters looks: large digits, its change, and its course. It does not
// decide what it is compared with.

import { canvas, canvasLines, put } from "./canvas.ts";
import { drawTitle, seriesCodes } from "./head.ts";
import { grouped, percent } from "./number.ts";
import { sanitize } from "./sanitize.ts";
import { sparkline } from "./spark.ts";
import { plainStyle, roleCodes, type Style } from "./style.ts";
import { truncate, width } from "./width.ts";

export interface NumberData {
  /** Null: there is none. */
  readonly value: number | null;
  /** What it is compared with, and what that is called ("the version before"). */
  readonly before: { readonly value: number; readonly name: string } | null;
  /** Oldest first, the value itself last. */
  readonly course: readonly (number | null)[];
  readonly unit: string;
  /** There was no row at all. */
  readonly empty: boolean;
}

/** Three rows a digit, drawn in halves of cells. */
const DIGITS: Readonly<Record<string, readonly [string, string, string]>> = {
  "0": ["█▀█", "█ █", "▀▀▀"],
  "1": ["▀█ ", " █ ", "▀▀▀"],
  "2": ["▀▀█", "█▀▀", "▀▀▀"],
  "3": ["▀▀█", " ▀█", "▀▀▀"],
  "4": ["█ █", "▀▀█", "  ▀"],
  "5": ["█▀▀", "▀▀█", "▀▀▀"],
  "6": ["█▀▀", "█▀█", "▀▀▀"],
  "7": ["▀▀█", "  █", "  ▀"],
  "8": ["█▀█", "█▀█", "▀▀▀"],
  "9": ["█▀█", "▀▀█", "▀▀▀"],
  ".": [" ", " ", "▀"],
  ",": [" ", " ", "▌"],
  "-": ["  ", "▀▀", "  "],
};

/** The change in words: `▲ 1,203 (5%) since the version before`; "" where there is nothing to compare. */
export function changeText(data: NumberData, style: Pick<Style, "unicode">): string {
  if (data.value === null || data.before === null) return "";
  const by = data.value - data.before.value;
  if (by === 0) return `unchanged since ${data.before.name}`;
  const mark = by > 0 ? (style.unicode ? "▲" : "+") : (style.unicode ? "▼" : "-");
  const size = grouped(Math.abs(Number(by.toPrecision(12))));
  const share = data.before.value === 0 ? "" : ` (${percent(Math.abs(by / data.before.value))})`;
  return `${mark} ${size}${share} since ${data.before.name}`;
}

/** A title, the number, and a line with its change and course. */
export function numberChart(
  data: NumberData,
  options: {
    readonly width: number;
    readonly style: Style;
    readonly title?: string | undefined;
  },
): string[] {
  const { style } = options;
  const head = options.title === undefined ? 0 : 1;
  const text = data.value === null ? (data.empty ? "no rows" : "NULL") : grouped(data.value);
  const unit = sanitize(data.unit, style);
  const rows = style.unicode && data.value !== null ? bigDigits(text) : null;
  const big = rows !== null && width(rows[0]) + 1 + width(unit) <= options.width ? rows : null;
  const change = changeText(data, style);
  const below = change !== "" || data.course.length > 2 ? 1 : 0;
  const on = canvas(options.width, head + (big === null ? 1 : 3) + below);
  drawTitle(on, options.title, style);
  const codes = data.value === null ? roleCodes(style, "null") : seriesCodes(style, 0);
  if (big === null) {
    const said = data.value === null || unit === "" ? text : `${text} ${unit}`;
    put(on, 0, head, truncate(said, on.width, style), codes);
  } else {
    big.forEach((row, i) => put(on, 0, head + i, row, codes));
    put(on, width(big[0]) + 1, head + 2, unit, roleCodes(style, "dim"));
  }
  if (below === 0) return canvasLines(on);
  const y = on.height - 1;
  put(on, 0, y, truncate(change, on.width, style));
  if (data.course.length > 2) {
    const x = change === "" ? 0 : width(change) + 2;
    const size = Math.min(data.course.length, 30, on.width - x);
    if (size > 2) {
      const plain = { ...plainStyle, unicode: style.unicode };
      put(on, x, y, sparkline(data.course, { style: plain, width: size }), codes);
    }
  }
  return canvasLines(on);
}

function bigDigits(text: string): [string, string, string] | null {
  const rows: [string, string, string] = ["", "", ""];
  for (const char of text) {
    const digit = DIGITS[char];
    if (digit === undefined) return null;
    for (let i = 0; i < 3; i++) rows[i] += `${rows[i] === "" ? "" : " "}${digit[i]}`;
  }
  return rows;
}
