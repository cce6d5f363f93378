/** Which folder is the project: as said, else upward from where one stands, as git does. */
import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { problem, ProblemError } from "../core/problem/problem.ts";
import type { AppHost } from "./host.ts";

/** What makes a folder a project. */
const SIGNS = ["nycflow.config.ts", ".nycflow", "assets"] as const;

function isProject(dir: string): boolean {
  return SIGNS.some((sign) => existsSync(join(dir, sign)));
}

/** Absolute path of the project; throws `no-project`. `named` is `-C DIR`. */
export function findProject(host: AppHost, named: string | null): string {
  const said = named ?? host.env["NYCFLOW_PROJECT"] ?? null;
  if (said !== null && said !== "") {
    const dir = resolve(host.cwd, said);
    if (isProject(dir)) return dir;
    const there = existsSync(dir) && statSync(dir).isDirectory();
    throw new ProblemError(problem("no-project", {
      message: `Cannot open the project ${said}`,
      why: there ? "the folder has no assets/ in it" : "there is no such folder",
      hint: there
        ? `make one with: nycflow init empty ${said}`
        : "check the path after -C, or NYCFLOW_PROJECT",
    }));
  }
  for (let dir = host.cwd;; dir = dirname(dir)) {
    if (isProject(dir)) return dir;
    if (dirname(dir) === dir) break;
  }
  throw new ProblemError(problem("no-project", {
    message: "Cannot find a project here",
    why: "neither this folder nor one above it has an assets/ folder or a nycflow.config.ts",
    hint: "start one with: nycflow init taxi",
  }));
}
