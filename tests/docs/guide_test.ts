// The guide's chapters as written: each in an empty folder, every file and every line of it.

import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { binaryPath, CHECKOUT, cleanEnvironment, startOf } from "../rig/environment.ts";
import { Live } from "../rig/live.ts";
import { makeRig } from "../rig/program.ts";
import { missingFrom, stepsOf } from "./guide.ts";

const GUIDE = join(CHECKOUT, "docs/guide");
const chapters = readdirSync(GUIDE).filter((name) => /^\d\d-.*\.md$/.test(name)).sort();

Deno.test("guide: the index names every chapter, in order", () => {
  const index = readFileSync(join(GUIDE, "README.md"), "utf8");
  const named = [...index.matchAll(/^\d+\. \[.*\]\((.*)\)$/gm)].map(([, name]) => name);
  assert.deepEqual(named, chapters);
  assert.equal(chapters.length, 10);
});

for (const chapter of chapters) {
  Deno.test(`guide: ${chapter}`, async () => {
    // Once, by the compiled program where there is one: what differs between the two is tested elsewhere.
    const via = binaryPath() === null ? "deno" : "binary";
    await using rig = makeRig({ via });
    const bin = join(rig.home, "bin");
    mkdirSync(bin);
    const quoted = startOf(via).map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
    writeFileSync(join(bin, "nycflow"), `#!/bin/sh\nexec ${quoted} "$@"\n`);
    chmodSync(join(bin, "nycflow"), 0o755);
    const env = cleanEnvironment(via, rig.home);
    env["PATH"] = `${bin}${delimiter}${env["PATH"]}`;
    for (const step of stepsOf(readFileSync(join(GUIDE, chapter), "utf8"))) {
      if (step.kind === "file") {
        rig.project({ [step.path]: step.text });
        continue;
      }
      const live = new Live(["/bin/sh", "-c", step.command], {
        cwd: rig.folder,
        env: step.clock === null ? env : { ...env, NYCFLOW_TEST_CLOCK: `${step.clock}/1` },
        timeout: 60_000,
      });
      live.end();
      const { code, stdout, stderr } = await live.ended;
      // Most of what is said about the work comes before its results.
      const said = `${stderr}\n${stdout}`;
      const where = `${chapter}:${step.line}\n$ ${step.command}\n${said}`;
      assert.equal(code !== 0, step.fails, `ended with ${code}: ${where}`);
      assert.ok(code !== 70, where);
      assert.equal(missingFrom(said, step.expected), null, where);
    }
  });
}
