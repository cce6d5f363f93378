/** Where in the user's file an error lies: from an offset in the query to line, column and the line itself. */
import type { Problem, Where } from "../core/problem/problem.ts";
import type { Rewritten } from "./parameters.ts";

/** A query of the user's as it stands in a file. */
export interface SqlPlace {
  readonly file: string;
  /** The file's line on which `text` begins, from 1. */
  readonly line: number;
  readonly text: string;
}

/** The place of an offset in `place.text`. */
export function whereIn(place: SqlPlace, offset: number): Where {
  const before = place.text.slice(0, Math.min(offset, place.text.length));
  const lineStart = before.lastIndexOf("\n") + 1;
  const end = place.text.indexOf("\n", lineStart);
  const source = place.text.slice(lineStart, end < 0 ? undefined : end).replace(/\r$/, "");
  const word = /^(?:"[^"]*"|[\p{L}\p{N}_]+)/u.exec(place.text.slice(offset))?.[0];
  return {
    file: place.file,
    line: place.line + before.split("\n").length - 1,
    column: offset - lineStart + 1,
    ...(word ? { length: word.length } : {}),
    source,
  };
}

/** The problem with its place, where its offset (in the text the engine was given) is the user's. */
export function placed(
  found: Problem,
  offset: number | null,
  place: SqlPlace | null,
  sent: { readonly before: number; readonly rewritten: Rewritten },
): Problem {
  if (!place) return found;
  const own = offset === null ? -1 : offset - sent.before;
  const where = own < 0 || own > sent.rewritten.sql.length
    ? { file: place.file }
    : whereIn(place, sent.rewritten.original(own));
  return { ...found, where: { ...where, ...found.where } };
}
