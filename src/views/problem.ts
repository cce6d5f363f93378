/**
 * Draws problems: what, where (with the line itself and a caret), why, what next; at most eight lines each.
 */
import type { Problem, Where } from "../core/problem/problem.ts";
import type { Json } from "../core/json.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { truncate, width, wrap } from "../term/width.ts";

const WORD = 6;

/** One problem as lines of at most `columns` cells. */
export function problemLines(found: Problem, style: Style, columns: number): string[] {
  const lines: string[] = [];
  const text = (words: string) => sanitize(words, style);
  const part = (word: string, role: "bad" | "dim" | "accent", words: string) => {
    const wrapped = wrap(text(words), Math.max(20, columns - WORD - 1));
    wrapped.forEach((line, index) =>
      lines.push(`${paint(style, role, (index === 0 ? word : "").padStart(WORD))} ${line}`)
    );
  };
  part("error:", "bad", found.message);
  const where = found.where;
  if (where !== undefined) {
    const place = placeOf(where);
    if (place !== "") part("at", "dim", place);
    if (where.source !== undefined) {
      lines.push(...sourceLines(where, style, columns));
    } else if (where.frames && where.frames.length > 0) {
      for (const frame of where.frames.slice(0, 3)) part("", "dim", frame);
    }
  }
  if (found.why !== undefined && found.why !== "") part("why:", "dim", found.why);
  if (found.hint !== undefined && found.hint !== "") part("next:", "accent", found.hint);
  return lines;
}

function placeOf(where: Where): string {
  const file = where.file === undefined
    ? ""
    : where.line === undefined
    ? where.file
    : `${where.file}:${where.line}${where.column === undefined ? "" : `:${where.column}`}`;
  const asset = where.asset === undefined
    ? ""
    : where.partition === undefined
    ? where.asset
    : `${where.asset} ${where.partition}`;
  if (file === "") return asset;
  // A line says which asset it is, but not for which partition it failed.
  const told = where.line !== undefined && where.partition === undefined;
  return asset === "" || told ? file : `${file} (${asset})`;
}

/** The user's own line; a long one is cut to what surrounds the caret. */
function sourceLines(where: Where, style: Style, columns: number): string[] {
  const source = sanitize(where.source ?? "", style);
  const bar = style.unicode ? "│" : "|";
  const head = `${String(where.line ?? "").padStart(WORD - 1)} ${paint(style, "dim", bar)} `;
  const room = Math.max(20, columns - WORD - 3);
  const column = Math.max(1, where.column ?? 1);
  const from = column > room - 10 ? Math.max(0, column - Math.floor(room / 2)) : 0;
  const shown = truncate(source.slice(from), room, style);
  const lines = [`${head}${shown}`];
  if (where.column !== undefined) {
    const before = width(source.slice(from, column - 1));
    const length = Math.max(1, Math.min(where.length ?? 1, room - before));
    const under = paint(style, "bad", "^".repeat(length));
    lines.push(`${" ".repeat(WORD)}${paint(style, "dim", bar)} ${" ".repeat(before)}${under}`);
  }
  return lines;
}

/** All problems, an empty line between two; above `most` of them only how many more there are. */
export function problemsText(
  found: readonly Problem[],
  style: Style,
  columns: number,
  most = 20,
): string {
  const blocks = found.slice(0, most).map((each) => problemLines(each, style, columns).join("\n"));
  if (found.length > most) {
    blocks.push(`${style.unicode ? "…" : "..."} and ${found.length - most} more`);
  }
  return blocks.join("\n\n");
}

/** The document of `--json`: the first problem is `error`, all of them are `errors`. */
export function problemDocument(found: readonly Problem[]): { readonly [key: string]: Json } {
  const all = found.map((each) => ({
    code: each.code,
    message: each.message,
    where: each.where === undefined ? null : (JSON.parse(JSON.stringify(each.where)) as Json),
    why: each.why ?? null,
    hint: each.hint ?? null,
  }));
  return { nycflow: 1, error: all[0] ?? null, errors: all };
}
