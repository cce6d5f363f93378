/**
 * Writing a new project's files. Never overwrites: what is there already is named, and nothing is written then. A
 * `.gitignore` that is there is added to.
 */
import {
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { writeFor } from "./editor_types.ts";
import { writeEditorSchemas } from "./editor_schemas.ts";

/** A file to write: its text or bytes, or a file to copy. */
export type NewFile =
  | { readonly path: string; readonly text: string }
  | { readonly path: string; readonly copy: string };

export interface Initialised {
  /** As one types it from where one stands. */
  readonly dir: string;
  readonly files: readonly string[];
  /** Markdown that is shown after it was made. */
  readonly lesson: string | null;
  /** What was found out and decided, a line each. */
  readonly notes: readonly string[];
}

const IGNORED = [
  ".nycflow/",
  "charts/",
  "exports/",
  "*.duckdb",
  "*.duckdb.wal",
  ".env",
  "node_modules/",
];

/** What of these is there already, told as a problem; `again` is the command with another folder's name. */
export function refuseOverwriting(
  cwd: string,
  root: string,
  paths: readonly string[],
  again: string,
): void {
  const there = paths.filter((path) => existsSync(join(root, path)));
  if (there.length === 0) return;
  throw new ProblemError(problem("exists-already", {
    message: `Cannot make a project in ${shownDir(cwd, root)}: it would overwrite files`,
    why: `there already: ${there.slice(0, 4).join(", ")}${there.length > 4 ? " …" : ""}`,
    hint: `name another folder: ${again}`,
  }));
}

/** Writes all files and the `.gitignore`; gives the paths that were written. */
export function writeFiles(root: string, files: readonly NewFile[]): readonly string[] {
  for (const file of files) {
    const path = join(root, file.path);
    mkdirSync(dirname(path), { recursive: true });
    if ("copy" in file) {
      copyFileSync(file.copy, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    } else writeFileSync(path, file.text, { flag: "wx" });
  }
  const ignore = join(root, ".gitignore");
  if (existsSync(ignore)) addIgnored(ignore);
  else writeFileSync(ignore, `${IGNORED.join("\n")}\n`, { flag: "wx" });
  writeEditorSchemas(root);
  // So that an editor knows the module before anything has run.
  writeFor(root, []);
  return files.map(({ path }) => path);
}

/** As one types it from `cwd`. */
export function shownDir(cwd: string, root: string): string {
  return relative(cwd, root) || ".";
}

/** Adds what is missing at the end of a `.gitignore` that is there already. */
function addIgnored(file: string): void {
  const text = readFileSync(file, "utf8");
  const lines = new Set(text.split("\n").map((line) => line.trim()));
  const missing = IGNORED.filter((line) => !lines.has(line));
  if (missing.length === 0) return;
  const gap = text === "" || text.endsWith("\n") ? "" : "\n";
  writeFileSync(file, `${gap}${missing.join("\n")}\n`, { flag: "a" });
}

/** A path as a shell takes it. */
export function quoted(path: string): string {
  return /^[\p{L}\p{N}./_-]+$/u.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
