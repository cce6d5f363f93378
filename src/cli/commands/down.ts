/** `nycflow down`: ends what `up -d` began. */
import { Command } from "commander";
import { withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("down"))
    .description("end the process that keeps the project up to date")
    .addHelpText("after", "\nExamples:\n  nycflow down\n  nycflow down -C /srv/taxi");
}

export async function act(_command: Command, { output, common }: CommandContext): Promise<number> {
  const { hostOf } = await import("../open.ts");
  const { findProject } = await import("../../app/find.ts");
  const { environmentFor } = await import("../../app/environments.ts");
  const { endResident } = await import("../../app/resident.ts");
  const host = hostOf();
  const project = findProject(host, common.project);
  const environment = environmentFor(project, common.env ?? host.env["NYCFLOW_ENV"], true);
  const found = await endResident(project, environment);
  if (common.json) {
    output.out(JSON.stringify({ nycflow: 1, ended: found?.resident.pid ?? null }));
  } else if (!common.quiet) {
    output.out(
      found === null
        ? "nothing to end: no process keeps this project up to date"
        : `ended process ${found.resident.pid}${found.forced ? ", by force" : ""}`,
    );
  }
  return 0;
}
