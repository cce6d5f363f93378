/**
 * Secrets taken out of what is said. Decides which variables hold one (those declared, and those whose name says so)
 * and what stands in their place; where it is applied is the business of whoever passes texts on.
 */
import type { JsonObject } from "./json.ts";
import type { Problem } from "./problem/problem.ts";

export type Mask = (text: string) => string;

/** At the name's end: a `TOKEN_FILE` is a path, and `PWD` by itself the folder that one stands in. */
const NAMED =
  /(?:^|_)(?:password|passwd|passphrase|secret|token|api_?key|access_?key|private_?key|credentials?)$|_pwd$/i;
/** A shorter value would mask half of every text. */
const DECLARED = 4;
/** Of those that only their name gives away. */
const GUESSED = 6;

/** Of a value of several lines, those that say something. */
const LINE = 12;
const LOGIN = /(\b[a-z][a-z\d+.-]*:\/\/[^\s:/?#@"']*:)[^\s/?#@"']+@/gi;

/** The values that are never shown: of the declared variables, and of those called password, token, secret or key. */
export function secretValues(
  declared: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const values = new Set<string>();
  for (const name of declared) {
    const value = env[name] ?? "";
    if (value.length >= DECLARED) values.add(value);
  }
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && value.length >= GUESSED && NAMED.test(name)) values.add(value);
  }
  return [...values];
}

/** Of settings, the values of those that are called as a secret would be. */
export function secretSettings(settings: JsonObject): readonly string[] {
  return Object.entries(settings).flatMap(([name, value]) =>
    typeof value === "string" && value.length >= GUESSED && NAMED.test(name) ? [value] : []
  );
}

/** A command line as history keeps it: no `--set api_token=…`. */
export function maskedCommand(words: readonly string[]): string {
  return words.map((word) => {
    const [, before = "", name = ""] = /^((?:--set=)?([\w.-]+)=)/.exec(word) ?? [];
    return withoutLogins(name !== "" && NAMED.test(name) ? `${before}***` : word);
  }).join(" ");
}

/** Puts `***` for each value, for it as it stands in an address or in JSON, and for passwords in addresses. */
export function masker(secrets: readonly string[]): Mask {
  const values = [...new Set(secrets.filter((value) => value.length >= DECLARED).flatMap(formsOf))]
    .sort((a, b) => b.length - a.length);
  return (text) =>
    withoutLogins(values.reduce((masked, value) => masked.replaceAll(value, "***"), text));
}

function formsOf(value: string): readonly string[] {
  // A key of several lines is seldom said in one piece.
  const lines = value.includes("\n")
    ? value.split(/\r?\n/).map((line) => line.trim()).filter((line) => line.length >= LINE)
    : [];
  return [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), ...lines];
}

/** `https://ann:***@example.org`: nobody has to declare that one. */
function withoutLogins(text: string): string {
  return text.includes("://") ? text.replace(LOGIN, "$1***@") : text;
}

/** All texts in a value; names of fields stay. */
export function maskAll<T>(value: T, mask: Mask): T {
  const walk = (each: unknown): unknown => {
    if (typeof each === "string") return mask(each);
    if (Array.isArray(each)) return each.map(walk);
    if (typeof each !== "object" || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([name, inner]) => [name, walk(inner)]));
  };
  return walk(value) as T;
}

/** A problem without secrets, wherever in it they stand. */
export function maskProblem(found: Problem, mask: Mask): Problem {
  return { ...maskAll(found, mask), code: found.code };
}
