// Makes and verifies one binary for one target; build/compile.ts is its command line and
// build/test.ts calls it when sources have changed.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
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
import { CHECKOUT, compilerPath, packageFolder } from "./packages.ts";
import { machineOf, type Target, TARGETS } from "./targets.ts";

/** A binary that was made and passed its checks. */
export interface Made {
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
  const runtime = partOf(target, target.runtimePackage, ["bun"], target.runtimePath);
  const templates: Record<string, NonNullable<Awaited<ReturnType<typeof readTemplate>>>> = {};
  for (const name of Object.keys(TEMPLATES)) {
    templates[name] = await readTemplate(name, CHECKOUT) ?? [];
  }
  const scratch = join(CHECKOUT, "dist");
  for (const each of [scratch, dirname(outfile)]) mkdirSync(each, { recursive: true });
  const folder = mkdtempSync(join(dirname(outfile), ".compile-"));
  try {
    const candidate = join(folder, target.executable);
    const plan: CompilePlan = {
      checkout: CHECKOUT,
      entry,
      outfile: candidate,
      target: target.compileTarget,
      runtime,
      duckdb: duckdbOf(target),
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
    verify(candidate, target);
    renameSync(candidate, outfile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const seconds = (performance.now() - began) / 1000;
  return { path: outfile, bytes: statSync(outfile).size, seconds };
}

/** A runtime of the wrong machine is taken without an error, so the result is looked at. */
function verify(path: string, target: Target): void {
  const head = new Uint8Array(1024);
  const file = openSync(path, "r");
  try {
    readSync(file, head);
  } finally {
    closeSync(file);
  }
  const machine = machineOf(head);
  if (machine !== target.machine) {
    throw new Error(`${target.name}: made ${machine ?? "no executable"}, not ${target.machine}`);
  }
  if (target !== hostTarget()) return;
  const empty = mkdtempSync(join(tmpdir(), "nycflow-compile-"));
  try {
    const said = spawnSync(path, ["--version"], { cwd: empty, env: {}, encoding: "utf8" });
    if (said.status !== 0 || !said.stdout.includes(VERSION)) {
      throw new Error(`the binary's --version failed (${said.status}): ${said.stderr}`);
    }
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
}

function duckdbOf(target: Target): CompilePlan["duckdb"] {
  const hash = createHash("sha256");
  const through = ["@duckdb/node-api", "@duckdb/node-bindings"];
  const files = target.duckdbFiles.map((name) => {
    const path = partOf(target, target.duckdbPackage, through, name);
    const content = readFileSync(path);
    hash.update(`${name}\0${content.length}\0`).update(content);
    return { name, path, bytes: content.length };
  });
  return { id: `duckdb-${hash.digest("hex").slice(0, 16)}`, files };
}

function partOf(target: Target, name: string, through: readonly string[], file: string): string {
  const folder = packageFolder(name, through);
  const path = folder && join(folder, file);
  if (!path || !existsSync(path)) {
    throw new Error(`${target.name} needs ${name}, which is not installed here`);
  }
  return path;
}
