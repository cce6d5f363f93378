/** `nycflow why`: the whole chain behind an asset's state. */
import { Command } from "commander";
import { textOf, withCommon } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(new Command("why"))
    .description("the chain of causes behind an asset's state, oldest first")
    .argument("<asset>", "the asset")
    .option("-p, --partition <key>", "one partition of it")
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow why trips_by_week\n  nycflow why taxi_trips --partition 2023-02",
    );
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common);
  const { lookWhy } = await import("../../app/look.ts");
  const name = String(command.processedArgs[0]);
  const found = await lookWhy(session, name, textOf(command.opts()["partition"]));
  if (common.json) {
    const { whyDocument } = await import("../../views/documents.ts");
    output.out(JSON.stringify(whyDocument(found, found.view.loaded.project.timezone)));
    return 0;
  }
  const { whyLines } = await import("../../views/why.ts");
  const around = { now: found.view.now, timezone: found.view.loaded.project.timezone };
  output.out(whyLines(found, around, output.style, output.columns).join("\n"));
  return 0;
}
