/** `types`: what was written, of what no columns are known yet, and what to add to a configuration that is there. */
import { counted } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { wrap } from "../term/width.ts";

export interface TypesShown {
  readonly files: readonly string[];
  readonly tables: number;
  readonly unknown: readonly string[];
  readonly missing: readonly { readonly file: string; readonly add: string }[];
}

const MOST = 8;

/** Lines of at most `columns` cells, but for what is to be copied. */
export function typesLines(done: TypesShown, style: Style, columns: number): string[] {
  const what = done.files.length === 0
    ? `types of ${counted(done.tables, "table")} are up to date`
    : `types of ${counted(done.tables, "table")}: wrote ${done.files.join(", ")}`;
  const lines = wrap(what, columns, "  ");
  if (done.unknown.length > 0) {
    const names = done.unknown.slice(0, MOST).map((name) => sanitize(name, style)).join(", ");
    const more = done.unknown.length > MOST ? ` and ${done.unknown.length - MOST} more` : "";
    const text = `no columns are known yet of ${names}${more}: nycflow up, then nycflow types`;
    lines.push(...wrap(text, columns, "  ").map((line) => paint(style, "dim", line)));
  }
  for (const { file, add } of done.missing) {
    lines.push(...wrap(`${file} is there already; for nycflow's types add to it:`, columns, "  "));
    lines.push(`  ${paint(style, "accent", add)}`);
  }
  return lines;
}
