/** `nycflow partitions`: which partitions there are and how they stand. */
import { Command } from "commander";
import { listOf, withCommon, withSelection } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(withSelection(new Command("partitions")))
    .description("a heat map of the partitions and their states")
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow partitions\n  nycflow partitions trips_by_week --json",
    );
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  await using session = await openSession(common);
  const { lookPartitions } = await import("../../app/look_partitions.ts");
  const { found } = await lookPartitions(
    session,
    listOf(command.processedArgs[0]),
    listOf(command.opts()["exclude"]),
  );
  const { partitionsDocument, partitionsLines } = await import("../../views/partitions.ts");
  if (common.json) output.out(JSON.stringify(partitionsDocument(found)));
  else output.out(partitionsLines(found, output.style, output.columns).join("\n"));
  return 0;
}
