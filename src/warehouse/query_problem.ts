/**
 * What is told when a query that makes an asset does not work: the engine's error in our words, at its place in the
 * user's file. The same whether the query was only bound or was run.
 */
import { type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import { engineError, engineProblem, offsetOf } from "./engine_words.ts";
import type { TableSource } from "./make.ts";
import type { Rewritten } from "./parameters.ts";
import { placed } from "./sql_place.ts";
import { ident } from "./sql_text.ts";

/** What the engine was given, and where the user's text begins in it. */
export interface Sent {
  readonly sql: string;
  readonly before: number;
  readonly rewritten: Rewritten;
  /** Columns that are cast around the query. */
  readonly cast: readonly string[];
}

/** What is told of an error in a query that makes an asset. */
export function queryProblem(
  error: unknown,
  what: string,
  source: TableSource,
  sent: Sent | null,
): Problem {
  if (error instanceof ProblemError) {
    const found = error.problems[0]!;
    return source.place ? { ...found, where: { file: source.place.file, ...found.where } } : found;
  }
  const told = engineProblem(error, what, { fallback: "step-failed" });
  if (!sent) return told;
  const found = engineError(error);
  const offset = offsetOf(found, sent.sql);
  const overflow = sent.cast.length > 0 && /INT128 with value (-?\d+)/.exec(found.message);
  if (overflow && (offset === null || offset < sent.before)) {
    const column = sent.cast.length === 1 ? sent.cast[0]! : sent.cast.join(" or ");
    return problem("value-not-kept", {
      message: `${what}: a value of ${column} does not fit into BIGINT`,
      ...(source.place ? { where: { file: source.place.file } } : {}),
      why: `it is ${overflow[1]}; Parquet has no 128-bit integers, so HUGEINT is kept as BIGINT`,
      hint: `write ${ident(sent.cast[0]!)}::DECIMAL(38,0), ::DOUBLE or ::VARCHAR`,
    });
  }
  return placed(told, offset, source.place, sent);
}
