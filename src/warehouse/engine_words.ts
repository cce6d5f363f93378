/**
 * Says in our words what DuckDB says in its own: which problem it is, why, and what to do next.
 * Decides the code and the words; where in which file it lies is added by those who know the text.
 */
import type { JsonObject } from "../core/json.ts";
import { type Problem, type ProblemCode, ProblemError } from "../core/problem/problem.ts";
import { queryWords } from "./query_words.ts";
import { charOffset, codePointOffset } from "./sql_text.ts";

/** An error of the engine, taken apart. */
export interface EngineError {
  readonly type: string;
  readonly message: string;
  /** Where in the SQL text, as the engine counts; `offsetOf` says where that is. */
  readonly position: number | null;
  readonly candidates: readonly string[];
  readonly name: string | null;
  readonly subtype: string | null;
}

/** Takes an error of the engine apart; what is none of its errors becomes one of type "". */
export function engineError(error: unknown): EngineError {
  const said = error instanceof Error ? error.message : String(error);
  const json = said.indexOf("{");
  if (json >= 0) {
    try {
      const found = JSON.parse(said.slice(json)) as Record<string, unknown>;
      if (typeof found["exception_type"] === "string") {
        const of = (key: string) => typeof found[key] === "string" ? found[key] as string : null;
        const position = Number(of("position") ?? NaN);
        return {
          type: found["exception_type"],
          message: of("exception_message") ?? said,
          position: Number.isSafeInteger(position) ? position : null,
          candidates: (of("candidates") ?? "").split(",").map((each) => each.trim()).filter(
            Boolean,
          ),
          name: of("name"),
          subtype: of("error_subtype"),
        };
      }
    } catch {
      // some errors carry JSON of another kind, or none
    }
  }
  const plain = /^([A-Z][A-Za-z ]*?) Error: ([^]*)$/.exec(said);
  return {
    type: plain?.[1] ?? "",
    message: plain?.[2] ?? said,
    position: null,
    candidates: [],
    name: null,
    subtype: null,
  };
}

/** Where the error is, in UTF-16 units of the text that the engine was given. */
export function offsetOf(error: EngineError, sql: string): number | null {
  if (error.position === null) return null;
  // The parser counts characters, everything after it bytes.
  return error.type === "Parser"
    ? codePointOffset(sql, error.position)
    : charOffset(sql, error.position);
}

interface Words {
  readonly code: ProblemCode;
  readonly why: string;
  readonly hint: string;
}

type Rule = readonly [RegExp, (found: RegExpExecArray, error: EngineError) => Words];

// In order: the first that matches the message is taken.
const RULES: readonly Rule[] = [
  [
    /No magic bytes found at (?:end of|the beginning of) file '([^']*)'|too small to be a Parquet file/i,
    (m) => ({
      code: "not-the-format",
      why: `${m[1] ?? "the file"} is cut short or is no Parquet file`,
      hint: "fetch it again, and look at its first bytes: a web page begins with <",
    }),
  ],
  [
    /Invalid thrift|TProtocolException|Don't know what type|Failed to decompress|Snappy decompression|out of buffer|Could not read enough bytes|Metadata read of file|file metadata|corrupt/i,
    (_m, e) => ({
      code: "not-the-format",
      why: `the file is damaged: ${firstLine(e.message)}`,
      hint: "fetch it again, or build the asset that made it again with --force",
    }),
  ],
  [/No space left on device|Disk quota exceeded|ENOSPC/i, (_m, e) => ({
    code: "disk-full",
    why: firstLine(e.message),
    hint: "free some space, then: nycflow retry",
  })],
  [/max_temp_directory_size|failed to offload data block/i, (_m, e) => ({
    code: "disk-full",
    why: `what does not fit into memory is spilled to disk, and there is no room: ${
      firstLine(e.message)
    }`,
    hint: "free some space, or name another folder as warehouse.scratch in nycflow.config.ts",
  })],
  [
    /Out of Memory|could not allocate|failed to pin block|failed to allocate|bad_alloc|memory_limit/i,
    (m) => ({
      code: "out-of-memory",
      why: `the query needs more memory than it may have (${firstLine(m.input)})`,
      hint: "raise warehouse.memory in nycflow.config.ts, or make the query hold less at once",
    }),
  ],
  [/Permission denied|EACCES|EPERM|EROFS/i, (_m, e) => ({
    code: "no-permission",
    why: `this user may not use ${/["']([^"']*\/[^"']*)["']/.exec(e.message)?.[1] ?? "the file"}`,
    hint: "give this user the right to read and write there, then: nycflow retry",
  })],
  [/(?:Cannot|Could not) open file "[^"]*\.wal\?/i, () => ({
    code: "export-failed",
    why: "DuckDB keeps no database file in a folder whose name holds a ?",
    hint: "rename the folder, or take warehouse.mirror out of nycflow.config.ts",
  })],
  [/No files found that match the pattern "[^"]*\.nycflow\/lake\/([^/"]+)\/[^"]*"/i, (m) => ({
    code: "source-missing",
    why: `the file of what is published of ${
      decodeURIComponent(m[1]!)
    } is gone, or may not be read`,
    hint: `see who may read .nycflow/lake, or make it anew: nycflow run ${
      decodeURIComponent(m[1]!)
    }`,
  })],
  [
    /No files found that match the pattern "([^"]*)"|(?:Cannot|Could not) open file "?([^":]*)"?: No such file|file "?([^"]*)"? (?:does not exist|was not found)/i,
    (m) => ({
      code: "source-missing",
      why: `there is no file ${unescapeGlob(m[1] ?? m[2] ?? m[3] ?? "")}`,
      hint: "check the path (it is relative to the project), or bring the file back",
    }),
  ],
  [/requires the extension (\w+) to be loaded|exists in the (\w+) extension/i, (m) => ({
    code: "query-failed",
    why: `it needs DuckDB's extension ${
      m[1] ?? m[2]
    }, which is not built in, and nothing is downloaded behind your back`,
    hint: (m[1] ?? m[2]) === "httpfs"
      ? "fetch the file in a TypeScript asset with download(), and read that asset by its name"
      : "write it with built-in functions, or in a TypeScript asset",
  })],
  [/CSV Error on Line: (\d+)([^]*)/i, (m, e) => csvWords(m, e)],
  [/Error when sniffing file|not possible to automatically detect|sniffing/i, (_m, e) => ({
    code: "not-the-format",
    why: `it cannot be told how this CSV is written: ${firstLine(e.message)}`,
    hint:
      "open it in an editor: one kind of line ending, one delimiter, the same number of columns in each line",
  })],
  [
    /JSON transform error in file "[^"]*", in (?:line|record\/value) (\d+): ([^\n]*)/i,
    (m) => ({
      code: "not-the-format",
      why: `about record ${m[1]}: ${lowerFirst(m[2] ?? "")}`,
      hint: "correct the value, or give the column another type in columns:",
    }),
  ],
  [
    /Malformed JSON in file "?([^"]*?)"?,? at byte (\d+) in (?:record\/value|array|line|line\/object)? ?(\d+)?:? ?([^]*)/i,
    (m) => ({
      code: "not-the-format",
      why: `it is no JSON${m[3] ? `, at about record ${m[3]}` : ""}: ${
        firstLine(m[4] ?? "").replace(/\.$/, "")
      }`,
      hint: "correct it there; a JSON asset is an array of objects, or one object a line",
    }),
  ],
];

function csvWords(found: RegExpExecArray, error: EngineError): Words {
  const line = found[1]!;
  const rest = found[2] ?? "";
  const column = /Error when converting column "([^"]*)"/.exec(rest)?.[1];
  const value = /Could not convert string "([^]*?)" to '?([A-Z_]+[^'\n]*)'?/.exec(rest);
  const said = rest.split("\n").map((each) => each.trim())
    .find((each) =>
      each !== "" && !each.startsWith("Original Line") && !each.startsWith("Possible")
    );
  const file = /^\s*file\s*=\s*(.+?)\s*$/m.exec(rest)?.[1];
  const of = file === undefined ? "" : ` of ${unescapeGlob(file)}`;
  const why = value
    ? `line ${line}${of}${column ? `, column ${column}` : ""}: ${JSON.stringify(value[1])} is no ${
      value[2]
    }`
    : /not utf-8|Invalid unicode/i.test(error.message)
    ? `line ${line}${of} is not UTF-8`
    : `line ${line}${of}: ${said ?? "it does not fit the lines before it"}`;
  return {
    code: "not-the-format",
    why,
    hint: value ? "correct the value, or declare the column as VARCHAR" : "correct the line",
  };
}

/**
 * The problem that an engine's error is. `what` begins the message: "Cannot build trips".
 * `binding: "definition"` for text that the project holds: an unknown column there is the project's
 * mistake (exit 2); in a query as typed it is a failed query.
 */
export function engineProblem(
  error: unknown,
  what: string,
  options: { readonly fallback?: ProblemCode } = {},
): Problem {
  if (error instanceof ProblemError) return error.problems[0]!;
  const found = engineError(error);
  const said = `${found.type}: ${found.message}`;
  for (const [pattern, words] of RULES) {
    const match = pattern.exec(said);
    if (match) {
      const { code, why, hint } = words(match, found);
      return { code, message: what, why, hint, fields: fieldsOf(found) };
    }
  }
  const fields = fieldsOf(found);
  switch (found.type) {
    case "Parser":
      return {
        code: "sql-syntax",
        message: what,
        why: lowerFirst(found.message),
        hint: "correct the SQL there",
        fields,
      };
    case "Binder":
    case "Catalog": {
      const words = queryWords(found, []);
      return {
        code: "sql-bind",
        message: what,
        why: words?.why ?? lowerFirst(firstLine(found.message)).replace(/!$/, ""),
        hint: words?.hint ?? "correct the query there",
        fields,
      };
    }
    case "Conversion":
    case "Out of Range":
      return {
        code: options.fallback ?? "query-failed",
        message: what,
        why: lowerFirst(firstLine(found.message)),
        hint: "use try_cast(… as …), which gives NULL, or filter such rows",
        fields,
      };
    default:
      return {
        code: options.fallback ?? "query-failed",
        message: what,
        why: lowerFirst(firstLine(found.message)) || "DuckDB gave no reason",
        hint: "correct the query, or look at the rows that it reads",
        fields,
      };
  }
}

function fieldsOf(error: EngineError): JsonObject {
  return {
    engine: error.type,
    detail: error.message,
    ...(error.candidates.length > 0 ? { candidates: error.candidates } : {}),
  };
}

export function firstLine(message: string): string {
  return (message.split("\n").find((each) => each.trim() !== "") ?? "").trim();
}

function lowerFirst(message: string): string {
  // "Table with …" reads on after "why:"; "INT32 …" and "CSV …" keep their capitals
  return /^[A-Z][a-z]/.test(message) ? message[0]!.toLowerCase() + message.slice(1) : message;
}

function unescapeGlob(path: string): string {
  return path.replace(/\[([[*?])\]/g, "$1");
}
