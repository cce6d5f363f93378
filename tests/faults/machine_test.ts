/** What the machine does to a run: a full disk, a clock that jumps, memory that several processes share. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eitherWay, makeRig } from "../rig/program.ts";
import { assertSound, timesMade } from "./sound.ts";

/** A small disk, where this user may mount one; null elsewhere. */
function smallDisk(megabytes: number): { readonly path: string; end(): void } | null {
  const path = mkdtempSync(join(tmpdir(), "nycflow-disk-"));
  const gone = () => rmSync(path, { recursive: true, force: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "none", path], {
      stdio: "ignore",
    });
  } catch {
    gone();
    return null;
  }
  return {
    path,
    end() {
      execFileSync("umount", ["-l", path], { stdio: "ignore" });
      gone();
    },
  };
}

const probe = smallDisk(1);
probe?.end();

Deno.test({
  name: "disk: full in the middle of a step: said in one word, nothing torn, and it goes on after",
  ignore: probe === null,
  async fn() {
    const disk = smallDisk(6);
    ok(disk);
    await using rig = makeRig({ via: eitherWay() });
    try {
      const folder = join(disk.path, "project");
      mkdirSync(join(folder, "assets"), { recursive: true });
      writeFileSync(join(folder, "assets/small.sql"), "select 1 as n");
      writeFileSync(
        join(folder, "assets/large.sql"),
        "select n, hash(n, random()) as h from (select unnest(range(2000000)) as n from small)",
      );
      const full = await rig.run(["-C", folder, "up", "--quiet"]);
      equal(full.code, 3, full.stderr);
      match(full.stderr, /No space left|disk is full/);
      ok(full.stderr.length < 4000, "no traceback");
      const { state } = await assertSound(folder);
      equal(state.heads.get("large" as never)?.get("" as never)?.published ?? null, null);
      const looked = await rig.run(["-C", folder, "ls"]);
      equal(looked.code, 0, looked.stderr);
      writeFileSync(join(folder, "assets/large.sql"), "select n from small");
      const after = await rig.run(["-C", folder, "up", "--quiet"]);
      equal(after.code, 0, after.stderr);
      await assertSound(folder, { settled: true, swept: true });
    } finally {
      disk.end();
    }
  },
});

Deno.test("clock: a day back and a year on: nothing is made twice, a failure does not hold for ever", async () => {
  const clock = mkdtempSync(join(tmpdir(), "nycflow-clock-"));
  const file = join(clock, "now");
  const at = (instant: string) => writeFileSync(file, instant);
  try {
    at("2024-05-02T12:00:00Z");
    await using rig = makeRig({
      via: eitherWay(),
      files: {
        "assets/a.sql": "select 1 as n",
        "assets/bad.sql": "/* @asset\nchecks:\n  - holds: n > 1\n*/\nselect n from a",
      },
      env: { NYCFLOW_TEST_CLOCK: `@${file}` },
    });
    equal((await rig.run(["up", "--quiet"])).code, 1);
    const held = await rig.run(["up", "--quiet"]);
    deepEqual([held.code, held.stderr], [0, ""], "held by its cool-down");
    at("2024-05-01T12:00:00Z");
    equal((await rig.run(["up", "--quiet"])).code, 1, "a failure in the future holds nothing");
    at("2025-05-01T12:00:00Z");
    equal((await rig.run(["up", "--quiet"])).code, 1, "its cool-down is over");
    const { events } = await assertSound(rig.folder, { settled: true, swept: true });
    deepEqual(timesMade(events), { a: 1 });
  } finally {
    rmSync(clock, { recursive: true });
  }
});

Deno.test("memory: processes that work at once share one limit", async () => {
  await using rig = makeRig({
    via: eitherWay(),
    files: {
      "nycflow.config.ts":
        'import { defineConfig } from "nycflow";\nexport default defineConfig({ warehouse: { memory: "1000MB", threads: 2 } });\n',
      "assets/alone.sql": "select current_setting('memory_limit') as said",
      "assets/shared.sql": "select current_setting('memory_limit') as said",
    },
  });
  const mib = async (asset: string) => {
    const [row] = await rig.json(["sql", `from ${asset}`, "--json"]) as { said: string }[];
    return Number.parseFloat(row?.said ?? "") * (/GiB/.test(row?.said ?? "") ? 1024 : 1);
  };
  equal((await rig.run(["run", "alone", "--quiet"])).code, 0);
  const { createLiveness } = await import("../../src/host/liveness.ts");
  const other = createLiveness(rig.path(".nycflow", "live"), {
    command: "nycflow up",
    newId: () => "another",
  });
  await other.hold();
  equal((await rig.run(["run", "shared", "--quiet"])).code, 0);
  await other.release();
  const [alone, shared] = [await mib("alone"), await mib("shared")];
  ok(Math.abs(alone / shared - 2) < 0.05, `${alone} alone, ${shared} beside another`);
});
