/**
 * Finds out how a CSV or JSON file is to be read, once: delimiter, quotes, columns and types are
 * kept with the version, and no later read guesses. Decides what is a guess too far (skipped lines).
 */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { JsonObject } from "../core/json.ts";
import { type Problem, problem } from "../core/problem/problem.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { Column } from "../core/version.ts";
import type { Session } from "./driver.ts";
import { type OddLine, oddLine } from "./odd_line.ts";
import { filePath, ident, text } from "./sql_text.ts";

export interface Sniffed {
  readonly reader: JsonObject;
  readonly schema: readonly Column[];
}

/** Reads all of the file where `whole`; a sample's types may not hold for a later line. */
export async function sniffCsv(
  session: Session,
  path: string,
  what: string,
  whole: boolean,
): Promise<Result<Sniffed, Problem>> {
  const sample = whole ? -1 : 100_000;
  const asked = session.rows(
    `select "Delimiter", "Quote", "Escape", "NewLineDelimiter", "Comment", "SkipRows", "HasHeader",
       to_json("Columns")::varchar, "DateFormat", "TimestampFormat"
     from sniff_csv(${filePath(path)}, sample_size=${sample})`,
  );
  let rows: Awaited<typeof asked>["rows"];
  try {
    rows = (await asked).rows;
  } catch (error) {
    const odd = lookForOddLine(path);
    if (odd === null) throw error;
    return err(problem("not-the-format", { message: what, why: odd.why, hint: odd.hint }));
  }
  const [delim, quote, escape, newLine, comment, skip, header, columns, date, timestamp] = rows[0]!;
  if (Number(skip) > 0) {
    // Where lines that fit the first one come before one that does not, it is that line which is odd.
    const odd = lookForOddLine(path);
    if (odd !== null && odd.line <= Number(skip)) {
      return err(problem("not-the-format", { message: what, why: odd.why, hint: odd.hint }));
    }
    return err(problem("not-the-format", {
      message: what,
      fields: { skip: Number(skip) },
      why: `the first ${skip} lines do not fit the rest (another number of columns)`,
      hint: `make all lines alike, or read it in a .sql file: from read_csv(${
        text(path)
      }, skip=${skip})`,
    }));
  }
  const schema = (JSON.parse(String(columns)) as { name: string; type: string }[])
    .map((each) => ({ name: each.name, type: each.type }));
  const [only] = schema;
  // Where nothing fits, all of a line counts as one column: wrong data rather than none.
  if (schema.length === 1 && header === true && /[,;\t|]/.test(only?.name ?? "")) {
    const odd = lookForOddLine(path);
    if (odd !== null) {
      return err(problem("not-the-format", { message: what, why: odd.why, hint: odd.hint }));
    }
  }
  const plain = (value: unknown) => value === "(empty)" || value === null ? "" : String(value);
  const endings = plain(newLine);
  return ok({
    schema,
    reader: {
      delim: plain(delim),
      quote: plain(quote),
      escape: plain(escape),
      ...(/^(\\r\\n|\\n|\\r)$/.test(endings) ? { new_line: endings } : {}),
      ...(plain(comment) === "" ? {} : { comment: plain(comment) }),
      header: header === true,
      columns: Object.fromEntries(schema.map((each) => [each.name, each.type])),
      ...(date === null || plain(date) === "" ? {} : { dateformat: plain(date) }),
      ...(timestamp === null || plain(timestamp) === ""
        ? {}
        : { timestampformat: plain(timestamp) }),
      ...(/\.gz$/i.test(path)
        ? { compression: "gzip" }
        : /\.zst$/i.test(path)
        ? { compression: "zstd" }
        : {}),
    },
  });
}

// The reader takes memory by the largest object that it must expect: as its own default, or all.
const USUAL_OBJECT = 16 << 20;

/** Behind a byte order mark the engine sees no array, and would take the whole of it as one value. */
function isArrayBehindMark(path: string): boolean {
  const head = new Uint8Array(1024);
  const descriptor = openSync(path, "r");
  try {
    const text = new TextDecoder("utf-8", { ignoreBOM: true })
      .decode(head.subarray(0, readSync(descriptor, head)));
    return /^\uFEFF\s*\[/.test(text);
  } finally {
    closeSync(descriptor);
  }
}

/** Columns of a JSON file: an array of objects, or one object a line; `whole` allows any size of object. */
export async function sniffJson(session: Session, path: string, whole: boolean): Promise<Sniffed> {
  const { size } = statSync(path);
  const most = whole ? size + 1 : Math.min(size + 1, USUAL_OBJECT);
  const format = isArrayBehindMark(path) ? "array" : "auto";
  const from = `read_json(${
    filePath(path)
  }, format='${format}', sample_size=-1, maximum_object_size=${most})`;
  const schema = await session.columns(`from ${from}`);
  return {
    schema,
    reader: {
      format,
      maximum_object_size: most,
      columns: Object.fromEntries(schema.map((each) => [each.name, each.type])),
    },
  };
}

/** Declared types win over those that were found, by name. */
export function withDeclared(sniffed: Sniffed, declared: readonly Column[]): Sniffed {
  if (declared.length === 0) return sniffed;
  const schema = sniffed.schema.map((each) =>
    declared.find((other) => other.name.toLowerCase() === each.name.toLowerCase()) === undefined
      ? each
      : {
        name: each.name,
        type: declared.find((other) => other.name.toLowerCase() === each.name.toLowerCase())!.type,
      }
  );
  const columns = Object.fromEntries(schema.map((each) => [each.name, each.type]));
  return { schema, reader: { ...sniffed.reader, columns } };
}

/** A select of all columns in order, for COPY. */
export function selectAll(schema: readonly Column[], from: string): string {
  return `select ${schema.map((each) => ident(each.name)).join(", ")} from ${from}`;
}

function lookForOddLine(path: string): OddLine | null {
  return /\.(gz|zst)$/i.test(path) ? null : oddLine(path);
}
