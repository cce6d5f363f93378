/**
 * Which files below `assets/` are asset modules, and their groups. Looks at names and kinds of entries only;
 * opens nothing.
 */
import { lstatSync, readdirSync, realpathSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { type Problem, problem } from "../core/problem/problem.ts";

export const ASSETS = "assets";

export type ModuleKind = "sql" | "typescript" | "csv" | "parquet" | "json";

export interface FoundModule {
  /** Relative to the project, with `/`. */
  readonly file: string;
  readonly kind: ModuleKind;
  /** Folders below `assets/`, with `/`; "" for none. */
  readonly group: string;
  /** The file's name without its ending. */
  readonly name: string;
}

export interface Discovered {
  readonly modules: readonly FoundModule[];
  /** What each module's file was when it was found, so that it need not be asked again. */
  readonly stats: ReadonlyMap<string, Stats>;
  readonly problems: readonly Problem[];
  /** `assets/` is there. */
  readonly exists: boolean;
}

const KINDS: Readonly<Record<string, ModuleKind>> = {
  sql: "sql",
  ts: "typescript",
  csv: "csv",
  parquet: "parquet",
  json: "json",
};

/** Files that other tools keep beside modules. */
const NOT_MODULES =
  /(?:\.d\.ts|[._](?:test|spec|bench)\.[^.]+|\.config\.[^.]+|\.schema\.json)$|^(?:package|package-lock|deno|jsr|[jt]sconfig(?:\..+)?|biome|turbo)\.json$/i;

/** All modules of a project, by path. A folder or link that cannot be followed is a problem, and the rest is found. */
export function discover(project: string): Discovered {
  const modules: FoundModule[] = [];
  const stats = new Map<string, Stats>();
  const problems: Problem[] = [];
  const root = join(project, ASSETS);
  let exists = true;

  const enter = (folder: string, group: string, above: readonly string[]) => {
    let names;
    try {
      // Names alone: each file is asked for its times anyway, and that tells its kind too.
      names = readdirSync(folder);
    } catch (error) {
      if (group === "" && codeOf(error) === "ENOENT") exists = false;
      else problems.push(unreadable(placeOf(group), error));
      return;
    }
    for (const name of names) {
      if (name.startsWith("_") || name.startsWith(".") || name === "node_modules") continue;
      const path = `${folder}/${name}`;
      const module = moduleOf(group, name);
      const stat = look(path, `${placeOf(group)}/${name}`, module, problems);
      if (stat === null) continue;
      if (!stat.isDirectory()) {
        if (module === null || !stat.isFile()) continue;
        modules.push(module);
        stats.set(module.file, stat);
        continue;
      }
      let trail = above;
      if (lstatSync(path).isSymbolicLink()) {
        const own = above.length > 0 ? above : [realpathSync(folder)];
        const target = realpathSync(path);
        // Only what leads back to a folder that we are in never ends.
        if (own.some((each) => each === target || each.startsWith(`${target}/`))) {
          problems.push(loop(`${placeOf(group)}/${name}`));
          continue;
        }
        trail = [...own, target];
      }
      enter(path, group === "" ? name : `${group}/${name}`, trail);
    }
  };
  enter(root, "", []);
  modules.sort((a, b) => a.file < b.file ? -1 : a.file > b.file ? 1 : 0);
  return { modules, stats, problems, exists };
}

function moduleOf(group: string, name: string): FoundModule | null {
  const dot = name.lastIndexOf(".");
  const kind = dot <= 0 ? undefined : KINDS[name.slice(dot + 1).toLowerCase()];
  if (kind === undefined || NOT_MODULES.test(name)) return null;
  return { file: `${placeOf(group)}/${name}`, kind, group, name: name.slice(0, dot) };
}

function placeOf(group: string): string {
  return group === "" ? ASSETS : `${ASSETS}/${group}`;
}

function look(
  path: string,
  shown: string,
  module: FoundModule | null,
  problems: Problem[],
): Stats | null {
  try {
    return statSync(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ELOOP") problems.push(loop(shown));
    // A link that leads nowhere concerns us only where a module was to be.
    else if (module !== null) problems.push(unreadable(shown, error));
    return null;
  }
}

function loop(file: string): Problem {
  return problem("file-unreadable", {
    message: `Cannot follow the symbolic link ${file}`,
    where: { file },
    why: "it leads back to a folder that it stands in, so its end is never reached",
    hint: `remove the link, or let its name begin with _`,
  });
}

/** What reading a file or folder failed for, in four parts. */
export function unreadable(file: string, error: unknown): Problem {
  const code = codeOf(error);
  const [why, hint] = code === "EACCES" || code === "EPERM"
    ? ["its permissions do not let this user read it", `chmod u+r ${quoted(file)}`]
    : code === "ENOENT"
    ? ["it is a link that leads nowhere, or it has just been removed", "correct or remove it"]
    : code === "ENOTDIR"
    ? ["it is a file, and a folder is expected", `rename it, then: mkdir ${quoted(file)}`]
    : [
      error instanceof Error ? error.message.split("\n")[0] ?? code : code,
      "see that it can be read",
    ];
  return problem("file-unreadable", {
    message: `Cannot read ${file}`,
    where: { file },
    why,
    hint,
    fields: { code },
  });
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "UNKNOWN";
}

/** What to type first, where there is nothing. */
export function noAssets(exists: boolean, modules: number): Problem {
  return problem("no-assets", {
    message: "Cannot find any asset in this project",
    where: { file: ASSETS },
    why: !exists
      ? "there is no folder assets/"
      : modules === 0
      ? "assets/ holds no .sql, .ts, .csv, .parquet or .json file"
      : "no module in assets/ exports an asset",
    hint: modules === 0
      ? `mkdir -p assets && echo 'select 42 as answer' > assets/hello.sql`
      : "write export const NAME = asset({ … }) in one of them: only what is exported counts",
  });
}
