/**
 * The project's `.env`: `NAME=value` lines, quotes, comments, `export`. What the real environment says wins, so that
 * one run can be given another value. Values are never put together from other variables.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Problem, problem } from "../core/problem/problem.ts";
import { codeOf, unreadable } from "./discover.ts";
import { placeAt } from "./source_text.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export const DOTENV = ".env";

export interface ProjectEnvironment {
  /** The real environment over `.env`. */
  readonly env: Environment;
  /** Names that `.env` gives; their values are likely secrets. */
  readonly names: readonly string[];
  readonly problems: readonly Problem[];
}

/** The environment that a project's assets see. `real` is the process's. */
export function projectEnvironment(project: string, real: Environment): ProjectEnvironment {
  let text: string;
  try {
    text = readFileSync(join(project, DOTENV), "utf8");
  } catch (error) {
    const code = codeOf(error);
    const none = code === "ENOENT" || code === "EISDIR" || code === "ENOTDIR";
    return { env: real, names: [], problems: none ? [] : [unreadable(DOTENV, error)] };
  }
  const { values, problems } = parseDotenv(text);
  return { env: { ...values, ...defined(real) }, names: Object.keys(values), problems };
}

/** The same for those who only want the values; what is wrong with `.env` the loader tells. */
export function readEnvironment(project: string, real: Environment): Environment {
  return projectEnvironment(project, real).env;
}

function defined(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}

const NAME = /[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*/y;

/** Parses the text of a `.env`. A later line of one name wins. Values in double quotes know \n, \t, \" and \\. */
export function parseDotenv(
  text: string,
): { readonly values: Readonly<Record<string, string>>; readonly problems: readonly Problem[] } {
  const values: Record<string, string> = {};
  const problems: Problem[] = [];
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  while (at < text.length) {
    const lineEnd = endOfLine(text, at);
    const line = text.slice(at, lineEnd);
    if (/^[ \t\r]*(?:#|$)/.test(line)) {
      at = lineEnd + 1;
      continue;
    }
    NAME.lastIndex = at;
    const match = NAME.exec(text);
    if (match === null || match[1] === undefined) {
      problems.push(notALine(text, at, line));
      at = lineEnd + 1;
      continue;
    }
    const start = NAME.lastIndex;
    const quote = text[start];
    if (quote === '"' || quote === "'" || quote === "`") {
      const close = closing(text, start, quote);
      if (close === -1) {
        problems.push(problem("config-invalid", {
          message: `Cannot read ${match[1]} in .env`,
          // Without the line itself: what stands in it may be a secret.
          where: hidden(text, start),
          why: `the quote ${quote} that begins here is never closed`,
          hint: `add ${quote} at the end of the value`,
        }));
        at = lineEnd + 1;
        continue;
      }
      const inner = text.slice(start + 1, close).replaceAll("\r\n", "\n");
      values[match[1]] = quote === '"' ? unescape(inner) : inner;
      const end = endOfLine(text, close);
      if (!/^[ \t\r]*(?:#.*)?$/.test(text.slice(close + 1, end))) {
        problems.push(problem("config-invalid", {
          message: `Cannot read ${match[1]} in .env`,
          where: hidden(text, close + 1),
          why: "something follows the closing quote",
          hint: `put all of the value into the quotes, and a # before a comment`,
        }));
      }
      at = end + 1;
    } else {
      // A # begins a comment only after a space: `PASSWORD=a#b` is a whole value.
      values[match[1]] = text.slice(start, lineEnd).replace(/(?:^|[ \t])#.*$/, "").trim();
      at = lineEnd + 1;
    }
  }
  return { values, problems };
}

function notALine(text: string, at: number, line: string): Problem {
  const indent = line.length - line.trimStart().length;
  const name = /^\s*(?:export\s+)?([^=\s]*)/.exec(line)?.[1] ?? "";
  const bad = line.includes("=") && name !== "";
  return problem("config-invalid", {
    message: "Cannot read a line of .env",
    where: hidden(text, at + indent),
    why: bad
      ? `a name is letters, digits and _, and does not begin with a digit`
      : "expected NAME=value, or a comment that begins with #",
    hint: "write NAME=value; put quotes around a value of several lines",
  });
}

/** The place without the line's text. */
function hidden(text: string, offset: number) {
  return { file: DOTENV, line: placeAt(DOTENV, text, offset).line };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

function closing(text: string, start: number, quote: string): number {
  for (let at = start + 1; at < text.length; at++) {
    if (quote === '"' && text[at] === "\\") at++;
    else if (text[at] === quote) return at;
  }
  return -1;
}

function unescape(text: string): string {
  const known: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
  return text.replace(/\\([nrt"\\$])/g, (_, each: string) => known[each] ?? each);
}
