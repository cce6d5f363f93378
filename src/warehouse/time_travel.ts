/**
 * `FROM trips AT (VERSION => -1)` and `AT (TIMESTAMP => …)`: finds such tables in a query and puts a name of its own in
 * the place of each. DuckDB parses the clause, and no engine of ours could answer it: which versions are meant is read
 * off the log by whoever asked. The text is spliced from the last place to the first; nothing of it is parsed anew.
 */
import type { Instant } from "../core/key.ts";
import { type Problem, problem, type Where } from "../core/problem/problem.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { Session } from "./driver.ts";
import { engineError, firstLine } from "./engine_words.ts";
import { parseSql } from "./sql_parse.ts";
import { whereIn } from "./sql_place.ts";
import { ident } from "./sql_text.ts";
import { isMeaning, type Token, tokenize } from "./sql_tokens.ts";

/** A table as it was. */
export interface TimedTable {
  /** As written. */
  readonly name: string;
  /** What stands for it in the text now. */
  readonly as: string;
  /** A number of changes back (0 or less), or a version's id; null where an instant is named. */
  readonly version: number | string | null;
  readonly at: Instant | null;
}

export interface TimedSql {
  readonly sql: string;
  readonly tables: readonly TimedTable[];
}

const WHAT = "Cannot read a table as it was";

/** The query without its AT clauses, and what each of them asks for. */
export async function withoutTimes(
  session: Session,
  sql: string,
): Promise<Result<TimedSql, Problem>> {
  const parsed = await parseSql(session, sql);
  // What is wrong with it is told by the query itself.
  if (!parsed.ok) return ok({ sql, tables: [] });
  const timed = parsed.tables.filter((each) => each.timed !== undefined);
  let text = parsed.text;
  const tables: TimedTable[] = [];
  for (const { name, offset, timed: unit } of [...timed].sort((a, b) => b.offset - a.offset)) {
    const found = clauseAt(parsed.text, offset);
    if (found === null) continue;
    const asked = await asksFor(session, found.value, unit ?? "VERSION");
    if (typeof asked === "string") {
      return err(problem("query-failed", {
        message: WHAT,
        where: placeOf(sql, found.from),
        why: asked,
        hint: "write AT (VERSION => -1), or AT (TIMESTAMP => '2023-01-31 12:00')",
      }));
    }
    const as = `${name} as it was (${tables.length + 1})`;
    const alias = found.alias === null ? ` as ${ident(name.split(".").at(-1) ?? name)}` : "";
    text = text.slice(0, offset) + ident(as) + alias + text.slice(found.nameEnd, found.from) +
      text.slice(found.to);
    tables.push({ name, as, ...asked });
  }
  return ok({ sql: text, tables });
}

function placeOf(sql: string, offset: number): Where {
  const { file: _file, ...where } = whereIn({ file: "", line: 1, text: sql }, offset);
  return where;
}

interface Clause {
  readonly nameEnd: number;
  readonly alias: string | null;
  /** Where AT begins and where its bracket ends. */
  readonly from: number;
  readonly to: number;
  /** What stands after `=>`. */
  readonly value: string;
}

/** The clause that belongs to the table whose name begins at `offset`. */
function clauseAt(sql: string, offset: number): Clause | null {
  const tokens = tokenize(sql).filter((each) => isMeaning(each) && each.offset >= offset);
  let at = 0;
  const isName = (token: Token | undefined) => token?.kind === "name" || token?.kind === "quoted";
  const end = (token: Token | undefined) =>
    token === undefined ? sql.length : token.offset + token.text.length;
  while (isName(tokens[at]) && tokens[at + 1]?.text === ".") at += 2;
  const nameEnd = end(tokens[at++]);
  const word = () => tokens[at]?.text.toLowerCase();
  const opens = () => word() === "at" && tokens[at + 1]?.text === "(";
  let alias: string | null = null;
  if (!opens()) {
    if (word() === "as") at++;
    alias = tokens[at++]?.text ?? null;
  }
  if (!opens()) return null;
  const from = tokens[at]?.offset ?? 0;
  let depth = 0;
  let value: number | null = null;
  for (let i = at + 1; i < tokens.length; i++) {
    const text = tokens[i]?.text;
    if (text === "(") depth++;
    if (text === "=" && tokens[i + 1]?.text === ">" && value === null) value = end(tokens[i + 1]);
    if (text === ")" && --depth === 0) {
      const close = tokens[i]?.offset ?? sql.length;
      return value === null
        ? null
        : { nameEnd, alias, from, to: close + 1, value: sql.slice(value, close) };
    }
  }
  return null;
}

/** The value that was asked for; a text says what is wrong with it. */
async function asksFor(
  session: Session,
  value: string,
  unit: "VERSION" | "TIMESTAMP",
): Promise<Pick<TimedTable, "version" | "at"> | string> {
  try {
    if (unit === "TIMESTAMP") {
      const { rows } = await session.rows(`select epoch_ms((${value})::timestamptz)::double`);
      const at = rows[0]?.[0];
      return typeof at === "number" ? { version: null, at } : "the time is NULL";
    }
    const { rows } = await session.rows(`select (${value})::varchar, typeof(${value})`);
    const [text, type] = rows[0] ?? [];
    if (typeof text !== "string") return "the version is NULL";
    if (type === "VARCHAR") return { version: text, at: null };
    const back = Number(text);
    return Number.isSafeInteger(back) && back <= 0
      ? { version: back, at: null }
      : "a version is a number of changes back (-1 is the one before), or an id in quotes";
  } catch (error) {
    return firstLine(engineError(error).message);
  }
}
