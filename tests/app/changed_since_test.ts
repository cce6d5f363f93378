/** `changed:GITREF` over a real repository; skipped where there is no git. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesChangedSince } from "../../src/app/changed_since.ts";
import { ProblemError } from "../../src/core/problem/problem.ts";

const hasGit = spawnSync("git", ["--version"]).status === 0;

function withFolder(work: (folder: string) => void): void {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "nycflow-git-")));
  try {
    work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function git(folder: string, ...args: string[]): void {
  const identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
  const { status, stderr } = spawnSync("git", ["-C", folder, ...identity, ...args]);
  equal(status, 0, String(stderr));
}

function whyNot(project: string, ref: string): string {
  try {
    filesChangedSince(project, ref);
  } catch (error) {
    ok(error instanceof ProblemError);
    equal(error.problems[0]!.message, `Cannot tell what changed since ${ref}`);
    return error.problems[0]!.why ?? "";
  }
  throw new Error("it could tell");
}

Deno.test({
  name: "files that differ from a revision, in a project below the repository's top",
  ignore: !hasGit,
  fn: () =>
    withFolder((top) => {
      const project = join(top, "trips");
      mkdirSync(join(project, "assets"), { recursive: true });
      for (const name of ["a", "b", "ä c"]) {
        writeFileSync(join(project, `assets/${name}.sql`), "select 1");
      }
      writeFileSync(join(top, "outside.txt"), "1");
      git(top, "init", "-q");
      equal(whyNot(project, "HEAD"), "git knows no revision HEAD");
      git(top, "add", "-A");
      git(top, "commit", "-qm", "one");
      deepEqual(filesChangedSince(project, "HEAD"), new Set());
      writeFileSync(join(project, "assets/a.sql"), "select 2");
      writeFileSync(join(project, "assets/ä c.sql"), "select 2");
      writeFileSync(join(project, "assets/new.sql"), "select 3");
      writeFileSync(join(top, "outside.txt"), "2");
      deepEqual(
        filesChangedSince(project, "HEAD"),
        new Set(["assets/a.sql", "assets/new.sql", "assets/ä c.sql"]),
      );
      equal(whyNot(project, "mian"), "git knows no revision mian");
      // A revision is never taken for an option: this one would write a file.
      equal(whyNot(project, `--output=${join(top, "written")}`).includes("no revision"), true);
      equal(existsSync(join(top, "written")), false);
    }),
});

Deno.test({
  name: "a project outside of git says so",
  ignore: !hasGit,
  fn: () =>
    withFolder((folder) => equal(whyNot(folder, "HEAD"), "the project lies in no git repository")),
});
