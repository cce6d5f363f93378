// Makes and verifies one binary for one target; build/compile.ts is its command line and
// build/test.ts calls it when sources have changed.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { VERSION } from "../src/core/product.ts";
import { readDeclarations } from "../src/host/declarations.ts";
import { readTemplate, TEMPLATES } from "../src/host/templates.ts";
import type { CompilePlan } from "./bun.ts";
import { CHECKOUT, compilerPath, installFor, packageFolder } from "./packages.ts";
import { signed } from "./sign.ts";
import { type Target, TARGETS } from "./targets.ts";
import { Fault } from "./verify/bytes.ts";
import {
  type Carried,
  type Verified,
  verifyExecutable,
  verifyLibrary,
} from "./verify/executable.ts";
import { partFor } from "./verify/universal.ts";

/** A binary that was made and passed its checks. */
export interface Made extends Verified {
  readonly path: string;
  readonly bytes: number;
  readonly seconds: number;
}

/** The target that this machine is. */
export function hostTarget(): Target {
  const name = `${process.platform}-${process.arch}`;
  const target = TARGETS.find((each) => each.name === name);
  if (!target) throw new Error(`no binary can be made on ${name}`);
  return target;
}

/**
 * Makes the binary at `outfile`, replacing it only once everything was checked.
 * `entry` is the program's main file. Throws an Error with words fit for the terminal.
 */
export async function makeBinary(
  target: Target,
  outfile: string,
  entry: string = join(CHECKOUT, "main.ts"),
): Promise<Made> {
  const began = performance.now();
  const root = target === hostTarget() ? CHECKOUT : installFor(target);
  const runtime = partOf(root, target, target.runtimePackage, ["bun"], target.runtimePath);
  const templates: Record<string, NonNullable<Awaited<ReturnType<typeof readTemplate>>>> = {};
  for (const name of Object.keys(TEMPLATES)) {
    templates[name] = await readTemplate(name, CHECKOUT) ?? [];
  }
  const scratch = join(CHECKOUT, "dist");
  for (const each of [scratch, dirname(outfile)]) mkdirSync(each, { recursive: true });
  const folder = mkdtempSync(join(dirname(outfile), ".compile-"));
  let verified: Verified;
  try {
    const candidate = join(folder, target.executable);
    const libraries = librariesOf(root, target, folder);
    const plan: CompilePlan = {
      checkout: CHECKOUT,
      entry,
      outfile: candidate,
      target: target.compileTarget,
      runtime,
      duckdb: { id: idOf(libraries), files: libraries.map(fileOf) },
      templates,
      declarations: readDeclarations(CHECKOUT),
    };
    const compiler = compilerPath(hostTarget().runtimePackage);
    const script = join(CHECKOUT, "build", "bun.ts");
    const order = join(folder, "plan.json");
    writeFileSync(order, JSON.stringify(plan));
    const done = spawnSync(compiler, ["run", script, order], {
      // It writes its scratch files, and all paths in the bundle, from where it stands: always the
      // same place in the checkout, so that the machine's own paths are not in the binary.
      cwd: scratch,
      stdio: ["ignore", "inherit", "inherit"],
    });
    if (done.status !== 0) throw new Error(`compiling for ${target.name} failed`);
    if (target.machine.startsWith("mach-o")) {
      writeFileSync(candidate, signed(readFileSync(candidate)));
    }
    verified = verify(candidate, target, libraries);
    renameSync(candidate, outfile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const seconds = (performance.now() - began) / 1000;
  return { path: outfile, bytes: statSync(outfile).size, seconds, ...verified };
}

/** A runtime of the wrong machine is taken without an error, so the result is looked at. */
function verify(path: string, target: Target, libraries: readonly Library[]): Verified {
  let verified: Verified;
  try {
    verified = verifyExecutable(readFileSync(path), target.machine, libraries);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Error(`the binary for ${target.name} is not sound: ${error.message}`);
  }
  if (target !== hostTarget()) return verified;
  const empty = mkdtempSync(join(tmpdir(), "nycflow-compile-"));
  try {
    const said = spawnSync(path, ["--version"], { cwd: empty, env: {}, encoding: "utf8" });
    if (said.status !== 0 || !said.stdout.includes(VERSION)) {
      throw new Error(`the binary's --version failed (${said.status}): ${said.stderr}`);
    }
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
  return verified;
}

/** One of DuckDB's files, as the binary carries it. */
interface Library extends Carried {
  readonly path: string;
}

/** DuckDB's files for the target; `scratch` takes what has to be cut out of a universal one. */
function librariesOf(root: string, target: Target, scratch: string): Library[] {
  const through = ["@duckdb/node-api", "@duckdb/node-bindings"];
  return target.duckdbFiles.map((name) => {
    const path = partOf(root, target, target.duckdbPackage, through, name);
    const whole = readFileSync(path);
    try {
      const content = partFor(whole, target.machine.endsWith("arm64") ? "arm64" : "x64");
      verifyLibrary(name, content, target.machine);
      if (content.length === whole.length) return { name, path, content };
      const cut = join(scratch, name);
      writeFileSync(cut, content);
      return { name, path: cut, content };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      throw new Error(`${target.duckdbPackage} is not sound: ${error.message}`);
    }
  });
}

function idOf(libraries: readonly Library[]): string {
  const hash = createHash("sha256");
  for (const { name, content } of libraries) {
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return `duckdb-${hash.digest("hex").slice(0, 16)}`;
}

function fileOf({ name, path, content }: Library) {
  return { name, path, bytes: content.length };
}

function partOf(
  root: string,
  target: Target,
  name: string,
  through: readonly string[],
  file: string,
): string {
  const folder = packageFolder(name, through, root);
  const path = folder && join(folder, file);
  if (!path || !existsSync(path)) {
    throw new Error(`${target.name} needs ${name}, which is not installed`);
  }
  return path;
}
