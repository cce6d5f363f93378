/**
 * Digests of the files that steps and queries read, kept from one command to the next: a month of trips is 70 MB,
 * and is not to be read anew to find that it is the same. Losing them costs time only.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { FileDigests, type FileEntry } from "./file_digests.ts";

interface Kept {
  readonly at: number;
  readonly entries: readonly FileEntry[];
}

const NOTHING: Kept = { at: 0, entries: [] };

/** What is kept in one file, for the time of one command. */
export class ReadFiles {
  readonly #file: string;
  #kept: Kept | null = null;
  readonly #opened: FileDigests[] = [];

  /** `file`: absolute; looked at when a digest is asked for the first time. */
  constructor(file: string) {
    this.#file = file;
  }

  /** For one look: each file is compared once in its life. Paths are absolute. */
  open(): FileDigests {
    this.#kept ??= this.#read();
    const files = new FileDigests("/", this.#kept.entries, this.#kept.at, Date.now());
    this.#opened.push(files);
    return files;
  }

  /** Keeps what was found, at once or not at all; a folder that cannot be written goes without. */
  keep(): void {
    if (!this.#opened.some((each) => each.changed)) return;
    const entries = new Map((this.#kept ?? NOTHING).entries.map((each) => [each[0], each]));
    for (const each of this.#opened.flatMap((files) => files.entries())) entries.set(each[0], each);
    const part = `${this.#file}.${process.pid}`;
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      // The earliest look counts: what was touched since then is read again.
      const at = Math.min(...this.#opened.map((each) => each.at));
      writeFileSync(part, JSON.stringify({ at, entries: [...entries.values()] }));
      renameSync(part, this.#file);
    } catch {
      rmSync(part, { force: true });
    }
  }

  #read(): Kept {
    try {
      const kept = JSON.parse(readFileSync(this.#file, "utf8")) as Partial<Kept>;
      const { at, entries } = kept;
      return typeof at === "number" && Array.isArray(entries) ? { at, entries } : NOTHING;
    } catch {
      return NOTHING;
    }
  }
}
