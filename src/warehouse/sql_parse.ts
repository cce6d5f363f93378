/**
 * What one SQL text means without running it: which tables and files it reads, whether it asks for
 * order, and its code version (comments and layout left out). The engine's own parser is asked;
 * nothing is bound, so no table has to exist.
 */
import { digest } from "../core/digest.ts";
import type { Column } from "../core/version.ts";
import type { ParsedSql } from "../ports/loader.ts";
import type { Session } from "./driver.ts";
import { engineError, firstLine, offsetOf } from "./engine_words.ts";
import { charOffset, codePointOffset, ident } from "./sql_text.ts";
import { isMeaning, type Token, tokenize, withoutSemicolon } from "./sql_tokens.ts";
import { isOrdered, walk } from "./sql_walk.ts";

interface Serialized {
  readonly error: boolean;
  readonly error_message?: string;
  readonly position?: string;
  readonly statements?: readonly unknown[];
}

/** Parses one text. */
export async function parseSql(session: Session, sql: string): Promise<ParsedSql> {
  return (await parseSqls(session, { sql }))["sql"]!;
}

/** Parses many texts at once (a call of the engine costs more than a parse). */
export async function parseSqls(
  session: Session,
  texts: Readonly<Record<string, string>>,
): Promise<Record<string, ParsedSql>> {
  const parsed: Record<string, ParsedSql> = {};
  const asked: Asked[] = [];
  for (const [key, whole] of Object.entries(texts)) {
    const text = withoutSemicolon(whole);
    const tokens = tokenize(text);
    const wrong = notOneQuery(text, tokens);
    if (wrong) parsed[key] = wrong;
    else asked.push({ key, text, tokens, ...staticPivots(tokens) });
  }
  const answers = await serialize(session, asked);
  for (const each of asked) parsed[each.key] = answer(each, answers.get(each.key)!);
  return parsed;
}

interface Asked {
  readonly key: string;
  readonly text: string;
  readonly tokens: readonly Token[];
  /** What the parser is given in its place: dynamic PIVOTs made static. */
  readonly asked: string;
  /** Where something was put in: UTF-16 unit in `text`, and how many were put in. */
  readonly inserted: readonly { readonly at: number; readonly length: number }[];
}

async function serialize(
  session: Session,
  asked: readonly Asked[],
): Promise<Map<string, { readonly found: Serialized; readonly json: string }>> {
  const answers = new Map<string, { found: Serialized; json: string }>();
  if (asked.length === 0) return answers;
  const texts = JSON.stringify(
    Object.fromEntries(asked.map((each, at) => [String(at), each.asked])),
  );
  const { rows } = await session.rows(
    `select key::varchar, json_serialize_sql(value->>'$', skip_empty := true, skip_null := true)::varchar
     from json_each($texts::json)`,
    { texts },
  );
  for (const [at, json] of rows) {
    const text = String(json);
    answers.set(asked[Number(at)]!.key, { found: JSON.parse(text) as Serialized, json: text });
  }
  return answers;
}

function answer(asked: Asked, { found, json }: { found: Serialized; json: string }): ParsedSql {
  const offset = (byte: number) => original(asked, charOffset(asked.asked, byte));
  if (found.error) {
    const position = Number(found.position ?? NaN);
    return {
      ok: false,
      message: firstLine(found.error_message ?? "it cannot be parsed"),
      offset: Number.isSafeInteger(position)
        ? original(asked, codePointOffset(asked.asked, position))
        : null,
    };
  }
  const walked = walk(found.statements);
  const hiding = walked.functions.find((each) =>
    each.name === "query" || each.name === "query_table"
  );
  if (hiding) {
    return {
      ok: false,
      message: `${hiding.name}() hides which tables are read; name them in FROM`,
      offset: hiding.byte === null ? null : offset(hiding.byte),
    };
  }
  const tables: { name: string; offset: number; timed?: "VERSION" | "TIMESTAMP" }[] = [];
  const files = [...walked.files];
  for (const { name, byte, timed } of walked.tables) {
    const at = byte === null ? 0 : offset(byte);
    // A name in single quotes is a file to the engine: FROM 'x.csv'.
    if (asked.text[at] === "'") files.push(name);
    else tables.push({ name, offset: at, ...(timed === undefined ? {} : { timed }) });
  }
  return {
    ok: true,
    codeVersion: digest(json.replace(/"query_location":\d+,?/g, "")),
    tables,
    ordered: isOrdered(found.statements![0]),
    volatile: walked.volatile,
    parameters: [
      ...new Set(
        asked.tokens.filter((each) => each.kind === "parameter")
          .map((each) => each.text.replace(/^\$/, "")),
      ),
    ],
    files: [...new Set(files)],
    text: asked.text,
  };
}

const QUERIES =
  /^(select|with|from|values|table|pivot|pivot_wider|unpivot|pivot_longer|describe|desc|summarize|\()$/i;

/** Refuses what is no query, before the parser does so in worse words. */
function notOneQuery(text: string, tokens: readonly Token[]): ParsedSql | null {
  const meaning = tokens.filter(isMeaning);
  const first = meaning[0];
  if (!first) return { ok: false, message: "there is no query here", offset: null };
  const end = meaning.findIndex((each) => each.kind === "symbol" && each.text === ";");
  if (end >= 0) {
    return {
      ok: false,
      message: "one query is expected; a second statement begins here",
      offset: meaning.slice(end).find((each) => each.text !== ";")?.offset ?? text.length,
    };
  }
  if (first.kind !== "name" && first.text !== "(") return null;
  const word = first.text.toUpperCase();
  if (!QUERIES.test(word) && STATEMENTS.has(word)) {
    return {
      ok: false,
      message: `a query is expected, and this is ${/^[AEIOU]/.test(word) ? "an" : "a"} ${word}`,
      offset: first.offset,
    };
  }
  return null;
}

const STATEMENTS = new Set(
  ("INSERT UPDATE DELETE MERGE CREATE DROP ALTER COPY ATTACH DETACH USE SET RESET PRAGMA CALL EXPLAIN " +
    "EXPORT IMPORT INSTALL LOAD VACUUM ANALYZE CHECKPOINT BEGIN COMMIT ROLLBACK PREPARE EXECUTE " +
    "DEALLOCATE TRUNCATE COMMENT SHOW").split(" "),
);

/**
 * The serializer takes only a PIVOT whose values are listed. Where they are not, a list is put in:
 * which tables the query reads and what it says is the same.
 */
function staticPivots(tokens: readonly Token[]): Pick<Asked, "asked" | "inserted"> {
  const inserted: { at: number; length: number }[] = [];
  let asked = "";
  const put = (after: Token) => {
    const list = " IN (0)";
    inserted.push({ at: after.offset + after.text.length, length: list.length });
    asked += list;
  };
  // One entry for each open bracket: are we between ON and its end, and was there an IN.
  const stack: { pivot: boolean; on: boolean; listed: boolean }[] = [
    { pivot: false, on: false, listed: false },
  ];
  let last: Token | null = null;
  const close = () => {
    const top = stack.at(-1)!;
    if (top.on && !top.listed && last) put(last);
    top.on = false;
    top.listed = false;
  };
  let gap = "";
  for (const token of tokens) {
    if (!isMeaning(token)) {
      gap += token.text;
      continue;
    }
    const top = stack.at(-1)!;
    const word = token.kind === "name" ? token.text.toLowerCase() : token.text;
    if (top.on && /^(using|group|order|limit|\)|union|except|intersect)$/.test(word)) {
      close();
      top.pivot = false;
    } else if (top.on && word === ",") close(), top.on = true;
    else if (top.on && word === "in") top.listed = true;
    else if (top.pivot && word === "on") top.on = true;
    asked += gap + token.text;
    gap = "";
    if (word === "pivot" || word === "pivot_wider") top.pivot = true;
    if (word === "(") stack.push({ pivot: false, on: false, listed: false });
    if (word === ")" && stack.length > 1) stack.pop();
    last = token;
  }
  close();
  return { asked: asked + gap, inserted };
}

function original(asked: Asked, offset: number): number {
  let before = 0;
  for (const { at, length } of asked.inserted) {
    if (at + before >= offset) break;
    before += length;
  }
  return Math.max(0, Math.min(asked.text.length, offset - before));
}

/** A table that a query may name, and its columns. */
export interface Known {
  readonly name: string;
  readonly schema: readonly Column[];
}

export type BoundSql =
  | { readonly ok: true; readonly columns: readonly Column[] }
  | {
    readonly ok: false;
    readonly message: string;
    readonly offset: number | null;
    readonly candidates: readonly string[];
  };

/** Binds a query against tables of these schemas, without data: its columns, or what is wrong. */
export async function bindSql(
  session: Session,
  sql: string,
  tables: readonly Known[],
): Promise<BoundSql> {
  for (const { name, schema } of tables) {
    const columns = schema.map((each) => `null::${each.type} as ${ident(each.name)}`);
    await session.view(name, `select ${columns.join(", ")} where false`);
  }
  try {
    return { ok: true, columns: await session.columns(sql) };
  } catch (error) {
    const found = engineError(error);
    return {
      ok: false,
      message: firstLine(found.message),
      offset: offsetOf(found, sql),
      candidates: found.candidates,
    };
  } finally {
    await session.dropViews();
  }
}
