/**
 * What only the definition itself can find wrong: functions that are none, objects that are not of our making. What
 * the plain options mean (durations, cron lines, misspelled keys) is the loader's, for SQL headers and modules alike.
 */
import type { SpecProblem } from "../core/spec.ts";
import { definitionOf, isRecord } from "./spec.ts";

export function wrong(
  value: unknown,
  path: string,
  expected: string,
  hint: string,
): SpecProblem {
  const name = path === "" ? "the options" : path;
  return {
    path,
    message: `Cannot use ${show(value)} as ${name}`,
    why: `expected ${expected}`,
    hint,
  };
}

export function missing(path: string, what: string, hint: string): SpecProblem {
  return { path: "", message: `Cannot use ${what} without ${path}`, why: "it is missing", hint };
}

/** A function where there has to be one. */
export function needsCode(
  options: unknown,
  key: string,
  what: string,
  hint: string,
): readonly SpecProblem[] {
  // Where there are no options at all, that is told by `needsOptions`.
  const value = isRecord(options) ? options[key] : null;
  if (value === null || typeof value === "function") return [];
  return [value === undefined ? missing(key, what, hint) : wrong(value, key, "a function", hint)];
}

/** The options themselves. */
export function needsOptions(options: unknown, what: string): readonly SpecProblem[] {
  return isRecord(options) ? [] : [wrong(options, "", "an object", `write ${what}({ … })`)];
}

/** A value in few words, for messages. */
export function show(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (Array.isArray(value)) return "a list";
  if (isRecord(value)) {
    const found = definitionOf(value);
    return found ? `a definition made by ${found.kind}()` : "an object";
  }
  const shown = JSON.stringify(value) ?? "undefined";
  return shown.length > 60 ? `${shown.slice(0, 57)}…` : shown;
}
