// What the compiled form of a program can rely on, proven on a small one (probe/main.ts) that is
// compiled here as the real one is: embedded DuckDB, user modules, children, nothing of the
// project around it taken in.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostTarget, makeBinary } from "../../build/binary.ts";
import { readTemplate } from "../../src/host/templates.ts";
import { CHECKOUT } from "../rig/environment.ts";
import { ANSWER, writeProject } from "./project.ts";

Deno.test("the compiled form", async (t) => {
  const root = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "nycflow-binary-")));
  const binary = join(root, "probe");
  const cache = join(root, "cache");
  const run = (args: string[], env: Record<string, string> = {}, cwd = root) => {
    const said = spawnSync(binary, args, { cwd, env, encoding: "utf8", timeout: 60_000 });
    assert.equal(said.status, 0, said.stderr);
    return JSON.parse(said.stdout) as Record<string, unknown>;
  };
  try {
    await t.step("is made, and replaced only by what passed its checks", async () => {
      const probe = join(CHECKOUT, "tests/build/probe/main.ts");
      const made = await makeBinary(hostTarget(), binary, probe);
      assert.ok(made.bytes > 100e6, "it holds DuckDB");
      assert.deepEqual(fs.readdirSync(root), ["probe"], "no scratch files are left");
      fs.chmodSync(binary, 0o555);
      await assert.rejects(
        makeBinary({ ...hostTarget(), machine: "pe x64" }, binary, probe),
        /not pe x64/,
      );
      assert.deepEqual(fs.readdirSync(root), ["probe"]);
      assert.deepEqual(run(["x", "--y"]), { compiled: true, arguments: ["x", "--y"] });
    });

    await t.step("unpacks DuckDB at first use only, and runs it", () => {
      assert.equal(fs.existsSync(cache), false);
      const said = run(["duckdb"], { NYCFLOW_CACHE_DIR: cache });
      assert.deepEqual(said["rows"], [{ x: 42 }]);
      const { folder } = said["library"] as { folder: string };
      assert.ok(folder.startsWith(`${cache}/duckdb-`));
      const before = fs.statSync(join(folder, "duckdb.node")).mtimeMs;
      run(["duckdb"], { NYCFLOW_CACHE_DIR: cache });
      assert.equal(fs.statSync(join(folder, "duckdb.node")).mtimeMs, before);
    });

    await t.step("says why no place would do", () => {
      const link = join(root, "link");
      fs.symlinkSync(cache, link);
      const env = { NYCFLOW_CACHE_DIR: link, HOME: join(root, "gone"), TMPDIR: join(root, "no") };
      const { refusals } = run(["duckdb"], env) as { refusals: { reason: string }[] };
      assert.deepEqual(refusals.map(({ reason }) => /link|does not exist/.test(reason)), [
        true,
        true,
        true,
      ]);
    });

    await t.step("carries SQLite and the templates", async () => {
      assert.deepEqual(run(["sqlite"]), { x: 42 });
      assert.deepEqual(run(["templates"]), await readTemplate("taxi", CHECKOUT));
    });

    await t.step("imports user modules, nycflow, and packages beside them, in a child", () => {
      const project = writeProject(join(root, "my projéct #1"), {
        ".env": "BUN_OPTIONS=--from-the-env-file\n",
        "bunfig.toml": 'preload = ["./nowhere.ts"]\n',
        "tsconfig.json": '{"compilerOptions":{"paths":{"zod":["./nowhere.ts"]}}}',
        "package.json": '{"name":"u","type":"commonjs"}',
      });
      const elsewhere = join(root, "elsewhere");
      fs.mkdirSync(elsewhere);
      for (const cwd of [project, elsewhere]) {
        const said = run(["runner", join(project, "assets/a.ts")], { BUN_OPTIONS: "" }, cwd);
        assert.deepEqual(said, {
          answer: { out: ANSWER, input: "order", bun: null },
          log: "a user's print",
        });
      }
    });
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
});
