/** The texts by which cron and systemd run a project. */
import { basename } from "node:path";
import { crontabLine, systemdUnit } from "../host/unattended.ts";
import { findProject } from "./find.ts";
import type { AppHost } from "./host.ts";

export function crontabOf(host: AppHost, named: string | null, schedule: string): string {
  return crontabLine(findProject(host, named), schedule);
}

export function serviceOf(
  host: AppHost,
  named: string | null,
): { readonly unit: string; readonly name: string } {
  const project = findProject(host, named);
  const name = basename(project);
  const plain = name.replace(/[^A-Za-z0-9_-]+/g, "-").replace(/^-+|-+$/g, "") || "project";
  return { unit: systemdUnit(project, name), name: `nycflow-${plain}.service` };
}
