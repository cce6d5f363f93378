// How this program starts itself again as a child, and how the child knows what it is. Decides
// the command line in both forms (from source, compiled); starting and talking is not done here.

import { fileURLToPath } from "node:url";
import process from "node:process";
import { embedded } from "./embedded.ts";

/** `runner`: where user code lives. `cli`: the commands, as a person would type them. */
export type SelfRole = "runner" | "cli";

/** A command to spawn. */
export interface SelfCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What `selfCommand` depends on; the defaults are this process. */
export interface SelfHost {
  readonly compiled: boolean;
  readonly execPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The checkout's folder as a URL; only used from source. */
  readonly checkout: URL;
}

// No command of the program begins with underscores, and `--help` shows it nowhere.
const RUNNER = "__runner";

/** True in the binary, false from source. */
export function isCompiled(): boolean {
  return embedded !== null;
}

/**
 * How to start this program again. From source the child gets an import map of its own with
 * `nycflow` alone, and no configuration: so the bare names in user modules are looked up in the
 * node_modules beside them, as in the binary, whatever deno.json or package.json the project has
 * and wherever it lies, while the program's own are found in the checkout's node_modules.
 */
export function selfCommand(
  role: SelfRole,
  args: readonly string[],
  host: SelfHost = thisProcess(),
): SelfCommand {
  const own = role === "runner" ? [RUNNER, ...args] : args;
  const env = childEnvironment(host.env);
  if (host.compiled) return { command: host.execPath, args: own, env };
  const path = (name: string) => fileURLToPath(new URL(name, host.checkout));
  const flags = [
    "run",
    "--allow-all",
    "--no-check",
    "--quiet",
    "--no-config",
    "--no-lock",
    "--node-modules-dir=manual",
    `--import-map=${path("src/runner/imports.json")}`,
  ];
  return { command: host.execPath, args: [...flags, path("main.ts"), ...own], env };
}

/** What a started process is to be, read off its arguments (without runtime and script). */
export function roleOf(argv: readonly string[]): { role: SelfRole; args: readonly string[] } {
  if (argv[0] === RUNNER) return { role: "runner", args: argv.slice(1) };
  return { role: "cli", args: argv };
}

/** The environment for a child: without `BUN_*`, which would steer a compiled program. */
export function childEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !name.startsWith("BUN_")) kept[name] = value;
  }
  return kept;
}

function thisProcess(): SelfHost {
  return {
    compiled: isCompiled(),
    execPath: process.execPath,
    env: process.env,
    checkout: new URL("../../", import.meta.url),
  };
}
