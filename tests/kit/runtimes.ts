/** The two runtimes that the program must run under, for tests that start small processes of their own. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface Runtime {
  readonly name: "deno" | "bun";
  readonly command: readonly string[];
}

/** Deno, and Bun where the packages for this machine are installed (the binary is built with it). */
export function runtimes(): readonly Runtime[] {
  const found: Runtime[] = [{
    name: "deno",
    command: [process.execPath, "run", "-A", "--no-check", "--quiet"],
  }];
  const packages = fileURLToPath(new URL("../../node_modules/.deno", import.meta.url));
  const arch = process.arch === "arm64" ? "aarch64" : process.arch;
  const name = `bun-${process.platform}-${arch}`;
  const folder = existsSync(packages)
    ? readdirSync(packages).find((each) => each.startsWith(`@oven+${name}@`))
    : undefined;
  const bun = join(packages, folder ?? "", "node_modules", "@oven", name, "bin", "bun");
  if (folder !== undefined && existsSync(bun)) found.push({ name: "bun", command: [bun] });
  return found;
}

export interface Child {
  readonly process: ChildProcess;
  /** Deno's own `kill` of a child closes its standard input as well, and works only once. */
  signal(signal: NodeJS.Signals): void;
  /** The next line that it prints; rejects where it ends before. */
  line(): Promise<string>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
}

/** Starts a script; what it writes to standard error is told when it ends too early. */
export function start(runtime: Runtime, script: string, args: readonly string[]): Child {
  const [command = "", ...before] = runtime.command;
  const child = spawn(command, [...before, script, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (data) => errors += String(data));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<number | string | null>((resolve) =>
    child.on("close", (code, signal) => resolve(code ?? signal))
  );
  return {
    process: child,
    signal(signal) {
      if (child.pid !== undefined) process.kill(child.pid, signal);
    },
    ended,
    async line() {
      const next = await lines.next();
      if (next.done) throw new Error(`${runtime.name} ended: ${errors}`);
      return next.value;
    },
  };
}
