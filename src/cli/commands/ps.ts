/** `nycflow ps`: which processes work on the project now. */
import { Command } from "commander";
import { withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("ps"))
    .description("the processes that work on the project: who keeps it up to date, and runs")
    .summary("the processes that work on the project")
    .addHelpText("after", "\nExamples:\n  nycflow ps\n  nycflow ps --json");
}

export async function act(_command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common);
  const { listProcesses } = await import("../../app/processes.ts");
  const found = await listProcesses(session);
  const views = await import("../../views/processes.ts");
  const now = session.host.clock.now();
  if (common.json) {
    const { project } = await session.load();
    output.out(JSON.stringify(views.processesDocument(found, project.timezone)));
  } else {
    const lines = views.processesLines(found, now, output.style, output.columns);
    if (lines.length > 0) output.out(lines.join("\n"));
    else if (!common.quiet) output.out("no process works on this project");
  }
  return 0;
}
