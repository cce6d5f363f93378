/**
 * A valid value brought to one spelling: keys by their first name, lists where one may stand for a list, texts
 * where YAML read a number. What reads definitions knows only this spelling. Expects a value without findings.
 */
import type { Json, JsonObject } from "../core/json.ts";
import { fieldName, type Fields, isObject, type Shape } from "./shape.ts";

export function canonical(shape: Shape, value: Json): Json {
  switch (shape.is) {
    case "text":
      return typeof value === "number" && shape.numbers ? String(value) : value;
    case "list":
      return (Array.isArray(value) ? value as readonly Json[] : [value])
        .map((each) => canonical(shape.of, each));
    case "map":
      return isObject(value) ? mapValues(value, (_, each) => canonical(shape.of, each)) : value;
    case "object":
      return isObject(value) ? byFields(shape.fields, value) : value;
    case "either": {
      const form = typeof value === "string"
        ? shape.text
        : typeof value === "number"
        ? shape.number ?? shape.text
        : typeof value === "boolean"
        ? shape.flag
        : Array.isArray(value)
        ? shape.list
        : shape.object;
      return form === undefined ? value : canonical(form, value);
    }
    case "choice":
      if (typeof value === "string") {
        return { [fieldName(shape.kinds, value) ?? value]: true };
      }
      return isObject(value) ? byFields({ ...shape.kinds, ...shape.options }, value) : value;
    default:
      return value;
  }
}

function byFields(fields: Fields, value: JsonObject): JsonObject {
  const result: Record<string, Json> = {};
  for (const [key, each] of Object.entries(value)) {
    if (each === null) continue;
    const name = fieldName(fields, key) ?? key;
    const field = fields[name];
    // `monthly: true` and the like: nothing is said, so there is nothing to spell.
    result[name] = field === undefined || each === true ? each : canonical(field.of, each);
  }
  return result;
}

function mapValues(value: JsonObject, make: (key: string, each: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, make(key, each)]));
}

// Readers of canonical values; a missing or null one is the default.

export function textOf(value: Json | undefined, otherwise: string): string;
export function textOf(value: Json | undefined, otherwise: null): string | null;
export function textOf(value: Json | undefined, otherwise: string | null): string | null {
  return typeof value === "string" ? value : otherwise;
}

export function numberOf(value: Json | undefined, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value as readonly Json[] : [];
}

export function textsOf(value: Json | undefined): readonly string[] {
  return listOf(value).filter((each) => typeof each === "string");
}

export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The word itself, where it is one of these. */
export function wordOf<const W extends string>(
  value: Json | undefined,
  words: readonly W[],
  otherwise: W,
): W {
  return words.find((each) => each === value) ?? otherwise;
}
