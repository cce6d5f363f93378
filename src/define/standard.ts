/**
 * Settings of a step: a schema of any library that keeps to Standard Schema (zod, valibot, arktype), or plain
 * defaults. Holds what is needed of that standard; depends on no library.
 */
import type { Json, JsonObject } from "../core/json.ts";
import type { ConfigSpec, SpecProblem } from "../core/spec.ts";
import { plain } from "./plain.ts";
import { isRecord } from "./spec.ts";
import { wrong } from "./trouble.ts";

/** The part of https://standardschema.dev that nycflow uses. */
export interface StandardSchema<Output = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

/** What a schema says of a value: the value in its form, or what is wrong with it. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** What a schema found wrong with a value. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** A schema, or plain defaults whose types are the settings' types. */
export type ConfigShape = StandardSchema | Readonly<Record<string, unknown>>;

/** What `config` is in the context. */
export type ConfigOf<C> = C extends StandardSchema<infer Output> ? Output
  : C extends Readonly<Record<string, unknown>> ? { readonly [K in keyof C]: Widen<C[K]> }
  : JsonObject;

type Widen<T> = T extends string ? string
  : T extends number ? number
  : T extends boolean ? boolean
  : T;

export function isSchema(value: unknown): value is StandardSchema {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  const standard = (value as { readonly "~standard"?: unknown })["~standard"];
  return isRecord(standard) && typeof standard["validate"] === "function";
}

/** Settings that passed, or what is wrong with them. */
export type Validated =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly issues: readonly { path: string; message: string }[] };

/** Holds settings against a schema or defaults. */
export async function validate(shape: ConfigShape, given: JsonObject): Promise<Validated> {
  if (!isSchema(shape)) return againstDefaults(shape, given);
  const found = await shape["~standard"].validate(given);
  if (found.issues === undefined) return { ok: true, value: found.value };
  const issues = found.issues.map((issue) => ({
    path: (issue.path ?? []).map((part) => String(typeof part === "object" ? part.key : part))
      .join("."),
    message: issue.message,
  }));
  return { ok: false, issues };
}

/** A setting given as text (`--set limit=10`) takes the type of its default. */
function againstDefaults(
  defaults: Readonly<Record<string, unknown>>,
  given: JsonObject,
): Validated {
  const issues: { path: string; message: string }[] = [];
  const value: Record<string, unknown> = { ...defaults };
  for (const [key, raw] of Object.entries(given)) {
    const standard = defaults[key];
    if (standard === undefined || standard === null) {
      if (key in defaults) value[key] = raw;
      else {issues.push({
          path: key,
          message: `no such setting; there are ${Object.keys(defaults).join(", ")}`,
        });}
      continue;
    }
    const taken = takeAs(standard, raw);
    if (taken === undefined) {
      issues.push({
        path: key,
        message: `expected ${kindOf(standard)}, found ${JSON.stringify(raw)}`,
      });
    } else value[key] = taken;
  }
  return issues.length === 0 ? { ok: true, value } : { ok: false, issues };
}

function takeAs(standard: unknown, raw: Json): Json | undefined {
  if (kindOf(standard) === kindOf(raw)) return raw;
  if (typeof raw !== "string") return undefined;
  if (typeof standard === "number") {
    return raw.trim() !== "" && Number.isFinite(Number(raw)) ? Number(raw) : undefined;
  }
  if (typeof standard === "boolean") {
    return raw === "true" ? true : raw === "false" ? false : undefined;
  }
  return undefined;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "string"
    ? "a text"
    : value === true || value === false
    ? "true or false"
    : `a ${typeof value}`;
}

/** What the loader is told of the settings: schema where the library can tell it, and defaults. */
export async function describeConfig(
  shape: unknown,
): Promise<{ readonly spec: ConfigSpec | null; readonly problems: readonly SpecProblem[] }> {
  if (shape === undefined) return { spec: null, problems: [] };
  if (isSchema(shape)) {
    const found = await shape["~standard"].validate({});
    const defaults = found.issues === undefined ? plain(found.value) : {};
    return {
      spec: { schema: jsonSchema(shape), defaults: isJsonObject(defaults) ? defaults : {} },
      problems: [],
    };
  }
  if (isRecord(shape)) {
    const defaults = plain(shape);
    return {
      spec: { schema: null, defaults: isJsonObject(defaults) ? defaults : {}, exact: true },
      problems: [],
    };
  }
  const expected = "a schema (zod or any Standard Schema) or an object of defaults";
  return { spec: null, problems: [wrong(shape, "config", expected, "config: { limit: 3 }")] };
}

/** The standard's own way to tell it; libraries without it have only their validation. */
function jsonSchema(shape: StandardSchema): JsonObject | null {
  const teller = (shape["~standard"] as { readonly jsonSchema?: unknown }).jsonSchema;
  if (!isRecord(teller) || typeof teller["input"] !== "function") return null;
  try {
    const told = plain(teller["input"]({ target: "draft-2020-12" }));
    return isJsonObject(told) ? told : null;
  } catch {
    return null; // a schema with a part that JSON schema cannot say
  }
}

function isJsonObject(value: Json): value is JsonObject {
  return isRecord(value);
}
