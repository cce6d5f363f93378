/** The texts by which cron and systemd run a project. */
import { basename } from "node:path";
import { crontabLine, systemdUnit } from "../host/unattended.ts";
import { environmentFor } from "./environments.ts";
import { findProject } from "./find.ts";
import type { AppHost } from "./host.ts";

export interface Named {
  /** As typed; null: found upward from here. */
  readonly project: string | null;
  readonly env: string | null;
}

export function crontabOf(host: AppHost, named: Named, schedule: string): string {
  const { project, environment } = where(host, named);
  return crontabLine(project, environment, schedule);
}

export function serviceOf(
  host: AppHost,
  named: Named,
): { readonly unit: string; readonly name: string } {
  const { project, environment } = where(host, named);
  const name = basename(project) + (environment === null ? "" : `-${environment}`);
  const plain = name.replace(/[^A-Za-z0-9_-]+/g, "-").replace(/^-+|-+$/g, "") || "project";
  return { unit: systemdUnit(project, environment, name), name: `nycflow-${plain}.service` };
}

function where(host: AppHost, named: Named) {
  const project = findProject(host, named.project);
  const environment = environmentFor(project, named.env ?? host.env["NYCFLOW_ENV"], true);
  return { project, environment };
}
