/** When the cache answers, and what is asked anew when it does not. */
import assert from "node:assert/strict";
import { chmodSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Read } from "../../src/core/version.ts";
import process from "node:process";
import { Project } from "./project.ts";

const LATER = 60_000;

function moduleOf(name: string, reads: readonly Read[] = [], imports: readonly string[] = []) {
  return {
    exports: [{
      exportName: name,
      line: 1,
      column: 1,
      spec: {
        kind: "asset" as const,
        name: null,
        problems: [],
        options: {},
        deps: [],
        outputs: null,
        config: null,
        code: ["run"],
      },
      places: {},
    }],
    reads,
    imports,
  };
}

/** A project that was loaded a minute after it was written, so that no file's time is in doubt. */
async function settled(files: Readonly<Record<string, string>>): Promise<Project> {
  const project = new Project(files);
  project.clock = () => Date.now() + LATER;
  await project.load();
  return project;
}

const asked = (project: Project) =>
  project.requests.splice(0).map((each) => [...each.modules, ...Object.keys(each.sql)]);

Deno.test("an unchanged project asks nothing and gives the same", async () => {
  await using project = await settled({
    "assets/a.sql": "/* @asset\nchecks: [not_null: [x]]\n*/ select 1 as x",
    "assets/b.sql": "from a",
    "assets/c.csv": "x\n1\n",
  });
  const before = asked(project);
  assert.deepEqual(before, [["assets/a.sql", "assets/b.sql"]]);
  project.remove(".nycflow");
  const cold = await project.loaded();
  const warm = await project.loaded();
  assert.equal(cold.cached, false);
  assert.equal(warm.cached, true);
  assert.deepEqual({ ...warm, cached: false }, cold);
  assert.deepEqual(asked(project), [["assets/a.sql", "assets/b.sql"]]);
});

Deno.test("only the file that was edited is parsed again, and readers stay linked", async () => {
  await using project = await settled({
    "assets/a.sql": "select 1 as x",
    "assets/b.sql": "from a",
    "assets/c.sql": "from b",
  });
  const before = await project.loaded();
  asked(project);
  project.write("assets/b.sql", "from a where x > 0");
  const after = await project.loaded();
  assert.deepEqual(asked(project), [["assets/b.sql"]]);
  assert.notEqual(after.fingerprint, before.fingerprint);
  assert.deepEqual(after.project.assets.map((each) => each.deps.map((dep) => dep.asset)), [
    [],
    ["a"],
    ["b"],
  ]);
});

Deno.test("a file touched in the tick in which the cache was written is read again", async () => {
  await using project = new Project({ "assets/a.sql": "select 1 as x" });
  const path = join(project.folder, "assets/a.sql");
  const time = new Date(1_700_000_000_123);
  utimesSync(path, time, time);
  project.clock = () => time.getTime() + 5;
  await project.load();
  const { ino, size } = statSync(path);
  writeFileSync(path, "select 2 as x");
  utimesSync(path, time, time);
  assert.deepEqual([statSync(path).ino, statSync(path).size], [ino, size]);
  project.clock = () => time.getTime() + LATER;
  assert.equal((await project.loaded()).project.assets[0]?.sql?.text, "select 2 as x");
});

Deno.test("removing an asset tells who reads it; adding it back mends it without asking more", async () => {
  await using project = await settled({
    "assets/a.sql": "select 1 as x",
    "assets/b.sql": "from a",
  });
  asked(project);
  project.remove("assets/a.sql");
  assert.deepEqual((await project.problems()).map((each) => each.code), ["unknown-dependency"]);
  assert.deepEqual((await project.problems()).map((each) => each.code), ["unknown-dependency"]);
  assert.deepEqual(asked(project), []);
  project.write("assets/a.sql", "select 1 as x");
  await project.loaded();
  assert.deepEqual(asked(project), [["assets/a.sql"]]);
});

Deno.test("a module is described again for its own text, its imports, and the environment it read", async (t) => {
  await using project = new Project({ "assets/lib/_rates.ts": "export const rate = 1;\n" });
  project.clock = () => Date.now() + LATER;
  project.module(
    "assets/m.ts",
    moduleOf("m", [{ kind: "env", name: "FROM", digest: "x" }], ["assets/lib/_rates.ts"]),
  );
  project.module("assets/other.ts", moduleOf("other"));
  const changes: readonly (readonly [string, () => void, readonly string[][]])[] = [
    ["at first", () => {}, [["assets/m.ts", "assets/other.ts"]]],
    ["nothing", () => {}, []],
    // Longer too: with the clock moved on, a write within the tick of the first is told by its size alone.
    ["its import", () => project.write("assets/lib/_rates.ts", "export const rate = 2.5;\n"), [[
      "assets/m.ts",
    ]]],
    ["a variable that it read", () => project.env = { FROM: "2023-01" }, [["assets/m.ts"]]],
    ["the same from .env", () => {
      project.env = {};
      project.write(".env", "FROM=2023-01\n");
    }, []],
    ["a variable that it did not read", () => project.env = { OTHER: "1" }, []],
    ["its text", () => project.write("assets/m.ts", "export const m = 1;\n"), [["assets/m.ts"]]],
    ["the lock file", () => project.write("package-lock.json", "{}"), [[
      "assets/m.ts",
      "assets/other.ts",
    ]]],
    ["nycflow itself", () => project.version = "2.0.0", [["assets/m.ts", "assets/other.ts"]]],
  ];
  for (const [name, change, expected] of changes) {
    await t.step(name, async () => {
      change();
      await project.loaded();
      assert.deepEqual(asked(project), expected);
    });
  }
});

Deno.test("a module that imports another asks about both, since names come from exports", async () => {
  await using project = new Project();
  project.clock = () => Date.now() + LATER;
  project.module("assets/zones.ts", moduleOf("zones"));
  project.module(
    "assets/trips.ts",
    moduleOf("trips", [], ["assets/zones.ts"]),
    `import { zones } from "./zones.ts";\n`,
  );
  await project.loaded();
  asked(project);
  project.write("assets/trips.ts", `import { zones } from "./zones.ts"; // again\n`);
  await project.loaded();
  assert.deepEqual(asked(project), [["assets/trips.ts", "assets/zones.ts"]]);
});

Deno.test("a broken cache is ignored, and nothing half-written is left", async () => {
  await using project = await settled({ "assets/a.sql": "select 1 as x" });
  asked(project);
  for (const text of ["", "{", "null", '{"key":1}', "[]"]) {
    project.write(".nycflow/cache/definitions.json", text);
    assert.equal((await project.loaded()).cached, false);
    assert.deepEqual(asked(project), [["assets/a.sql"]]);
  }
  assert.deepEqual(readdirSync(join(project.folder, ".nycflow/cache")), ["definitions.json"]);
  assert.equal((await project.loaded()).cached, true);
});

Deno.test("a project whose cache cannot be written works without", async () => {
  await using project = new Project({
    "assets/a.sql": "select 1 as x",
    ".nycflow": "a file, no folder",
  });
  assert.equal((await project.loaded()).cached, false);
  assert.equal((await project.loaded()).cached, false);
});

Deno.test({
  name: "a file that may not be read is told, and the rest is judged all the same",
  ignore: process.getuid?.() === 0,
  fn: async () => {
    await using project = new Project({
      "assets/a.sql": "select 1 as x",
      "assets/b.sql": "from nowhere",
    });
    chmodSync(join(project.folder, "assets/a.sql"), 0);
    assert.deepEqual((await project.problems()).map((each) => each.code), [
      "file-unreadable",
      "unknown-dependency",
    ]);
  },
});
