/**
 * Does a value fit a JSON schema? The part of it that settings need, so that a request can be refused where no user
 * code runs. A keyword that is not known here refuses nothing: the step's own validation follows.
 */
import type { Json, JsonObject } from "../json.ts";

/** What is wrong, each a sentence that begins with the place; empty where it fits. */
export function misfits(schema: JsonObject, value: Json, at = ""): readonly string[] {
  const of = at === "" ? "it" : at;
  for (const key of ["anyOf", "oneOf"]) {
    const any = schema[key];
    if (!Array.isArray(any)) continue;
    const tried = any.map((each) => misfits(asObject(each), value, at));
    if (tried.every((each) => each.length > 0)) return tried[0] ?? [];
  }
  const all = schema["allOf"];
  if (Array.isArray(all)) {
    const found = all.flatMap((each) => misfits(asObject(each), value, at));
    if (found.length > 0) return found;
  }
  if ("const" in schema && !same(schema["const"] ?? null, value)) {
    return [`${of} is ${show(value)}; expected ${show(schema["const"] ?? null)}`];
  }
  const allowed = schema["enum"];
  if (Array.isArray(allowed) && !allowed.some((each) => same(each, value))) {
    return [`${of} is ${show(value)}; expected ${allowed.map((each) => show(each)).join(", ")}`];
  }
  const type = schema["type"];
  const types = Array.isArray(type) ? type : type === undefined ? [] : [type];
  if (types.length > 0 && !types.some((each) => isOf(each, value))) {
    return [`${of} is ${kindOf(value)}; expected ${types.map(typeWord).join(" or ")}`];
  }
  if (typeof value === "string") return textMisfits(schema, value, of);
  if (typeof value === "number") return numberMisfits(schema, value, of);
  if (Array.isArray(value)) return listMisfits(schema, value, at, of);
  if (typeof value === "object" && value !== null) {
    return objectMisfits(schema, value as JsonObject, at);
  }
  return [];
}

function textMisfits(schema: JsonObject, value: string, of: string): readonly string[] {
  const format = schema["format"];
  if (format === "date" && !isDate(value)) {
    return [`${of} is ${show(value)}; expected a date such as 2023-01-31`];
  }
  if (format === "date-time" && Number.isNaN(Date.parse(value))) {
    return [`${of} is ${show(value)}; expected an instant such as 2023-01-31T09:00:00Z`];
  }
  const { minLength, maxLength, pattern } = schema;
  const length = Array.from(value).length;
  if (typeof minLength === "number" && length < minLength) {
    return [`${of} is shorter than ${minLength} characters`];
  }
  if (typeof maxLength === "number" && length > maxLength) {
    return [`${of} is longer than ${maxLength} characters`];
  }
  if (typeof pattern === "string" && format !== "date" && !matches(pattern, value)) {
    return [`${of} is ${show(value)}, which does not match ${pattern}`];
  }
  return [];
}

function numberMisfits(schema: JsonObject, value: number, of: string): readonly string[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const low = (typeof minimum === "number" && value < minimum) ||
    (typeof exclusiveMinimum === "number" && value <= exclusiveMinimum);
  const high = (typeof maximum === "number" && value > maximum) ||
    (typeof exclusiveMaximum === "number" && value >= exclusiveMaximum);
  return low || high ? [`${of} is ${value}, which is too ${low ? "small" : "large"}`] : [];
}

function listMisfits(
  schema: JsonObject,
  value: readonly Json[],
  at: string,
  of: string,
): readonly string[] {
  const { minItems, maxItems, items } = schema;
  if (typeof minItems === "number" && value.length < minItems) {
    return [`${of} has fewer than ${minItems} items`];
  }
  if (typeof maxItems === "number" && value.length > maxItems) {
    return [`${of} has more than ${maxItems} items`];
  }
  return items === undefined
    ? []
    : value.flatMap((each, index) => misfits(asObject(items), each, `${at}[${index}]`));
}

function objectMisfits(schema: JsonObject, value: JsonObject, at: string): readonly string[] {
  const known = asObject(schema["properties"] ?? {});
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const path = (name: string) => at === "" ? name : `${at}.${name}`;
  const missing = required.filter((name) => typeof name === "string" && !Object.hasOwn(value, name))
    .map((name) => `${path(String(name))} is missing`);
  const own = Object.entries(value).flatMap(([name, each]) => {
    if (Object.hasOwn(known, name)) {
      return misfits(asObject(known[name] ?? {}), each ?? null, path(name));
    }
    if (schema["additionalProperties"] === false) {
      return [`${path(name)} is not expected; there are ${Object.keys(known).join(", ")}`];
    }
    return [];
  });
  return [...missing, ...own];
}

function isOf(type: Json, value: Json): boolean {
  switch (type) {
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "array":
      return Array.isArray(value);
    case "integer":
      return typeof value === "number" && Number.isInteger(value);
    case "null":
      return value === null;
    default: {
      const own: Json = typeof value;
      return own === type;
    }
  }
}

function typeWord(type: Json): string {
  return type === "string" ? "a text" : type === "array" ? "a list" : `${article(String(type))}`;
}

function article(word: string): string {
  return word === "null" ? word : `${/^[aeio]/.test(word) ? "an" : "a"} ${word}`;
}

function kindOf(value: Json): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeWord(typeof value);
}

/** A day of the calendar, written YYYY-MM-DD. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
}

function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, "u").test(value);
  } catch {
    return true; // another dialect of patterns: the step's own validation knows it
  }
}

function show(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function same(a: Json, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function asObject(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as JsonObject
    : {};
}
