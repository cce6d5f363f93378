import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { discover } from "../../src/loader/discover.ts";
import { Project } from "./project.ts";

Deno.test("discover: modules, groups, and what is left out", async () => {
  const kept = ["a.sql", "b.TS", "deep/er/c.csv", "deep/d.parquet", "e.json", "f.b.sql"];
  const left = [
    "_draft.sql",
    ".hidden.sql",
    "_off/x.sql",
    ".git/x.sql",
    "node_modules/p/x.ts",
    "a.test.ts",
    "a_test.ts",
    "types.d.ts",
    "package.json",
    "tsconfig.json",
    "deno.json",
    "vite.config.ts",
    "notes.md",
    "data.csv.gz",
    "sql",
  ];
  await using project = new Project(
    Object.fromEntries([...kept, ...left].map((each) => [`assets/${each}`, ""])),
  );
  const { modules, problems, exists } = discover(project.folder);
  assert.deepEqual(problems, []);
  assert.equal(exists, true);
  assert.deepEqual(modules.map((each) => [each.file, each.kind, each.group, each.name]), [
    ["assets/a.sql", "sql", "", "a"],
    ["assets/b.TS", "typescript", "", "b"],
    ["assets/deep/d.parquet", "parquet", "deep", "d"],
    ["assets/deep/er/c.csv", "csv", "deep/er", "c"],
    ["assets/e.json", "json", "", "e"],
    ["assets/f.b.sql", "sql", "", "f.b"],
  ]);
});

Deno.test("discover: links are followed, loops and dead ones told", async () => {
  await using project = new Project({
    "assets/in/a.sql": "",
    "elsewhere/b.sql": "",
    "one.sql": "",
  });
  const link = (target: string, name: string) =>
    symlinkSync(target, join(project.folder, "assets", name));
  link("../elsewhere", "out");
  link("../../one.sql", "in/linked.sql");
  link("..", "in/up");
  link(".", "in/self");
  link("turn.sql", "turn.sql");
  link("nowhere.sql", "dead.sql");
  link("nowhere", "dead_and_no_module");
  const { modules, problems } = discover(project.folder);
  assert.deepEqual(modules.map((each) => each.file), [
    "assets/in/a.sql",
    "assets/in/linked.sql",
    "assets/out/b.sql",
  ]);
  assert.deepEqual(problems.map((each) => each.message).sort(), [
    "Cannot follow the symbolic link assets/in/self",
    "Cannot follow the symbolic link assets/in/up",
    "Cannot follow the symbolic link assets/turn.sql",
    "Cannot read assets/dead.sql",
  ]);
});

Deno.test("discover: a folder that is not there is no error of its own", async () => {
  await using project = new Project();
  const { modules, problems, exists } = discover(project.folder);
  assert.deepEqual([modules, problems, exists], [[], [], false]);
});

Deno.test("discover: a file called assets is no folder, and that is said in words", async () => {
  await using project = new Project({ assets: "a file" });
  const { problems } = discover(project.folder);
  assert.deepEqual(problems.map(({ why, hint }) => [why, hint]), [
    ["it is a file, and a folder is expected", "rename it, then: mkdir assets"],
  ]);
});
