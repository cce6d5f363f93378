// Where the installed parts of the binary lie. Deno links only what deno.json names into
// node_modules; a package's own dependencies lie beside the real folder of that package.

import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";

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

/** The folder of an installed package; `through` are the packages that lead to it. Null: absent. */
export function packageFolder(name: string, through: readonly string[] = []): string | null {
  const direct = join(CHECKOUT, "node_modules", name);
  if (existsSync(direct)) return realpathSync(direct);
  let folder: string | null = null;
  for (const step of [...through, name]) {
    const next: string = folder === null
      ? join(CHECKOUT, "node_modules", step)
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
