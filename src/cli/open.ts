/** Opens the project that the options name. */
import process from "node:process";
import { environmentFor } from "../app/environments.ts";
import { findProject } from "../app/find.ts";
import { type AppHost, realHost } from "../app/host.ts";
import { Session } from "../app/session.ts";
import type { Problem } from "../core/problem/problem.ts";
import { problemsText } from "../views/problem.ts";
import type { Common } from "./options.ts";
import { openOutput } from "./output.ts";

export function hostOf(): AppHost {
  return realHost(process.argv.slice(2));
}

/** `writing`: the command runs something; others only look, and are only warned of what would stop a run. */
export function openSession(common: Common, writing = false): Promise<Session> {
  const host = hostOf();
  const warn = (found: readonly Problem[]) => {
    if (common.json || common.quiet) return;
    const output = openOutput({ env: process.env, color: common.color });
    output.err(problemsText(found, output.errStyle, output.columns, { word: "warning:" }));
  };
  const project = findProject(host, common.project);
  const environment = environmentFor(project, common.env ?? host.env["NYCFLOW_ENV"], writing);
  return Promise.resolve(new Session(host, project, writing, warn, environment));
}
