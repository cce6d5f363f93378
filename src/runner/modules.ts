/**
 * Imports modules of the project and knows which definition is exported where. The definitions' names follow from
 * that: an asset object in another's `deps` is found by being the same object.
 */
import { basename, join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { type Problem, problem, ProblemError, type Where } from "../core/problem/problem.ts";
import type { Read } from "../core/version.ts";
import { definitionOf, isRecord, type Live } from "../define/spec.ts";
import { type Closure, Closures } from "./closure.ts";
import type { Environment } from "./environment.ts";
import { isThrownBy, type UserCode, userProblem } from "./user_error.ts";

/** A definition as an export; members of an exported list all have the list's name. */
export interface Exported {
  readonly exportName: string;
  readonly live: Live;
  /** True for a member of a list, which must have a name of its own. */
  readonly member: boolean;
}

export interface Imported {
  readonly closure: Closure;
  readonly exports: readonly Exported[];
  readonly reads: readonly Read[];
  readonly problems: readonly Problem[];
}

/** The modules of one project in this process; each is imported once. */
export class Modules {
  readonly project: string;
  readonly environment: Environment;
  readonly #closures: Closures;
  readonly #imported = new Map<string, Promise<Imported>>();
  /** What was read while a file was first evaluated. */
  readonly #reads = new Map<string, readonly Read[]>();
  readonly #homes = new Map<Live, { readonly file: string; readonly exported: Exported }>();
  readonly #registered = new Set<string>();

  constructor(project: string, environment: Environment) {
    this.project = project;
    this.environment = environment;
    this.#closures = new Closures(project);
  }

  /** By a path relative to the project. */
  import(module: string): Promise<Imported> {
    const file = resolve(this.project, module);
    let found = this.#imported.get(file);
    if (!found) this.#imported.set(file, found = this.#import(file));
    return found;
  }

  /** The names of the assets that a definition makes, where some module exports it. */
  readonly namesOf = (live: Live): readonly string[] | null => {
    const outputs = live.options["outputs"];
    if (live.kind === "assets" || (live.kind === "shell" && isRecord(outputs))) {
      return isRecord(outputs) ? Object.keys(outputs) : [];
    }
    if (live.name !== undefined) return [live.name];
    const home = this.#homes.get(live);
    if (!home || home.exported.member) return null;
    const { exportName } = home.exported;
    return [exportName === "default" ? fileName(home.file) : exportName];
  };

  /** Where an option of an export stands, for what has no place of its own. */
  placeOf(module: string, exportName: string, option: string): Where {
    return this.#closures.placeOf(resolve(this.project, module), exportName, option);
  }

  /** Whether a module, or what it imports, uses a word at all. */
  mentions(module: string, word: string): boolean {
    return this.#closures.mentions(resolve(this.project, module), word);
  }

  /** The definition that makes an asset. Throws a `ProblemError` where the module has it no longer. */
  async find(module: string, exportName: string, asset: string): Promise<Live> {
    const { exports, problems } = await this.import(module);
    if (problems.length > 0) throw new ProblemError(problems);
    const named = exports.filter((each) => each.exportName === exportName);
    const found = named.find(({ live, member }) =>
      !member || live.name === asset || (this.namesOf(live) ?? []).includes(asset)
    );
    if (found) return found.live;
    throw new ProblemError(problem("module-import", {
      message: `Cannot find ${asset} in ${module}`,
      where: { file: module },
      why: `the module exports no definition as ${exportName} any more`,
      hint: "run it again: the module has changed meanwhile",
    }));
  }

  async #import(file: string): Promise<Imported> {
    const closure = this.#closures.of(file);
    if (closure.problems.length > 0) {
      return { closure, exports: [], reads: [], problems: closure.problems };
    }
    this.environment.begin(true);
    try {
      const exports = await this.#register(file);
      const reads = this.#attribute(closure);
      // What a local module exports may be named in `deps` here, so its home must be known.
      for (const other of closure.files.slice(1)) {
        if (/\.[cm]?[jt]sx?$/.test(other)) await this.#register(other);
      }
      return {
        closure,
        exports: exports.filter((each) => this.#isHome(file, each)),
        reads,
        problems: [],
      };
    } catch (thrown) {
      const reads = this.#attribute(closure);
      return { closure, exports: [], reads, problems: [this.#thrown(thrown, file)] };
    }
  }

  /** Imports a file and notes what it exports. */
  async #register(file: string): Promise<readonly Exported[]> {
    const namespace = await import(pathToFileURL(file).href) as Readonly<Record<string, unknown>>;
    const exports = exportsOf(namespace);
    if (!this.#registered.has(file)) {
      this.#registered.add(file);
      for (const exported of exports) {
        const before = this.#homes.get(exported.live);
        // Of several modules that export one object, the asset module is its home, not a helper.
        if (!before || (this.#isHelper(before.file) && !this.#isHelper(file))) {
          this.#homes.set(exported.live, { file, exported });
        }
      }
    }
    return exports;
  }

  /** A definition that another asset module exports too is that module's; here it only passes through. */
  #isHome(file: string, exported: Exported): boolean {
    const home = this.#homes.get(exported.live);
    return home === undefined ||
      (home.file === file && home.exported.exportName === exported.exportName);
  }

  /** Not an asset module: outside `assets/`, or hidden by its name. */
  #isHelper(file: string): boolean {
    const name = this.#closures.name(file).split("/");
    return name[0] !== "assets" ||
      name.some((part) => /^[_.]/.test(part) || part === "node_modules");
  }

  /** A file's reads are known from when it was first evaluated; a module has those of all that it imports. */
  #attribute(closure: Closure): readonly Read[] {
    const now = this.environment.end();
    for (const file of closure.files) {
      if (!this.#reads.has(file)) this.#reads.set(file, now);
    }
    const all = closure.files.flatMap((file) => this.#reads.get(file) ?? []);
    const unique = new Map(all.map((read) => [`${read.kind} ${read.name}`, read]));
    return [...unique].sort(([a], [b]) => a < b ? -1 : 1).map(([, read]) => read);
  }

  #thrown(thrown: unknown, file: string): Problem {
    const name = this.#closures.name(file);
    const user = { project: this.project };
    const found = userProblem(thrown, user, "module-throws", ...importWords(thrown, name, user));
    const lacking = lackingName(thrown);
    if (lacking !== null) {
      const where = this.#closures.placeOfImport(file, lacking) ?? { file: name };
      const from = /["']([^."'][^"']*)["']\s*;?\s*$/.exec(where.source ?? "")?.[1];
      // A package in the old form has one export, whatever it holds.
      return from === undefined || from === "nycflow"
        ? { ...found, where, why: `the module that it comes from exports no ${lacking}` }
        : {
          ...found,
          code: "module-import",
          where,
          why: `the package ${from} exports no ${lacking}`,
          hint: `take all of it (import all from "${from}"; all.${lacking}), or correct the name`,
        };
    }
    if (/ as TypeScript$/.test(found.message)) {
      return {
        ...found,
        where: { file: name, ...found.where },
        why: "it cannot be parsed from here on",
      };
    }
    return { ...found, where: { file: name, ...found.where } };
  }
}

function exportsOf(namespace: Readonly<Record<string, unknown>>): readonly Exported[] {
  const exports: Exported[] = [];
  const seen = new Set<Live>();
  // A default export that has a name too is known by the name.
  const names = Object.keys(namespace).sort((a, b) =>
    Number(a === "default") - Number(b === "default")
  );
  for (const exportName of names) {
    const value = namespace[exportName];
    const member = Array.isArray(value);
    for (const each of member ? value as readonly unknown[] : [value]) {
      const live = definitionOf(each);
      if (live === null || seen.has(live)) continue;
      seen.add(live);
      exports.push({ exportName, live, member });
    }
  }
  return exports;
}

function fileName(file: string): string {
  return basename(file).replace(/\.[cm]?[jt]sx?$/, "");
}

/** Message and hint: a module that does not parse, one that asks for what is not there, one that throws. */
function importWords(
  thrown: unknown,
  name: string,
  user: UserCode,
): [message: string, hint: string] {
  const text = thrown instanceof Error ? `${thrown.name} ${thrown.message}` : "";
  if (lackingName(thrown) !== null) {
    return [`Cannot import ${name}`, "export it there, or correct its name here"];
  }
  // A SyntaxError that code threw (JSON.parse) has a stack in the user's code; a parser's has none.
  const parsers =
    /SyntaxError|could not be parsed|BuildMessage|AggregateError|ResolveMessage/.test(text) &&
    !isThrownBy(thrown, user);
  if (parsers) {
    return [`Cannot read ${name} as TypeScript`, "correct the line"];
  }
  return [
    `Cannot import ${name}`,
    "correct it; what stands at a module's top runs whenever it is loaded",
  ];
}

/** The name that was imported from a module which does not export it; each runtime has words of its own. */
function lackingName(thrown: unknown): string | null {
  if (!(thrown instanceof SyntaxError)) return null;
  const found = /provide an export named '([^']+)'|Export named '([^']+)' not found/i.exec(
    thrown.message,
  );
  return found?.[1] ?? found?.[2] ?? null;
}

/** The absolute path of something in the project. */
export function inProject(project: string, path: string): string {
  return join(project, path.split("/").join(sep));
}
