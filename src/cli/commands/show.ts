/** `nycflow show`: one asset, or one run. */
import { Command } from "commander";
import { textOf, withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("show"))
    .description(
      "an asset (columns, checks, partitions, preview, chart) or a run (Gantt, steps, errors)",
    )
    .argument("<asset|run>", "an asset's name or a run's id")
    .option("-p, --partition <key>", "the preview of one partition")
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow show trips_by_week\n  nycflow show taxi_trips --partition 2023-02",
    );
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common);
  const name = String(command.processedArgs[0]);
  const { lookAsset } = await import("../../app/look_asset.ts");
  const { lookRun } = await import("../../app/look.ts");
  const { showAssetLines, showRunLines } = await import("../../views/show.ts");
  const { runDocument, showDocument } = await import("../../views/documents.ts");
  if (/^[0-9a-z]{4,26}$/.test(name)) {
    const run = await lookRun(session, name);
    if (run !== null) {
      const { project } = await session.load();
      if (common.json) {
        output.out(JSON.stringify(runDocument(run.head, run.events, project.timezone)));
      } else {
        const around = { now: session.host.clock.now(), timezone: project.timezone };
        output.out(
          showRunLines(run.head, run.events, around, output.style, output.columns).join("\n"),
        );
      }
      return 0;
    }
  }
  const found = await lookAsset(session, name, textOf(command.opts()["partition"]));
  const around = { now: found.view.now, timezone: found.view.loaded.project.timezone };
  if (common.json) output.out(JSON.stringify(showDocument(found, around.timezone)));
  else output.out(showAssetLines(found, around, output.style, output.columns).join("\n"));
  return 0;
}
