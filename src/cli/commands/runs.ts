/** `nycflow runs`: the history of runs. */
import { Command } from "commander";
import { readCount, withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

const SHOWN = 20;

export function declare(): Command {
  return withCommon(new Command("runs"))
    .description("the history of runs, newest first")
    .option("-n, --limit <n>", "so many at the most", readCount, SHOWN)
    .option("--failed", "only those that failed or were cut off")
    .addHelpText("after", "\nExamples:\n  nycflow runs\n  nycflow runs --failed --limit 5");
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common);
  const options = command.opts();
  const { lookRuns } = await import("../../app/look_runs.ts");
  const { runsDocument, runsLines } = await import("../../views/runs.ts");
  const { project } = await session.load();
  const found = await lookRuns(session, {
    limit: Number(options["limit"]),
    failed: options["failed"] === true,
  });
  const around = { now: session.host.clock.now(), timezone: project.timezone };
  if (common.json) output.out(JSON.stringify(runsDocument(found, around.timezone)));
  else output.out(runsLines(found, around, output.style, output.columns).join("\n"));
  return 0;
}
