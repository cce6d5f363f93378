/**
 * A module and what it imports from the project, read as text: its code version, and imports that cannot be found,
 * told before a runtime is asked (each has words of its own for them). Runs nothing.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { digest, digestAll } from "../core/digest.ts";
import { nearest } from "../core/graph/nearest.ts";
import { type Problem, problem, type Where } from "../core/problem/problem.ts";
import { type ExportPlace, exportPlaces } from "./places.ts";
import { importsOf, type ImportToken, tokenDigest, tokensOf } from "./tokens.ts";

/** One file as read. */
interface Source {
  readonly text: string;
  readonly digest: string;
  /** Absolute paths of local imports. */
  readonly local: readonly string[];
  readonly packages: readonly string[];
  readonly problems: readonly Problem[];
  readonly places: ReadonlyMap<string, ExportPlace>;
}

export interface Closure {
  /** Absolute, the module itself first, in the order of discovery. */
  readonly files: readonly string[];
  readonly codeVersion: string;
  readonly problems: readonly Problem[];
  readonly places: ReadonlyMap<string, ExportPlace>;
}

const CODE = /\.[cm]?[jt]sx?$/;

/** Reads modules of one project, each file once. */
export class Closures {
  readonly #project: string;
  readonly #sources = new Map<string, Source | null>();
  readonly #locks = new Map<string, string>();

  constructor(project: string) {
    this.#project = project;
  }

  /** Of one module, by its absolute path. */
  of(module: string): Closure {
    const files: string[] = [];
    const digests: string[] = [];
    const problems: Problem[] = [];
    const packages = new Map<string, string>();
    const waiting = [module];
    const seen = new Set(waiting);
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const source = this.#read(file);
      if (source === null) {
        problems.push(problem("file-unreadable", {
          message: `Cannot read ${this.name(file)}`,
          where: { file: this.name(file) },
          why: "it is gone, or reading it is not permitted",
        }));
        continue;
      }
      files.push(file);
      digests.push(source.digest);
      problems.push(...source.problems);
      for (const each of source.packages) packages.set(each, dirname(file));
      for (const next of source.local) {
        if (seen.has(next)) continue;
        seen.add(next);
        waiting.push(next);
      }
    }
    for (const [name, from] of [...packages].sort(([a], [b]) => a < b ? -1 : 1)) {
      digests.push(`${name}@${this.#packageVersion(name, from)}`);
    }
    return {
      files,
      codeVersion: digestAll(digests),
      problems,
      places: this.#read(module)?.places ?? new Map(),
    };
  }

  /** Where an option of an export stands in a module, with its line; the export itself where it is not written out. */
  placeOf(module: string, exportName: string, option: string): Where {
    const source = this.#read(module);
    const place = source?.places.get(exportName);
    const span = place?.options[option]?.key ?? place?.span;
    if (!source || !span) return { file: this.name(module) };
    const text = source.text.split("\n")[span.line - 1]?.trimEnd() ?? "";
    return {
      file: this.name(module),
      line: span.line,
      column: span.column,
      length: span.length,
      source: text,
    };
  }

  /** Where a module, or what it imports, names something in an import: for names that the other side lacks. */
  placeOfImport(module: string, name: string): Where | null {
    for (const file of this.of(module).files) {
      const lines = this.#read(file)?.text.split("\n") ?? [];
      for (const token of tokensOf(lines.join("\n"))) {
        if (token.value !== name || token.type !== "IdentifierName") continue;
        const { line, column } = token;
        const source = lines[line - 1]?.trimEnd() ?? "";
        return { file: this.name(file), line, column, length: name.length, source };
      }
    }
    return null;
  }

  /** Whether a word stands anywhere in the text of a module or of what it imports from the project. */
  mentions(module: string, word: string): boolean {
    return this.of(module).files.some((file) => this.#read(file)?.text.includes(word));
  }

  /** Relative to the project, with `/`. */
  name(file: string): string {
    return relative(this.#project, file).split(sep).join("/");
  }

  #read(file: string): Source | null {
    const known = this.#sources.get(file);
    if (known !== undefined) return known;
    let source: Source | null = null;
    try {
      const bytes = readFileSync(file);
      source = CODE.test(file)
        ? this.#parse(file, bytes.toString("utf8"))
        : { ...NOTHING, digest: digest(bytes.toString("latin1")) };
    } catch {
      source = null; // told by whoever asked for it
    }
    this.#sources.set(file, source);
    return source;
  }

  #parse(file: string, text: string): Source {
    const tokens = tokensOf(text);
    const local: string[] = [];
    const packages: string[] = [];
    const problems: Problem[] = [];
    for (const each of importsOf(tokens)) {
      const specifier = each.specifier;
      if (specifier === "nycflow" || isBuiltin(specifier)) continue;
      const why = this.#follow(file, specifier, local, packages);
      if (why !== null) problems.push(this.#unresolved(file, text, each, why));
    }
    return {
      text,
      digest: tokenDigest(tokens),
      local,
      packages,
      problems,
      places: exportPlaces(tokens),
    };
  }

  /** Notes what a specifier leads to; null, or why it leads nowhere and what to do. */
  #follow(
    file: string,
    specifier: string,
    local: string[],
    packages: string[],
  ): { readonly why: string; readonly hint: string } | null {
    if (/^(\.|\/|file:)/.test(specifier)) {
      const path = specifier.startsWith("file:")
        ? fileURLToPath(specifier)
        : resolve(dirname(file), specifier);
      if (isFile(path)) {
        local.push(path);
        return null;
      }
      const beside = isFolder(dirname(path)) ? readdirSync(dirname(path)) : [];
      const name = path.slice(dirname(path).length + 1);
      const near = beside.find((each) => each.replace(CODE, "") === name) ?? nearest(name, beside);
      const hint = near === null
        ? "check the path; it is relative to this module, ending included"
        : `did you mean ${
          JSON.stringify(specifier.slice(0, specifier.length - name.length) + near)
        }?`;
      return { why: `there is no file ${this.name(path)}`, hint };
    }
    if (specifier.startsWith("data:")) return null;
    const scheme = /^(npm|jsr|https?):/.exec(specifier)?.[1];
    if (scheme !== undefined) {
      const bare = specifier.slice(scheme.length + 1).replace(/^\//, "").replace(/(.)@[^/]*/, "$1");
      return {
        why:
          "modules are looked up in node_modules beside the project, so that they work everywhere",
        hint: scheme === "npm"
          ? `import it as ${JSON.stringify(bare)}, and install it: npm install ${bare}`
          : "copy it into the project, or install it from npm and import it by its name",
      };
    }
    const name = packageName(specifier);
    if (specifier.startsWith("#") || findPackage(name, dirname(file)) !== null) {
      packages.push(name);
      return null;
    }
    return {
      why: `there is no node_modules/${name} beside the project or above it`,
      hint: nearest(name, ["nycflow"]) === null ? `npm install ${name}` : 'did you mean "nycflow"?',
    };
  }

  #unresolved(
    file: string,
    text: string,
    token: ImportToken,
    { why, hint }: { readonly why: string; readonly hint: string },
  ): Problem {
    return problem("module-import", {
      message: `Cannot import ${JSON.stringify(token.specifier)}`,
      where: {
        file: this.name(file),
        line: token.line,
        column: token.column,
        length: token.length,
        source: text.split("\n")[token.line - 1]?.trimEnd() ?? "",
      },
      why,
      hint,
      fields: { specifier: token.specifier },
    });
  }

  /** By the lock file, which knows a package's own packages too; without one, by what is installed. */
  #packageVersion(name: string, from: string): string {
    const found = findPackage(name, from);
    if (found === null) return "";
    const root = found.slice(0, found.lastIndexOf(`${sep}node_modules${sep}`));
    let lock = this.#locks.get(root);
    if (lock === undefined) {
      const path = LOCKS.map((each) => join(root, each)).find(isFile);
      lock = path === undefined ? "" : digest(readFileSync(path, "latin1"));
      this.#locks.set(root, lock);
    }
    if (lock !== "") return lock;
    try {
      const manifest: unknown = JSON.parse(readFileSync(join(found, "package.json"), "utf8"));
      return String((manifest as { readonly version?: unknown }).version ?? "");
    } catch {
      return "";
    }
  }
}

const NOTHING: Source = {
  text: "",
  digest: "",
  local: [],
  packages: [],
  problems: [],
  places: new Map(),
};

const LOCKS = [
  "package-lock.json",
  "npm-shrinkwrap.json",
  "pnpm-lock.yaml",
  "yarn.lock",
  "bun.lock",
  "bun.lockb",
  "deno.lock",
];

function packageName(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

function findPackage(name: string, from: string): string | null {
  for (let folder = from;; folder = dirname(folder)) {
    const path = join(folder, "node_modules", name);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) return null;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
