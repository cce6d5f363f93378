/** The JSON schemas of header and configuration, put where editors of the project find them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { editorSchemas } from "../loader/json_schema.ts";

/** Where they stand in a project; git leaves it out. */
export const EDITOR_FILES = ".nycflow/types";

/** Writes them anew; `project` is absolute. Gives their paths, relative to the project. */
export function writeEditorSchemas(project: string): readonly string[] {
  const folder = join(project, EDITOR_FILES);
  mkdirSync(folder, { recursive: true });
  return Object.entries(editorSchemas()).map(([name, schema]) => {
    writeFileSync(join(folder, name), `${JSON.stringify(schema, null, 2)}\n`);
    return `${EDITOR_FILES}/${name}`;
  });
}
