/** What the machine does to a run: a clock that jumps, memory that several processes share, rights that are lost. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startOf } from "../rig/environment.ts";
import { eitherWay, makeRig } from "../rig/program.ts";
import { assertSound, timesMade } from "./sound.ts";

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

/** Root may do everything, unless it gives up just that. */
const asAnybody = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"];
const root = Deno.uid() === 0;

Deno.test({
  name:
    "rights: lost in the middle: said with 3, never taken for a project without a past; given back, it goes on",
  ignore: Deno.build.os === "windows" ||
    (root && spawnSync(asAnybody[0]!, ["--version"]).status !== 0),
  async fn() {
    const via = eitherWay();
    await using rig = makeRig({
      via,
      command: [...(root ? asAnybody : []), ...startOf(via)],
      files: {
        "assets/a.sql": "select 1 as n",
        "assets/b.ts":
          'import { asset } from "nycflow";\nexport const b = asset({ deps: ["a"], run: () => (console.log("said"), [{ n: 1 }]) });\n',
      },
    });
    equal((await rig.run(["up", "--quiet"])).code, 0);
    rig.project({ "assets/a.sql": "select 2 as n" });
    const without = async (mode: number, path: string, args: readonly string[]) => {
      chmodSync(rig.path(path), mode);
      try {
        return await rig.run(args);
      } finally {
        chmodSync(rig.path(path), 0o755);
      }
    };
    const lake = await without(0o555, ".nycflow/lake/a/_", ["up", "--quiet"]);
    equal(lake.code, 3, lake.stderr);
    match(lake.stderr, /this user may not use/);
    match(lake.stderr, /next: .*nycflow retry/);
    const store = await without(0o000, ".nycflow", ["ls"]);
    equal(store.code, 3, `${store.stdout}${store.stderr}`);
    match(store.stderr, /Cannot read the state store/);
    const logs = await without(0o555, ".nycflow/logs", ["retry", "--quiet"]);
    equal(logs.code, 0, logs.stderr);
    match(logs.stderr, /Cannot keep what steps printed/);
    const { events } = await assertSound(rig.folder, { settled: true });
    deepEqual(timesMade(events), { a: 2, b: 2 });
  },
});
