// Runs under Bun, not Deno: makes one binary from a plan that build/binary.ts leaves as a JSON file
// named by the first argument. The only file, with the loader beside it, that knows the compiler's API.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { TemplateFile } from "../src/host/embedded.ts";

/** What is to be made; all paths absolute. */
export interface CompilePlan {
  readonly checkout: string;
  readonly entry: string;
  readonly outfile: string;
  readonly target: string;
  readonly runtime: string;
  readonly duckdb: {
    readonly id: string;
    readonly files: readonly { name: string; path: string; bytes: number }[];
  };
  readonly templates: Readonly<Record<string, readonly TemplateFile[]>>;
  readonly declarations: string;
}

interface Plugins {
  onResolve(on: { filter: RegExp }, answer: () => { path: string }): void;
  onLoad(
    on: { filter: RegExp },
    answer: (file: { path: string }) => { loader: string; contents: string },
  ): void;
}
declare const Bun: {
  build(options: Record<string, unknown>): Promise<{ success: boolean; logs: unknown[] }>;
};

const plan = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as CompilePlan;
const met = new Set<string>();

/** The text that replaces src/host/embedded.ts. */
function embeddedSource(): string {
  const lines = plan.duckdb.files.map(({ path }, at) =>
    `import file${at} from ${JSON.stringify(path)} with { type: "file" };`
  );
  const files = plan.duckdb.files.map(({ name, bytes }, at) =>
    `{ name: ${JSON.stringify(name)}, source: file${at}, bytes: ${bytes} }`
  );
  lines.push(`export const embedded = {
    duckdb: { id: ${JSON.stringify(plan.duckdb.id)}, files: [${files.join(", ")}] },
    templates: ${JSON.stringify(plan.templates)},
    declarations: ${JSON.stringify(plan.declarations)},
  };`);
  return lines.join("\n");
}

const parts = {
  name: "nycflow-parts",
  setup(build: Plugins) {
    build.onLoad({ filter: /[\\/]src[\\/]host[\\/]embedded\.ts$/ }, () => {
      met.add("src/host/embedded.ts");
      return { loader: "ts", contents: embeddedSource() };
    });
    build.onResolve({ filter: /^@duckdb\/node-bindings$/ }, () => {
      met.add("@duckdb/node-bindings");
      return { path: join(plan.checkout, "build", "duckdb_loader.cjs") };
    });
    // Commander loads it for subcommands that are programs of their own, which we have none of: 2 ms at each start.
    build.onLoad({ filter: /[\\/]commander[\\/]lib[\\/]command\.js$/ }, ({ path }) => ({
      loader: "js",
      contents: readFileSync(path, "utf8").replace(
        "import childProcess from 'node:child_process';",
        "const childProcess = { spawn: (...args) => process.getBuiltinModule('node:child_process').spawn(...args) };",
      ),
    }));
    // Ink asks for it in development only, but the compiled program would look for it at start.
    build.onResolve({ filter: /^react-devtools-core$/ }, () => ({
      path: join(plan.checkout, "build", "no_devtools.js"),
    }));
  },
};

const result = await Bun.build({
  entrypoints: [plan.entry],
  target: "bun",
  format: "esm",
  bytecode: true,
  minify: false,
  // Without it a module that is only reached by `await import()` still has its `node:` imports
  // loaded at start: 12.5 ms instead of 6.5 for --version.
  splitting: true,
  throw: false,
  define: { "process.env.NODE_ENV": '"production"' },
  compile: {
    target: plan.target,
    outfile: plan.outfile,
    executablePath: plan.runtime,
    autoloadDotenv: false,
    autoloadBunfig: false,
    autoloadTsconfig: false,
    autoloadPackageJson: true,
  },
  plugins: [parts],
});
for (const log of result.logs) console.error(String(log));
for (const part of ["src/host/embedded.ts", "@duckdb/node-bindings"]) {
  if (met.has(part)) continue;
  console.error(`${plan.entry} reaches no ${part}: the binary would lack DuckDB`);
  process.exitCode = 1;
}
if (!result.success) process.exitCode = 1;
