/**
 * What the files of the lake say of themselves, for a state store that is lost. A file that is cut short, or is none
 * of ours, is told as such and never read further.
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../core/json.ts";
import type { Limits } from "../core/order.ts";
import type { Column } from "../core/version.ts";
import { openDuckDb, type Session } from "./driver.ts";
import { readFooter } from "./footer.ts";
import { filePath } from "./sql_text.ts";

/** One version as its footer tells it. */
export interface LakeFile {
  /** Relative to the project, with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly asset: string;
  readonly partition: string;
  readonly version: string;
  readonly code: string;
  readonly checks: string;
  readonly inputs: string;
  readonly ordered: boolean;
  readonly schema: readonly Column[];
  readonly rows: number;
  readonly at: number;
}

export interface LakeLook {
  readonly files: readonly LakeFile[];
  /** Files that cannot be read, or do not say whose they are. */
  readonly unknown: readonly string[];
}

export interface LakeOptions {
  /** Absolute. */
  readonly project: string;
  /** Relative to the project. */
  readonly lake: string;
  readonly limits: Limits;
  readonly prepare: () => Promise<void>;
}

/** Reads the footer of every file. */
export async function lookAtLake(options: LakeOptions): Promise<LakeLook> {
  const { project, lake, limits, prepare } = options;
  const paths = below(project, lake);
  const files: LakeFile[] = [];
  const unknown: string[] = [];
  if (paths.length === 0) return { files, unknown };
  const db = await openDuckDb({ limits, timezone: "UTC", folder: project, prepare });
  try {
    await db.use(async (session) => {
      for (const path of paths) {
        const found = path.endsWith(".parquet") ? await fileOf(session, project, path) : null;
        if (found === null) unknown.push(path);
        else files.push(found);
      }
    });
  } finally {
    db.close();
  }
  return { files, unknown };
}

async function fileOf(session: Session, project: string, path: string): Promise<LakeFile | null> {
  const file = join(project, path);
  try {
    const said = await readFooter(session, file);
    if (said === null) return null;
    const { rows } = await session.rows(
      `select num_rows from parquet_file_metadata(${filePath(file)})`,
    );
    const count = Number(rows[0]?.[0]);
    const text = (name: string) => typeof said[name] === "string" ? said[name] as string : null;
    const [asset, partition, version] = [text("asset"), text("partition"), text("version")];
    const schema = schemaOf(said["schema"]);
    if (asset === null || partition === null || version === null || schema === null) return null;
    return {
      path,
      bytes: statSync(file).size,
      asset,
      partition,
      version,
      code: text("code") ?? "",
      checks: text("checks") ?? "",
      inputs: text("inputs") ?? "",
      ordered: said["ordered"] === true,
      schema,
      rows: count,
      at: Number(said["at"] ?? 0),
    };
  } catch {
    return null;
  }
}

function schemaOf(value: JsonObject[string] | undefined): readonly Column[] | null {
  if (!Array.isArray(value)) return null;
  const columns: Column[] = [];
  for (const each of value as readonly unknown[]) {
    if (!Array.isArray(each)) return null;
    const [name, type] = each as readonly unknown[];
    if (typeof name !== "string" || typeof type !== "string") return null;
    columns.push({ name, type });
  }
  return columns;
}

function below(project: string, folder: string): string[] {
  try {
    return readdirSync(join(project, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? below(project, path) : [path];
    }).sort();
  } catch {
    return [];
  }
}
