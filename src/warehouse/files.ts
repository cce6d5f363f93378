/**
 * Files as assets: `.csv`, `.json` and `.parquet` modules, and files that a TypeScript step returns.
 * A data file in `assets/` becomes a table; a returned file is kept byte for byte, after it has
 * proven to be what it says. Decides nothing about when either is made.
 */
import { constants, copyFileSync, createReadStream, renameSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { OrderOutput, StepOrder } from "../core/order.ts";
import { inProject } from "../core/problem/in_project.ts";
import { type Problem, problem } from "../core/problem/problem.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { Column, FileFormat, VersionFile, VersionRef } from "../core/version.ts";
import { declaredTypes } from "./contract.ts";
import { Cancelled, type Session } from "./driver.ts";
import { makeFolder, syncFile } from "./durable.ts";
import { engineProblem } from "./engine_words.ts";
import { formatOf, proveBytes } from "./file_proof.ts";
import { longNumbers } from "./long_numbers.ts";
import { makeTable, type Staged, type StageHooks } from "./make.ts";
import { reader } from "./read.ts";
import { filePath } from "./sql_text.ts";
import { selectAll, sniffCsv, type Sniffed, sniffJson, withDeclared } from "./sniff.ts";

/** A file to be published as it is. */
export interface FileSource {
  /** Absolute. */
  readonly path: string;
  /** What it must prove to be; null: what its name says. */
  readonly expect: Exclude<FileFormat, "other"> | null;
  /** It is the step's own and may be moved instead of copied. */
  readonly move: boolean;
}

const RETRIED: ReadonlySet<string> = new Set(["not-the-format", "step-failed"]);

/** A `.csv`, `.json` or `.parquet` module as a table. */
export async function stageDataFile(
  session: Session,
  order: StepOrder,
  output: OrderOutput,
  hooks: StageHooks = {},
): Promise<Result<Staged, Problem>> {
  const dataFile = order.definition.dataFile ?? order.definition.origin.file;
  const path = join(order.project, dataFile);
  const what = `Cannot read ${dataFile}`;
  const format = order.definition.kind === "parquet"
    ? "parquet"
    : order.definition.kind === "json"
    ? "json"
    : "csv";
  const at = (found: Problem): Result<Staged, Problem> =>
    err(inFile(found, output.asset, dataFile, order.project));
  const bad = await proveBytes(path, format, what);
  if (bad) return at(bad);
  const declared = await declaredTypes(session, order.definition.columns);
  const attempt = async (whole: boolean): Promise<Result<Staged, Problem>> => {
    const found = await sniff(session, path, format, what, declared, whole);
    if (!found.ok) return found;
    const from = (sniffed: Sniffed) =>
      reader([versionFile(dataFile, format, 0, sniffed)], order.project);
    const make = (sniffed: Sniffed) => {
      const sql = selectAll(sniffed.schema, from(sniffed));
      const source = { sql, ordered: false, inputs: [], place: null, own: { values: {} } };
      return makeTable(session, order, output, source, hooks);
    };
    const made = await make(found.value);
    if (!made.ok || format !== "csv" || !made.value.file) return made;
    const own = found.value.schema.filter(({ name }) =>
      !declared.some((each) => each.name === name)
    );
    const parquet = join(order.project, made.value.file.path);
    const asText = (names: readonly string[]) =>
      withDeclared(found.value, names.map((name) => ({ name, type: "VARCHAR" })));
    const long = await longNumbers(session, own, parquet, (names) => from(asText(names)));
    if (long.length === 0) return made;
    const again = await make(asText(long));
    const note = `${
      long.join(", ")
    }: kept as text, since a number of so many digits would lose some`;
    return again.ok ? ok({ ...again.value, notes: [...again.value.notes, note] }) : again;
  };
  try {
    let staged = await attempt(false).catch((error: unknown) => {
      if (error instanceof Cancelled || format === "parquet") throw error;
      return null;
    });
    // What a sample of the file told did not hold: now by all of it.
    if (staged === null || (!staged.ok && RETRIED.has(staged.error.code) && format !== "parquet")) {
      staged = await attempt(true);
    }
    return staged.ok ? staged : at({ ...staged.error, message: what });
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    return at(engineProblem(error, what, { fallback: "not-the-format" }));
  }
}

/** The problem as one of a file that lies in the project: nobody fetched it, and its lines can be shown. */
function inFile(found: Problem, asset: string, file: string, project: string): Problem {
  const line = /^line (\d+)/.exec(found.why ?? "")?.[1];
  const column = line === undefined ? undefined : /, column /.test(found.why ?? "") ? undefined : 1;
  const why = inProject(found, project).why?.replaceAll(` of ${file}`, "");
  const hint = found.hint?.replace(/^fetch it again.*$/, "put a whole file in its place");
  return {
    ...found,
    ...(why === undefined ? {} : { why }),
    ...(hint === undefined ? {} : { hint }),
    where: {
      asset,
      file,
      ...(line === undefined ? {} : { line: Number(line) }),
      ...(column === undefined ? {} : { column }),
      ...found.where,
    },
  };
}

/** Moves or copies a file into the lake, proven and durable. */
export async function stageFile(
  session: Session,
  order: StepOrder,
  output: OrderOutput,
  source: FileSource,
  hooks: StageHooks = {},
): Promise<Result<Staged, Problem>> {
  const name = basename(source.path);
  const format = source.expect ?? formatOf(name);
  const what = `Cannot publish ${name} as ${output.asset}`;
  const target = `${output.target}${extensionOf(name, format)}`;
  const file = join(order.project, target);
  try {
    const bad = await proveBytes(source.path, format, what);
    if (bad) return err(bad);
    return await session.watched(hooks, async () => {
      const found = await readable(session, source.path, format, what);
      if (!found.ok) return found;
      const folders = makeFolder(file);
      takeOver(source, file);
      const bytes = await syncFile(file, folders);
      const { sniffed, rows } = found.value;
      return ok<Staged>({
        output: "file",
        file: versionFile(target, format, bytes, sniffed),
        rows,
        schema: sniffed.schema,
        ordered: false,
        metadata: {},
        notes: [],
      });
    });
  } catch (error) {
    rmSync(file, { force: true });
    if (error instanceof Cancelled) throw error;
    return err(engineProblem(error, what, { fallback: "not-the-format" }));
  }
}

/** How it is read, and how many rows it has: counted by reading it, or off a Parquet footer. */
async function readable(
  session: Session,
  path: string,
  format: FileFormat,
  what: string,
): Promise<Result<{ readonly sniffed: Sniffed; readonly rows: number }, Problem>> {
  if (format === "other") return ok({ sniffed: { reader: {}, schema: [] }, rows: 0 });
  const count = async (sniffed: Sniffed) => {
    const file = versionFile(path, format, 0, sniffed);
    // Of CSV and JSON every value is parsed, so that what is published can be read.
    const values = format === "parquet" ? "" : ", count(columns(*))";
    const { rows } = await session.rows(`select count(*)${values} from ${reader([file], "/")}`);
    return Number(rows[0]![0]);
  };
  for (const whole of [false, true]) {
    const found = await sniff(session, path, format, what, [], whole);
    if (!found.ok) return found;
    try {
      if (format === "parquet") await proveExtents(session, path);
      return ok({ sniffed: found.value, rows: await count(found.value) });
    } catch (error) {
      if (whole || format === "parquet") throw error;
    }
  }
  return err(problem("bug", { message: what }));
}

/** Every column chunk lies inside the file: a cut-out middle has a good beginning and a good end. */
async function proveExtents(session: Session, path: string): Promise<void> {
  const { rows } = await session.rows(
    `select max(coalesce(dictionary_page_offset, data_page_offset) + total_compressed_size) from parquet_metadata(${
      filePath(path)
    })`,
  );
  const end = Number(rows[0]![0] ?? 0);
  const { size } = statSync(path);
  if (end > size) {
    throw new Error(`Invalid Input Error: corrupt: its data ends at byte ${end} of ${size}`);
  }
}

/** How a file is to be read. Throws what the engine throws. */
export async function sniff(
  session: Session,
  path: string,
  format: FileFormat,
  what: string,
  declared: readonly Column[],
  whole: boolean,
): Promise<Result<Sniffed, Problem>> {
  if (format === "csv") {
    const found = await sniffCsv(session, path, what, whole);
    return found.ok ? ok(withDeclared(found.value, declared)) : found;
  }
  if (format === "json") return ok(withDeclared(await sniffJson(session, path, whole), declared));
  const schema = await session.columns(
    `from read_parquet(${filePath(path)}, hive_partitioning=false)`,
  );
  return ok({ schema, reader: {} });
}

function versionFile(
  path: string,
  format: FileFormat,
  bytes: number,
  sniffed: Sniffed,
): VersionFile {
  const options = Object.keys(sniffed.reader).length > 0 ? { reader: sniffed.reader } : {};
  return { path, format, bytes, ...options };
}

function extensionOf(name: string, format: FileFormat): string {
  const found = /(?:\.[A-Za-z0-9]{1,8})?\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0] ?? "";
  const known = /^\.(csv|tsv|txt|json|jsonl|ndjson)\.(gz|zst)$/i.exec(found)?.[0];
  if (known) return known.toLowerCase();
  const last = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0];
  return last?.toLowerCase() ?? (format === "other" ? "" : `.${format}`);
}

/** By renaming where it is the step's own, else by a copy that shares its blocks where the disk can. */
function takeOver(source: FileSource, file: string): void {
  if (source.move) {
    try {
      renameSync(source.path, file);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== "EXDEV") throw error;
    }
  }
  copyFileSync(source.path, file, constants.COPYFILE_FICLONE);
}

/** A file asset's data version is the hash of its bytes: is this the file that is published? */
export async function isSameFile(
  project: string,
  staged: Staged,
  previous: VersionRef | null,
): Promise<boolean> {
  if (!previous?.file || !staged.file || previous.output !== staged.output) return false;
  if (previous.file.bytes !== staged.file.bytes || previous.file.format !== staged.file.format) {
    return false;
  }
  try {
    const [mine, theirs] = await Promise.all([
      hashOf(join(project, staged.file.path)),
      hashOf(join(project, previous.file.path)),
    ]);
    return mine === theirs;
  } catch {
    return false; // the old file is gone or unreadable: then the new one is new
  }
}

async function hashOf(path: string): Promise<string> {
  // Loading it takes 3 ms in the binary, and only comparing files needs it.
  const { createHash } = await import("node:crypto");
  const hash = createHash("sha256");
  for await (const part of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(part);
  return hash.digest("hex");
}
