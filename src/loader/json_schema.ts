/**
 * The tables of what a header and the configuration may hold as JSON schema, for editors: completion, hover and what
 * is wrong while one types. Says no more and no less than the tables do; checks of texts by code are left out.
 */
import type { JsonObject } from "../core/json.ts";
import { CONFIG_SHAPE } from "./schema_config.ts";
import { HEADER } from "./schema_header.ts";
import type { Field, Fields, Shape } from "./shape.ts";

const DRAFT = "https://json-schema.org/draft/2020-12/schema";

/** The schemas by the name of the file that each is written to. */
export function editorSchemas(): Readonly<Record<string, JsonObject>> {
  const sql = Object.fromEntries(
    Object.entries(HEADER).filter(([, field]) => field.only !== "typescript"),
  );
  return {
    "header.schema.json": schemaOf("The header of a nycflow SQL asset", {
      is: "object",
      fields: sql,
    }),
    "config.schema.json": schemaOf("nycflow.config.ts", CONFIG_SHAPE),
  };
}

/** A whole document; what is said in several places stands in it once. */
export function schemaOf(title: string, shape: Shape): JsonObject {
  const shared: Shared = { names: new Map(), definitions: {} };
  const root = schema(shape, shared);
  return { $schema: DRAFT, title, ...root, $defs: shared.definitions };
}

interface Shared {
  readonly names: Map<Fields | Shape, string>;
  readonly definitions: Record<string, JsonObject>;
}

function schema(shape: Shape, shared: Shared): JsonObject {
  switch (shape.is) {
    case "anything":
      return {};
    case "text":
      return {
        type: shape.numbers || shape.milliseconds ? ["string", "number"] : "string",
        description: shape.what,
      };
    case "word":
      return { enum: [...shape.words] };
    case "flag":
      return { type: "boolean" };
    case "number":
      return {
        type: shape.whole ? "integer" : "number",
        ...(shape.min === undefined ? {} : { minimum: shape.min }),
      };
    case "list": {
      const list = {
        type: "array",
        items: schema(shape.of, shared),
        ...(shape.least === undefined ? {} : { minItems: shape.least }),
      };
      return shape.orOne ? { anyOf: [list, schema(shape.of, shared)] } : list;
    }
    case "map":
      return { type: "object", additionalProperties: schema(shape.of, shared) };
    case "object":
      return once(shape.fields, shared, () => closed(shape.fields, shared));
    case "either": {
      const { text, number, flag, list, object } = shape;
      const forms = [...new Set([text, number, flag, list, object])]
        .flatMap((each) => each === undefined ? [] : [schema(each, shared)]);
      const [only] = forms;
      return forms.length === 1 && only !== undefined ? only : { anyOf: forms };
    }
    case "choice":
      return once(shape, shared, () => ({
        anyOf: [
          { enum: Object.keys(shape.kinds) },
          {
            ...closed({ ...shape.kinds, ...shape.options }, shared),
            // Exactly one of the kinds, in either spelling.
            oneOf: Object.entries(shape.kinds).flatMap(([name, { also }]) =>
              [name, ...(also === undefined ? [] : [also])].map((each) => ({ required: [each] }))
            ),
          },
        ],
      }));
  }
}

function once(of: Fields | Shape, shared: Shared, make: () => JsonObject): JsonObject {
  const known = shared.names.get(of);
  if (known !== undefined) return { $ref: `#/$defs/${known}` };
  const name = `of${shared.names.size}`;
  shared.names.set(of, name);
  shared.definitions[name] = make();
  return { $ref: `#/$defs/${name}` };
}

function closed(fields: Fields, shared: Shared): JsonObject {
  const properties: Record<string, JsonObject> = {};
  for (const [name, field] of Object.entries(fields)) {
    properties[name] = property(field, shared);
    if (field.also !== undefined) properties[field.also] = property(field, shared);
  }
  const required = Object.entries(fields).filter(([, field]) => field.required)
    .map(([name]) => name);
  return {
    type: "object",
    properties,
    additionalProperties: false,
    ...(required.length > 0 ? { required } : {}),
  };
}

function property(field: Field, shared: Shared): JsonObject {
  const { description: _what, ...rest } = schema(field.of, shared);
  return { ...rest, description: `${field.about}. E.g. ${field.example}` };
}
