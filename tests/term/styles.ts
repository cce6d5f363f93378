// Styles and measures that the tests of this folder share.

import type { Style } from "../../src/term/style.ts";
import { plainStyle } from "../../src/term/style.ts";
import { width } from "../../src/term/width.ts";
import { equal, ok } from "node:assert/strict";

export const colored: Style = { color: "16m", unicode: true, background: "dark", animate: true };

/** Every way to draw: colours by depth, Unicode and ASCII, dark and light. */
export const allStyles: readonly (readonly [name: string, style: Style])[] = [
  ["16m", colored],
  ["256 light", { ...colored, color: "256", background: "light" }],
  ["16", { ...colored, color: "16" }],
  ["plain", plainStyle],
  ["ascii", { ...plainStyle, unicode: false }],
  ["ascii 16m", { ...colored, unicode: false }],
];

const ASCII_LINE = new RegExp("^(?:[ -~]|\u001b\[[0-9;]*m)*$");

/** What must hold of every chart's lines: exact width, harmless, only what the style allows. */
export function checkLines(
  lines: readonly string[],
  columns: number,
  style: Style,
  what: string,
): void {
  for (const line of lines) {
    equal(width(line), columns, `${what}: width of ${JSON.stringify(line)}`);
    if (style.color === "none") {
      ok(!line.includes("\x1b"), `${what}: colour in ${JSON.stringify(line)}`);
    }
    if (!style.unicode) ok(ASCII_LINE.test(line), `${what}: not ASCII: ${JSON.stringify(line)}`);
    ok(!/[\n\r\t]/.test(line), `${what}: control character in ${JSON.stringify(line)}`);
  }
}

/** The widths that charts are tried at. */
export const widths = [40, 41, 57, 80, 120, 200, 250];
