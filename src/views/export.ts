/** `export`: what was written, in one line. */
import { bytes, counted } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { wrap } from "../term/width.ts";

export interface ExportShown {
  readonly file: string;
  readonly tables: number;
  readonly rows: number;
  readonly bytes: number;
  readonly left: readonly string[];
}

/** Told after the work; what was left out by name. */
export function exportLine(done: ExportShown, style: Style, columns: number): string {
  const parts = [
    ...(done.tables === 1 ? [] : [counted(done.tables, "table")]),
    counted(done.rows, "row"),
    bytes(done.bytes),
  ];
  const line = `wrote ${sanitize(done.file, style)}: ${parts.join(", ")}`;
  if (done.left.length === 0) return line;
  const names = done.left.slice(0, 8).map((name) => sanitize(name, style)).join(", ");
  const more = done.left.length > 8 ? ` and ${done.left.length - 8} more` : "";
  const left = wrap(`left out, since they are no tables: ${names}${more}`, columns, "  ");
  return [line, ...left.map((each) => paint(style, "dim", each))].join("\n");
}
