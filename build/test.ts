// `deno task test [FILES…]`: makes the binary if sources have changed, runs the tests against
// both forms of the program, and ends with one line of counts. Without files: all of tests/.
// The exit code is 0 only when tests ran and none failed.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { freshBinary } from "./fresh.ts";
import { type Counts, countsOf, sumLine } from "./junit.ts";
import { CHECKOUT } from "./packages.ts";

async function main(files: readonly string[]): Promise<number> {
  const env: Record<string, string | undefined> = { ...process.env };
  let broken = false;
  try {
    env["NYCFLOW_BINARY"] = await freshBinary(console.log);
  } catch (error) {
    // The other tests still say something; but a run without the binary is no success.
    console.error(`no binary: ${error instanceof Error ? error.message : String(error)}`);
    delete env["NYCFLOW_BINARY"];
    broken = true;
  }
  // Tests mostly wait for programs that they have started, so one more of them than there are cores.
  env["DENO_JOBS"] ??= String(Math.min(4, availableParallelism() + 1));
  if (!process.stdout.isTTY && !env["FORCE_COLOR"]) env["NO_COLOR"] ??= "1"; // deno colours pipes
  const folder = mkdtempSync(join(tmpdir(), "nycflow-test-"));
  try {
    const report = join(folder, "report.xml");
    const paths = files.length > 0 ? files : ["tests/"];
    const args = [
      "test",
      "-A",
      "--parallel",
      "--no-check",
      "--preload=tests/kit/seed.ts",
      `--junit-path=${report}`,
      ...paths,
    ];
    const code = await run(args, env);
    const counts = readCounts(report);
    if (counts === null) {
      console.error("the tests ended without a whole report");
      console.log(sumLine({ passed: 0, failed: 1, skipped: 0 }));
      return code || 1;
    }
    // A file that does not load, or a leak between tests, fails the run without a failed test.
    const unseen = code !== 0 && counts.failed === 0 ? 1 : 0;
    const failed = counts.failed + unseen + (broken ? 1 : 0);
    if (counts.passed + counts.failed === 0) console.error("no test was run");
    console.log(sumLine({ ...counts, failed }));
    return failed > 0 || counts.passed === 0 ? code || 1 : code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(args: readonly string[], env: Record<string, string | undefined>): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: CHECKOUT,
      env: env as NodeJS.ProcessEnv,
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("error", (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on("close", (code) => resolve(code ?? 1));
  });
}

function readCounts(report: string): Counts | null {
  try {
    return countsOf(readFileSync(report, "utf8"));
  } catch {
    return null;
  }
}

process.exitCode = await main(process.argv.slice(2));
