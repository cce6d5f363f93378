/**
 * Secrets taken out of what is said. Decides which variables hold one (those declared, and those whose name says so)
 * and what stands in their place; where it is applied is the business of whoever passes texts on.
 */
import type { Problem } from "./problem/problem.ts";

export type Mask = (text: string) => string;

/** At the name's end: a `TOKEN_FILE` is a path, and `PWD` by itself the folder that one stands in. */
const NAMED =
  /(?:^|_)(?:password|passwd|passphrase|secret|token|api_?key|access_?key|private_?key|credentials?)$|_pwd$/i;
/** A shorter value would mask half of every text. */
const DECLARED = 4;
/** Of those that only their name gives away. */
const GUESSED = 6;

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

/** Puts `***` for each value, and for it as it stands in an address. */
export function masker(secrets: readonly string[]): Mask {
  const values = secrets.filter((value) => value.length >= DECLARED)
    .flatMap((value) => {
      const encoded = encodeURIComponent(value);
      return encoded === value ? [value] : [value, encoded];
    })
    .sort((a, b) => b.length - a.length);
  if (values.length === 0) return (text) => text;
  return (text) => values.reduce((masked, value) => masked.replaceAll(value, "***"), text);
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
