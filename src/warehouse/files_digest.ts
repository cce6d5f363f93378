/** What files hold, as one short text: for the reads that a step notes, to be compared with what they hold later. */
import { closeSync, globSync, openSync, readSync } from "node:fs";
import { resolve } from "node:path";
import { digestAll, Digester } from "../core/digest.ts";

/** Digest of a file's content, or of all that a pattern names; null where there is none. */
export function filesDigest(project: string, name: string): string | null {
  if (/^[a-z][a-z0-9+]+:\/\//i.test(name)) return null;
  try {
    if (!/[*?[{]/.test(name)) return fileDigest(resolve(project, name));
    const found = globSync(name, { cwd: project }).map(String).sort();
    if (found.length === 0) return null;
    return digestAll(found.flatMap((each) => [each, fileDigest(resolve(project, each))]));
  } catch {
    return null;
  }
}

function fileDigest(path: string): string {
  const digester = new Digester();
  const buffer = new Uint8Array(1 << 20);
  const descriptor = openSync(path, "r");
  try {
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer)) {
      digester.update(buffer.subarray(0, read));
    }
  } finally {
    closeSync(descriptor);
  }
  return digester.end();
}
