/** `doctor --rebuild`: what is there again, what was left aside and why. */
import { counted } from "../term/number.ts";
import { sanitize } from "../term/sanitize.ts";
import type { Style } from "../term/style.ts";
import { wrap } from "../term/width.ts";

export interface ShownRebuilt {
  readonly kept: string | null;
  readonly published: number;
  readonly refused: readonly string[];
  readonly unknown: readonly string[];
  readonly foreign: readonly string[];
}

const SHOWN = 3;

/** Lines of at most `columns` cells. */
export function rebuiltLines(done: ShownRebuilt, style: Style, columns: number): string[] {
  const told = (paths: readonly string[], what: string) => {
    if (paths.length === 0) return [];
    const names = paths.slice(0, SHOWN).map((path) => sanitize(path, style)).join(", ");
    const dots = style.unicode ? ", …" : ", ...";
    return [
      `${counted(paths.length, "file")} ${what}: ${names}${paths.length > SHOWN ? dots : ""}`,
    ];
  };
  return [
    `made the state store anew: ${counted(done.published, "version")} published again`,
    ...(done.kept === null ? [] : [`the old one is kept as ${sanitize(done.kept, style)}`]),
    ...told(done.refused, "failed a blocking check and stay aside"),
    ...told(done.unknown, "cannot be read, or do not say whose they are"),
    ...told(done.foreign, "belong to what the project does not have any more"),
    "what could not be known is built by the next: nycflow up",
  ].flatMap((line) => wrap(line, columns, "  "));
}
