/**
 * `types`: what editors read, so that asset modules are completed and checked with nothing installed: the
 * declarations of `nycflow`, a type for each table, and where to find them (`tsconfig.json` for TypeScript's own
 * service, `deno.json` for Deno's). A configuration that is there is left as it is.
 */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import type { AssetDefinition } from "../core/definition.ts";
import type { AssetKey } from "../core/key.ts";
import { declarations } from "../host/declarations.ts";
import type { Column } from "../core/version.ts";
import { tablesText, type TypedTable } from "../views/table_types.ts";
import type { Session, View } from "./session.ts";

const FOLDER = ".nycflow/types";
const MODULE = `${FOLDER}/nycflow.d.ts`;
const TABLES = `${FOLDER}/tables.d.ts`;

export interface TypesWritten {
  /** Relative to the project. */
  readonly files: readonly string[];
  readonly tables: number;
  /** Assets of which no columns are known yet. */
  readonly unknown: readonly string[];
  /** Configurations that are there and do not say where the declarations are: what to add. */
  readonly missing: readonly { readonly file: string; readonly add: string }[];
}

/** Writes all of it for a project. */
export async function writeTypes(session: Session): Promise<TypesWritten> {
  const view = await session.view();
  const tables = typedTables(view);
  const known = new Set(tables.map(({ name }) => name));
  const { files, missing } = writeFor(session.project, tables);
  return {
    files,
    tables: tables.length,
    unknown: view.layout.graph.keys.filter((key) => !known.has(key)),
    missing,
  };
}

/** The same for a project that has nothing published yet. */
export function writeFor(
  project: string,
  tables: readonly TypedTable[],
): Pick<TypesWritten, "files" | "missing"> {
  const files: string[] = [];
  const missing: { file: string; add: string }[] = [];
  for (const [path, text] of [[MODULE, declarations()], [TABLES, tablesText(tables)]] as const) {
    if (put(join(project, path), text)) files.push(path);
  }
  for (const { file, text, add } of CONFIGS) {
    const path = join(project, file);
    if (!existsSync(path)) {
      writeFileSync(path, text, { flag: "wx" });
      files.push(file);
    } else if (!readFileSync(path, "utf8").includes(MODULE)) missing.push({ file, add });
  }
  return { files, missing };
}

/**
 * Writes the tables' types anew where there are some and something was published since. Done after every run, so it is
 * cheap, and never a reason to fail.
 */
export function refreshTypes(project: string, view: View): void {
  const path = join(project, TABLES);
  try {
    const { mtimeMs } = statSync(path);
    const later = [...view.state.heads.values()].some((heads) =>
      [...heads.values()].some(({ published }) => published !== null && published.at > mtimeMs)
    );
    if (!later) return;
    if (!put(path, tablesText(typedTables(view)))) utimesSync(path, new Date(), new Date());
  } catch {
    // There are none here, or they cannot be written: `nycflow types` says why.
  }
}

/** At once, and not at all where nothing differs. */
function put(path: string, text: string): boolean {
  try {
    if (readFileSync(path, "utf8") === text) return false;
  } catch {
    // not there yet
  }
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}`;
  writeFileSync(part, text);
  renameSync(part, path);
  return true;
}

/** Columns as published, else as promised. */
function typedTables({ layout, state }: View): readonly TypedTable[] {
  return layout.graph.keys.flatMap((key) => {
    const def = layout.def(key);
    const columns = publishedColumns(state.heads.get(key)) ?? promised(def);
    if (columns.length === 0) return [];
    const required = new Set([
      ...def.columns.filter((each) => !each.nullable).map((each) => each.name),
      ...def.checks.filter((each) => each.kind === "not_null" && each.blocking)
        .flatMap((each) => each.columns),
    ]);
    const about = new Map(def.columns.map((each) => [each.name, each.description ?? ""]));
    return [{
      name: key,
      description: def.description,
      columns: columns.map(({ name, type }) => ({
        name,
        type,
        description: about.get(name) ?? "",
        required: required.has(name),
      })),
    }];
  });
}

type Heads = View["state"]["heads"] extends ReadonlyMap<AssetKey, infer H> ? H : never;

/** Of several partitions those of the newest version: an older one may be of an older form. */
function publishedColumns(heads: Heads | undefined): readonly Column[] | null {
  let newest = null;
  for (const { published } of heads?.values() ?? []) {
    if (published && published.schema.length > 0 && published.output !== "chart") {
      if (newest === null || published.at > newest.at) newest = published;
    }
  }
  return newest?.schema ?? null;
}

function promised(def: AssetDefinition): readonly Column[] {
  const typed = def.columns.flatMap(({ name, type }) => type === null ? [] : [{ name, type }]);
  return typed.length === def.columns.length ? typed : [];
}

const PATHS = { nycflow: [`./${MODULE}`] };
const TSCONFIG = {
  compilerOptions: {
    target: "esnext",
    module: "esnext",
    moduleResolution: "bundler",
    lib: ["esnext", "dom"],
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
    paths: PATHS,
  },
  include: ["assets", "nycflow.config.ts", FOLDER],
};

const CONFIGS = [
  {
    file: "tsconfig.json",
    text: `${JSON.stringify(TSCONFIG, null, 2)}\n`,
    add: `"compilerOptions": { "paths": ${JSON.stringify(PATHS)} }`,
  },
  {
    file: "deno.json",
    text: `${JSON.stringify({ imports: { nycflow: `./${MODULE}` } }, null, 2)}\n`,
    add: `"imports": { "nycflow": "./${MODULE}" }`,
  },
] as const;
