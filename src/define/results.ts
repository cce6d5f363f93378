/** What `run` may return besides rows and relations, and how it refuses further tries. */
import type {
  ChartResult,
  ChartSpec,
  FileFormatName,
  FileResult,
  Publishable,
  Relation,
  Row,
  Rows,
  Skip,
  UpstreamTable,
  WithMetadata,
} from "../core/context.ts";
import type { JsonObject } from "../core/json.ts";

/**
 * Nothing is made this time; `why` is shown. What stands on this asset is skipped too, and it is asked again at its
 * next tick or after a while.
 *
 * @example return skip("the file for this month is not published yet")
 */
export function skip(why: string): Skip {
  return mark({ kind: "skip", text: String(why) });
}

/**
 * An error after which no retry is tried: `throw fatal("the password is wrong")`. The cause of an error that is
 * given is kept.
 */
export function fatal(why: string | Error): Error {
  const text = why instanceof Error ? why.message : String(why);
  const error = new Error(text, why instanceof Error ? { cause: why } : undefined);
  Object.defineProperty(error, FATAL, { value: true });
  error.name = "fatal";
  return error;
}

/**
 * Publishes a file as it is. What it claims to be (`expect`, or else its name) is proven before it counts; a file
 * of another kind is kept without being read as a table. `path` is absolute, as from `files.path()`, or relative to
 * the project.
 */
export function file(
  path: string,
  options: { readonly expect?: FileFormatName } = {},
): FileResult {
  return mark({ kind: "file", path: String(path), expect: options.expect ?? null });
}

/** Publishes a drawing: a chart's form and the rows that it shows. */
export function chart<R = Row>(
  spec: ChartSpec,
  rows: Rows<R> | Relation<R> | UpstreamTable<R>,
): ChartResult<R> {
  return mark({ kind: "chart", spec, rows });
}

/** A result with metadata beside it: `result(rows, { metadata: { stray_trips: 12 } })`. */
export function result<V extends Publishable>(
  value: V,
  options: { readonly metadata: JsonObject },
): WithMetadata<V> {
  return mark({ kind: "result", value, metadata: options.metadata });
}

const FATAL: unique symbol = Symbol.for("nycflow.fatal") as never;
const RESULT: unique symbol = Symbol.for("nycflow.result") as never;

/** Sets a result apart from a row or an object that happens to have a `kind`. */
export function mark<T extends { readonly kind: string }>(value: T): T {
  Object.defineProperty(value, RESULT, { value: true });
  return Object.freeze(value);
}

/** The kind of a marked result, or null for everything else. */
export function resultKind(value: unknown): string | null {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, RESULT)) return null;
  return (value as { readonly kind: string }).kind;
}

/** True for what `fatal()` made, also as the cause of another error. */
export function isFatal(error: unknown): boolean {
  for (let each = error, depth = 0; each instanceof Error && depth < 10; depth++) {
    if (Object.hasOwn(each, FATAL)) return true;
    each = each.cause;
  }
  return false;
}
