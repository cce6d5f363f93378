/**
 * The YAML header of a SQL file: finds it, reads it, and knows where each of its values stands. Both forms keep
 * their place in the file: one block comment, or a run of line comments, that begins with @asset.
 * Decides nothing about what the keys mean.
 */
import type { Node } from "yaml";
import { nearest } from "../core/graph/nearest.ts";
import type { Json, JsonObject } from "../core/json.ts";
import { type Problem, problem } from "../core/problem/problem.ts";
import { isObject, type Path } from "./shape.ts";
import { placeAt } from "./source_text.ts";

/** Where a value or its key stands: offset and length in the file. */
export type Locate = (path: Path, at: "key" | "value") => Span;
export interface Span {
  readonly offset: number;
  readonly length: number;
}

export interface Header {
  /** What it says; empty where there is none. */
  readonly value: JsonObject;
  readonly locate: Locate;
  /** Where the query begins. */
  readonly queryOffset: number;
}

export interface ReadHeader {
  readonly header: Header;
  readonly problems: readonly Problem[];
}

/** Reads a SQL file's header. With a problem the header's value holds what could be read all the same. */
export async function readHeader(file: string, text: string): Promise<ReadHeader> {
  const found = findHeader(text);
  if (found === null) {
    const late = /^[ \t]*(?:\/\*|--)\s*@asset\b/m.exec(text);
    const problems = late === null ? misspelledMark(file, text) : [problem("header-invalid", {
      message: "Cannot use a header that does not come first",
      where: placeAt(file, text, text.indexOf("@asset", late.index), 6),
      why: "only comments may stand before the header",
      hint: "move the @asset comment to the top of the file",
    })];
    return {
      header: { value: {}, locate: () => ({ offset: 0, length: 1 }), queryOffset: 0 },
      problems,
    };
  }
  if (found.end === null) {
    return {
      header: { value: {}, locate: () => ({ offset: 0, length: 1 }), queryOffset: text.length },
      problems: [problem("header-yaml", {
        message: "Cannot find the end of the header",
        where: placeAt(file, text, found.start, 2),
        why: "the comment that begins here is never closed",
        hint: "add */ on a line of its own after the header",
      })],
    };
  }
  return await parseYaml(file, text, found.yaml, found.start, found.end);
}

/** `@aset`: such a comment would otherwise say nothing, silently. */
function misspelledMark(file: string, text: string): readonly Problem[] {
  const found = /^(?:\s|\uFEFF)*(?:\/\*[\s*]*|--[ \t]*)@(\w+)/.exec(text);
  const word = found?.[1] ?? "";
  if (word === "" || nearest(word.toLowerCase(), ["asset"]) === null) return [];
  return [problem("header-invalid", {
    message: `Cannot use @${word} as the beginning of a header`,
    where: placeAt(file, text, found![0].length - word.length - 1, word.length + 1),
    why: "a header is a comment that begins with @asset",
    hint: "did you mean @asset?",
  })];
}

interface Found {
  readonly start: number;
  /** Where the query begins; null where the comment is not closed. */
  readonly end: number | null;
  /** The file up to the header's end with all that is no YAML blanked out, so that offsets stay. */
  readonly yaml: string;
}

function findHeader(text: string): Found | null {
  const space = /(?:\s|\uFEFF)*/y;
  let at = 0;
  while (true) {
    space.lastIndex = at;
    at += space.exec(text)?.[0].length ?? 0;
    if (text.startsWith("/*", at)) {
      const close = text.indexOf("*/", at + 2);
      const mark = /\/\*[\s*]*@asset\b/y;
      mark.lastIndex = at;
      const opening = mark.exec(text)?.[0];
      if (opening !== undefined) {
        if (close === -1) return { start: at, end: null, yaml: "" };
        const inner = at + opening.length;
        return {
          start: at,
          end: close + 2,
          yaml: blank(text.slice(0, inner)) + text.slice(inner, close),
        };
      }
      if (close === -1) return null;
      at = close + 2;
    } else if (text.startsWith("--", at)) {
      const mark = /--[ \t]*@asset\b/y;
      mark.lastIndex = at;
      const opening = mark.exec(text)?.[0];
      if (opening !== undefined) return lineHeader(text, at, opening.length);
      const end = text.indexOf("\n", at);
      if (end === -1) return null;
      at = end + 1;
    } else return null;
  }
}

/** All line comments that follow at once; the dashes become spaces, which YAML takes as one more indentation. */
function lineHeader(text: string, start: number, opening: number): Found {
  const inner = start + opening;
  const first = text.indexOf("\n", inner);
  let end = first === -1 ? text.length : first + 1;
  let yaml = blank(text.slice(0, inner)) + text.slice(inner, end);
  const comment = /[ \t]*--[^\n]*(?:\n|$)/y;
  while (end < text.length) {
    comment.lastIndex = end;
    const line = comment.exec(text)?.[0];
    if (line === undefined) break;
    yaml += line.replace("--", "  ");
    end += line.length;
  }
  return { start, end, yaml };
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}

async function parseYaml(
  file: string,
  text: string,
  yaml: string,
  start: number,
  end: number,
): Promise<ReadHeader> {
  const { isMap, isPair, isScalar, isSeq, parseDocument, visit } = await import("yaml");
  const document = parseDocument(yaml, {
    prettyErrors: false,
    uniqueKeys: true,
    logLevel: "silent",
  });
  const mark = text.indexOf("@asset", start);

  // Where a quote is never closed, the end of the header is where it is found and no help.
  const openQuote = (contents: Node | null, at: number): number | null => {
    let found: number | null = null;
    visit(contents, {
      Scalar(_, scalar) {
        const isQuoted = scalar.type === "QUOTE_DOUBLE" || scalar.type === "QUOTE_SINGLE";
        if (isQuoted && scalar.range && scalar.range[1] >= at) found = scalar.range[0];
      },
    });
    return found;
  };
  const whole: Span = { offset: mark, length: 6 };

  const syntax = document.errors.findIndex(({ code }) => code !== "DUPLICATE_KEY");
  // What comes after the first mistake in the syntax mostly comes of it.
  const errors = document.errors.filter(({ code }, at) =>
    code === "DUPLICATE_KEY" || at === syntax
  );
  const problems = errors.slice(0, 5).map((error) => {
    const opening = error.code === "MISSING_CHAR"
      ? openQuote(document.contents, error.pos[0])
      : null;
    const offset = opening ?? Math.min(error.pos[0], Math.max(start, end - 1));
    return problem("header-yaml", {
      message: "Cannot read the header as YAML",
      where: placeAt(file, text, offset, Math.max(1, error.pos[1] - error.pos[0])),
      why: yamlWhy(error.code, error.message),
      hint: yamlHint(error.code, text, end),
    });
  });

  const locate: Locate = (path, at) => {
    let node: unknown = document.contents;
    let span = whole;
    for (const [index, part] of path.entries()) {
      if (isMap(node)) {
        const pair = node.items.find((each) =>
          isPair(each) && isScalar(each.key) && String(each.key.value) === String(part)
        );
        if (pair === undefined) return span;
        const key: unknown = pair.key;
        const last = index === path.length - 1;
        if (isScalar(key) && key.range && (last && at === "key" || !hasRange(pair.value))) {
          span = spanOf(key.range);
        } else if (hasRange(pair.value)) span = spanOf(pair.value.range);
        node = pair.value;
      } else if (isSeq(node) && typeof part === "number") {
        const item: unknown = node.items[part];
        if (hasRange(item)) span = spanOf(item.range);
        node = item;
      } else return span;
    }
    return span;
  };

  const spanOf = (range: readonly number[]): Span => ({
    offset: range[0] ?? 0,
    length: firstLine(text, range[0] ?? 0, range[1] ?? 0),
  });

  let value: Json = {};
  try {
    // Aliases may be used, but not to blow up a small header into a large value.
    value = document.toJS({ maxAliasCount: 100 }) as Json;
  } catch (error) {
    problems.push(problem("header-yaml", {
      message: "Cannot read the header as YAML",
      where: placeAt(file, text, mark, 6),
      why: error instanceof Error ? error.message : String(error),
      hint: "write the values out instead of using aliases",
    }));
  }
  if (value === null) value = {};
  if (!isObject(value)) {
    if (problems.length === 0) {
      problems.push(problem("header-yaml", {
        message: "Cannot use the header: it has no keys",
        where: placeAt(file, text, mark, 6),
        why: "expected lines such as description: Trips per week",
        hint: "write key: value, with a space after the colon",
      }));
    }
    value = {};
  }
  return { header: { value, locate, queryOffset: end }, problems };
}

function hasRange(node: unknown): node is { readonly range: readonly [number, number, number] } {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range);
}

/** A caret underlines one line only. */
function firstLine(text: string, from: number, to: number): number {
  return Math.max(1, text.slice(from, to).replace(/\s*\n[\s\S]*$/, "").trimEnd().length);
}

function yamlWhy(code: string, message: string): string {
  const words: Readonly<Record<string, string>> = {
    TAB_AS_INDENT: "a line is indented with a tab; YAML takes spaces only",
    DUPLICATE_KEY: "a key stands twice",
    BAD_INDENT: "this line's indentation fits no line above it",
    MISSING_CHAR: "a quote or a bracket is never closed",
    MULTILINE_IMPLICIT_KEY: "a key goes over several lines; is a colon missing?",
    BLOCK_IN_FLOW: "a list or a map over several lines stands within brackets",
    BLOCK_AS_IMPLICIT_KEY: 'a text that holds ": " stands without quotes',
    BAD_ALIAS: "a text that begins with * stands without quotes",
    BAD_SCALAR_START: "a text begins with a character that means something in YAML",
    BAD_DQ_ESCAPE: "a backslash in double quotes begins no escape that YAML knows",
    MULTIPLE_DOCS: "a second document begins here",
    UNEXPECTED_TOKEN: "something stands here that belongs to no key",
    TAG_RESOLVE_FAILED: "a text that begins with ! stands without quotes",
  };
  const first = (message.split("\n")[0] ?? "").replace(/\s+at line \d+.*$/, "");
  return words[code] ?? `${first.charAt(0).toLowerCase()}${first.slice(1)}`;
}

function yamlHint(code: string, text: string, end: number): string {
  // `schedule: "*/5 * * * *"` ends the comment in the middle of the cron line.
  if (/^\d+ +\S+ +\S+ +\S+/.test(text.slice(end))) {
    return "*/ ends the comment: write the cron line as 0-59/5 * * * *, or the header as -- lines";
  }
  if (code === "MISSING_CHAR") return "close it";
  if (code === "TAB_AS_INDENT") return "replace the tab by two spaces";
  if (code === "DUPLICATE_KEY") return "keep one of the two";
  return 'write key: value, one to a line; put quotes around a text that holds ": " or begins with * & ! % @';
}
