// `deno task ok`: everything that must hold before a change is handed on. All gates run, so that
// one sees every failure at once; any failure makes the exit code 1.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { CHECKOUT } from "./packages.ts";

const CODE = ["main.ts", "nycflow.config.ts", "src", "assets", "fixtures", "tests", "build"]
  .filter((path) => existsSync(join(CHECKOUT, path)));

// The examples of the documentation are tests like others (tests/docs), as is the floor rule
// (tests/repo): `test` runs both.
const GATES: readonly (readonly [name: string, args: readonly string[]])[] = [
  ["fmt", ["fmt", "--check"]],
  ["lint", ["lint"]],
  ["check", ["check", ...CODE]],
  ["test", ["run", "-A", "build/test.ts"]],
];

const failed: string[] = [];
for (const [name, args] of GATES) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(process.execPath, args, {
    cwd: CHECKOUT,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) failed.push(name);
}
console.log(failed.length === 0 ? "\nall is well" : `\nfailed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
