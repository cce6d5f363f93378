// The children that the program starts, from source: whatever project they run in, `nycflow` is
// ours and every other bare name is the project's own. (Compiled: tests/build/binary_test.ts.)

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { childEnvironment, roleOf, selfCommand, type SelfHost } from "../../src/host/self.ts";
import { CHECKOUT } from "../rig/environment.ts";
import { ANSWER, writeProject } from "../build/project.ts";

function hostAt(folder: string, compiled = false): SelfHost {
  return {
    compiled,
    execPath: process.execPath,
    env: { ...process.env, BUN_OPTIONS: "--x" },
    checkout: pathToFileURL(`${folder}/`),
  };
}

Deno.test("a child knows its role from its arguments, and people cannot give one by accident", () => {
  const { args } = selfCommand("runner", ["a", "--b"], hostAt("/x", true));
  assert.deepEqual(roleOf(args), { role: "runner", args: ["a", "--b"] });
  const cli = selfCommand("cli", ["up", "--once"], hostAt("/x", true));
  assert.deepEqual(roleOf(cli.args), { role: "cli", args: ["up", "--once"] });
  assert.deepEqual(roleOf([]), { role: "cli", args: [] });
});

Deno.test("children get no BUN_ variables: they would steer a compiled program", () => {
  const env = { BUN_BE_BUN: "1", BUN_OPTIONS: "--x", PATH: "/bin", HOME: undefined, MY_BUN_: "y" };
  assert.deepEqual(childEnvironment(env), { PATH: "/bin", MY_BUN_: "y" });
});

const PROJECTS: readonly [name: string, files: Record<string, string>][] = [
  ["nothing else", {}],
  ["a package.json", { "package.json": '{"name":"u","type":"commonjs"}' }],
  ["a deno.json with an import map", {
    "deno.json": '{"imports":{"nycflow":"./other.ts","zod":"npm:zod@3.0.0"}}',
  }],
  ["a deno.json without node_modules", { "deno.json": '{"nodeModulesDir":"none","lock":true}' }],
  ["a broken deno.json", { "deno.json": "{" }],
];

for (const [name, files] of PROJECTS) {
  Deno.test(`user modules find nycflow and their own packages, in a project with ${name}`, () => {
    const root = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "nycflow-self-")));
    try {
      const program = join(root, "program");
      fs.mkdirSync(join(program, "src/runner"), { recursive: true });
      fs.copyFileSync(
        join(CHECKOUT, "src/runner/imports.json"),
        join(program, "src/runner/imports.json"),
      );
      fs.writeFileSync(join(program, "src/mod.ts"), 'export const asset = () => "ours";');
      fs.symlinkSync(join(CHECKOUT, "node_modules"), join(program, "node_modules"));
      fs.writeFileSync(
        join(program, "main.ts"),
        `import process from "node:process"; import { z } from "zod";
         const { out } = await import(process.argv.at(-1)!);
         console.log(JSON.stringify({ out, ours: typeof z.object }));`,
      );
      const project = writeProject(join(root, "my projéct #1"), files);
      const module = pathToFileURL(join(project, "assets/a.ts")).href;
      const { command, args, env } = selfCommand("runner", [module], hostAt(program));
      const before = fs.readdirSync(project).sort();
      const said = spawnSync(command, args, { cwd: project, env, encoding: "utf8" });
      assert.equal(said.stderr, "");
      assert.deepEqual(JSON.parse(said.stdout), { out: ANSWER, ours: "function" });
      assert.deepEqual(fs.readdirSync(project).sort(), before, "the project is left alone");
    } finally {
      fs.rmSync(root, { recursive: true, force: true });
    }
  });
}
