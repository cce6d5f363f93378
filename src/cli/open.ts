/** Opens the project that the options name. */
import process from "node:process";
import { findProject } from "../app/find.ts";
import { type AppHost, realHost } from "../app/host.ts";
import { Session } from "../app/session.ts";
import type { Common } from "./options.ts";

export function hostOf(): AppHost {
  return realHost(process.argv.slice(2));
}

/** `writing`: the command runs something; others only look. */
export function openSession(common: Common, writing = false): Promise<Session> {
  const host = hostOf();
  return Promise.resolve(new Session(host, findProject(host, common.project), writing));
}
