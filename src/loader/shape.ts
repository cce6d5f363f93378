/**
 * What a value in a header, a module's definition or the config may look like, as plain tables, and the one
 * walk that holds a value against a table and tells everything that is wrong at once. The tables also give
 * the editors' JSON schema and the reference page, so a key exists in one place. Knows no asset.
 */
import type { Json, JsonObject } from "../core/json.ts";
import { nearest } from "../core/graph/nearest.ts";
import type { ProblemCode } from "../core/problem/problem.ts";

export type Path = readonly (string | number)[];

/** Something wrong with a value, told by its path; where that is in a file is `locate.ts`'s matter. */
export interface Finding {
  readonly path: Path;
  /** Point at the key itself (it is the key that is wrong), or at its value. */
  readonly at: "key" | "value";
  readonly code?: ProblemCode;
  readonly message: string;
  readonly why?: string;
  readonly hint?: string;
}

/** Why a text is not what it should be. */
export interface Trouble {
  readonly why: string;
  readonly hint?: string;
  readonly code?: ProblemCode;
}

export type Shape =
  | {
    readonly is: "text";
    /** After "expected": `a duration such as "10m"`. */
    readonly what: string;
    readonly check?: (text: string) => Trouble | null;
    /** YAML reads `2023` and `1.5` as numbers; where the text of it is meant, it is taken. */
    readonly numbers?: boolean;
    /** In TypeScript a number is milliseconds; in a header nobody could know. */
    readonly milliseconds?: boolean;
  }
  | { readonly is: "word"; readonly words: readonly string[] }
  | { readonly is: "flag" }
  | { readonly is: "number"; readonly whole?: boolean; readonly min?: number }
  | { readonly is: "anything" }
  | { readonly is: "list"; readonly of: Shape; readonly orOne?: boolean; readonly least?: number }
  | {
    readonly is: "object";
    readonly fields: Fields;
    /** What is wrong with keys that are right each by itself; paths from here. */
    readonly also?: (value: JsonObject) => readonly Finding[];
  }
  /** Any keys, all values alike. */
  | { readonly is: "map"; readonly of: Shape }
  /** Told apart by the kind of the value. */
  | {
    readonly is: "either";
    readonly text?: Shape;
    readonly number?: Shape;
    readonly flag?: Shape;
    readonly list?: Shape;
    readonly object?: Shape;
  }
  /** An object with exactly one of `kinds` as a key, and options beside it. */
  | {
    readonly is: "choice";
    readonly what: string;
    readonly kinds: Fields;
    readonly options: Fields;
  };

export interface Field {
  readonly of: Shape;
  /** One line for the reference page and for editors. */
  readonly about: string;
  /** A value as one writes it in YAML. */
  readonly example: string;
  readonly required?: boolean;
  /** Another spelling that is taken for this key. */
  readonly also?: string;
  /** Not written by hand: the product of our own functions in TypeScript, or of one form of file only. */
  readonly only?: "typescript" | "sql";
}
export type Fields = Readonly<Record<string, Field>>;

/** Who wrote the value: some keys belong to one of the two, and only TypeScript has units of its own. */
export type Author = "sql" | "typescript";

/** Everything wrong with `value`; `what` names the whole of it, for messages where the path is empty. */
export function findings(
  shape: Shape,
  value: Json,
  what: string,
  author: Author = "sql",
): readonly Finding[] {
  const found: Finding[] = [];
  walk(shape, value, [], what, null, { found, author });
  return found;
}

interface Findings {
  readonly found: Finding[];
  readonly author: Author;
}

/** `checks[0].rows.min` */
export function pathText(path: Path): string {
  return path.map((part, index) =>
    typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`
  ).join("");
}

function walk(
  shape: Shape,
  value: Json,
  path: Path,
  what: string,
  field: Field | null,
  into: Findings,
): void {
  const wrong = (expected: string, more: Partial<Finding> = {}) =>
    into.found.push({
      path,
      at: "value",
      message: `Cannot use ${shown(value)} as ${path.length === 0 ? what : pathText(path)}`,
      why: `expected ${expected}`,
      ...hintOf(path, field),
      ...more,
    });
  switch (shape.is) {
    case "anything":
      return;
    case "text": {
      if (shape.milliseconds && into.author === "typescript" && isLength(value)) return;
      const text = typeof value === "string"
        ? value
        : shape.numbers && typeof value === "number"
        ? String(value)
        : null;
      if (text === null || text.trim() === "") {
        wrong(shape.what);
        return;
      }
      const trouble = shape.check?.(text) ?? null;
      if (trouble !== null) wrong(shape.what, trouble);
      return;
    }
    case "word": {
      if (typeof value === "string" && shape.words.includes(value)) return;
      const near = typeof value === "string" ? nearest(value, shape.words) : null;
      wrong(
        `one of ${shape.words.join(", ")}`,
        near === null ? {} : { hint: `did you mean ${near}?` },
      );
      return;
    }
    case "flag":
      if (typeof value !== "boolean") wrong("true or false");
      return;
    case "number": {
      const least = shape.min === undefined ? "" : `, ${shape.min} or more`;
      if (
        typeof value !== "number" || (shape.whole && !Number.isInteger(value)) ||
        (shape.min !== undefined && value < shape.min)
      ) wrong(`a ${shape.whole ? "whole " : ""}number${least}`);
      return;
    }
    case "list": {
      if (!Array.isArray(value)) {
        if (shape.orOne && value !== null) walk(shape.of, value, path, what, field, into);
        else wrong("a list");
        return;
      }
      const list: readonly Json[] = value;
      if (list.length < (shape.least ?? 0)) wrong(`a list of at least ${shape.least}`);
      const one = heldBy(field, path);
      list.forEach((each, index) => walk(shape.of, each, [...path, index], what, one, into));
      return;
    }
    case "map":
      if (!isObject(value)) {
        wrong("keys with values");
        return;
      }
      for (const [key, each] of Object.entries(value)) {
        walk(shape.of, each, [...path, key], what, heldBy(field, path), into);
      }
      return;
    case "either": {
      const text = shape.text?.is === "text" ? shape.text : null;
      const asLength = text?.milliseconds === true && into.author === "typescript" &&
        isLength(value);
      const form = asLength ? "text" : formOf(value);
      const chosen = form === null ? undefined : shape[form];
      if (chosen !== undefined) walk(chosen, value, path, what, field, into);
      else wrong(alternatives(shape));
      return;
    }
    case "object":
      if (!isObject(value)) {
        wrong(`keys with values (${Object.keys(shape.fields).slice(0, 4).join(", ")}…)`);
        return;
      }
      walkFields(shape.fields, value, path, what, into);
      for (const each of shape.also?.(value) ?? []) {
        into.found.push({ ...each, path: [...path, ...each.path] });
      }
      return;
    case "choice":
      walkChoice(shape, value, path, what, field, into);
  }
}

function walkFields(
  fields: Fields,
  value: JsonObject,
  path: Path,
  what: string,
  into: Findings,
): void {
  const given = new Set<string>();
  for (const [key, each] of Object.entries(value)) {
    // An option left undefined, or a key without a value in YAML, says nothing.
    if (each === null) continue;
    const name = fieldName(fields, key);
    if (name === null) {
      into.found.push(unknownKey(Object.keys(fields), key, path, what));
      continue;
    }
    const field = fields[name];
    if (field === undefined) continue;
    given.add(name);
    walk(field.of, each, [...path, key], what, field, into);
  }
  for (const [name, field] of Object.entries(fields)) {
    if (!field.required || given.has(name)) continue;
    into.found.push({
      path,
      at: "value",
      message: `Cannot use ${path.length === 0 ? what : pathText(path)} without ${name}`,
      why: `${name} is ${field.about.charAt(0).toLowerCase()}${field.about.slice(1)}`,
      hint: `add ${name}: ${field.example}`,
    });
  }
}

function walkChoice(
  shape: Extract<Shape, { is: "choice" }>,
  value: Json,
  path: Path,
  what: string,
  field: Field | null,
  into: Findings,
): void {
  const kinds = Object.keys(shape.kinds);
  // A bare word is a kind that needs nothing said.
  const object: Json = typeof value === "string" ? { [value]: true } : value;
  if (!isObject(object)) {
    into.found.push({
      path,
      at: "value",
      message: `Cannot use ${shown(value)} as ${shape.what}`,
      why: `expected one of ${kinds.join(", ")}`,
      ...hintOf(path, field),
    });
    return;
  }
  const named = Object.keys(object).filter((key) => fieldName(shape.kinds, key) !== null);
  for (const [key, each] of Object.entries(object)) {
    const kind = fieldName(shape.kinds, key);
    const option = fieldName(shape.options, key);
    const of = kind !== null ? shape.kinds[kind] : option !== null ? shape.options[option] : null;
    if (of === null || of === undefined) {
      // Where the kind itself is misspelled, the kinds are what it was meant to be.
      const known = named.length > 0 ? Object.keys(shape.options) : kinds;
      into.found.push(unknownKey(known, key, path, shape.what, typeof value === "string"));
    } else if (each === true && kind !== null && !isRequired(of.of)) {
      continue;
    } else {
      walk(of.of, each, typeof value === "string" ? path : [...path, key], what, of, into);
    }
  }
  if (named.length > 1) {
    into.found.push({
      path: [...path, named[1] ?? ""],
      at: "key",
      message: `Cannot tell which ${shape.what} this is: found ${named.join(" and ")}`,
      why: `each ${shape.what} has exactly one of ${kinds.join(", ")}`,
      hint: `make it ${named.length} entries of the list`,
    });
  } else if (
    named.length === 0 &&
    Object.keys(object).every((key) => fieldName(shape.options, key) !== null)
  ) {
    into.found.push({
      path,
      at: "value",
      message: `Cannot tell which ${shape.what} this is`,
      why: `expected one of ${kinds.join(", ")}`,
      ...hintOf(path, field),
    });
  }
}

/** `true` stands for "with nothing said" where nothing has to be said. */
function isRequired(shape: Shape): boolean {
  return !(shape.is === "anything" || shape.is === "flag" ||
    (shape.is === "object" && !Object.values(shape.fields).some((each) => each.required)) ||
    (shape.is === "either" && shape.flag !== undefined));
}

function unknownKey(
  known: readonly string[],
  key: string,
  path: Path,
  what: string,
  asValue = false,
): Finding {
  const near = nearest(key, known);
  return {
    path: asValue ? path : [...path, key],
    at: asValue ? "value" : "key",
    message: `Cannot use ${JSON.stringify(key)} as a key of ${
      path.length === 0 || asValue ? what : pathText(path)
    }`,
    why: near === null ? `no such key; known are ${known.join(", ")}` : "no such key",
    hint: near === null ? `remove ${key}` : `did you mean ${near}?`,
  };
}

/** The canonical name of a key: as written, by its other spelling, or null. */
export function fieldName(fields: Fields, key: string): string | null {
  if (Object.hasOwn(fields, key)) return key;
  for (const [name, field] of Object.entries(fields)) if (field.also === key) return name;
  return null;
}

function isLength(value: Json): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function formOf(value: Json): "text" | "number" | "flag" | "list" | "object" | null {
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "flag";
  if (Array.isArray(value)) return "list";
  return value === null ? null : "object";
}

function alternatives(shape: Extract<Shape, { is: "either" }>): string {
  const parts: string[] = [];
  if (shape.text?.is === "text") parts.push(shape.text.what);
  else if (shape.text?.is === "word") parts.push(shape.text.words.join(", "));
  else if (shape.text?.is === "choice") parts.push(Object.keys(shape.text.kinds).join(", "));
  else if (shape.text !== undefined) parts.push("a text");
  if (shape.number !== undefined) parts.push("a number");
  if (shape.flag !== undefined) parts.push("true or false");
  if (shape.list !== undefined) parts.push("a list");
  if (shape.object !== undefined) parts.push("keys with values");
  return parts.join(" or ");
}

/** A field whose value is within another's: its example is that one's. */
interface Held extends Field {
  readonly by: string;
}

function heldBy(field: Field | Held | null, path: Path): Held | null {
  const key = path.at(-1);
  if (field === null || "by" in field) return field;
  return typeof key === "string" ? { ...field, by: key } : null;
}

function hintOf(path: Path, field: Field | Held | null): { readonly hint?: string } {
  const key = path.at(-1);
  if (field === null) return {};
  if ("by" in field) return { hint: `write them as in ${field.by}: ${field.example}` };
  return typeof key !== "string" ? {} : { hint: `write ${key}: ${field.example}` };
}

/** A value as it stands in a message: short, on one line. */
export function shown(value: Json): string {
  const text = value === null ? "nothing" : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
