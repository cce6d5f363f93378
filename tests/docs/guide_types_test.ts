// Every TypeScript module of the guide, as an editor checks it: with the declarations that `init` writes.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readDeclarations } from "../../src/host/declarations.ts";
import { CHECKOUT } from "../rig/environment.ts";
import { stepsOf } from "./guide.ts";

Deno.test("guide: its modules have no type error", () => {
  const guide = join(CHECKOUT, "docs/guide");
  const folder = mkdtempSync(join(tmpdir(), "nycflow-guide-types-"));
  try {
    const put = (path: string, text: string) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    put("nycflow.d.ts", readDeclarations(`${CHECKOUT}/`));
    put("tables.d.ts", "export interface ProjectTables {}");
    put("deno.json", JSON.stringify({ imports: { nycflow: "./nycflow.d.ts" } }));
    const modules: string[] = [];
    for (const chapter of readdirSync(guide).filter((name) => /^\d\d-/.test(name))) {
      for (const [at, step] of stepsOf(readFileSync(join(guide, chapter), "utf8")).entries()) {
        if (step.kind !== "file" || !step.path.endsWith(".ts")) continue;
        // A later form of the same file stands beside the earlier one.
        modules.push(`${chapter}/${at}/${step.path}`);
        put(modules.at(-1)!, step.text);
      }
    }
    assert.ok(modules.length > 5, modules.join());
    const done = spawnSync(Deno.execPath(), ["check", ...modules], {
      cwd: folder,
      encoding: "utf8",
      env: { ...Deno.env.toObject(), NO_COLOR: "1" },
    });
    assert.equal(done.status, 0, done.stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
