/**
 * Files for people: CSV, Parquet, JSON, GeoJSON. Written beside their place and renamed, so that a
 * reader meets the old file or the new one.
 */
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import { ok, type Result } from "../core/result.ts";
import { decideType } from "./column_types.ts";
import type { Session } from "./driver.ts";
import { syncFile } from "./durable.ts";
import { featureCollection } from "./geojson.ts";
import { ident, text } from "./sql_text.ts";

export type ExportFormat = "csv" | "parquet" | "json" | "geojson";

const OPTIONS: Readonly<Record<Exclude<ExportFormat, "geojson">, string>> = {
  csv: "format csv, header true",
  parquet: "format parquet",
  json: "format json, array true",
};

/** Writes a query's result. Throws what engine and disk throw; leaves nothing half-written. */
export async function writeExport(
  session: Session,
  sql: string,
  file: string,
  format: ExportFormat,
): Promise<Result<{ readonly rows: number; readonly bytes: number }, Problem>> {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (error) {
    throw folderError(error, dirname(file));
  }
  const part = partOf(file);
  try {
    let rows: number;
    if (format === "geojson") {
      const table = await session.rows(sql);
      const document = featureCollection(table, `Cannot write ${file}`);
      if (!document.ok) return document;
      rows = table.rows.length;
      writeFileSync(part, document.value);
    } else {
      const query = format === "parquet" ? await forParquet(session, sql) : sql;
      rows = await session.run(`copy (${query}\n) to ${text(part)} (${OPTIONS[format]})`);
    }
    const bytes = await syncFile(part, []);
    renameSync(part, file);
    await syncFile(file, [dirname(file)]);
    return ok({ rows, bytes });
  } catch (error) {
    throw error instanceof ProblemError ? error : diskError(error);
  } finally {
    rmSync(part, { force: true });
  }
}

/** A name beside the file that nobody else has: made here, so that two writers never share one. */
function partOf(file: string): string {
  for (let at = 0;; at++) {
    const part = join(dirname(file), `.${basename(file)}.${process.pid}-${at}.part`);
    try {
      closeSync(openSync(part, "wx"));
      return part;
    } catch (error) {
      if ((error as { code?: string }).code !== "EEXIST") throw diskError(error);
    }
  }
}

function folderError(error: unknown, folder: string): unknown {
  const code = (error as { code?: string }).code ?? "";
  if (!/^(EEXIST|ENOTDIR)$/.test(code)) return diskError(error);
  return new ProblemError(problem("export-failed", {
    message: `Cannot write into ${folder}`,
    why: "a file stands where a folder is needed",
    hint: "move that file away, or write to another path",
  }));
}

/** As `node:fs` says it, in the engine's manner, so that both are translated alike. */
function diskError(error: unknown): unknown {
  const code = (error as { code?: string }).code;
  if (code === "ENOSPC" || code === "EDQUOT") return new Error("IO Error: No space left on device");
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new Error(`IO Error: Permission denied: ${(error as Error).message}`);
  }
  return error;
}

/** Parquet would make a DOUBLE of a HUGEINT, and lose digits. */
async function forParquet(session: Session, sql: string): Promise<string> {
  const columns = await session.columns(sql);
  const list = columns.map(({ name, type }) => {
    const decided = decideType(type);
    return decided.kind === "cast"
      ? `${ident(name)}::${decided.type} as ${ident(name)}`
      : ident(name);
  });
  return columns.some(({ type }) => decideType(type).kind === "cast")
    ? `select ${list.join(", ")} from (${sql}\n)`
    : sql;
}
