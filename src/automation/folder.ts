/**
 * A watched folder: which files there are, what each asks for, and where those go that ask for nothing. Files that ask
 * for something stay where they are; what they asked for is in the log. A folder that is not there holds no files.
 */
import {
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileKey, readRequest } from "../core/automation/request.ts";
import type { AssetDefinition } from "../core/definition.ts";
import type { JsonObject } from "../core/json.ts";
import type { PartitionKey } from "../core/key.ts";

export interface GoodFile {
  /** Relative to the project. */
  readonly file: string;
  readonly key: PartitionKey;
  readonly settings: JsonObject;
}

export interface BadFile {
  readonly file: string;
  readonly why: string;
}

/** Larger ones are no request; nobody writes that much by hand. */
const LARGEST = 4 * 1024 * 1024;
/** How long a file must have stayed as it is before it is refused for being cut short. */
const SETTLED_MS = 150;

/** Reads all that match. `settle` waits so many milliseconds, for files that are perhaps still being written. */
export async function readFolder(
  project: string,
  pattern: string,
  target: AssetDefinition | null,
  settle: (ms: number) => Promise<void>,
): Promise<{ readonly good: readonly GoodFile[]; readonly bad: readonly BadFile[] }> {
  const good: GoodFile[] = [];
  const bad: BadFile[] = [];
  const open: { readonly file: string; readonly text: string; readonly why: string }[] = [];
  for (const file of matching(project, pattern)) {
    const found = look(project, file, target);
    if (found === null) continue;
    if (found.kind === "good") good.push(found.file);
    else if (found.kind === "bad") bad.push(found.file);
    else open.push(found);
  }
  if (open.length > 0) {
    await settle(SETTLED_MS);
    for (const before of open) {
      const found = look(project, before.file, target);
      if (found === null) continue;
      if (found.kind === "good") good.push(found.file);
      else if (found.kind === "bad") bad.push(found.file);
      // It grows: the next look will tell.
      else if (found.text === before.text) bad.push({ file: before.file, why: before.why });
    }
  }
  return { good, bad };
}

/** Paths relative to the project, with `/`, sorted; never below a `rejected` folder. */
export function matching(project: string, pattern: string): readonly string[] {
  try {
    return globSync(pattern, { cwd: project }).map((each) => String(each).replaceAll("\\", "/"))
      .filter((each) => !each.split("/").includes(REJECTED))
      .sort();
  } catch {
    return [];
  }
}

type Look =
  | { readonly kind: "good"; readonly file: GoodFile }
  | { readonly kind: "bad"; readonly file: BadFile }
  | { readonly kind: "open"; readonly file: string; readonly text: string; readonly why: string }
  | null;

function look(project: string, file: string, target: AssetDefinition | null): Look {
  const path = join(project, file);
  let text: string;
  try {
    const { size } = statSync(path);
    if (!/\.json$/i.test(file)) {
      const { mtimeMs } = statSync(path);
      return good(file, `${size} ${mtimeMs}`, { path: file });
    }
    if (size > LARGEST) return { kind: "bad", file: { file, why: `it is larger than 4 MB` } };
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const code = "code" in error ? error.code : "";
    // Gone between the listing and now, or a folder.
    if (code === "ENOENT" || code === "EISDIR") return null;
    return { kind: "bad", file: { file, why: `it cannot be read: ${error.message}` } };
  }
  const read = readRequest(text, target);
  if (read.ok) return good(file, text, read.settings);
  return read.open
    ? { kind: "open", file, text, why: read.why }
    : { kind: "bad", file: { file, why: read.why } };
}

function good(file: string, content: string, settings: JsonObject): Look {
  return { kind: "good", file: { file, key: fileKey(basename(file), content), settings } };
}

const REJECTED = "rejected";

/**
 * Sets a file aside, its reason beside it: the reason first, so that a kill in between leaves a file that is set aside
 * the next time. Gives where it is now, or why it could not be moved.
 */
export function reject(
  project: string,
  { file, why }: BadFile,
): { readonly to: string } | { readonly stays: string } {
  const folder = join(dirname(file), REJECTED);
  try {
    mkdirSync(join(project, folder), { recursive: true });
    const text = `${file} was not accepted: ${why}\n\nCorrect it and put it back into ${
      dirname(file)
    }/.\n`;
    const { name, reason } = freeName(project, folder, basename(file));
    if (!exists(join(project, file))) return { stays: "ENOENT: it is gone" };
    writeFileSync(join(project, reason), text);
    try {
      renameSync(join(project, file), join(project, name));
    } catch (error) {
      // Another process was quicker: a reason without its file would only confuse.
      if (!exists(join(project, name))) rmSync(join(project, reason), { force: true });
      throw error;
    }
    return { to: name };
  } catch (error) {
    return { stays: error instanceof Error ? error.message : String(error) };
  }
}

/** Whatever was set aside before under this name stays. */
function freeName(project: string, folder: string, name: string) {
  for (let n = 1;; n++) {
    const own = n === 1 ? name : name.replace(/(\.[^.]*)?$/, `-${n}$1`);
    // A reason without its file is from before a kill, and is written again.
    if (!exists(join(project, folder, own))) {
      return { name: `${folder}/${own}`, reason: `${folder}/${own}.reason.txt` };
    }
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
