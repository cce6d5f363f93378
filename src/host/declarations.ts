/**
 * The declarations of `nycflow` as one file, for editors that know only the binary: taken from the sources, so that
 * they cannot differ from what there is. Reads the sources as the formatter leaves them: a declaration begins at the
 * edge, what belongs to it is indented or closes it. The build puts the result into the binary.
 */
import { readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { CHART_OPTIONS, CHART_TYPES } from "../core/chart.ts";
import { DASH_ACTIONS } from "../core/dash_action.ts";
import type { Json } from "../core/json.ts";
import { embedded } from "./embedded.ts";

/** Where the declarations begin. */
const MODULE = "src/mod.ts";
/** The interface that a project fills with its own tables. */
const TABLES = "Tables";
const HEAD = `// Types of the module "nycflow", written by \`nycflow types\`. Changes here are lost.
import type { ProjectTables } from "./tables.d.ts";
`;

/** The text of `nycflow.d.ts`. */
export function declarations(): string {
  return embedded?.declarations ??
    readDeclarations(fileURLToPath(new URL("../../", import.meta.url)));
}

/** The same from a checkout; the build embeds what this gives. */
export function readDeclarations(checkout: string): string {
  const sources = new Map<string, Source>();
  const open = (path: string): Source => {
    const known = sources.get(path);
    if (known !== undefined) return known;
    const made = readSource(path, readFileSync(join(checkout, path), "utf8"));
    sources.set(path, made);
    return made;
  };
  const entry = open(MODULE);
  const needed = new Map<string, { readonly path: string; readonly name: string }>();
  const exported = new Set<string>();
  const found: { readonly path: string; readonly at: number; readonly text: string }[] = [];
  const add = (path: string, name: string): void => {
    const source = open(path);
    const own = source.declared.get(name);
    if (own === undefined) {
      const from = source.imported.get(name);
      if (from !== undefined) add(from, name);
      return;
    }
    const known = needed.get(name);
    if (known !== undefined) {
      if (known.path === path) return;
      throw new Error(`two declarations are called ${name}: in ${known.path} and in ${path}`);
    }
    needed.set(name, { path, name });
    const text = exported.has(name) ? own.text : own.text.replace(/^export (?=[a-z])/m, "");
    found.push({ path, at: own.at, text: name === TABLES ? ownTables(text) : text });
    for (const word of own.words) if (word !== name) add(path, word);
    for (const [, table = ""] of text.matchAll(/\btypeof ([A-Z][A-Z_]+)\b/g)) {
      if (!needed.has(table)) {
        throw new Error(`${path}: ${name} is made of ${table}, which VALUES here does not hold`);
      }
    }
  };
  for (const name of entry.imported.keys()) exported.add(name);
  for (const [name, path] of entry.imported) add(path, name);
  const paths = [...sources.keys()];
  const inOrder = found.sort((a, b) =>
    paths.indexOf(a.path) - paths.indexOf(b.path) || a.at - b.at
  );
  return `${HEAD}\n${inOrder.map(({ text }) => text).join("\n\n")}\n\nexport {};\n`;
}

function ownTables(text: string): string {
  return text.replace(/interface Tables \{\}/, "interface Tables extends ProjectTables {}");
}

/** Tables that types are made from: what they hold is told as a type. */
const VALUES: Readonly<Record<string, Json>> = {
  CHART_OPTIONS: CHART_OPTIONS as unknown as Json,
  CHART_TYPES: CHART_TYPES as unknown as Json,
  DASH_ACTIONS: DASH_ACTIONS as unknown as Json,
};

/** A value as the type that has it alone. */
function literalType(value: Json): string {
  if (Array.isArray(value)) {
    return `readonly [${value.map((each) => literalType(each)).join(", ")}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, each]) =>
    `readonly ${JSON.stringify(key)}: ${literalType(each)}`
  );
  return `{ ${fields.join("; ")} }`;
}

interface Declared {
  readonly text: string;
  /** The line on which it begins, from 0. */
  readonly at: number;
  /** Names that occur in it. */
  readonly words: readonly string[];
}

interface Source {
  readonly declared: ReadonlyMap<string, Declared>;
  /** Names that come from other files, by path from the checkout; for the entry, what it exports. */
  readonly imported: ReadonlyMap<string, string>;
}

/** A parameter with a default: for callers it is one that may be left out. */
const DEFAULT = /(\b\w+): (\{[^{}]*\}|[\w<>[\], |"]+) = (?:\{\}|[\w".]+)(?=,?\n?\))/g;
const BEGINS =
  /^(export )?(?:declare )?(?:async )?(interface|type|function|const|class) ([\p{L}_$][\p{L}\p{N}_$]*)/u;

function readSource(path: string, text: string): Source {
  const declared = new Map<string, Declared>();
  const imported = new Map<string, string>();
  const lines = text.split("\n");
  for (let at = 0; at < lines.length;) {
    const begin = at;
    const comment: string[] = [];
    while (lines[at]?.startsWith("/**") || lines[at]?.startsWith(" *")) {
      comment.push(lines[at++] ?? "");
    }
    const first = lines[at];
    if (first === undefined || first === "" || first.startsWith("//")) {
      at++;
      continue;
    }
    const chunk = [first];
    for (at++; at < lines.length && /^[\s}\])>|]/.test(lines[at] ?? "x"); at++) {
      chunk.push(lines[at] ?? "");
    }
    while (chunk.at(-1) === "") chunk.pop();
    readImports(path, chunk.join("\n"), imported);
    const [, , form, name] = BEGINS.exec(first) ?? [];
    if (name === undefined || form === undefined) continue;
    const bare = Object.hasOwn(VALUES, name)
      ? `declare const ${name}: ${literalType(VALUES[name] as Json)};`
      : declarationOf(form, chunk);
    if (bare === null) continue;
    const words = bare.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|"(?:[^"\\]|\\.)*"/g, "")
      .match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [];
    declared.set(name, {
      text: [...comment, bare].join("\n"),
      at: begin,
      words: [...new Set(words)],
    });
  }
  return { declared, imported };
}

function readImports(path: string, chunk: string, imported: Map<string, string>): void {
  const found = /^(?:import|export)(?: type)? \{([^}]*)\} from "(\.[^"]+)";?$/.exec(
    chunk.replaceAll(/\s+/g, " "),
  );
  if (found === null) return;
  const target = posix.join(dirname(path).replaceAll("\\", "/"), found[2] as string);
  for (const part of (found[1] as string).split(",")) {
    const name = part.trim().replace(/^type /, "");
    if (name === "") continue;
    if (name.includes(" ")) throw new Error(`${path}: ${name}: renaming is not understood here`);
    imported.set(name, target);
  }
}

/** What a declaration file says of it; null for what has no place in one. */
function declarationOf(form: string, chunk: readonly string[]): string | null {
  const first = (chunk[0] as string).replace(/^(export )?declare /, "$1");
  const declared = first.replace(/^(export )?(?:async )?(function|const|class) /, "$1declare $2 ");
  const text = [declared, ...chunk.slice(1)].join("\n");
  if (form === "interface" || form === "type") return text;
  if (form === "class") return null;
  if (form === "const") {
    const typed = /^((?:export )?declare const [^:=]+: [^=]+?)(?: = [\s\S]*|;)$/.exec(text);
    return typed === null ? null : `${typed[1]};`;
  }
  // The body begins with the last brace at the end of a line that is not indented: all in it is.
  const body = chunk.findLastIndex((line) => /^\S.* \{$/.test(line));
  if (body < 0) return null;
  const head = text.split("\n").slice(0, body + 1).join("\n").replace(/ \{$/, "");
  return `${head.replaceAll(DEFAULT, "$1?: $2")};`;
}
