/**
 * Makes sure that a file, and the folders that were made for it, outlive a power cut before anybody
 * is told of it. Decides what is synced; not what is written.
 */
import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import process from "node:process";

// Above this the disk is busy for long enough that other steps of this process would stand still.
const SYNC_AT_ONCE = 4 * 1024 * 1024;

/** Makes the folder of `file`; gives the folders that are new, to be synced with it. */
export function makeFolder(file: string): readonly string[] {
  const folder = dirname(resolve(file));
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined) return [folder];
  // The first new folder's name stands in the one above it.
  const last = dirname(resolve(first));
  const folders: string[] = [];
  for (let each = folder;; each = dirname(each)) {
    folders.push(each);
    if (each === last || each === dirname(each)) return folders;
  }
}

/**
 * Makes many folders at once, and has their names outlive a power cut: whoever then writes a file into one of them has
 * that file and that folder to sync alone. A folder that is made between two syncs waits for the journal of the first
 * (a millisecond each on ext4); a thousand together wait once.
 */
export function makeFolders(folders: readonly string[]): void {
  const above = new Set<string>();
  for (const each of folders) {
    const folder = resolve(each);
    const first = mkdirSync(folder, { recursive: true });
    if (first === undefined) continue;
    const last = dirname(resolve(first));
    for (let parent = dirname(folder);; parent = dirname(parent)) {
      above.add(parent);
      if (parent === last || parent === dirname(parent)) break;
    }
  }
  for (const folder of above) syncFolder(folder);
}

/** Syncs a file and these folders; gives the file's size in bytes. */
export async function syncFile(file: string, folders: readonly string[]): Promise<number> {
  let bytes: number;
  const descriptor = openSync(file, "r");
  try {
    bytes = fstatSync(descriptor).size;
    if (bytes <= SYNC_AT_ONCE) fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  if (bytes > SYNC_AT_ONCE) {
    const handle = await open(file, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
  for (const folder of folders) syncFolder(folder);
  return bytes;
}

function syncFolder(folder: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(folder, "r");
  } catch (error) {
    // Windows has no handle to a folder's entries; its file systems journal them.
    if (process.platform === "win32") return;
    throw error;
  }
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
