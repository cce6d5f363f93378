// The page of what `nycflow` gives to TypeScript: each export's docstring, and its declaration as it stands in the
// source, since the docstrings of its members stand there.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { CHECKOUT } from "../packages.ts";

interface Tag {
  readonly kind: string;
  readonly doc?: string;
}
interface Declaration {
  readonly kind: string;
  readonly location: { readonly filename: string; readonly line: number };
  readonly jsDoc?: { readonly doc?: string; readonly tags?: readonly Tag[] };
}
interface Symbol {
  readonly name: string;
  readonly declarations: readonly Declaration[];
}

/** The page. */
export function apiPage(): string {
  const symbols = documented();
  const isFunction = (each: Symbol) => each.declarations.some(({ kind }) => kind === "function");
  return [
    '# import … from "nycflow"',
    "",
    "What asset modules import. Functions say what there is and do nothing; what they give is exported.",
    "",
    "# Functions",
    "",
    ...symbols.filter(isFunction).flatMap(section),
    "# Types",
    "",
    ...symbols.filter((each) => !isFunction(each)).flatMap(section),
  ].join("\n");
}

/** All exports in alphabetical order. Throws where one has no docstring at all. */
function documented(): readonly Symbol[] {
  const module = join(CHECKOUT, "src/mod.ts");
  const said = spawnSync(process.execPath, ["doc", "--json", module], {
    cwd: CHECKOUT,
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
  if (said.status !== 0) throw new Error(`deno doc failed: ${said.stderr}`);
  const { nodes } = JSON.parse(said.stdout) as {
    readonly nodes: Readonly<Record<string, { readonly symbols: readonly Symbol[] }>>;
  };
  const symbols = Object.values(nodes).flatMap((each) => each.symbols);
  return [...symbols].sort((a, b) => a.name < b.name ? -1 : 1);
}

function section({ name, declarations }: Symbol): string[] {
  const [first] = declarations;
  if (first === undefined) return [];
  const examples = first.jsDoc?.tags?.filter(({ kind }) => kind === "example") ?? [];
  return [
    `## ${name}`,
    "",
    ...(first.jsDoc?.doc ? [first.jsDoc.doc.trim(), ""] : []),
    "```ts",
    ...declarations.flatMap((each) => declarationText(each)),
    "```",
    "",
    ...examples.flatMap(({ doc = "" }) => ["For example:", "", "```ts", doc.trim(), "```", ""]),
  ];
}

const sources = (() => {
  const known = new Map<string, readonly string[]>();
  return (file: string) => {
    const lines = known.get(file) ?? readFileSync(file, "utf8").split("\n");
    known.set(file, lines);
    return lines;
  };
})();

/** The declaration as written: a type or an interface whole, of a function its signature. */
function declarationText({ kind, location }: Declaration): string[] {
  const lines = sources(fileURLToPath(location.filename));
  const taken: string[] = [];
  let depth = 0;
  for (let at = location.line; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const bare = line.replace(/\/\/.*$|\/\*.*?\*\/|^\s*\/?\*.*$/g, "").replace(/"[^"]*"/g, '""');
    const opens = (bare.match(/[({[]/g) ?? []).length;
    const closes = (bare.match(/[)}\]]/g) ?? []).length;
    if (kind === "function" && depth + opens - closes === 1 && /\{$/.test(bare)) {
      return [...taken, line.replace(/\s*\{$/, ";")];
    }
    taken.push(line);
    depth += opens - closes;
    if (depth === 0 && (/[;}]$/.test(bare) || (kind === "function" && bare.endsWith(";")))) break;
  }
  return taken;
}
