// Where files that the binary carries are put on disk, and under which conditions a place is
// trusted: a library that is loaded from a folder others may write is their code in our process.
// Decides places, their order and each refusal; what the files are is the caller's affair.

import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import process from "node:process";

/** A folder that may take the files, and the word that led to it. */
export interface UnpackPlace {
  readonly name: string;
  readonly folder: string;
  /** A folder that must be there already; missing ones below it are made. */
  readonly within: string;
}

/** Why a place was not used, in words for `doctor`. */
export interface Refusal {
  readonly place: string;
  readonly folder: string;
  readonly reason: string;
}

/** One file to put on disk. */
export interface UnpackFile {
  readonly name: string;
  readonly bytes: number;
  /** Writes the content into an open, empty file. */
  write(descriptor: number): Promise<void>;
}

/** The folder that holds the files (null: no place would do), and what was refused before it. */
export interface Unpacked {
  readonly folder: string | null;
  readonly refusals: readonly Refusal[];
}

/** What `unpack` needs to know. `uid` is null where the system has none (Windows). */
export interface UnpackOptions {
  readonly places: readonly UnpackPlace[];
  /** Name of the folder inside the place; it must change with the content. */
  readonly id: string;
  readonly files: readonly UnpackFile[];
  readonly uid: number | null;
  /** Tries the files where they lie; a throw of `PlaceRefused` makes the next place the one. */
  accept?(folder: string): void;
}

/** Says that a place, not the files, is at fault; its message is the reason. */
export class PlaceRefused extends Error {
  override readonly name = "PlaceRefused";
}

/** The places in the order in which they are tried. `home` is asked only without HOME. */
export function unpackPlaces(
  env: Readonly<Record<string, string | undefined>>,
  host: { readonly home: () => string; readonly tmp: string; readonly uid: number | null },
): UnpackPlace[] {
  const places: UnpackPlace[] = [];
  const add = (name: string, base: string | undefined, ...rest: string[]) => {
    // A relative folder would depend on where one stands (XDG says to ignore it).
    if (base && isAbsolute(base)) places.push({ name, folder: join(base, ...rest), within: base });
  };
  const own = env["NYCFLOW_CACHE_DIR"];
  if (own && isAbsolute(own)) {
    places.push({ name: "NYCFLOW_CACHE_DIR", folder: own, within: dirname(own) });
  }
  const cache = env["XDG_CACHE_HOME"];
  if (cache && isAbsolute(cache)) {
    const folder = join(cache, "nycflow");
    places.push({ name: "XDG_CACHE_HOME", folder, within: dirname(cache) });
  }
  add("home folder", env["HOME"] ?? safely(host.home), ".cache", "nycflow");
  add("temporary folder", host.tmp, `nycflow-${host.uid ?? "user"}`);
  return places;
}

/**
 * Puts the files into the first place that can be trusted and written, or finds them there.
 * Safe to be called by several processes at once. Throws only what `accept` throws.
 */
export async function unpack(options: UnpackOptions): Promise<Unpacked> {
  const refusals: Refusal[] = [];
  for (const place of options.places) {
    const folder = join(place.folder, options.id);
    try {
      if (!existsSync(place.within)) throw new PlaceRefused(`${place.within} does not exist`);
      makeTrusted(place.folder, options.uid);
      makeTrusted(folder, options.uid);
      for (const file of options.files) await putFile(folder, file, options.uid);
      options.accept?.(folder);
      return { folder, refusals };
    } catch (error) {
      if (!(error instanceof PlaceRefused) && !isSystemError(error)) throw error;
      refusals.push({ place: place.name, folder: place.folder, reason: reasonOf(error) });
    }
  }
  return { folder: null, refusals };
}

/** Makes the folder (0700) unless it is there, and refuses one that is not ours alone to write. */
function makeTrusted(folder: string, uid: number | null): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (found.isSymbolicLink()) throw new PlaceRefused(`${folder} is a symbolic link`);
  if (!found.isDirectory()) throw new PlaceRefused(`${folder} is not a folder`);
  if (uid === null) return;
  if (found.uid !== uid) throw new PlaceRefused(`${folder} belongs to another user`);
  if (found.mode & 0o022) throw new PlaceRefused(`${folder} is writable by group or others`);
  // Whoever may write the parent may swap the folder for one of theirs, unless it is sticky.
  const parent = statSync(dirname(folder));
  if (parent.uid !== uid && parent.uid !== 0) {
    throw new PlaceRefused(`${dirname(folder)} belongs to another user`);
  }
  if (parent.mode & 0o022 && !(parent.mode & 0o1000)) {
    throw new PlaceRefused(`${dirname(folder)} is writable by group or others`);
  }
}

/** Leaves a good file alone; otherwise writes it beside and renames it over, never in place. */
async function putFile(folder: string, file: UnpackFile, uid: number | null): Promise<void> {
  const path = join(folder, file.name);
  if (isGood(path, file.bytes, uid)) return;
  if (existsSync(path) && lstatSync(path).isDirectory()) {
    throw new PlaceRefused(`${path} is a folder`);
  }
  sweep(folder);
  const part = join(folder, `.part-${process.pid}-${crypto.randomUUID()}`);
  try {
    const descriptor = openSync(part, "wx", 0o600);
    try {
      await file.write(descriptor);
      const written = fstatSync(descriptor).size;
      if (written !== file.bytes) {
        throw new PlaceRefused(`only ${written} of ${file.bytes} bytes of ${path} were written`);
      }
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    // On Windows a library in use cannot be replaced: another first start was faster, and is fine.
    if (!isGood(path, file.bytes, uid)) throw error;
  }
}

/** A later start trusts size and owner: hashing 70 MB at each start would cost more than it. */
function isGood(path: string, bytes: number, uid: number | null): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found?.isFile() || found.size !== bytes) return false;
  return uid === null || (found.uid === uid && (found.mode & 0o022) === 0);
}

/** Removes what a killed first start left, an hour later (a slow one may still be writing). */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(".part-")) continue;
    const path = join(folder, name);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found && Date.now() - found.mtimeMs > 3_600_000) rmSync(path, { force: true });
  }
}

function safely(home: () => string): string | undefined {
  try {
    return home();
  } catch {
    return undefined; // a user id without an entry in the user database has no home
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: "no permission to write there",
  EPERM: "no permission to write there",
  EROFS: "it is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "a part of the path is not a folder",
  EEXIST: "a file of that name is in the way",
};

function reasonOf(error: Error & { code?: unknown }): string {
  if (error instanceof PlaceRefused) return error.message;
  const code = String(error.code);
  return WORDS[code] ?? `${error.message} (${code})`;
}
