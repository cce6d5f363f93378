/**
 * What is told when a query that makes an asset does not work: the engine's error in our words, at its place in the
 * user's file. The same whether the query was only bound or was run.
 */
import { type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import { engineError, engineProblem, offsetOf } from "./engine_words.ts";
import type { Rewritten } from "./parameters.ts";
import { queryWords, type ReadTable } from "./query_words.ts";
import { placed, type SqlPlace, whereIn } from "./sql_place.ts";
import { ident } from "./sql_text.ts";
import { tokenize } from "./sql_tokens.ts";

/** What the engine was given, and where the user's text begins in it. */
export interface Sent {
  readonly sql: string;
  readonly before: number;
  readonly rewritten: Rewritten;
  /** Columns that are cast around the query. */
  readonly cast: readonly string[];
}

/** The query as far as an error in it is concerned. */
export interface Asked {
  readonly place: SqlPlace | null;
  readonly inputs: readonly ReadTable[];
}

/** What is told of an error in a query that makes an asset. */
export function queryProblem(
  error: unknown,
  what: string,
  { place, inputs }: Asked,
  sent: Sent | null,
): Problem {
  if (error instanceof ProblemError) return ownProblem(error.problems[0]!, place);
  const told = engineProblem(error, what, { fallback: "step-failed" });
  if (!sent) return told;
  const found = engineError(error);
  const offset = offsetOf(found, sent.sql);
  const overflow = sent.cast.length > 0 && /INT128 with value (-?\d+)/.exec(found.message);
  if (overflow && (offset === null || offset < sent.before)) {
    const column = sent.cast.length === 1 ? sent.cast[0]! : sent.cast.join(" or ");
    return problem("value-not-kept", {
      message: `${what}: a value of ${column} does not fit into BIGINT`,
      ...(place ? { where: placeOfName(place, sent.cast[0]!) } : {}),
      why: `it is ${overflow[1]}; Parquet has no 128-bit integers, so HUGEINT is kept as BIGINT`,
      hint: `write ${ident(sent.cast[0]!)}::DECIMAL(38,0), ::DOUBLE or ::VARCHAR`,
    });
  }
  const words = queryWords(found, inputs);
  const said = words === null ? told : {
    ...told,
    why: words.why,
    hint: words.hint,
    fields: { ...told.fields, ...(words.name === undefined ? {} : { name: words.name }) },
  };
  const located = placed(said, offset, place, sent);
  const begin = place === null ? {} : { line: place.line };
  const lost = place !== null && words?.name !== undefined && located.where?.line === undefined;
  return {
    ...located,
    where: { ...begin, ...located.where, ...(lost ? placeOfName(place, words.name!) : {}) },
  };
}

/** What we refuse ourselves: at the column that it is about. */
function ownProblem(found: Problem, place: SqlPlace | null): Problem {
  if (place === null) return found;
  const columns = found.fields?.["columns"];
  const [first] = Array.isArray(columns) ? columns : [];
  const name = typeof first === "object" && first !== null && !Array.isArray(first)
    ? (first as { readonly name?: unknown }).name
    : undefined;
  const where = found.where?.line === undefined && typeof name === "string"
    ? placeOfName(place, name)
    : { file: place.file };
  // Where the name itself stands nowhere (a *), it is somewhere in the query.
  return { ...found, where: { line: place.line, ...where, ...found.where } };
}

/** Where the query says a name for the last time: that is where a column gets it. Only the file where it does not. */
export function placeOfName(place: SqlPlace, name: string): ReturnType<typeof whereIn> {
  const folded = name.toLowerCase();
  const found = tokenize(place.text).filter((each) =>
    (each.kind === "name" || each.kind === "quoted") &&
    each.text.replace(/^"|"$/g, "").replaceAll('""', '"').toLowerCase() === folded
  ).at(-1);
  return found === undefined ? { file: place.file } : whereIn(place, found.offset);
}
