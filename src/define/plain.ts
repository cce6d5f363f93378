/** Options as plain JSON: what a module wrote, with everything that is no data made visible as such. */
import type { Json } from "../core/json.ts";
import { definitionOf } from "./spec.ts";

/**
 * Functions become `true`, dates ISO text, bigints text, definitions their name; `undefined` disappears. A value that
 * holds itself is cut at the twentieth level.
 */
export function plain(value: unknown, depth = 0): Json {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
    case "symbol":
      return String(value);
    case "function":
      return true;
    case "undefined":
      return null;
  }
  if (value === null || typeof value !== "object") return null;
  if (depth > 20) return "…";
  if (Array.isArray(value)) return value.map((each) => plain(each, depth + 1));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  const definition = definitionOf(value);
  if (definition) return definition.name ?? definition.kind;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.map(([key, each]) => [key, plain(each, depth + 1)]));
}
