// Where the installed parts of the binary lie, and how those of another machine come: by the same
// deno.json and deno.lock, so that versions and hashes are pinned in one place. Deno links only
// what deno.json names into node_modules; a package's own dependencies lie beside the real folder
// of that package.

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import type { Target } from "./targets.ts";

/** The checkout's folder. */
export const CHECKOUT = dirname(import.meta.dirname!);

/** Installs what deno.json names, unless it is there: a fresh clone has no node_modules. */
export function ensureInstalled(): void {
  const needed = ["bun", "@duckdb/node-api"].map((name) => join(CHECKOUT, "node_modules", name));
  if (needed.every((path) => existsSync(path))) return;
  const done = spawnSync(process.execPath, ["install", "--quiet"], {
    cwd: CHECKOUT,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (done.status !== 0) throw new Error("deno install failed; see its words above");
}

/**
 * Installs what a binary for another machine is made of, and gives the folder whose node_modules
 * holds it. Deno checks each package against the lock file, and takes what it has fetched before
 * from its own cache.
 */
export function installFor(target: Target): string {
  const folder = join(CHECKOUT, "dist", "parts", target.name);
  mkdirSync(folder, { recursive: true });
  for (const file of ["deno.json", "deno.lock"]) {
    copyFileSync(join(CHECKOUT, file), join(folder, file));
  }
  const [os, arch] = target.name.split("-");
  const args = ["install", "--quiet", "--frozen", "--os", os!, "--arch", arch!];
  const done = spawnSync(process.execPath, args, {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (done.status !== 0) {
    throw new Error(`the parts for ${target.name} were not installed; see deno's words above`);
  }
  return folder;
}

/**
 * The folder of a package installed below `root`; `through` are the packages that lead to it.
 * Null: absent.
 */
export function packageFolder(
  name: string,
  through: readonly string[] = [],
  root: string = CHECKOUT,
): string | null {
  const direct = join(root, "node_modules", name);
  if (existsSync(direct)) return realpathSync(direct);
  let folder: string | null = null;
  for (const step of [...through, name]) {
    const next: string = folder === null
      ? join(root, "node_modules", step)
      : join(modulesOf(folder), step);
    if (!existsSync(next)) return null;
    folder = realpathSync(next);
  }
  return folder;
}

/** The node_modules folder that a package lies in (a scoped package lies one deeper). */
function modulesOf(folder: string): string {
  let at = dirname(folder);
  while (!at.endsWith("node_modules")) at = dirname(at);
  return at;
}

/** The compiler of this machine. Throws with what to do when it is not installed. */
export function compilerPath(hostPackage: string): string {
  const folder = packageFolder(hostPackage, ["bun"]);
  if (!folder) {
    throw new Error(`${hostPackage} is not installed: run \`deno install\` in the checkout`);
  }
  return join(folder, process.platform === "win32" ? "bin/bun.exe" : "bin/bun");
}
