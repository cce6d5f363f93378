/** `changed:GITREF`: which files of the project differ from a git revision, as git tells. Changes nothing. */
import process from "node:process";
import { problem, ProblemError } from "../core/problem/problem.ts";

/** Paths relative to the project, files that git does not track included. Throws `ProblemError`. */
export function filesChangedSince(project: string, ref: string): ReadonlySet<string> {
  // Asked for only here: loading it takes 2 ms in the binary, at every start.
  const { execFileSync } = process.getBuiltinModule("node:child_process");
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", project, ...args], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
      maxBuffer: 1 << 28,
      stdio: ["ignore", "pipe", "pipe"],
    })
      .split("\0").filter((line) => line !== "");
  try {
    git("rev-parse", "--git-dir");
    return new Set([
      ...git("diff", "--name-only", "--relative", "-z", "--end-of-options", ref, "--"),
      ...git("ls-files", "--others", "--exclude-standard", "-z"),
    ]);
  } catch (error) {
    throw new ProblemError(problem("selection-syntax", {
      message: `Cannot tell what changed since ${ref}`,
      ...reasonOf(error, ref),
    }));
  }
}

/** Git's words, where they are known, in ours. */
function reasonOf(error: unknown, ref: string): { why: string; hint: string } {
  const stderr = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
  const said = stderr.trim().split("\n")[0]!.replace(/^fatal: /, "");
  const select = "select by name or group, e.g. nycflow ls +trips_by_week";
  if (error instanceof Error && "code" in error && error.code === "ENOENT") {
    return { why: "git is not installed", hint: select };
  }
  if (/not a git repository/i.test(said)) {
    return { why: "the project lies in no git repository", hint: `git init; or ${select}` };
  }
  if (/dubious ownership/.test(said)) {
    return {
      why: "git does not trust the folder, since it belongs to another user",
      hint: "git config --global --add safe.directory '*', if you do",
    };
  }
  if (/(bad|unknown|ambiguous) (revision|argument)|not a valid object/.test(said)) {
    return { why: `git knows no revision ${ref}`, hint: "see them with: git log --oneline" };
  }
  return { why: said || "git did not answer", hint: "try the same with: git diff --name-only" };
}
