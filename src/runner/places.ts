/**
 * Where definitions and their options stand in a module's text, so that whatever is wrong with one can be shown
 * there. Reads tokens only: what is computed has no place, and then the export's own is used.
 */
import type { OptionPlace, Span } from "../ports/loader.ts";
import type { Token } from "./tokens.ts";

/** One export by name (`default` too), and its options by path: `retry.attempts`, `checks[0].rows`. */
export interface ExportPlace {
  readonly span: Span;
  readonly options: Readonly<Record<string, OptionPlace>>;
}

/** The exports of a module that are written out in it. */
export function exportPlaces(tokens: readonly Token[]): ReadonlyMap<string, ExportPlace> {
  const declared = declarations(tokens);
  const found = new Map<string, ExportPlace>();
  tokens.forEach((token, index) => {
    if (token.value !== "export" || token.type !== "IdentifierName") return;
    const next = tokens[index + 1];
    if (next === undefined) return;
    if (next.value === "default") {
      const value = tokens[index + 2];
      const named = value && declared.get(value.value);
      const options = named?.options ?? optionsAt(tokens, index + 2);
      found.set("default", { span: spanOf(value ?? next), options });
    } else if (next.value === "{") {
      for (let at = index + 2; at < tokens.length && tokens[at]?.value !== "}"; at++) {
        const local = tokens[at];
        if (local?.type !== "IdentifierName") continue;
        const renamed = tokens[at + 1]?.value === "as" ? tokens[at + 2] : undefined;
        const place = declared.get(local.value) ?? { span: spanOf(local), options: {} };
        found.set((renamed ?? local).value, place);
        if (renamed) at += 2;
      }
    } else if (/^(const|let|var)$/.test(next.value)) {
      const name = tokens[index + 2];
      const place = name && declared.get(name.value);
      if (name && place) found.set(name.value, place);
    }
  });
  return found;
}

/** `const name = …` at the top of the module. */
function declarations(tokens: readonly Token[]): Map<string, ExportPlace> {
  const found = new Map<string, ExportPlace>();
  let depth = 0;
  tokens.forEach((token, index) => {
    depth += depthOf(token);
    if (depth !== 0 || !/^(const|let|var)$/.test(token.value)) return;
    const name = tokens[index + 1];
    if (name?.type !== "IdentifierName") return;
    let at = index + 2;
    if (tokens[at]?.value === ":") {
      while (at < tokens.length && tokens[at]?.value !== "=" && tokens[at]?.value !== ";") at++;
    }
    const options = tokens[at]?.value === "=" ? optionsAt(tokens, at + 1) : {};
    found.set(name.value, { span: spanOf(name), options });
  });
  return found;
}

/** The options of `asset({ … })`, or of a plain object. */
function optionsAt(tokens: readonly Token[], start: number): Record<string, OptionPlace> {
  const places: Record<string, OptionPlace> = {};
  const open = callOpening(tokens, start) ?? start;
  if (tokens[open]?.value === "{") walkObject(tokens, open, "", places);
  return places;
}

/** The first argument's token of `name(…)` or `a.name<T>(…)`, or null. */
function callOpening(tokens: readonly Token[], start: number): number | null {
  let at = start;
  if (tokens[at]?.type !== "IdentifierName") return null;
  while (tokens[at + 1]?.value === "." && tokens[at + 2]?.type === "IdentifierName") at += 2;
  return tokens[at + 1]?.value === "(" ? at + 2 : null;
}

/** Notes the keys of the object that opens at `open`; gives the index after its end. */
function walkObject(
  tokens: readonly Token[],
  open: number,
  path: string,
  places: Record<string, OptionPlace>,
): number {
  let at = open + 1;
  while (at < tokens.length && tokens[at]?.value !== "}") {
    // A bracket that closes something else: the text does not parse, and there is no way on from here.
    if (/^[)\]]$/.test(tokens[at]?.value ?? "")) return tokens.length;
    let key = tokens[at];
    // `async *name() {}` and the like: the key is the last word before `(` or `:`.
    while (
      key && /^(async|get|set|\*)$/.test(key.value) && !/^[:(,}]$/.test(tokens[at + 1]?.value ?? "")
    ) {
      key = tokens[++at];
    }
    const after = tokens[at + 1];
    if (key === undefined || after === undefined) return tokens.length;
    const name = keyOf(key);
    if (name !== null && after.value === ":") {
      at = note(tokens, at + 2, join(path, name), spanOf(key), places);
    } else {
      // Shorthand, a method, or what is computed or spread: only the first two have a name.
      if (name !== null) places[join(path, name)] = { key: spanOf(key), value: spanOf(key) };
      at = skip(tokens, at);
    }
    if (tokens[at]?.value === ",") at++;
  }
  return at + 1;
}

function walkList(
  tokens: readonly Token[],
  open: number,
  path: string,
  places: Record<string, OptionPlace>,
): number {
  let at = open + 1;
  for (let index = 0; at < tokens.length && tokens[at]?.value !== "]"; index++) {
    if (/^[)}]$/.test(tokens[at]?.value ?? "")) return tokens.length;
    at = note(tokens, at, `${path}[${index}]`, null, places);
    if (tokens[at]?.value === ",") at++;
  }
  return at + 1;
}

/** Notes a value and what is inside it; gives the index of what follows (a comma or the end). */
function note(
  tokens: readonly Token[],
  at: number,
  path: string,
  key: Span | null,
  places: Record<string, OptionPlace>,
): number {
  const value = tokens[at];
  if (value === undefined) return tokens.length;
  const span = spanOf(value);
  places[path] = { key: key ?? span, value: span };
  if (value.value === "{") walkObject(tokens, at, path, places);
  else if (value.value === "[") walkList(tokens, at, path, places);
  else {
    // `partitions: monthly({ start })` is described as `partitions.monthly.start`.
    const inner = callOpening(tokens, at);
    if (inner !== null && tokens[inner]?.value === "{") {
      walkObject(tokens, inner, join(path, value.value), places);
    }
  }
  return skip(tokens, at);
}

/** The index of the comma or closing bracket that ends the expression at `at`. */
function skip(tokens: readonly Token[], at: number): number {
  let depth = 0;
  for (let index = at; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined) break;
    const change = depthOf(token);
    if (depth === 0 && (change < 0 || token.value === ",")) return index;
    depth += change;
  }
  return tokens.length;
}

function depthOf(token: Token): number {
  if (token.type === "TemplateHead") return 1;
  if (token.type === "TemplateTail") return -1;
  if (token.type !== "Punctuator") return 0;
  return /^[([{]$/.test(token.value) ? 1 : /^[)\]}]$/.test(token.value) ? -1 : 0;
}

function keyOf(token: Token): string | null {
  if (token.type === "IdentifierName" || token.type === "NumericLiteral") return token.value;
  return token.type === "StringLiteral" ? token.value.slice(1, -1) : null;
}

function spanOf(token: Token): Span {
  const length = Math.max(1, token.value.split("\n", 1)[0]?.length ?? 1);
  return { line: token.line, column: token.column, length };
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
