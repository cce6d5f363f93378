// The programs that are measured: nycflow and its floors, from source and compiled. Compiled ones are made here, into
// the bench's own folder, so that what is measured is what stands in the sources.

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { hostTarget, makeBinary } from "../binary.ts";
import { CHECKOUT, compilerPath, ensureInstalled } from "../packages.ts";

/** The two forms of every program. */
export type Form = "binary" | "deno";
export const FORMS: readonly Form[] = ["binary", "deno"];

/** How each is started, without its arguments. */
export interface Programs {
  readonly nycflow: Readonly<Record<Form, readonly string[]>>;
  readonly floor: Readonly<Record<Form, readonly string[]>>;
  readonly empty: Readonly<Record<Form, readonly string[]>>;
}

/** Compiles into `folder`. */
export async function makePrograms(folder: string): Promise<Programs> {
  ensureInstalled();
  const floorSource = join(CHECKOUT, "build", "bench", "floor.ts");
  const nycflow = await makeBinary(hostTarget(), join(folder, "nycflow"));
  const floor = await makeBinary(hostTarget(), join(folder, "floor"), floorSource);
  const deno = (file: string) => [process.execPath, "run", "-A", file];
  const emptySource = join(folder, "empty.ts");
  writeFileSync(emptySource, "export {};\n");
  return {
    nycflow: { binary: [nycflow.path], deno: deno(join(CHECKOUT, "main.ts")) },
    floor: { binary: [floor.path], deno: deno(floorSource) },
    empty: { binary: [compileEmpty(emptySource, join(folder, "empty"))], deno: deno(emptySource) },
  };
}

/** A program that does nothing, compiled as ours is. */
function compileEmpty(source: string, outfile: string): string {
  const compiler = compilerPath(hostTarget().runtimePackage);
  const args = ["build", "--compile", "--bytecode", "--format=esm", source, "--outfile", outfile];
  const done = spawnSync(compiler, args, { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`compiling the empty program failed: ${done.stderr}`);
  return outfile;
}
