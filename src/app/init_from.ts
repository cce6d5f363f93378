/**
 * A project around one's own file: the file as an asset, a typed SQL asset over it with what it promises, checks that
 * hold and a first chart. A very large file stays where it is and is read there.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, extname, join, relative, resolve, sep } from "node:path";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { prepareDuckDb } from "../host/duckdb_library.ts";
import { configOf } from "../loader/config.ts";
import { type FileLook, itemsOf, lookAtFile } from "../warehouse/look_file.ts";
import type { AppHost } from "./host.ts";
import { inUtf8 } from "./init_encoding.ts";
import { columnNames, nameFrom } from "./init_names.ts";
import { type NamedColumn, suggestedChart, suggestedChecks } from "./init_suggest.ts";
import { yaml } from "./init_yaml.ts";
import {
  type Initialised,
  type NewFile,
  quoted,
  refuseOverwriting,
  shownDir,
  writeFiles,
} from "./init_write.ts";
import { sharesFor } from "./limits.ts";

/** Larger files are read where they are. */
const LARGE = 100 * 1024 * 1024;
/** Endings that are taken, and the one that each has as an asset. */
const ENDINGS: Readonly<Record<string, "csv" | "json" | "parquet">> = {
  ".csv": "csv",
  ".tsv": "csv",
  ".txt": "csv",
  ".json": "json",
  ".jsonl": "json",
  ".ndjson": "json",
  ".parquet": "parquet",
  ".pq": "parquet",
};

/** `init --from FILE [DIR]`: no template stands before the folder. Throws where both are named. */
export function oneFolder(from: string, first: string | null, second: string | null) {
  if (second === null) return first;
  throw new ProblemError(problem("usage", {
    message: `Cannot make a project from ${from} and from the template ${first}`,
    why: "with --from only the folder is named",
    hint: `nycflow init --from ${quoted(from)} ${second}`,
  }));
}

/** Makes the project; `dir` defaults to the file's name. Throws `ProblemError`. */
export async function initFrom(
  host: AppHost,
  from: string,
  dir: string | null,
): Promise<Initialised> {
  const path = resolve(host.cwd, from);
  const what = `Cannot make a project from ${from}`;
  const ending = endingOf(path, from, what);
  const size = sizeOf(path, what);
  const large = size > LARGE;
  const scratch = mkdtempSync(join(tmpdir(), "nycflow-init-"));
  try {
    const notes: string[] = [];
    const recoded = ending === "parquet" ? null : inUtf8(path, large, what);
    if (recoded !== null) notes.push(`${basename(from)} is ${recoded.encoding}: copied as UTF-8`);
    let text = recoded?.text ?? null;
    const lookAt = (text: string | null) => {
      const looked = text === null ? path : join(scratch, `file.${ending}`);
      if (text !== null) writeFileSync(looked, text);
      return lookAtFile(looked, what, {
        limits: sharesFor(scratch, { ...configOf({}, scratch), concurrency: 1 }).own,
        timezone: "UTC",
        prepare: prepareDuckDb,
        sampled: large,
      });
    };
    let found = await lookAt(text);
    const titles = found.ok ? null : found.error.fields?.["skip"];
    if (typeof titles === "number" && !large) {
      const lines = (text ?? readFileSync(path, "utf8")).replace(/^\uFEFF/, "").split("\n");
      text = lines.slice(titles).join("\n");
      found = await lookAt(text);
      notes.push(`left out, since it is no part of the table: ${titleOf(lines.slice(0, titles))}`);
    }
    if (!found.ok) throw new ProblemError(found.error);
    const look = found.value;
    const stem = basename(path).replace(/\.[^.]+$/, "");
    const asset = nameFrom(stem, look.reserved, "data");
    const root = resolve(host.cwd, dir ?? asset);
    const names = { asset, from: basename(from), file: path, root, large };
    const files: NewFile[] = [
      { path: `assets/${asset}.sql`, text: assetText(look, names) },
      { path: "nycflow.config.ts", text: configText(asset) },
    ];
    if (!large) {
      const copied = `assets/${asset}_file.${ending}`;
      files.unshift(
        text === null ? { path: copied, copy: path } : { path: copied, text },
      );
    }
    refuseOverwriting(
      host.cwd,
      root,
      files.map((each) => each.path),
      `nycflow init --from ${quoted(from)} NAME`,
    );
    writeFiles(root, files);
    const rows = `${look.sampled ? "more than " : ""}${look.rows.toLocaleString("en")}`;
    notes.unshift(
      `${basename(from)}: ${rows} ${look.rows === 1 ? "row" : "rows"}, ${look.columns.length} ${
        look.columns.length === 1 ? "column" : "columns"
      }; see assets/${asset}.sql for types, checks and the chart`,
    );
    if (large) notes.push(`it is larger than 100 MB and is read where it is, not copied`);
    if (look.within !== null) notes.push(`its rows are the objects in "${look.within}"`);
    if (!look.header) {
      notes.push(`it has no line of names: give the columns better ones in assets/${asset}.sql`);
    }
    return {
      dir: shownDir(host.cwd, root),
      files: [...files.map((each) => each.path), ".gitignore"],
      lesson: null,
      notes,
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function endingOf(path: string, from: string, what: string): "csv" | "json" | "parquet" {
  const ending = ENDINGS[extname(path).toLowerCase()];
  if (ending !== undefined) return ending;
  const packed = /\.(gz|zst|zip|xz|bz2)$/i.test(path);
  throw new ProblemError(problem("usage", {
    message: what,
    why: `expected a file that ends with ${Object.keys(ENDINGS).join(", ")}`,
    hint: packed
      ? "unpack it first"
      : /\.xlsx?$/i.test(path)
      ? "save the sheet as CSV first"
      : /\.geojson$/i.test(path)
      ? `copy it to a file that ends with .json: cp ${quoted(from)} ${
        quoted(from.replace(/\.geojson$/i, ".json"))
      }`
      : "save or convert it as CSV, JSON or Parquet first",
  }));
}

function sizeOf(path: string, what: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile()) {
    if (found.size > 0) return found.size;
    throw new ProblemError(problem("usage", {
      message: what,
      why: "it is empty (0 bytes)",
      hint: "name a file with at least a line of names in it",
    }));
  }
  throw new ProblemError(problem("usage", {
    message: what,
    why: found === undefined ? "there is no such file" : "it is no file",
    hint: "check the path; it counts from where you stand",
  }));
}

interface Names {
  readonly asset: string;
  readonly from: string;
  readonly file: string;
  readonly root: string;
  readonly large: boolean;
}

/** The SQL asset over the file. */
function assetText(look: FileLook, { asset, from, file, root, large }: Names): string {
  const names = columnNames(look.columns.map(({ name }) => name), look.reserved);
  const columns: NamedColumn[] = look.columns.map((each, at) => ({ ...each, name: names[at]! }));
  const checks = suggestedChecks(columns, look.rows, look.sampled);
  const chart = suggestedChart(asset, columns, look.rows);
  const select = look.columns.map(({ name, cast }, at) => {
    const plain = name === names[at] ? name : `"${name.replaceAll('"', '""')}"`;
    if (cast === null) return plain === names[at] ? plain : `${plain} as ${names[at]}`;
    // A name that needs no quotes reads better without them.
    return `${name === names[at] ? cast.replaceAll(`"${name}"`, name) : cast} as ${names[at]}`;
  });
  const whole = large ? readIn(look.format, relative(root, file)) : `${asset}_file`;
  const source = look.within === null ? whole : `(select ${itemsOf(look.within)} from ${whole})`;
  // A file without rows says nothing about types.
  const promised = look.rows === 0 ? [] : [
    "columns:",
    ...columns.map(({ name, type }) =>
      `  ${yaml(name)}: ${/^[A-Z][A-Z0-9_ ]*(\(\d+,\d+\))?(\[\])*$/.test(type) ? type : yaml(type)}`
    ),
  ];
  return [
    "/* @asset",
    `description: ${yaml(`${from}, with types`)}`,
    ...promised,
    ...(checks.length === 0 ? [] : ["checks:", ...checks.map((line) => `  ${line}`)]),
    ...(chart === null ? [] : [`chart: ${chart}`]),
    "*/",
    "select",
    select.map((each) => `  ${each}`).join(",\n"),
    `from ${source}`,
    "",
  ].join("\n");
}

/** The first of the lines above a table that says something. */
function titleOf(lines: readonly string[]): string {
  const said = lines.map((line) => line.trim()).filter((line) => line !== "");
  const first = JSON.stringify((said[0] ?? "").slice(0, 60));
  return said.length < 2 ? first : `${first} and ${said.length - 1} more`;
}

function readIn(format: FileLook["format"], path: string): string {
  const text = `'${path.split(sep).join("/").replaceAll("'", "''")}'`;
  return `read_${format}(${text})`;
}

function configText(name: string): string {
  return [
    "/** What holds for the project as a whole. All of it is optional; so is this file. */",
    'import { defineConfig } from "nycflow";',
    "",
    "export default defineConfig({",
    `  name: ${JSON.stringify(name)},`,
    '  // timezone: "Europe/Berlin",',
    '  // warehouse: { mirror: "warehouse.duckdb" },',
    "});",
    "",
  ].join("\n");
}
