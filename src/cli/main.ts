/**
 * argv → options → one command → exit code. The door around every command: whatever goes wrong below becomes a
 * problem on stderr (or a document on stdout with `--json`) and an exit code here, and nowhere else.
 */
import { exitCodeOf, type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import { VERSION } from "../core/product.ts";
import { openOutput, PipeClosed } from "./output.ts";
import process from "node:process";

/** Runs one command line; gives the exit code. Never throws. */
export async function main(argv: readonly string[]): Promise<number> {
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    return await printVersion();
  }
  const json = argv.includes("--json");
  const verbose = argv.includes("--verbose");
  try {
    const { parse } = await import("./program.ts");
    return await parse(argv);
  } catch (error) {
    if (error instanceof PipeClosed) return 0;
    return await tell(error, { json, verbose });
  }
}

async function printVersion(): Promise<number> {
  const { writeSync } = await import("node:fs");
  writeSync(1, `nycflow ${VERSION}\n`);
  return 0;
}

async function tell(
  error: unknown,
  how: { readonly json: boolean; readonly verbose: boolean },
): Promise<number> {
  const found = problemsOf(error);
  const { problemDocument, problemsText } = await import("../views/problem.ts");
  const output = openOutput({ env: process.env, color: "auto" });
  try {
    if (how.json) output.out(JSON.stringify(problemDocument(found)));
    else output.err(problemsText(found, output.errStyle, output.columns));
    if (how.verbose && error instanceof Error && error.stack) output.err(error.stack);
  } catch (second) {
    if (!(second instanceof PipeClosed)) throw second;
  }
  return (error instanceof ProblemError ? error.exit : null) ?? exitCodeOf(found);
}

function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof ProblemError) return error.problems;
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOSPC" || code === "EDQUOT") {
    return [problem("disk-full", {
      message: "Cannot write to the disk",
      why: "it is full",
      hint: "free some space and run the command again; what was published stays as it was",
    })];
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return [problem("no-permission", {
      message: "Cannot work here",
      why: `this user may not use ${/'([^']*)'/.exec(message)?.[1] ?? "a file"}${
        code === "EROFS" ? ": its disk is mounted read-only" : ""
      }`,
      hint: "check who owns the project folder and whether it may be written",
    })];
  }
  return [problem("bug", {
    message: "Cannot go on: nycflow met a condition that it does not know",
    why: message,
    hint:
      "this is a bug of nycflow; run the command again with --verbose and report what it prints",
  })];
}
