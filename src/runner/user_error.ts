/**
 * What user code threw, as a problem: its message, the user's own frames and the source line. Frames of nycflow, of
 * the runtime and of packages are left out.
 */
import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Problem,
  problem,
  type ProblemCode,
  ProblemError,
  type Where,
} from "../core/problem/problem.ts";
import { commonColumn, commonWords } from "./engine_words.ts";

/** Who the user is: frames below the project, but not of this program where it is run from within it. */
export interface UserCode {
  /** Absolute. */
  readonly project: string;
}

interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly name: string;
}

const OWN = fileURLToPath(new URL("../", import.meta.url));
const FRAMES = 8;

/**
 * The problem that a thrown value is. A `ProblemError` keeps its own words and is told where it was thrown; anything
 * else gets `code` and `message`, and its own message as the reason.
 */
export function userProblem(
  thrown: unknown,
  user: UserCode,
  code: ProblemCode,
  message: string,
  hint?: string,
): Problem {
  const where = whereOf(thrown, user);
  if (thrown instanceof ProblemError && thrown.problems[0]) {
    const [first] = thrown.problems;
    return where === null ? first : { ...first, where: { ...where, ...first.where } };
  }
  const name = nameOf(thrown);
  return problem(code, {
    message,
    ...(where === null ? {} : { where }),
    why: wordsOf(thrown),
    ...(hint === undefined ? {} : { hint }),
    ...(name === null ? {} : { fields: { error: name } }),
  });
}

/** The thrown value in words, its causes too. */
export function wordsOf(thrown: unknown): string {
  const parts: string[] = [];
  for (let each = thrown, depth = 0; each !== undefined && depth < 5; depth++) {
    if (isBundle(each)) each = each.errors[0];
    if (!(each instanceof Error)) {
      parts.push(typeof each === "string" ? each : oneLine(each));
      break;
    }
    const text = commonWords(cleaned(each.message));
    // "TypeError: SyntaxError: …": the runtime's wrapping says nothing.
    const plain = ["Error", "ProblemError", "BuildMessage", "fatal", ""].includes(each.name) ||
      /^[A-Z]\w*Error: /.test(text);
    parts.push(
      plain ? text || "an error without a message" : text ? `${each.name}: ${text}` : each.name,
    );
    each = each.cause;
  }
  return [...new Set(parts)].join(", because: ");
}

/** A module that does not parse comes as a bundle of messages in the compiled program. */
function isBundle(value: unknown): value is AggregateError {
  return value instanceof AggregateError && value.errors.length > 0;
}

/** Was it thrown while the user's code ran, rather than by what read that code? */
export function isThrownBy(thrown: unknown, user: UserCode): boolean {
  return thrown instanceof Error && positionOf(thrown) === null &&
    parse(thrown.stack ?? "").some((frame) => isUsers(frame.file, user)) &&
    // The place of a syntax error may head the stack, as part of the message.
    !parse(thrown.message).some((frame) => isUsers(frame.file, user));
}

/** What `retryOn` can name. */
export function nameOf(thrown: unknown): string | null {
  return thrown instanceof Error ? thrown.name : null;
}

/** Where in the user's own code it comes from, or null. */
export function whereOf(thrown: unknown, user: UserCode): Where | null {
  const frames = framesOf(thrown, user);
  const [first] = frames;
  if (first === undefined) return null;
  const named = (frame: Frame) =>
    `${nameIn(user, frame.file)}:${frame.line}:${frame.column}${
      frame.name ? ` ${frame.name}` : ""
    }`;
  const source = lineOf(first.file, first.line);
  const said = thrown instanceof Error ? thrown.message : "";
  return {
    file: nameIn(user, first.file),
    line: first.line,
    column: source === null ? first.column : commonColumn(said, source, first.column),
    ...(source === null ? {} : { source }),
    ...(frames.length > 1 ? { frames: frames.slice(0, FRAMES).map(named) } : {}),
  };
}

function framesOf(thrown: unknown, user: UserCode): readonly Frame[] {
  for (let each = thrown, depth = 0; each instanceof Error && depth < 5; depth++) {
    const placed = positionOf(each);
    const frames = [...placed === null ? [] : [placed], ...parse(each.stack ?? "")]
      .filter((frame) => isUsers(frame.file, user));
    if (frames.length > 0) return frames;
    // A syntax error's place stands in its words.
    const inWords = parse(each.message).filter((frame) => isUsers(frame.file, user));
    if (inWords.length > 0) return inWords;
    each = each.cause ?? (each instanceof AggregateError ? each.errors[0] : undefined);
  }
  return [];
}

/** In the compiled program a module that does not parse is told by a position of its own. */
function positionOf(error: Error): Frame | null {
  const { position } = error as { readonly position?: unknown };
  if (typeof position !== "object" || position === null) return null;
  const { file, line, column } = position as Readonly<Record<string, unknown>>;
  if (typeof file !== "string" || typeof line !== "number") return null;
  return { file, line, column: typeof column === "number" ? column : 1, name: "" };
}

// `at name (file:///a.ts:1:2)`, `at async name (/a.ts:1:2)`, `at /a.ts:1:2`
const FRAME =
  /\bat (?:async )?(?:(.+?) \()?((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/])[^\n()]*?):(\d+):(\d+)\)?/g;

function parse(stack: string): Frame[] {
  return [...stack.matchAll(FRAME)].map(([, name = "", path = "", line, column]) => ({
    file: path.startsWith("file://") ? fromUrl(path) : path,
    line: Number(line),
    column: Number(column),
    name: name.replace(/^(Object|Module)\./, "").replace(/^<anonymous>$/, ""),
  }));
}

function fromUrl(url: string): string {
  try {
    return fileURLToPath(url.replace(/[?#].*$/, ""));
  } catch {
    return url;
  }
}

function isUsers(file: string, user: UserCode): boolean {
  const name = relative(user.project, file);
  if (name.startsWith("..") || name === "" || /^([/\\]|[A-Za-z]:)/.test(name)) return false;
  return !name.split(sep).includes("node_modules") && !file.startsWith(OWN) &&
    !file.includes("/$bunfs/");
}

function nameIn(user: UserCode, file: string): string {
  return relative(user.project, file).split(sep).join("/");
}

function lineOf(file: string, line: number): string | null {
  try {
    return readFileSync(file, "utf8").split("\n")[line - 1]?.trimEnd() ?? null;
  } catch {
    return null;
  }
}

/** The first lines of a message, without the runtime's addresses and code frames. */
function cleaned(message: string): string {
  const [first = ""] = message.split(/\n\s*\n|\n\s+at |\n\s*\|\n/, 1);
  return first.replace(/\s+at file:\/\/\S+$/, "").replaceAll(/file:\/\/(\S+)/g, (_, path) => path)
    .trim();
}

function oneLine(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
