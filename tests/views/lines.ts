/** What must hold of all lines for people: they fit, they are harmless, they keep to the style. */
import { equal, ok } from "node:assert/strict";
import type { Style } from "../../src/term/style.ts";
import { width } from "../../src/term/width.ts";
import { ascii, colored, plain } from "./samples.ts";

export const styles: readonly (readonly [string, Style])[] = [
  ["colored", colored],
  ["plain", plain],
  ["ascii", ascii],
];

export const widths = [40, 80, 140];

// deno-lint-ignore no-control-regex -- it looks for what may not be there
const CONTROL = /[\u0000-\u001a\u001c-\u001f\u007f-\u009f\u202a-\u202e]|\u001b(?!\[[0-9;]*m)/;
// deno-lint-ignore no-control-regex -- escapes of our own painting are let through
const ASCII = /^(?:[\x20-\x7e]|\x1b\[[0-9;]*m)*$/;

export function checkLines(lines: readonly string[], columns: number, style: Style): void {
  for (const line of lines) {
    const shown = JSON.stringify(line);
    ok(width(line) <= columns, `wider than ${columns}: ${shown}`);
    ok(!CONTROL.test(line), `control character: ${shown}`);
    if (style.color === "none") ok(!line.includes("\x1b"), `colour: ${shown}`);
    if (!style.unicode) ok(ASCII.test(line), `not ASCII: ${shown}`);
    equal(line.includes("undefined") || line.includes("NaN"), false, shown);
  }
}

/** Draws in every style and width, and checks all of it. */
export function inEveryStyle(draw: (style: Style, columns: number) => readonly string[]): void {
  for (const [, style] of styles) {
    for (const columns of widths) checkLines(draw(style, columns), columns, style);
  }
}

/** Without the spaces that fill a line. */
export function text(lines: readonly string[]): string {
  return lines.map((line) => line.trimEnd()).join("\n");
}
