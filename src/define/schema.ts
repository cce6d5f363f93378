/**
 * Settings with nothing more to install: each has a kind, all must be given, and there are no others. What needs more
 * than that takes zod or another library of Standard Schema.
 */
import { misfits } from "../core/automation/fits.ts";
import type { Json, JsonObject } from "../core/json.ts";
import { plain } from "./plain.ts";
import type { StandardSchema } from "./standard.ts";

/** What a setting may be; a list names the only values. */
export type SchemaField = "text" | "number" | "integer" | "boolean" | "date" | readonly string[];

/** The schema of a payload or setting. */
export type SchemaOf<F extends Readonly<Record<string, SchemaField>>> = {
  readonly [K in keyof F]: F[K] extends readonly (infer V)[] ? V
    : F[K] extends "number" | "integer" ? number
    : F[K] extends "boolean" ? boolean
    : string;
};

/**
 * Exactly these settings. `"date"` is a day written YYYY-MM-DD.
 *
 * @example config: schema({ start_date: "date", borough: ["Queens", "Bronx"] })
 */
export function schema<const F extends Readonly<Record<string, SchemaField>>>(
  fields: F,
): StandardSchema<SchemaOf<F>> {
  const told: JsonObject = {
    type: "object",
    properties: Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [name, fieldSchema(field)]),
    ),
    required: Object.keys(fields),
    additionalProperties: false,
  };
  const standard = {
    version: 1 as const,
    vendor: "nycflow",
    validate: (value: unknown) => {
      const found = misfits(told, plain(value));
      return found.length === 0
        ? { value: value as SchemaOf<F> }
        : { issues: found.map((message) => ({ message })) };
    },
    jsonSchema: { input: () => told },
  };
  return { "~standard": standard };
}

function fieldSchema(field: SchemaField): Json {
  switch (field) {
    case "text":
      return { type: "string" };
    case "date":
      return { type: "string", format: "date" };
    case "number":
    case "integer":
    case "boolean":
      return { type: field };
    default:
      // Without a type checker `"string"` comes here too, and its letters are no values.
      if (!Array.isArray(field)) {
        throw new Error(
          `schema() knows no ${JSON.stringify(field)}; a setting is "text", "number", "integer", ` +
            `"boolean", "date", or a list of the values it may have`,
        );
      }
      return { type: "string", enum: [...field] };
  }
}
