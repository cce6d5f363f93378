/**
 * The project's salt: random, made once, kept beside the state store and never in it, so that a copied or quoted
 * store gives nothing away about the values whose digests it holds. Where it cannot be kept (a read-only
 * project) nothing is recorded either, so "" does.
 */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FILE = "salt";

/** The salt of the project whose `.nycflow` folder this is; made where there is none. */
export function projectSalt(folder: string): string {
  const path = join(folder, FILE);
  const kept = read(path);
  if (kept !== null) return kept;
  const part = `${path}.${randomHex(8)}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(part, randomHex(16), { mode: 0o600, flag: "wx" });
    // Whole or not at all, and the first of two wins: a link, unlike a rename, replaces nothing.
    linkSync(part, path);
  } catch {
    // Somebody else was first, or it cannot be written here; both show in what can be read now.
  }
  try {
    rmSync(part, { force: true });
  } catch {
    // Where its folder cannot be, it is not either.
  }
  return read(path) ?? "";
}

function read(path: string): string | null {
  try {
    const text = readFileSync(path, "utf8").trim();
    return text === "" ? null : text;
  } catch {
    return null;
  }
}

/** By the Web's crypto, which is there: loading `node:crypto` takes 3 ms in the binary, at every start. */
function randomHex(bytes: number): string {
  return [...crypto.getRandomValues(new Uint8Array(bytes))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
