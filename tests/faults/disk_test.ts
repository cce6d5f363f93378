/** A disk that is full: at any write the same one word, nothing torn, nothing lost, and it goes on once there is room. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { canMount, smallDisk } from "../../build/soak/small_disk.ts";
import { openLogs } from "../../src/app/logs.ts";
import type { RunId } from "../../src/core/key.ts";
import type { PlannedStep } from "../../src/core/plan.ts";
import { ProblemError } from "../../src/core/problem/problem.ts";
import { openSqliteStore } from "../../src/stores/sqlite/open.ts";
import { eitherWay, makeRig } from "../rig/program.ts";
import { assertSound } from "./sound.ts";

const ignore = !canMount();

Deno.test({
  name: "disk: full in the middle of a step: said in one word, nothing torn, and it goes on after",
  ignore,
  async fn() {
    using disk = smallDisk(6 * 1024);
    ok(disk);
    await using rig = makeRig({ via: eitherWay() });
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
  },
});

Deno.test({
  name: "disk: whatever room a new state store finds, it is made whole or not at all",
  ignore,
  async fn() {
    using disk = smallDisk(512);
    ok(disk);
    const file = join(disk.path, "state.db");
    const seen = new Set<string>();
    for (let room = 0; room <= 240; room += 12) {
      disk.leave(room);
      try {
        await (await openSqliteStore(file)).close();
        seen.add("made");
        // Whoever reads it needs some room too, which is not what is asked here.
        disk.free();
        using made = new DatabaseSync(file, { readOnly: true });
        deepEqual({ ...made.prepare("pragma integrity_check").get() }, { integrity_check: "ok" });
      } catch (error) {
        const code = error instanceof ProblemError ? error.problems[0]?.code : null;
        equal(code, "disk-full", `${room} KiB: ${error}`);
        seen.add("full");
      }
      for (const name of readdirSync(disk.path)) rmSync(join(disk.path, name));
    }
    deepEqual([...seen], ["full", "made"]);
  },
});

Deno.test({
  name: "disk: an export for which there is no room is told with 3, and written once there is",
  ignore,
  async fn() {
    await using rig = makeRig({
      via: eitherWay(),
      files: {
        "assets/a.sql": "/* @asset\nexport: [out/a.csv]\n*/\nselect range as n from range(9000)",
      },
    });
    {
      using disk = smallDisk(8, rig.path("out"));
      ok(disk);
      const full = await rig.run(["up", "--quiet"]);
      equal(full.code, 3, full.stderr);
      match(full.stderr, /Cannot write out\/a\.csv/);
      match(full.stderr, /next: free some space; the next nycflow up writes it/);
      equal((await rig.run(["up", "--quiet"])).code, 3, "it is still full");
    }
    equal((await rig.run(["up", "--quiet"])).code, 0);
    ok(existsSync(rig.path("out/a.csv")));
  },
});

const step = (asset: string) => ({ asset, partition: "" }) as unknown as PlannedStep;
const line = { at: 0, stream: "stdout", level: "info", text: "said" } as const;

Deno.test("logs: a run of many steps holds few files open, and what cannot be kept is told", () => {
  const folder = Deno.makeTempDirSync({ dir: tmpdir() });
  try {
    {
      using logs = openLogs(folder, []);
      const open = () => [...Deno.readDirSync("/proc/self/fd")].length;
      const before = Deno.build.os === "linux" ? open() : 0;
      for (let at = 0; at < 100; at++) logs.write("r" as RunId, step(`a${at}`), 1, line);
      if (Deno.build.os === "linux") ok(open() - before <= 40, `${open() - before} files`);
      logs.write("r" as RunId, step("a0"), 1, line);
      equal(logs.problem(), null);
    }
    const kept = Deno.readTextFileSync(join(folder, ".nycflow/logs/r/a0/_.1.log"));
    equal(kept.match(/said/g)?.length, 2, "one that was closed is gone on with");
    rmSync(join(folder, ".nycflow/logs"), { recursive: true });
    writeFileSync(join(folder, ".nycflow/logs"), "a file where a folder is wanted");
    using logs = openLogs(folder, []);
    logs.write("r" as RunId, step("a"), 1, line);
    match(logs.problem()?.message ?? "", /Cannot keep what steps printed/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
