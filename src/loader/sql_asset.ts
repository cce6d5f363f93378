/**
 * A `.sql` file as an asset: header and query. Works in two steps, since parsing is the runner's: what is to be
 * parsed, then, with the answers, the draft or all that is wrong.
 */
import type { Origin } from "../core/definition.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { AssetKey } from "../core/key.ts";
import type { Problem } from "../core/problem/problem.ts";
import type { ParsedSql } from "../ports/loader.ts";
import { canonical, objectOf, textOf } from "./canonical.ts";
import type { AssetDraft, Reference } from "./draft.ts";
import { type Header, readHeader } from "./header.ts";
import { type Mapping, normalise, type Normalised } from "./normalise.ts";
import { parameterProblems } from "./parameters.ts";
import { HEADER } from "./schema_header.ts";
import { findings, type Path, type Shape } from "./shape.ts";
import { placeAt } from "./source_text.ts";
import { sqlProblem } from "./sql_trouble.ts";
import { headerPlaces, type Placed, toProblem } from "./where.ts";

const SHAPE: Shape = { is: "object", fields: HEADER };
export const DEFAULT_MAPPING: Mapping = {
  mapping: { type: "default" },
  lookback: null,
  lookahead: null,
};

export interface SqlFile {
  readonly file: string;
  readonly text: string;
  readonly key: AssetKey;
  readonly group: string;
}

/** A piece of SQL in a definition, and where it stands in it. */
export interface SqlPiece {
  readonly id: string;
  readonly sql: string;
  /** Put before what was written, to make it a query. */
  readonly prefix: number;
  readonly path: Path;
  readonly of: "query" | "check" | "when" | "metadata";
}

/** A file read as far as it goes without a parser. */
export interface ReadSql {
  readonly source: SqlFile;
  readonly header: Header;
  readonly options: JsonObject;
  readonly placed: Placed;
  readonly problems: readonly Problem[];
  readonly pieces: readonly SqlPiece[];
  /** Where the query's text begins, spaces left out. */
  readonly queryOffset: number;
}

export async function readSql(source: SqlFile): Promise<ReadSql> {
  const { file, text, key } = source;
  const { header, problems } = await readHeader(file, text);
  const placed = headerPlaces(file, text, header.locate);
  const said = header.value["deps"] === undefined ? [] : [toProblem(
    {
      path: ["deps"],
      at: "key",
      message: "Cannot name dependencies in a header",
      why: "they are read from the query",
      hint:
        "remove deps; to choose which partitions are read, write mapping: { taxi_trips: latest }",
    },
    placed,
    "header-invalid",
    key,
  )];
  const { deps: _deps, ...rest } = header.value;
  // What could be read of broken YAML says little about what was meant.
  const isYaml = !problems.some((each) => each.code === "header-yaml");
  const wrong = (isYaml ? findings(SHAPE, rest, "the header") : [])
    .map((each) => toProblem(each, placed, "header-invalid", key));
  const found = [...problems, ...said, ...wrong];
  const options = isYaml && wrong.length === 0 ? objectOf(canonical(SHAPE, rest)) : {};
  const gap = /^(?:\s|\uFEFF)*/.exec(text.slice(header.queryOffset))?.[0].length ?? 0;
  const queryOffset = header.queryOffset + gap;
  return {
    source,
    header,
    options,
    placed,
    problems: found,
    // Where the header's end is unknown there is no query to be judged.
    pieces: problems.some((each) => each.code === "header-yaml") ? [] : [
      { id: file, sql: text.slice(queryOffset), prefix: 0, path: [], of: "query" },
      ...piecesOf(file, options, "sql"),
    ],
    queryOffset,
  };
}

/** SQL within the options: conditions and queries of checks, and `when`. */
export function piecesOf(
  id: string,
  options: JsonObject,
  author: "sql" | "typescript",
): readonly SqlPiece[] {
  const pieces: SqlPiece[] = [];
  const add = (path: Path, sql: string, before: string, after: string, of: SqlPiece["of"]) =>
    pieces.push({
      id: `${id}#${path.join(".")}`,
      sql: `${before}${sql}${after}`,
      prefix: before.length,
      path,
      of,
    });
  const when = textOf(options["when"], null);
  if (when !== null) add(["when"], when, "select (", "\n)", "when");
  for (const [name, sql] of Object.entries(objectOf(options["metadata"] ?? null))) {
    if (author === "sql" && typeof sql === "string") {
      add(["metadata", name], sql, "select (", "\n)", "metadata");
    }
  }
  const checks = options["checks"];
  (Array.isArray(checks) ? checks as readonly Json[] : []).forEach((each, index) => {
    const check = objectOf(each);
    const query = textOf(check["query"], null);
    if (query !== null) add(["checks", index, "query"], query, "", "", "check");
    // Of a module's conditions nothing is needed but their syntax, and asking would start the runner once more.
    const holds = author === "sql" ? check["holds"] : undefined;
    const conditions: readonly Json[] = Array.isArray(holds) ? holds : [];
    for (const condition of conditions) {
      if (typeof condition === "string") {
        add(["checks", index, "holds"], condition, "select (", "\n)", "check");
      }
    }
  });
  return pieces;
}

export interface Drafted {
  readonly draft: AssetDraft | null;
  /** The tables that the query names, also where there is no draft. */
  readonly tables: readonly Reference[];
  readonly problems: readonly Problem[];
}

/** The draft, once the runner has parsed the pieces. */
export function draftSql(read: ReadSql, parsed: Readonly<Record<string, ParsedSql>>): Drafted {
  const { source, header, options, placed } = read;
  const { file, text, key } = source;
  const problems: Problem[] = [...read.problems];
  const query = parsed[file];
  const queryPiece = read.pieces.find((each) => each.of === "query");
  if (query !== undefined && !query.ok && queryPiece !== undefined) {
    problems.push(
      sqlProblem(
        file,
        text,
        query,
        queryPiece.sql,
        read.queryOffset + (query.offset ?? 0),
        "the query",
        key,
      ),
    );
  }
  const answers = read.pieces.filter((each) => each.of !== "query");
  const references = pieceReferences(answers, parsed, options, key, placed);
  for (const piece of answers) {
    const answer = parsed[piece.id];
    if (answer === undefined || answer.ok) continue;
    problems.push(pieceProblem(piece, answer, file, text, header, key));
  }
  const place = (offset: number, length: number) =>
    placeAt(file, text, read.queryOffset + offset, length);
  const tables = (query?.ok ? query.tables : []).map(({ name, offset }): Reference => {
    const { line, column } = place(offset, 1);
    return { name, of: "query", ...DEFAULT_MAPPING, line, column };
  });
  if (query === undefined || !query.ok || problems.length > 0) {
    return { draft: null, tables, problems };
  }

  const origin: Origin = { file, line: 1, exportName: null };
  const made = normalise(options, {
    key,
    kind: "sql",
    group: source.group,
    origin,
    code: query.codeVersion,
    sql: {
      text: query.text,
      line: placeAt(file, text, read.queryOffset).line,
      ordered: query.ordered,
      parameters: query.parameters,
      files: query.files,
      volatile: query.volatile,
    },
    dataFile: null,
    together: [key],
    config: null,
    whenCode: false,
    lineOf: (path) => placed(path, "value").line,
  });
  problems.push(...made.findings.map((each) => toProblem(each, placed, "header-invalid", key)));
  problems.push(...parameterProblems(made.definition, query.text, place));
  if (problems.length > 0) return { draft: null, tables, problems };
  const queried = tables.map((each) => ({ ...each, ...mappingFor(made, each.name) }));
  return {
    draft: draftOf(made, [...queried, ...references, ...mappingReferences(made, placed)]),
    tables,
    problems,
  };
}

export function draftOf(made: Normalised, references: readonly Reference[]): AssetDraft {
  return {
    definition: made.definition,
    references,
    checkEntries: made.checkEntries,
    lookback: made.lookback,
    lookahead: made.lookahead,
  };
}

/** What `mapping:` says of this upstream. */
export function mappingFor(made: Normalised, name: string): Mapping {
  const folded = name.toLowerCase();
  for (const [each, mapping] of made.mappings) if (each.toLowerCase() === folded) return mapping;
  return made.mappings.get("") ?? DEFAULT_MAPPING;
}

/** Each name in `mapping:` must be an upstream; that is told when all names are known. */
export function mappingReferences(made: Normalised, placed: Placed): readonly Reference[] {
  return [...made.mappings].filter(([name]) => name !== "").map(([name, mapping]) => {
    const { line = 1, column = 1 } = placed(["mapping", name], "key");
    return { name, of: "mapping" as const, ...mapping, line, column };
  });
}

/** The tables that checks and `when` read, besides the asset itself, which they call by its name. */
export function pieceReferences(
  pieces: readonly SqlPiece[],
  parsed: Readonly<Record<string, ParsedSql>>,
  options: JsonObject,
  key: AssetKey,
  placed: Placed,
): readonly Reference[] {
  const references: Reference[] = [];
  for (const piece of pieces) {
    const answer = parsed[piece.id];
    // What is told of a version is told of its own rows.
    if (answer === undefined || !answer.ok || piece.of === "metadata") continue;
    const { line = 1, column = 1 } = placed(piece.path, "value");
    for (const { name } of answer.tables) {
      if (key.toLowerCase() === name.toLowerCase()) continue;
      references.push({
        name,
        of: piece.of,
        ...(piece.of === "check" ? { check: Number(piece.path[1]) } : {}),
        ...DEFAULT_MAPPING,
        line,
        column,
      });
    }
  }
  const checks = options["checks"];
  (Array.isArray(checks) ? checks as readonly Json[] : []).forEach((each, index) => {
    const to = textOf(objectOf(objectOf(each)["relationships"])["to"], null);
    if (to === null || to.toLowerCase() === key.toLowerCase()) return;
    const { line = 1, column = 1 } = placed(["checks", index, "relationships", "to"], "value");
    references.push({
      name: to,
      of: "check",
      check: index,
      ...DEFAULT_MAPPING,
      line,
      column,
    });
  });
  return references;
}

function pieceProblem(
  piece: SqlPiece,
  answer: Extract<ParsedSql, { ok: false }>,
  file: string,
  text: string,
  header: Header,
  key: AssetKey,
): Problem {
  const span = header.locate(piece.path, "value");
  const written = piece.sql.slice(piece.prefix).replace(/\n\)$/, "");
  // A plain scalar stands as it is; a quoted one begins a character later.
  const start = text.indexOf(written.split("\n")[0] ?? "", span.offset);
  const inside = start !== -1 && start <= span.offset + 2 && answer.offset !== null;
  const offset = inside ? start + Math.max(0, (answer.offset ?? 0) - piece.prefix) : span.offset;
  const subject = piece.of === "check" ? "the check" : piece.of;
  return sqlProblem(file, text, answer, piece.sql, offset, subject, key);
}
