/** `export`: what is published, as a file for others: the whole warehouse as DuckDB, or one asset as a data file. */
import { existsSync } from "node:fs";
import { basename, dirname, extname, resolve } from "node:path";
import type { InputTable } from "../core/order.ts";
import { type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import { chosenAssets } from "./choose.ts";
import { isReadable, tableOf, tablesOf } from "./look.ts";
import type { Session, View } from "./session.ts";

export interface ExportAsked {
  readonly file: string;
  /** Selection as typed; everything where empty. */
  readonly select: readonly string[];
  readonly exclude: readonly string[];
  readonly force: boolean;
}

export interface ExportDone {
  readonly file: string;
  readonly tables: number;
  readonly rows: number;
  readonly bytes: number;
  /** Assets of the selection that have no rows to export: not materialized, or files that are no table. */
  readonly left: readonly string[];
}

const FORMATS: Readonly<Record<string, "csv" | "parquet" | "json" | "geojson">> = {
  ".csv": "csv",
  ".parquet": "parquet",
  ".json": "json",
  ".geojson": "geojson",
};
const DATABASE = new Set([".duckdb", ".db", ".ddb"]);

/** Writes the file; throws where it would overwrite what it did not make. */
export async function exportFile(session: Session, asked: ExportAsked): Promise<ExportDone> {
  const file = resolve(session.host.cwd, asked.file);
  const ending = extname(file).toLowerCase();
  const view = await session.view();
  if (DATABASE.has(ending)) return await exportAll(session, view, asked, file);
  const format = FORMATS[ending];
  if (format === undefined) {
    throw new ProblemError(problem("usage", {
      message: `Cannot tell what to write into ${asked.file}`,
      why: ending === "" ? "its name has no ending" : `${ending} is no ending that is known`,
      hint:
        "end it in .duckdb for the whole warehouse; in .csv, .parquet, .json or .geojson for one asset",
    }));
  }
  const chosen = [...chosenAssets(view, asked.select, asked.exclude)];
  const [asset] = chosen;
  if (asset === undefined || chosen.length > 1 || asked.select.length === 0) {
    throw new ProblemError(problem("usage", {
      message: asked.select.length === 0
        ? `Cannot tell which asset to write into ${asked.file}`
        : `Cannot write ${chosen.length} assets into one ${ending} file`,
      why: "such a file holds one table",
      hint: `name one asset: nycflow export ${asked.file} ${
        view.layout.graph.keys.at(-1) ?? "NAME"
      }`,
    }));
  }
  if (existsSync(file) && !asked.force) {
    throw new ProblemError(problem("exists-already", {
      message: `Cannot write ${asked.file}: it is there already`,
      why: "it may be somebody's work",
      hint: "name another file, or replace it with --force",
    }));
  }
  const table = tableOf(view, asset, null);
  const warehouse = await session.warehouse();
  const done = await warehouse.write(`from "${asset}"`, [table], file, format, {
    ordered: table.versions.some((each) => each.ordered),
  });
  if (!done.ok) throw new ProblemError(ofExport(done.error, asked, file));
  return { file: asked.file, tables: 1, ...done.value, left: [] };
}

async function exportAll(
  session: Session,
  view: View,
  asked: ExportAsked,
  file: string,
): Promise<ExportDone> {
  const { mirror } = view.loaded.project.warehouse;
  if (mirror !== null && resolve(session.project, mirror) === file) {
    throw new ProblemError(problem("exists-already", {
      message: `Cannot export into ${asked.file}: it is the project's mirror`,
      why: "nycflow up keeps it up to date already",
      hint: "name another file",
    }));
  }
  const chosen = chosenAssets(view, asked.select, asked.exclude);
  const tables = tablesOf(view).filter((table) => chosen.has(table.asset) && isTable(table));
  const there = new Set(tables.map((table) => table.asset));
  const left = view.layout.graph.keys.filter((key) => chosen.has(key) && !there.has(key));
  if (tables.length === 0) {
    throw new ProblemError(problem("source-missing", {
      message: `Cannot export into ${asked.file}: there is nothing in it yet`,
      why: "none of the selected assets has been materialized as a table",
      hint: "nycflow up",
    }));
  }
  const done = await (await session.warehouse()).exportDatabase({
    file,
    part: `${file}.part-${session.host.ids.next()}`,
    tables: tables.map((table) => ({
      table,
      description: view.layout.def(table.asset).description,
    })),
    force: asked.force,
  });
  if (!done.ok) throw new ProblemError(ofExport(done.error, asked, file));
  return { file: asked.file, ...done.value, left };
}

/** What hinders a step hinders an export too, but is answered otherwise. */
export function ofExport(
  found: Problem,
  asked: Pick<ExportAsked, "file">,
  file: string,
): Problem {
  const told = { ...found, message: found.message.replace(file, asked.file) };
  if (found.code === "disk-full") {
    return { ...told, hint: "free some space, or name a file on another disk" };
  }
  if (found.code !== "no-permission") return told;
  return {
    ...told,
    why: `this user may not write into ${dirname(file)}`,
    hint: `name a file elsewhere, e.g. nycflow export ~/${basename(file)}`,
  };
}

/** Charts and files that are no table stay out. */
function isTable(table: InputTable): boolean {
  if (!isReadable(table)) return false;
  return table.view !== null || table.versions.length === 0 ||
    table.versions.some((each) =>
      each.file !== null && each.file.format !== "other" && each.output === "table"
    );
}
