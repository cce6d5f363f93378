// The environment in which tests start the program: nothing of the tester's own, so that a test
// says the same on every machine.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";

/** The checkout's folder. */
export const CHECKOUT = join(import.meta.dirname!, "../..");

/** How the program is started: from source, or the compiled file named by NYCFLOW_BINARY. */
export type Via = "deno" | "binary";

/** The compiled program, when the tests were given one. */
export function binaryPath(): string | null {
  return process.env["NYCFLOW_BINARY"] || null;
}

/** The command line's beginning. */
export function startOf(via: Via): readonly string[] {
  if (via === "deno") return [Deno.execPath(), "run", "-A", join(CHECKOUT, "main.ts")];
  const binary = binaryPath();
  if (!binary) throw new Error("NYCFLOW_BINARY names no binary: run `deno task test`");
  return [binary];
}

/**
 * A clean environment with `home` as HOME and TMPDIR's parent. DuckDB is unpacked once for all
 * tests, beside the binary, unless `ownCache` is asked for: 70 MB for each test would cost more
 * than the tests.
 */
export function cleanEnvironment(
  via: Via,
  home: string,
  options: { readonly color?: boolean; readonly ownCache?: boolean } = {},
): Record<string, string> {
  const env: Record<string, string> = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    // Where the machine stands must not matter: the soak says other zones.
    TZ: process.env["NYCFLOW_TEST_TZ"] ?? "UTC",
    LANG: "C.UTF-8",
  };
  if (!options.color) env["NO_COLOR"] = "1";
  if (via === "deno") env["DENO_DIR"] = denoDir();
  if (via === "binary" && !options.ownCache) {
    env["NYCFLOW_CACHE_DIR"] = join(CHECKOUT, "dist", "test-cache");
  }
  return env;
}

let knownDenoDir: string | undefined;

/** Where this Deno keeps packages; HOME no longer tells, since each test has its own. */
function denoDir(): string {
  knownDenoDir ??= process.env["DENO_DIR"] ?? askDenoDir();
  return knownDenoDir;
}

function askDenoDir(): string {
  const said = spawnSync(Deno.execPath(), ["info", "--json"], { encoding: "utf8" });
  return (JSON.parse(said.stdout) as { denoDir: string }).denoDir;
}
