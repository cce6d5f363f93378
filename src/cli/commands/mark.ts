/** `nycflow mark`: report as done, as it is, what was done elsewhere. */
import { Command } from "commander";
import { listOf, textOf, withCommon, withPartitions } from "../options.ts";
import type { CommandContext } from "../context.ts";

export function declare(): Command {
  return withCommon(withPartitions(new Command("mark")))
    .description("report as done, as it is, what was done elsewhere")
    .argument("<asset>", "the asset")
    .addHelpText(
      "after",
      "\nExamples:\n  nycflow mark trips_by_week\n  nycflow mark taxi_trips --partition 2023-02",
    );
}

export async function act(command: Command, { output, common }: CommandContext): Promise<number> {
  const { openSession } = await import("../open.ts");
  const options = command.opts();
  await using session = await openSession(common, true);
  const { mark } = await import("../../app/by_hand.ts");
  const done = await mark(session, String(command.processedArgs[0]), {
    partitions: listOf(options["partition"]),
    from: textOf(options["from"]),
    to: textOf(options["to"]),
  });
  const { markedLine } = await import("../../views/by_hand.ts");
  if (common.json) {
    const partitions = done.partitions.map((each) => each || null);
    output.out(JSON.stringify({ nycflow: 1, asset: done.asset, partitions }));
  } else if (!common.quiet) output.out(markedLine(done));
  return 0;
}
