// A small program that uses each mechanism of the compiled form once; compiled by binary_test.ts.

import { spawn } from "node:child_process";
import { writeSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { VERSION } from "../../../src/core/product.ts";
import { duckDbLibrary, DuckDbUnavailable } from "../../../src/host/duckdb_library.ts";
import { isCompiled, roleOf, selfCommand } from "../../../src/host/self.ts";
import { templateFiles } from "../../../src/host/templates.ts";
import { provideNycflow } from "../../../src/runner/resolve_nycflow.ts";

const { role, args } = roleOf(process.argv.slice(2));

async function duckDb(): Promise<unknown> {
  try {
    const library = await duckDbLibrary();
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const rows = (await connection.runAndReadAll("select 42 as x")).getRowObjectsJson();
    return { library, rows };
  } catch (error) {
    if (!(error instanceof DuckDbUnavailable)) throw error;
    return { refusals: error.refusals };
  }
}

/** Answers on a channel of its own, so that what a module prints stays apart. */
async function runner(module: string): Promise<void> {
  provideNycflow({ asset: () => "ours" });
  let input = "";
  for await (const part of process.stdin) input += String(part);
  console.log("a user's print");
  const { out } = await import(pathToFileURL(module).href);
  writeSync(3, JSON.stringify({ out, input, bun: process.env["BUN_OPTIONS"] ?? null }));
  process.exit(0);
}

function parent(module: string): Promise<unknown> {
  const { command, args, env } = selfCommand("runner", [module]);
  const child = spawn(command, args, {
    env: { ...env },
    stdio: ["pipe", "pipe", "inherit", "pipe"],
    detached: true,
  });
  let answer = "";
  let log = "";
  child.stdio[3]!.on("data", (part) => answer += String(part));
  child.stdout!.on("data", (part) => log += String(part));
  child.stdin!.end("order");
  return new Promise((resolve) =>
    child.on("close", () => resolve({ answer: JSON.parse(answer), log: log.trim() }))
  );
}

async function sqlite(): Promise<unknown> {
  const { DatabaseSync } = await import("node:sqlite");
  using database = new DatabaseSync(":memory:");
  return { ...database.prepare("select 6 * 7 as x").get() };
}

const show = (value: unknown) => console.log(JSON.stringify(value));
if (role === "runner") await runner(args[0]!);
else if (args[0] === "--version") console.log(VERSION);
else if (args[0] === "duckdb") show(await duckDb());
else if (args[0] === "sqlite") show(await sqlite());
else if (args[0] === "templates") show(await templateFiles("taxi"));
else if (args[0] === "runner") show(await parent(args[1]!));
else show({ compiled: isCompiled(), arguments: args });
