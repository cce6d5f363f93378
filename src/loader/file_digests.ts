/**
 * Digests of files' contents without reading those that cannot have changed: size, times and inode are compared
 * with what they were when the digest was made. A file that was touched in the same tick as the comparison was
 * kept proves nothing, so it is read again.
 */
import { closeSync, openSync, readFileSync, readSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { digestBytes, Digester } from "../core/digest.ts";

/** Times to what all runtimes agree on: milliseconds of the content's, seconds of the inode's. */
export type FileEntry = readonly [
  path: string,
  modifiedMs: number,
  changedS: number,
  size: number,
  inode: number,
  digest: string,
];

/** Kernel clocks move in ticks of up to 10 ms, and some file systems keep whole seconds or pairs of them. */
const TICK_MS = 20;
const COARSE_MS = 2_000;
const WHOLE_READ = 1 << 20;

export class FileDigests {
  readonly #project: string;
  /** What somebody else has just looked at. */
  readonly #stats: ReadonlyMap<string, Stats>;
  readonly #known = new Map<string, FileEntry>();
  readonly #keptAt: number;
  readonly #used = new Map<string, FileEntry | null>();
  readonly #texts = new Map<string, string>();
  readonly #errors = new Map<string, unknown>();
  /** When this comparison began: what changes from now on is not in it. */
  readonly at: number;
  /** Something had to be read, or is gone: what is kept should be written anew. */
  changed = false;

  /** `known` as `entries()` gave it at `keptAt`. Paths are relative to the project. */
  constructor(
    project: string,
    known: readonly FileEntry[],
    keptAt: number,
    now: number,
    stats: ReadonlyMap<string, Stats> = new Map(),
  ) {
    this.#stats = stats;
    this.#project = project;
    for (const entry of known) this.#known.set(entry[0], entry);
    this.#keptAt = keptAt;
    this.at = now;
  }

  /** The digest of a file's content; null where it cannot be read (`errorOf` says why). */
  digest(path: string): string | null {
    const used = this.#used.get(path);
    if (used !== undefined) return used?.[5] ?? null;
    const entry = this.#look(path);
    this.#used.set(path, entry);
    return entry?.[5] ?? null;
  }

  /**
   * The same, but null too for what was touched since the comparison began: what somebody else read meanwhile may be
   * of either content, and null is never what is kept of a file that is there.
   */
  settledDigest(path: string): string | null {
    const digest = this.digest(path);
    const entry = this.#used.get(path);
    return entry && entry[1] >= this.at ? null : digest;
  }

  /** A file's text and, from now on, the digest of that very content. Read once. */
  text(path: string): string | null {
    const before = this.#texts.get(path);
    if (before !== undefined) return before;
    try {
      const stat = this.#stat(path, undefined);
      const bytes = readFileSync(join(this.#project, path));
      this.#used.set(path, [path, ...stat, digestBytes(bytes)]);
      this.changed = true;
      const text = new TextDecoder().decode(bytes);
      this.#texts.set(path, text);
      return text;
    } catch (error) {
      this.#errors.set(path, error);
      this.#used.set(path, null);
      this.changed = true;
      return null;
    }
  }

  errorOf(path: string): unknown {
    return this.#errors.get(path);
  }

  /** What was asked for, to be kept. */
  entries(): readonly FileEntry[] {
    return [...this.#used.values()].filter((each) => each !== null);
  }

  #look(path: string): FileEntry | null {
    try {
      const stat = this.#stat(path, this.#stats.get(path));
      const known = this.#known.get(path);
      if (
        known !== undefined && known[1] === stat[0] && known[2] === stat[1] &&
        known[3] === stat[2] && known[4] === stat[3] && !this.#isRacy(stat[0])
      ) return known;
      this.changed = true;
      return [path, ...stat, digestFile(join(this.#project, path), stat[2])];
    } catch (error) {
      this.#errors.set(path, error);
      if (this.#known.has(path)) this.changed = true;
      return null;
    }
  }

  #isRacy(modifiedMs: number): boolean {
    const slack = modifiedMs % 1000 === 0 ? COARSE_MS : TICK_MS;
    return modifiedMs > this.#keptAt - slack;
  }

  #stat(path: string, seen: Stats | undefined): readonly [number, number, number, number] {
    const found = seen ?? statSync(join(this.#project, path));
    if (found.isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
    return [Math.floor(found.mtimeMs), Math.floor(found.ctimeMs / 1000), found.size, found.ino];
  }
}

/** In pieces where it is large. */
export function digestFile(path: string, size: number): string {
  if (size <= WHOLE_READ) return digestBytes(readFileSync(path));
  const digester = new Digester();
  const buffer = new Uint8Array(WHOLE_READ);
  const file = openSync(path, "r");
  try {
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
      digester.update(buffer.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
  return digester.end();
}
