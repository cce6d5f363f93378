/**
 * Draws problems: what, where (with the line itself and a caret), why, what next; at most eight lines each.
 */
import type { Problem, Where } from "../core/problem/problem.ts";
import type { Json } from "../core/json.ts";
import { sanitize } from "../term/sanitize.ts";
import { paint, type Style } from "../term/style.ts";
import { truncate, width, wrap } from "../term/width.ts";

const WORD = 6;
/** Lines of one problem at the most; what does not fit is in the document of `--json`. */
const MOST_LINES = 8;

export interface ProblemOptions {
  /** What it begins with. @default "error:" */
  readonly word?: string;
}

/** One problem as at most eight lines of at most `columns` cells. */
export function problemLines(
  found: Problem,
  style: Style,
  columns: number,
  { word = "error:" }: ProblemOptions = {},
): string[] {
  const wrapped = (words: string | undefined) =>
    words === undefined || words === ""
      ? []
      : wrap(sanitize(words, style), Math.max(20, columns - WORD - 1));
  const part = (label: string, role: "bad" | "warn" | "dim" | "accent", lines: readonly string[]) =>
    lines.map((line, index) =>
      `${paint(style, role, (index === 0 ? label : "").padStart(WORD))} ${line}`
    );
  const { where } = found;
  const place = where === undefined ? "" : placeOf(where);
  const source = where?.source !== undefined
    ? sourceLines(where, style, columns)
    : (where?.frames ?? []).slice(0, 3).flatMap((frame) => part("", "dim", wrapped(frame)));
  const message = shortened(wrapped(found.message), 3, style);
  const at = shortened(wrapped(place), 2, style);
  const hint = wrapped(found.hint);
  const room = MOST_LINES - message.length - at.length - source.length;
  // What to do next is worth more than the last words of why.
  const next = shortened(hint, Math.max(1, room - 1), style);
  const why = shortened(wrapped(found.why), Math.max(1, room - next.length), style);
  return [
    ...part(word, word === "error:" ? "bad" : "warn", message),
    ...part("at", "dim", at),
    ...source,
    ...part("why:", "dim", why),
    ...part("next:", "accent", next),
  ];
}

function shortened(lines: readonly string[], most: number, style: Style): readonly string[] {
  if (lines.length <= most) return lines;
  const end = style.unicode ? "…" : "...";
  return [
    ...lines.slice(0, most - 1),
    `${lines[most - 1]?.replace(/[\s.,;:]+\S{0,3}$/, "")} ${end}`,
  ];
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
  // Cut before it is made harmless: that may make it longer, and columns count what is in the file.
  const source = (where.source ?? "").replaceAll("\t", " ");
  const bar = style.unicode ? "│" : "|";
  const head = `${String(where.line ?? "").padStart(WORD - 1)} ${paint(style, "dim", bar)} `;
  const room = Math.max(20, columns - WORD - 3);
  const column = Math.max(1, where.column ?? 1);
  const from = column > room - 10 ? Math.max(0, column - Math.floor(room / 2)) : 0;
  const shown = truncate(sanitize(source.slice(from), style), room, style);
  const lines = [`${head}${shown}`];
  if (where.column !== undefined) {
    const before = width(sanitize(source.slice(from, column - 1), style));
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
  options: ProblemOptions & { readonly most?: number } = {},
): string {
  const most = options.most ?? 20;
  const blocks = found.slice(0, most).map((each) =>
    problemLines(each, style, columns, options).join("\n")
  );
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
    ...fieldsOf(each),
  }));
  return { nycflow: 1, error: all[0] ?? null, errors: all };
}

/** What a program can use; not what the engine said in its own words. */
function fieldsOf({ fields }: Problem): { readonly fields?: Json } {
  if (fields === undefined) return {};
  const { engine: _engine, detail: _detail, candidates: _candidates, ...ours } = fields;
  return Object.keys(ours).length === 0 ? {} : { fields: ours };
}
