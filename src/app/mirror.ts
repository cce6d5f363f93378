/**
 * The mirror: a DuckDB file with real tables, for other clients. Brought up to date when its lock is free, otherwise
 * next time; never a reason to fail or to wait. What it holds is remembered, so that only what changed is written.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AssetKey } from "../core/key.ts";
import type { InputTable } from "../core/order.ts";
import { inProject } from "../core/problem/in_project.ts";
import type { Problem } from "../core/problem/problem.ts";
import { tablesOf } from "./look.ts";
import type { Session, View } from "./session.ts";

/** Beside the caches: which data versions of which table the mirror holds. Lost, everything is written anew. */
const MEMORY = "cache/mirror.json";

export async function bringMirror(session: Session, view: View): Promise<readonly Problem[]> {
  const { mirror } = view.loaded.project.warehouse;
  if (mirror === null) return [];
  const file = join(session.outputs, mirror);
  const memory = join(session.project, session.root, MEMORY);
  const tables = tablesOf(view).filter(isTable);
  const wanted = new Map(tables.map((table) => [table.asset as string, contentOf(table)]));
  const held = existsSync(file) ? remembered(memory) : new Map<string, string>();
  const behind = tables.filter((table) => held.get(table.asset) !== wanted.get(table.asset));
  const gone = [...held.keys()].filter((name) => !wanted.has(name)) as AssetKey[];
  if (behind.length === 0 && gone.length === 0) return [];
  const done = await (await session.warehouse()).mirror(file, behind, gone);
  if (done === "locked") return [];
  if (done !== "done") return [inProject(done, session.project)];
  mkdirSync(dirname(memory), { recursive: true });
  writeFileSync(memory, JSON.stringify({ mirror, tables: Object.fromEntries(wanted) }));
  return [];
}

/** Files that are no table, and charts, are not mirrored. */
function isTable(table: InputTable): boolean {
  return table.view !== null ||
    table.versions.some((each) =>
      each.file !== null && each.file.format !== "other" && each.output === "table"
    );
}

function contentOf(table: InputTable): string {
  const own = table.versions.map((each) => each.dataVersion).join(" ");
  if (table.view === null) return own;
  return `${own} ${table.view.sql} ${table.view.inputs.map(contentOf).join(";")}`;
}

function remembered(file: string): Map<string, string> {
  try {
    const read: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof read !== "object" || read === null || !("tables" in read)) return new Map();
    return new Map(Object.entries(read.tables as Record<string, string>));
  } catch {
    return new Map();
  }
}
